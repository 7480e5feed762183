#include "assess/indicators/mix.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "assess/indicators/series.hpp"

namespace threatlas::assess::indicators {
namespace {

constexpr int kExchanges = 500;

std::vector<double> totals(const std::vector<Block>& blocks) {
    std::vector<double> sum;
    for (const Block& block : blocks) {
        sum.resize(block.counts.size());
        for (std::size_t c = 0; c < sum.size(); ++c) sum[c] += block.counts[c];
    }
    return sum;
}

}  // namespace

Mix read_mix(const Context& context, const model::Indicator& indicator, const std::vector<std::string>& places) {
    Mix out;
    const auto& c = context.snapshot.columns;
    const std::string over = indicator.over.empty() ? "what" : indicator.over;
    struct Counted {
        std::pair<std::int32_t, std::uint32_t> when;   // begin; for single reports also the row, so each stands alone
        std::string category;
        double value;
    };
    std::vector<Counted> counted;
    std::int32_t first = INT32_MAX, last = INT32_MIN;
    // A mix is one source's: two that tell the same events would count them twice. The indicator's own
    // source stands; a member's figures where there is none.
    const std::vector<std::uint32_t> matching = matching_rows(context, indicator);
    const auto own = std::find_if(matching.begin(), matching.end(), [&](std::uint32_t i) {
        return std::find(indicator.sources.begin(), indicator.sources.end(), context.snapshot.text(c.source[i])) != indicator.sources.end();
    });
    for (const std::uint32_t i : matching) {
        if (c.source[i] != c.source[own != matching.end() ? *own : matching.front()]) continue;
        const std::string& place = context.snapshot.text(c.place[i]);
        if (!place_matches(indicator, place)) continue;
        const auto state = static_cast<model::State>(c.state[i]);
        if (state == model::State::absent || state == model::State::withheld) continue;
        const std::int32_t days = c.end[i] - c.begin[i];
        if (days > 370) continue;
        if (days <= 27) {
            const core::Interval span = context.span(c.source[i]);
            first = std::min(first, span.begin.number), last = std::max(last, span.end.number);
        }
        first = std::min(first, c.begin[i]), last = std::max(last, c.end[i]);
        if (std::find(places.begin(), places.end(), place) == places.end()) continue;
        std::string category;
        if (over == "what") category = context.snapshot.text(c.what[i]);
        else if (over == "place") category = place;
        else if (const auto found = context.dims(i).find(over); found != context.dims(i).end()) category = found->second;
        if (category.empty()) {
            ++out.not_stated;
            continue;
        }
        out.nature = static_cast<model::Nature>(c.nature[i]);
        out.rows.push_back(i);
        const bool single = days <= 27;
        const double value = single && context.snapshot.text(c.unit[i]) != "count" ? 1 : state == model::State::censored ? (c.value[i] + c.upper[i]) / 2 : c.value[i];
        counted.push_back({{c.begin[i], single ? i + 1 : 0}, category, value});
    }
    if (counted.empty()) return out;
    out.first_year = context.year_of_day(first), out.last_year = context.year_of_day(last - 1);
    if (last < core::year_interval(out.last_year).end.number - 91) --out.last_year;
    std::map<std::string, double> sums;
    for (const Counted& each : counted) sums[each.category] += each.value;
    // The dozen largest stand for themselves; the rest is one category. What the share asks for stays.
    std::vector<std::pair<double, std::string>> order;
    for (const auto& [category, sum] : sums) order.emplace_back(-sum, category);
    std::sort(order.begin(), order.end());
    const auto asked = alternatives(indicator.part);
    std::map<std::string, std::size_t> index;
    for (const auto& [sum, category] : order)
        if (index.size() < 12 || (!indicator.part.empty() && std::find(asked.begin(), asked.end(), category) != asked.end()))
            index.emplace(category, out.categories.size()), out.categories.push_back(category);
    const std::size_t other = out.categories.size();
    if (index.size() < sums.size()) out.categories.emplace_back("other");
    std::map<std::pair<std::int32_t, std::uint32_t>, Block> blocks;
    for (const Counted& each : counted) {
        Block& block = blocks[each.when];
        block.year = context.year_of_day(each.when.first);
        block.counts.resize(out.categories.size());
        const auto at = index.find(each.category);
        block.counts[at == index.end() ? other : at->second] += each.value;
    }
    for (auto& [when, block] : blocks) out.blocks.push_back(std::move(block));
    return out;
}

ShareDraws share_draws(const std::vector<Block>& blocks, const std::vector<bool>& wanted, std::size_t draws, core::Random& random) {
    ShareDraws out;
    const std::vector<double> sum = totals(blocks);
    const double n = std::accumulate(sum.begin(), sum.end(), 0.0);
    if (!(n > 0)) return out;
    // Spread of the wanted share between years against what counting alone would give.
    std::map<int, std::pair<double, double>> years;
    double k = 0;
    for (const Block& block : blocks)
        for (std::size_t c = 0; c < sum.size(); ++c) {
            years[block.year].second += block.counts[c];
            if (wanted[c]) years[block.year].first += block.counts[c], k += block.counts[c];
        }
    const double p = (k + 0.5) / (n + 1);
    double pearson = 0, degrees = -1;
    for (const auto& [year, part] : years)
        if (part.second > 0) pearson += std::pow(part.first - part.second * p, 2) / (part.second * p * (1 - p)), degrees += 1;
    if (degrees > 0) out.overdispersion = std::clamp((pearson + 2) / (degrees + 2), 1.0, std::max(1.0, n / 2));
    std::vector<double> alpha, drawn(sum.size());
    for (const double x : sum) alpha.push_back(0.5 + x / out.overdispersion);
    out.categories.assign(sum.size(), std::vector<double>(draws));
    for (std::size_t i = 0; i < draws; ++i) {
        random.dirichlet(alpha, drawn);
        double share = 0;
        for (std::size_t c = 0; c < sum.size(); ++c) {
            out.categories[c][i] = drawn[c];
            if (wanted[c]) share += drawn[c];
        }
        out.share.push_back(share);
    }
    return out;
}

double divergence(const std::vector<double>& a, const std::vector<double>& b) {
    const double na = std::accumulate(a.begin(), a.end(), 0.0), nb = std::accumulate(b.begin(), b.end(), 0.0);
    if (!(na > 0) || !(nb > 0)) return 0;
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double p = a[i] / na, q = b[i] / nb, m = (p + q) / 2;
        if (p > 0) sum += p * std::log2(p / m) / 2;
        if (q > 0) sum += q * std::log2(q / m) / 2;
    }
    return std::clamp(sum, 0.0, 1.0);
}

