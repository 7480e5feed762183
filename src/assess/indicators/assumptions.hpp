// Every number of the indicator code that no source gives, in one place, so that the report can list
// it. Scores are in points of 0-100. low and high are the range for a sensitivity run.
#pragma once

#include <array>
#include <string_view>

namespace threatlas::assess::indicators {

struct FixedAssumption {
    std::string_view id, title, source;
    double value, low, high;
};

inline constexpr std::string_view kFounders = "founders' assumption";

inline constexpr FixedAssumption kProxySd{
    "indicator.proxy_sd", "An indicator stands for its criterion only by proxy: standard deviation added to its score, points",
    "founders' assumption: recorded figures explain about half of the spread of expert scores", 12, 6, 20};
inline constexpr FixedAssumption kEffortSd{
    "indicator.effort_sd", "A count of detections, seizures or identified victims used for scale depends on looking: standard deviation added, points",
    "founders' assumption: METHOD section 2, detections are not prevalence", 15, 8, 25};
inline constexpr FixedAssumption kScoreSdFloor{
    "indicator.score_sd_floor", "No score is known better than this, points", kFounders, 3, 1, 5};
inline constexpr FixedAssumption kYearSd{
    "indicator.year_sd", "Prior scale of the spread of a rate between years, in logarithms (half-Cauchy)",
    "founders' assumption; scale after Gelman (2006), Bayesian Analysis 1(3)", 0.15, 0.05, 0.4};
inline constexpr FixedAssumption kQuantityCv{
    "indicator.quantity_cv", "Prior coefficient of variation of yearly quantities, worth two years",
    "founders' assumption: single large seizures dominate a year", 0.8, 0.4, 1.5};
inline constexpr FixedAssumption kIncompleteSd{
    "indicator.incomplete_sd", "Spread of a level, in logarithms, if nothing of the window were reported; falls in proportion to what is",
    kFounders, 0.5, 0.2, 1.0};
inline constexpr FixedAssumption kIncompleteSlopeSd{
    "indicator.incomplete_slope_sd", "Spread of a yearly slope, in logarithms, if nothing of the window were reported; falls in proportion",
    kFounders, 0.1, 0.03, 0.2};
inline constexpr FixedAssumption kSlopePriorSd{
    "indicator.slope_prior_sd", "Prior standard deviation of a yearly slope, in logarithms (centred on no change)", kFounders, 1.0, 0.5, 2.0};
inline constexpr FixedAssumption kWholeYear{
    "indicator.whole_year", "Share of a year that must be reported for the year to be used", kFounders, 0.75, 0.5, 1.0};
inline constexpr FixedAssumption kUnevaluated{
    "judgement.unevaluated", "Widening of a grade whose source nobody evaluated and the catalogue does not speak of", kFounders, 1.25, 1.0, 2.0};
inline constexpr FixedAssumption kOtherScope{
    "judgement.other_scope", "Widening of a grade that speaks of Europe and not of the region", kFounders, 1.5, 1.0, 2.5};
inline constexpr FixedAssumption kTrendWord{
    "judgement.trend_word", "Probability of a rise when a source says 'rising'; one minus it for 'falling'",
    "founders' assumption: 'likely' of the PHIA yardstick is 0.55-0.75, 'highly likely' 0.80-0.90", 0.8, 0.65, 0.9};
inline constexpr FixedAssumption kTrendCertain{
    "trend.word_probability", "A measured trend is called rising or falling from this probability on; between them it is called stable",
    "tie rule of METHOD section 4", 0.8, 0.7, 0.9};

inline constexpr std::array kAssumptions{kProxySd,     kEffortSd,          kScoreSdFloor, kYearSd,    kQuantityCv, kIncompleteSd, kIncompleteSlopeSd,
                                         kSlopePriorSd, kWholeYear, kUnevaluated,  kOtherScope, kTrendWord,  kTrendCertain};

}  // namespace threatlas::assess::indicators
