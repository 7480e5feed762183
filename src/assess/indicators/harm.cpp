#include "assess/indicators/harm.hpp"

#include <algorithm>
#include <cmath>

#include "assess/indicators/assumptions.hpp"
#include "assess/indicators/figures.hpp"
#include "assess/indicators/summary.hpp"

namespace threatlas::assess::indicators {

double harm_score(const std::vector<double>& anchors, double days) {
    if (days <= anchors.front()) return 0;
    for (std::size_t i = 1; i < anchors.size(); ++i)
        if (days <= anchors[i]) {
            const double step = 100 / static_cast<double>(anchors.size() - 1);
            return step * (static_cast<double>(i - 1) + std::log(days / anchors[i - 1]) / std::log(anchors[i] / anchors[i - 1]));
        }
    return 100;
}

std::optional<Judged> harm(const Context& context, std::size_t threat_index) {
    const model::Catalogue& catalogue = context.catalogue;
    const model::Threat& threat = catalogue.threats[threat_index];
    const auto criterion = std::find_if(catalogue.criteria.begin(), catalogue.criteria.end(), [](const auto& each) { return each.harm_days.size() >= 2; });
    if (criterion == catalogue.criteria.end() || !(threat.harm_days_low > 0) || !(threat.harm_days_high > threat.harm_days_low)) return std::nullopt;

    Judged out;
    Figure& f = out.figure;
    f.basis = "judged", f.indicator = "harm." + threat.id, f.title = "Harm of one offence, in days of sentence", f.threat = threat.id, f.criterion = criterion->id;
    f.measure = "harm", f.nature = "judgement", f.unit = "sentence_days", f.citation = threat.harm_source, f.already_public = true;
    f.handling = catalogue.handling.empty() ? "" : catalogue.handling.front().code;
    f.contributors = {threat.harm_source.find("founders") != std::string::npos ? "founders" : "published scale"};
    f.formula = "any number of days from " + short_number(threat.harm_days_low) + " to " + short_number(threat.harm_days_high) +
                " (uniform in logarithms), scored between the criterion's anchors in days; uncertainty of a proxy added";
    f.note = "What the law or a court says one offence weighs. How many there are is the criterion Scale.";

    core::Random random(context.options.seed, core::stream_id("harm/" + threat.id));
    std::vector<double> days(context.options.figure_draws), scores(context.options.figure_draws);
    for (std::size_t i = 0; i < days.size(); ++i) {
        days[i] = threat.harm_days_low * std::pow(threat.harm_days_high / threat.harm_days_low, random.uniform());
        scores[i] = harm_score(criterion->harm_days, days[i]);
    }
    f.value = summarise(days), f.score = summarise(scores);
    name_figure("harm/" + threat.id, f);

    Evidence e;
    e.threat = threat_index, e.criterion = static_cast<std::size_t>(criterion - catalogue.criteria.begin()), e.basis = Basis::judged;
    e.mean = f.score.mean, e.sd = std::hypot(f.score.sd, context.assumed(kProxySd)), e.figure = f.id;
    out.evidence = e;
    return out;
}

}  // namespace threatlas::assess::indicators
