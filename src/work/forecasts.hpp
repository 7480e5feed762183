// Forecasts that were kept, for their scores.
#pragma once

#include <vector>

#include "assess/forecast_score.hpp"
#include "core/result.hpp"
#include "model/reader.hpp"
#include "store/store.hpp"

namespace threatlas::work {

// Of all assessments the reader may see, by the day of what was known.
core::Result<std::vector<assess::ForecastRecord>> stored_forecasts(store::Store& store, const model::Reader& reader);

}  // namespace threatlas::work
