#include "serve/openapi.hpp"

#include <gtest/gtest.h>

#include <set>

#include "assess/assessment.hpp"
#include "model/schema.hpp"
#include "serve/api/listing.hpp"
#include "serve/api/routes.hpp"

namespace threatlas::serve {
namespace {

namespace json = core::json;

json::object document() {
    static Service service;
    return openapi(api::all_routes(service), "0", [](const Route& route) { return route.id == "session_begin"; });
}

// Every reference in it, and what it says of each.
void references(const json::value& value, std::set<std::string>& out) {
    if (value.is_object())
        for (const auto& each : value.get_object()) {
            if (each.key() == "$ref") out.insert(std::string(each.value().as_string()));
            else references(each.value(), out);
        }
    if (value.is_array())
        for (const auto& each : value.get_array()) references(each, out);
}

TEST(OpenApi, EveryReferenceLeadsSomewhere) {
    const json::value whole = document();
    std::set<std::string> all;
    references(whole, all);
    EXPECT_TRUE(all.contains("#/components/schemas/ThreatResult"));
    for (const std::string& each : all) {
        boost::system::error_code error;
        EXPECT_NE(whole.find_pointer(each.substr(1), error), nullptr) << each;
    }
}

TEST(OpenApi, EveryOperationIsNamedOnceAndDeclaresItsPath) {
    const json::object whole = document();
    std::set<std::string> names;
    for (const auto& path : whole.at("paths").as_object())
        for (const auto& method : path.value().as_object()) {
            const auto& operation = method.value().as_object();
            EXPECT_TRUE(names.insert(std::string(operation.at("operationId").as_string())).second) << path.key();
            std::set<std::string> declared, asked;
            for (const auto& each : operation.at("parameters").as_array())
                if (const auto* in = each.as_object().if_contains("in"); in != nullptr && in->as_string() == "path") declared.insert(std::string(each.at("name").as_string()));
            const std::string pattern = path.key();
            for (std::size_t at = pattern.find('{'); at != std::string::npos; at = pattern.find('{', at + 1)) asked.insert(pattern.substr(at + 1, pattern.find('}', at) - at - 1));
            EXPECT_EQ(declared, asked) << pattern;
            EXPECT_TRUE(operation.at("responses").as_object().contains("default"));
        }
    EXPECT_GT(names.size(), 15U);
}

TEST(OpenApi, RecordsAreNamedOnceWhereverTheyStand) {
    Route route{"GET", "/api/v1/things/{thing}", "thing_get", "a thing", "things", {}, {}, {}, {api::list_schema(model::json_schema<assess::Figure>())}};
    const json::value whole = openapi({route}, "0", [](const Route&) { return false; });
    EXPECT_EQ(whole.at_pointer("/paths/~1api~1v1~1things~1{thing}/get/responses/200/content/application~1json/schema/properties/items/items/$ref").as_string(), "#/components/schemas/Figure");
    const json::value& figure = whole.at_pointer("/components/schemas/Figure/properties");
    EXPECT_TRUE(figure.as_object().contains("rows"));
}

}  // namespace
}  // namespace threatlas::serve
