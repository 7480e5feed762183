// Any bytes as one list of a catalogue: the first byte chooses the list ('a' the first in name order),
// the others are the shortest that load. Bytes alone must never end in anything but a problem with its file.
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>

#include "model/catalogue.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    std::map<std::string, std::string> files;
    threatlas::model::for_each_field<threatlas::model::Catalogue>([&](const auto& f) { files[std::string(f.name) + ".yaml"] = f.name == "region" ? "{id: a, title: a, version: a, purpose: a, boundary_note: a}" : "[]"; });
    auto chosen = files.begin();
    std::advance(chosen, static_cast<std::ptrdiff_t>(static_cast<std::size_t>(data[0] + 256 - 'a') % files.size()));
    files["map.geojson"] = R"({"type": "FeatureCollection", "features": []})";
    chosen->second.assign(reinterpret_cast<const char*>(data + 1), size - 1);
    std::vector<threatlas::model::CatalogueProblem> problems;
    const auto read = threatlas::model::read_catalogue(files, &problems);
    if (read.has_value() != problems.empty()) std::abort();
    for (const auto& each : problems)
        if (!files.contains(each.file) || each.message.empty()) std::abort();
    return 0;
}
