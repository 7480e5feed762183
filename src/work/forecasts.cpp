#include "work/forecasts.hpp"

#include <algorithm>

#include "core/json.hpp"
#include "model/json_codec.hpp"

namespace threatlas::work {

core::Result<std::vector<assess::ForecastRecord>> stored_forecasts(store::Store& store, const model::Reader& reader) {
    THREATLAS_TRY(const auto dossiers, store.dossiers(reader, "forecast"));
    std::vector<assess::ForecastRecord> out;
    for (const auto& each : dossiers) {
        THREATLAS_TRY(const auto value, core::parse_json(each.json, each.id));
        THREATLAS_CHECK(model::from_json(value, out.emplace_back(), each.id));
    }
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.as_of < b.as_of; });
    return out;
}

}  // namespace threatlas::work
