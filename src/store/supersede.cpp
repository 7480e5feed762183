#include "store/supersede.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>
#include <unordered_map>

namespace threatlas::store {
namespace {

using Giver = std::pair<std::uint32_t, std::uint32_t>;  // source, member

struct Span {
    std::uint32_t submission = 0;
    std::int32_t first = std::numeric_limits<std::int32_t>::max();
    std::int32_t last = std::numeric_limits<std::int32_t>::min();
};

struct Figure {
    std::uint32_t source, member, what, place, dims;
    std::int32_t begin, end;
    std::uint8_t nature;
    bool operator==(const Figure&) const = default;
};
struct FigureHash {
    std::size_t operator()(const Figure& f) const {
        std::uint64_t h = 0;
        for (const std::uint64_t part : {std::uint64_t{f.source} << 32 | f.member, std::uint64_t{f.what} << 32 | f.place,
                                         std::uint64_t{f.dims} << 32 | static_cast<std::uint32_t>(f.begin), std::uint64_t{static_cast<std::uint32_t>(f.end)} << 8 | f.nature}) {
            h ^= part + 0x9e3779b97f4a7c15ULL + (h << 6) + (h >> 2);
            h *= 0xff51afd7ed558ccdULL;
            h ^= h >> 33;
        }
        return h;
    }
};

struct Newest {
    std::int32_t known_at;
    std::uint64_t taken;
    std::uint32_t submission;
    auto operator<=>(const Newest&) const = default;
};

// Where the submissions of each giver begin and end, for givers of more than one.
std::map<Giver, std::vector<Span>> spans_of(const Snapshot::Columns& c) {
    std::map<Giver, std::vector<Span>> all;
    Span* span = nullptr;
    for (std::size_t i = 0; i < c.value.size(); ++i) {
        if (i == 0 || c.source[i] != c.source[i - 1] || c.member[i] != c.member[i - 1] || c.submission[i] != c.submission[i - 1]) {
            auto& spans = all[{c.source[i], c.member[i]}];
            const auto found = std::find_if(spans.begin(), spans.end(), [&](const Span& each) { return each.submission == c.submission[i]; });
            span = found != spans.end() ? &*found : &spans.emplace_back(Span{c.submission[i]});
        }
        span->first = std::min(span->first, c.begin[i]);
        span->last = std::max(span->last, c.begin[i]);
    }
    std::erase_if(all, [](const auto& each) { return each.second.size() < 2; });
    return all;
}

}  // namespace

std::vector<std::uint32_t> superseded_rows(const Snapshot::Columns& c, const std::vector<std::uint64_t>& taken) {
    std::vector<std::uint32_t> dropped, candidates;
    const auto spans = spans_of(c);
    if (spans.empty()) return dropped;
    const std::vector<Span>* own = nullptr;
    for (std::size_t i = 0; i < c.value.size(); ++i) {
        if (i == 0 || c.source[i] != c.source[i - 1] || c.member[i] != c.member[i - 1]) {
            const auto found = spans.find({c.source[i], c.member[i]});
            own = found == spans.end() ? nullptr : &found->second;
        }
        if (own != nullptr && std::any_of(own->begin(), own->end(), [&](const Span& s) { return s.submission != c.submission[i] && s.first <= c.begin[i] && c.begin[i] <= s.last; }))
            candidates.push_back(static_cast<std::uint32_t>(i));
    }
    const auto figure = [&](std::uint32_t i) { return Figure{c.source[i], c.member[i], c.what[i], c.place[i], c.dims[i], c.begin[i], c.end[i], c.nature[i]}; };
    std::unordered_map<Figure, Newest, FigureHash> newest;
    for (const std::uint32_t i : candidates) {
        const Newest own_telling{c.known_at[i], taken[c.submission[i]], c.submission[i]};
        const auto [found, fresh] = newest.try_emplace(figure(i), own_telling);
        if (!fresh) found->second = std::max(found->second, own_telling);
    }
    for (const std::uint32_t i : candidates)
        if (newest.at(figure(i)).submission != c.submission[i]) dropped.push_back(i);
    return dropped;
}

void drop_rows(Snapshot::Columns& c, const std::vector<std::uint32_t>& rows) {
    const auto compact = [&](auto& column) {
        std::size_t to = 0, next = 0;
        for (std::size_t i = 0; i < column.size(); ++i) {
            if (next < rows.size() && rows[next] == i) {
                ++next;
                continue;
            }
            column[to++] = column[i];
        }
        column.resize(to);
    };
    for (auto* column : {&c.what, &c.member, &c.place, &c.unit, &c.dims, &c.flags, &c.evaluation, &c.handling, &c.source, &c.submission, &c.file}) compact(*column);
    for (auto* column : {&c.begin, &c.end, &c.known_at}) compact(*column);
    for (auto* column : {&c.state, &c.nature, &c.statement}) compact(*column);
    compact(c.value), compact(c.upper), compact(c.row);
}

std::vector<model::Claim> without_superseded(std::vector<model::Claim> claims, const std::map<std::string, std::uint64_t>& taken) {
    using Kind = model::ClaimKind;
    const auto key = [](const model::Claim& c) {
        const bool answer = c.kind == Kind::grade || c.kind == Kind::trend || c.kind == Kind::quantiles;
        return std::tuple(c.source, c.organisation, c.threat, c.lens, c.criterion, c.kind, c.scope, answer ? std::string() : c.value + '\n' + c.text);
    };
    std::map<decltype(key(model::Claim{})), std::tuple<core::Day, std::uint64_t, std::string>> newest;
    for (const auto& claim : claims) {
        const auto order = taken.find(claim.submission);
        const std::tuple own(claim.known_at, order == taken.end() ? 0 : order->second, claim.submission);
        const auto [found, fresh] = newest.try_emplace(key(claim), own);
        if (!fresh) found->second = std::max(found->second, own);
    }
    std::erase_if(claims, [&](const model::Claim& claim) { return std::get<2>(newest.at(key(claim))) != claim.submission; });
    return claims;
}

}  // namespace threatlas::store
