#include "analyse/early_warning/novelty.hpp"

#include <algorithm>
#include <boost/math/distributions/gamma.hpp>
#include <cmath>
#include <map>
#include <set>

#include "analyse/early_warning/count_tail.hpp"

namespace threatlas::analyse::early_warning {
namespace {

struct Cases {
    double now = 0, before = 0;
};
using Context = series::Key;   // source, nature, and one of place, member, dimension, or none

struct Tally {
    std::map<Context, Cases> all;                             // events of a context
    std::map<std::pair<Context, std::string>, Cases> terms;   // of them with the term
    std::map<std::pair<Context, std::string>, std::set<std::string>> known_to;   // members that had it before; region contexts only
};

std::vector<std::string> terms_of(const series::Cell& cell) {
    std::vector<std::string> codes = cell.modus_operandi, out = codes;
    std::sort(codes.begin(), codes.end());
    for (std::size_t a = 0; a < codes.size(); ++a)
        for (std::size_t b = a + 1; b < codes.size(); ++b) out.push_back(codes[a] + "&" + codes[b]);
    return out;
}

std::vector<Context> contexts_of(const series::Cell& cell) {
    Context region;
    region.source = cell.source, region.nature = cell.nature;
    std::vector<Context> out{region};
    const auto with = [&](auto set) { out.push_back(region), set(out.back()); };
    if (!cell.place.empty()) with([&](Context& c) { c.place = cell.country; });
    if (!cell.member.empty()) with([&](Context& c) { c.member = cell.member; });
    for (const auto& each : cell.dims) with([&](Context& c) { c.dims.insert(each); });
    return out;
}

Tally count(const series::Facts& facts, std::int32_t last, const NoveltyOptions& options) {
    Tally out;
    std::vector<Cases> cells(facts.cells.size());
    for (const series::Fact& fact : facts.facts) {
        if (fact.period > last || fact.period <= last - options.window - options.history || std::isnan(fact.count)) continue;
        (fact.period > last - options.window ? cells[fact.cell].now : cells[fact.cell].before) += fact.count;
    }
    for (std::size_t c = 0; c < cells.size(); ++c) {
        const series::Cell& cell = facts.cells[c];
        if (cell.modus_operandi.empty() || !cell.in_region || cells[c].now + cells[c].before <= 0) continue;
        const auto contexts = contexts_of(cell);
        for (const Context& context : contexts) {
            out.all[context].now += cells[c].now, out.all[context].before += cells[c].before;
            for (const std::string& term : terms_of(cell)) {
                Cases& cases = out.terms[{context, term}];
                cases.now += cells[c].now, cases.before += cells[c].before;
            }
        }
        if (cells[c].before > 0)
            for (const std::string& term : terms_of(cell)) out.known_to[{contexts.front(), term}].insert(cell.member.empty() ? cell.country : cell.member);
    }
    return out;
}

}  // namespace

LogOdds log_odds(double now, double now_all, double before, double before_all, double prior, double prior_all) {
    const auto logit = [&](double y, double n) { return std::log((y + prior) / (n + prior_all - y - prior)); };
    const double delta = logit(now, now_all) - logit(before, before_all);
    return {delta, delta / std::sqrt(1 / (now + prior) + 1 / (before + prior))};
}

InformationComponent information_component(double observed, double expected) {
    const boost::math::gamma_distribution<double> posterior(observed + 0.5, 1 / (expected + 0.5));
    return {std::log2((observed + 0.5) / (expected + 0.5)), std::log2(boost::math::quantile(posterior, 0.025))};
}

core::Result<std::vector<Novelty>> novelties(const series::Facts& facts, std::int32_t last, const NoveltyOptions& options) {
    if (options.window < 1 || options.history < 1 || !(options.fewest >= 1) || !(options.prior > 0)) return core::fail(core::ErrorCode::bad_usage, "the options of novelty are out of range");
    const Tally tally = count(facts, last, options);
    std::vector<Novelty> out;
    for (const auto& [at, cases] : tally.terms) {
        const auto& [context, term] = at;
        Context region;
        region.source = context.source, region.nature = context.nature;
        const Cases& all = tally.all.at(context);
        const Cases& region_all = tally.all.at(region);
        const Cases& region_term = tally.terms.at({region, term});
        if (region_all.before <= 0 || all.now <= 0 || all.before <= 0) continue;   // nothing to be new against
        Novelty n;
        n.key = context, n.key.modus_operandi = term;
        n.seen = cases.now, n.before = cases.before, n.elsewhere = region_term.before - cases.before;
        // The share of the region, itself drawn to half a case: never nothing.
        const double wide = (region_term.before + 0.5) / (region_all.before + 1), cases_known = cases.before + options.prior * wide;
        n.expected = all.now * cases_known / (all.before + options.prior);
        n.dispersion = 1 + n.expected / cases_known;   // the share is an estimate: Gamma-Poisson
        n.p = n.seen < options.fewest ? 1 : upper_tail(n.seen, n.expected, n.dispersion);
        n.odds = log_odds(n.seen, all.now, n.before, all.before, options.prior * wide, options.prior);
        n.information = information_component(n.seen, n.expected);
        n.kind = cases.before > 0 ? "surge" : n.elsewhere > 0 ? "spread" : "new";
        if (const auto known = tally.known_to.find({region, term}); known != tally.known_to.end()) n.members_before.assign(known->second.begin(), known->second.end());
        out.push_back(std::move(n));
    }
    return out;
}

}  // namespace threatlas::analyse::early_warning