ShiftDraws shift_draws(const std::vector<Block>& before, const std::vector<Block>& now, std::size_t draws, core::Random& random) {
    ShiftDraws out;
    if (before.empty() || now.empty()) return out;
    const std::vector<double> a = totals(before), b = totals(now);
    out.observed = divergence(a, b);
    std::vector<const Block*> all;
    for (const Block& block : before) all.push_back(&block);
    for (const Block& block : now) all.push_back(&block);
    std::vector<double> null, left(a.size()), right(a.size());
    int at_least = 0;
    for (int round = 0; round < kExchanges; ++round) {
        for (std::size_t i = all.size() - 1; i > 0; --i) std::swap(all[i], all[random.below(i + 1)]);
        std::fill(left.begin(), left.end(), 0), std::fill(right.begin(), right.end(), 0);
        for (std::size_t i = 0; i < all.size(); ++i)
            for (std::size_t c = 0; c < a.size(); ++c) (i < before.size() ? left : right)[c] += all[i]->counts[c];
        null.push_back(divergence(left, right));
        out.expected += null.back() / kExchanges;
        at_least += null.back() >= out.observed - 1e-12;
    }
    out.p = (1.0 + at_least) / (1.0 + kExchanges);
    // Jackknife over at most 200 blocks a side: one report of many thousands moves nothing.
    double variance = 0;
    for (const bool late : {false, true}) {
        const auto& side = late ? now : before;
        const std::size_t groups = std::min<std::size_t>(side.size(), 200);
        if (groups < 2) continue;
        double mean = 0, squares = 0;
        for (std::size_t g = 0; g < groups; ++g) {
            std::vector<double> rest = late ? b : a;
            for (std::size_t i = g; i < side.size(); i += groups)
                for (std::size_t c = 0; c < rest.size(); ++c) rest[c] -= side[i].counts[c];
            for (double& x : rest) x = std::max(0.0, x);
            const double d = late ? divergence(a, rest) : divergence(rest, b);
            mean += d / static_cast<double>(groups), squares += d * d / static_cast<double>(groups);
        }
        variance += static_cast<double>(groups - 1) * std::max(0.0, squares - mean * mean);
    }
    const double sd = std::sqrt(variance);
    for (std::size_t i = 0; i < draws; ++i)
        out.excess.push_back(std::clamp(out.observed + sd * random.normal() - null[random.below(null.size())], 0.0, 1.0));
    return out;
}

}  // namespace threatlas::assess::indicators
