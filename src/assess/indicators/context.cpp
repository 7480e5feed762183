#include "assess/indicators/context.hpp"

#include <algorithm>

namespace threatlas::assess::indicators {
namespace {

std::uint64_t key(std::uint32_t source, std::uint32_t place, int year) {
    return (static_cast<std::uint64_t>(source) << 40) ^ (static_cast<std::uint64_t>(place) << 14) ^ static_cast<std::uint64_t>(year);
}

}  // namespace

Context::Context(const store::Snapshot& s, const model::Catalogue& c, const Options& o) : snapshot(s), catalogue(c), options(o) {
    dims_.resize(s.dictionary.size());
    const auto& columns = s.columns;
    std::vector<bool> seen(s.dictionary.size());
    for (std::size_t i = 0; i < s.size(); ++i) {
        const std::uint32_t code = columns.dims[i];
        if (!seen[code]) seen[code] = true, dims_[code] = store::unpack_dims(s.text(code));
        const auto state = static_cast<model::State>(columns.state[i]);
        if (state == model::State::absent || state == model::State::withheld) continue;
        auto [span, fresh] = spans_.try_emplace(columns.source[i], core::Interval{{columns.begin[i]}, {columns.end[i]}});
        if (!fresh) {
            span->second.begin.number = std::min(span->second.begin.number, columns.begin[i]);
            span->second.end.number = std::max(span->second.end.number, columns.end[i]);
        }
        reported_.insert(key(columns.source[i], columns.place[i], year(i)));
    }
    for (const auto& country : c.countries)
        if (country.role == "member_country" || country.role == "territory") region_.insert(country.id);
    for (std::size_t m = 0; m < c.members.size(); ++m) members_[c.members[m].country].push_back(static_cast<int>(m));
}

double Context::assumed(const FixedAssumption& assumption) const {
    if (options.assumed.empty()) return assumption.value;
    const auto found = options.assumed.find(std::string(assumption.id));
    return found == options.assumed.end() ? assumption.value : found->second;
}

int Context::year_of_day(std::int32_t day) const { return core::split(core::Day{day}).year; }

core::Interval Context::span(std::uint32_t source) const {
    const auto found = spans_.find(source);
    return found == spans_.end() ? core::Interval{} : found->second;
}

bool Context::reported(std::uint32_t source, std::uint32_t place, int year) const { return reported_.contains(key(source, place, year)); }

double Context::region_population(int year) const {
    double total = 0;
    for (const std::string& country : region_) total += catalogue.population(country, year);
    return total;
}

const std::vector<int>& Context::members_of(const std::string& country) const {
    static const std::vector<int> none;
    const auto found = members_.find(country);
    return found == members_.end() ? none : found->second;
}

}  // namespace threatlas::assess::indicators
