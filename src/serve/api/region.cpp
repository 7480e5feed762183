// The region as its catalogue has it: names and codes for everything else.
#include <filesystem>

#include "core/text.hpp"
#include "model/schema.hpp"
#include "serve/api/answers.hpp"
#include "serve/api/listing.hpp"
#include "serve/api/routes.hpp"

namespace threatlas::serve::api {

Routes region_routes(Service& service) {
    const auto region = [&service](const Call&) -> core::Result<net::Response> {
        core::json::object out = object_of(service.catalogue);
        for (const char* bulky : {"whats", "drugs"}) out.erase(bulky);
        out["version"] = service.version;
        return kept(json_answer(out));
    };
    Listing codes{"codes", {}, "id"};
    model::for_each_field<model::What>([&](const auto& f) { codes.fields.emplace_back(f.name); });
    const auto whats = [&service, codes](const Call& call) -> core::Result<net::Response> {
        THREATLAS_TRY(auto out, whole(call, objects_of(service.catalogue.whats), codes));
        return kept(std::move(out));
    };
    const auto map = [&service](const Call&) -> core::Result<net::Response> {
        const std::string path = service.catalogue_folder + "/map.geojson";
        if (!std::filesystem::exists(path)) return core::fail(core::ErrorCode::not_found, "this catalogue has no map");
        THREATLAS_TRY(std::string text, core::read_file(path));
        return kept({200, {{"Content-Type", "application/geo+json"}}, std::move(text)});
    };
    return {{"GET", "/api/v1/region", "region_get", "the region: members, threats, lenses, criteria, indicators, sources, words", "region", region, {}, {}, {extended(model::json_schema<model::Catalogue>(), {{"version", core::json::object{{"type", "string"}}}})}},
            {"GET", "/api/v1/region/codes", "region_codes", "everything that can be measured, by code", "region", whats, list_parameters(codes), {}, {list_schema(model::json_schema<model::What>())}},
            {"GET", "/api/v1/region/map", "region_map", "outlines of the countries, public domain", "region", map, {}, {}, {{{"type", "object"}}, "application/geo+json"}}};
}

}  // namespace threatlas::serve::api
