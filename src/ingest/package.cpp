#include <filesystem>

#include "core/json.hpp"
#include "core/text.hpp"
#include "ingest/ingest.hpp"

namespace threatlas::ingest {

using core::ErrorCode;
using core::fail;
using core::Result;

Result<std::vector<Outcome>> ingest_package(store::Store& store, const model::Reader& writer, const model::Catalogue& catalogue,
                                            const std::string& datapackage_json, const Options& options, core::Progress& progress) {
    THREATLAS_TRY(const std::string text, core::read_file(datapackage_json));
    THREATLAS_TRY(const auto package, core::parse_json(text, datapackage_json));
    const auto wrong = [&](std::string message) { return fail(ErrorCode::bad_input, std::move(message), {datapackage_json, 0, ""}); };
    if (!package.is_object() || !package.get_object().contains("resources") || !package.at("resources").is_array())
        return wrong("a data package has a list of 'resources'");
    const auto importers = make_importers();
    const auto folder = std::filesystem::path(datapackage_json).parent_path();
    std::vector<Outcome> outcomes;
    std::size_t number = 0;
    for (const auto& each : package.at("resources").get_array()) {
        ++number;
        const auto word = [&](const char* key) -> std::string {
            const auto* value = each.is_object() ? each.get_object().if_contains(key) : nullptr;
            return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
        };
        const std::string path = word("path"), source = word("threatlas:source"), mapping = word("threatlas:mapping");
        if (path.empty()) return wrong("resource " + std::to_string(number) + " has no 'path'");
        if (source.empty() == mapping.empty()) return wrong("resource '" + path + "' needs either 'threatlas:source' (an importer) or 'threatlas:mapping' (a mapping file)");
        // A package is handed from one organisation to another: it names its own files only.
        for (const auto& named : {path, mapping})
            for (const auto& part : std::filesystem::path(named))
                if (part == ".." || std::filesystem::path(named).is_absolute()) return wrong("'" + named + "' leaves the package's folder");
        Options own = options;
        if (!word("threatlas:known_at").empty()) {
            THREATLAS_TRY(own.known_at, core::parse_day(word("threatlas:known_at")));
        }
        if (!word("threatlas:member").empty()) own.member = word("threatlas:member");
        if (!options.rejects_csv.empty()) {
            // One rejects file a resource: 'rejects.csv' becomes 'rejects-frontex_detections.csv'.
            const std::filesystem::path base(options.rejects_csv);
            const std::string name = std::filesystem::path(path).stem().stem().string();
            own.rejects_csv = (base.parent_path() / (base.stem().string() + "-" + name + base.extension().string())).string();
        }
        const std::string file = (folder / path).string();
        if (!mapping.empty()) {
            THREATLAS_TRY(auto outcome, ingest_mapped(store, writer, catalogue, (folder / mapping).string(), file, own, progress));
            outcomes.push_back(std::move(outcome));
            continue;
        }
        const Importer* chosen = nullptr;
        std::string known;
        for (const auto& importer : importers) {
            known += (known.empty() ? "" : ", ") + importer->source();
            if (importer->source() == source) chosen = importer.get();
        }
        if (chosen == nullptr) return wrong("resource '" + path + "' names the importer '" + source + "'; there are: " + known);
        THREATLAS_TRY(auto outcome, ingest_file(store, writer, catalogue, *chosen, file, own, progress));
        outcomes.push_back(std::move(outcome));
    }
    return outcomes;
}

}  // namespace threatlas::ingest
