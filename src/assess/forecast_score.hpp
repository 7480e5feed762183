// How the forecasts of earlier assessments did, in the periods that have closed since.
#pragma once

#include <string>
#include <vector>

#include "assess/assessment.hpp"

namespace threatlas::assess {

struct ForecastScore {
    std::string assessment, created_for;
    core::Day as_of{};
    double fits = 0, open = 0;       // periods compared; still to come, or no longer reported
    double cover50 = 0, cover80 = 0, cover95 = 0;
    double crps = 0, crps_naive = 0; // over the series' mean change; naive: last year's value again
    double rises = 0;                // 'will rise' that could be judged
    double brier = 0, climatology = 0;
    static constexpr auto fields() {
        using T = ForecastScore;
        return std::make_tuple(field("assessment", &T::assessment, "assessment"), field("created_for", &T::created_for, "its title"), field("as_of", &T::as_of, "what was known on"), field("fits", &T::fits, "periods compared"),
            field("open", &T::open, "periods not closed"), field("cover50", &T::cover50, "within the 50 % interval"), field("cover80", &T::cover80, "within the 80 % interval"), field("cover95", &T::cover95, "within the 95 % interval"),
            field("crps", &T::crps, "score over the mean change"), field("crps_naive", &T::crps_naive, "the same of last year's value"), field("rises", &T::rises, "'will rise' judged"), field("brier", &T::brier, "Brier score of 'will rise'"),
            field("climatology", &T::climatology, "that of the share that rose"));
    }
};

// What of an assessment is kept to be scored.
struct ForecastRecord {
    std::string assessment, created_for;
    core::Day as_of{};
    std::vector<Outlook> outlooks;
    static constexpr auto fields() {
        using T = ForecastRecord;
        return std::make_tuple(field("assessment", &T::assessment, "assessment"), field("created_for", &T::created_for, "its title"), field("as_of", &T::as_of, "what was known on"), field("outlooks", &T::outlooks, "its forecasts"));
    }
};
ForecastRecord record_of(const Assessment& assessment);

// One for each earlier record with a forecast, closed by what the later ones saw: a period's value is that of the last
// of `later` that holds it. earlier and later may be the same list, oldest first.
std::vector<ForecastScore> score_forecasts(const std::vector<ForecastRecord>& earlier, const std::vector<ForecastRecord>& later);

}  // namespace threatlas::assess
