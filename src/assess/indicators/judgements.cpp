#include "assess/indicators/judgements.hpp"

#include <algorithm>
#include <cmath>

#include "assess/indicators/assumptions.hpp"
#include "assess/indicators/figures.hpp"
#include "assess/indicators/summary.hpp"
#include "store/rights.hpp"

namespace threatlas::assess::indicators {
namespace {

const model::Grade* grade(const model::Catalogue& catalogue, std::string_view scheme, std::string_view word) {
    for (const auto& each : catalogue.grades)
        if (each.scheme == scheme && each.word == word) return &each;
    return nullptr;
}

template <class List>
std::optional<std::size_t> index_of(const List& list, const std::string& id) {
    for (std::size_t i = 0; i < list.size(); ++i)
        if (list[i].id == id) return i;
    return std::nullopt;
}

}  // namespace

double evaluation_width(const model::Catalogue& catalogue, const std::string& evaluation, double unevaluated) {
    const auto width = [](const model::Grade& each) { return std::max(1.0, (each.low + each.high) / 2); };
    const auto colon = evaluation.find(':');
    if (colon == std::string::npos || evaluation.size() < colon + 3) {
        for (const char* scheme : {"evaluation", "4x4.source", "admiralty.source"})
            if (const auto* each = grade(catalogue, scheme, evaluation)) return width(*each);
        return unevaluated;
    }
    const std::string scheme = evaluation.substr(0, colon);
    double out = 1;
    for (const auto& [part, word] : {std::pair{".source", evaluation.substr(colon + 1, 1)}, std::pair{".information", evaluation.substr(colon + 2)}}) {
        const auto* each = grade(catalogue, scheme + part, word);
        out *= each != nullptr ? width(*each) : std::sqrt(unevaluated);
    }
    return out;
}

std::optional<Judged> judge(const Context& context, const model::Claim& claim, const std::vector<std::string>& raters) {
    const model::Catalogue& catalogue = context.catalogue;
    const auto threat = index_of(catalogue.threats, claim.threat);
    if (!threat) return std::nullopt;
    Judged out;
    Figure& f = out.figure;
    f.basis = "judged", f.indicator = claim.id, f.title = claim.text, f.threat = claim.threat, f.lens = claim.lens;
    const model::Criterion* asked = catalogue.criterion(claim.criterion);  // also by an earlier catalogue's id
    f.criterion = asked != nullptr ? asked->id : claim.criterion;
    f.measure = model::name_of(claim.kind), f.nature = "judgement", f.unit = "score";
    const auto member = index_of(catalogue.members, claim.scope);
    if (member) f.member = claim.scope, f.place = catalogue.members[*member].country;
    f.contributors = {claim.organisation};
    f.sources = {claim.source};
    f.handling = store::text(store::parse_marking(claim.handling));
    const model::Source* source = catalogue.source(claim.source);
    f.already_public = source != nullptr && source->already_public;
    if (source != nullptr) f.citation = source->title;
    EvidenceRow row;
    row.source = claim.source, row.submission = claim.submission, row.file = claim.file, row.row = claim.row, row.what = claim.id;
    row.place = f.place, row.member = claim.organisation, row.period = core::iso(claim.dated), row.state = "measured", row.unit = "judgement";
    row.dims = "kind=" + f.measure + ";value=" + claim.value + ";scope=" + claim.scope, row.flags = claim.evaluation, row.handling = claim.handling, row.text = claim.text;

    double width = evaluation_width(catalogue, claim.evaluation, context.assumed(kUnevaluated));
    const bool elsewhere = !member && claim.scope != "region" && !claim.scope.empty();
    if (elsewhere) width *= context.assumed(kOtherScope);

    std::string criterion = f.criterion;
    const model::Grade* interval = nullptr;
    switch (claim.kind) {
        case model::ClaimKind::grade: interval = grade(catalogue, "grade", claim.value); break;
        case model::ClaimKind::trend:
            out.is_trend = criterion == "trend" || criterion == "scale";
            // A rise of something else (of violence, of skill) is described; it is no trend of the threat.
            if (out.is_trend) criterion = "trend", interval = grade(catalogue, "trend", claim.value);
            break;
        case model::ClaimKind::role:
            interval = grade(catalogue, "role", claim.value);
            if (interval != nullptr) criterion = "cross_border_reach";
            break;
        default: break;
    }
    if (out.is_trend) out.p_rising = claim.value == "rising" ? context.assumed(kTrendWord) : claim.value == "falling" ? 1 - context.assumed(kTrendWord) : 0.5;

    const auto criterion_index = index_of(catalogue.criteria, criterion);
    Evidence e;
    e.threat = *threat, e.basis = Basis::judged;
    e.member = member ? static_cast<int>(*member) : -1;
    const auto rater = std::lower_bound(raters.begin(), raters.end(), claim.organisation);
    if (rater != raters.end() && *rater == claim.organisation) e.rater = static_cast<int>(rater - raters.begin());
    const bool quantiles = claim.kind == model::ClaimKind::quantiles;
    if (criterion_index && interval != nullptr) {
        const double middle = (interval->low + interval->high) / 2, half = (interval->high - interval->low) / 2 * width;
        e.is_grade = true;
        e.low = std::max(0.0, middle - half), e.high = std::min(100.0, middle + half);
        e.mean = (e.low + e.high) / 2, e.sd = std::max(context.assumed(kScoreSdFloor), (e.high - e.low) / std::sqrt(12.0));
        f.formula = "'" + claim.value + "' is " + short_number(interval->low) + "-" + short_number(interval->high) + " of 100, " +
                    short_number(width) + " times as wide for the source's evaluation" + (elsewhere ? " and its scope, " + claim.scope : "");
    } else if (criterion_index && quantiles) {
        // Mean of a distribution known by three quantiles: Keefer and Bodily (1983) weights for 10/50/90.
        e.mean = 0.3 * claim.q10 + 0.4 * claim.q50 + 0.3 * claim.q90;
        e.sd = std::max(context.assumed(kScoreSdFloor), (claim.q90 - claim.q10) / 2.5631 * width);
        e.low = claim.q10, e.high = claim.q90;
        f.formula = "quantiles 10/50/90: " + short_number(claim.q10) + "/" + short_number(claim.q50) + "/" + short_number(claim.q90) + ", " + short_number(width) + " times as wide";
    } else {
        f.formula = "stated, not scored";
        if (claim.kind == model::ClaimKind::grade || out.is_trend) f.note = "The catalogue has no interval for the word '" + claim.value + "'.";
    }
    if (criterion_index && (interval != nullptr || quantiles)) {
        f.criterion = criterion;
        core::Random random(context.options.seed, core::stream_id("claim/" + claim.organisation + "/" + claim.id));
        std::vector<double> draws(context.options.figure_draws);
        for (double& x : draws)
            x = e.is_grade ? e.low + (e.high - e.low) * random.uniform() : std::clamp(e.mean + e.sd * random.normal(), 0.0, 100.0);
        f.score = f.value = summarise(draws);
        row.value = quantiles ? claim.q50 : e.low, row.upper = quantiles ? claim.q50 : e.high;
        e.criterion = *criterion_index;
        out.evidence = e;
    }
    f.rows.push_back(std::move(row));
    name_figure("claim/" + claim.organisation + '/' + claim.source + '/' + claim.id + '/' + claim.submission, f);
    if (out.evidence) out.evidence->figure = f.id;
    return out;
}

}  // namespace threatlas::assess::indicators
