#include "store/rights.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "core/text.hpp"

namespace threatlas::store {
namespace {

std::optional<int> rank_of_word(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, int>, 6> kWords{{{"TLP:CLEAR", 0},
                                                                      {"TLP:WHITE", 0},
                                                                      {"TLP:GREEN", 1},
                                                                      {"TLP:AMBER", 2},
                                                                      {"TLP:AMBER+STRICT", 3},
                                                                      {"TLP:RED", 4}}};
    const std::string_view word = text.substr(0, text.find(' '));
    for (const auto& [name, rank] : kWords)
        if (word == name) return rank;
    return std::nullopt;
}

}  // namespace

int handling_rank(std::string_view handling) { return rank_of_word(handling).value_or(kStrictest); }

std::string_view handling_word(int rank) {
    constexpr std::array<std::string_view, 5> kByRank{"TLP:CLEAR", "TLP:GREEN", "TLP:AMBER",
                                                      "TLP:AMBER+STRICT", "TLP:RED"};
    return kByRank[static_cast<std::size_t>(rank < kMildest || rank > kStrictest ? kStrictest
                                                                                 : rank)];
}

int strictest_handling(const Snapshot& snapshot) {
    std::vector<bool> used(snapshot.dictionary.size(), false);
    for (const std::uint32_t code : snapshot.columns.handling) used[code] = true;
    int strictest = kMildest;
    for (std::size_t code = 0; code < used.size(); ++code)
        if (used[code]) strictest = std::max(strictest, handling_rank(snapshot.dictionary[code]));
    for (const model::Claim& claim : snapshot.claims)
        strictest = std::max(strictest, handling_rank(claim.handling));
    return strictest;
}

core::Result<int> clearance_of(const model::Reader& reader) {
    using core::ErrorCode;
    if (core::trim(reader.organisation).empty())
        return core::fail(ErrorCode::not_allowed, "the reader names no organisation");
    if (core::trim(reader.purpose).empty())
        return core::fail(ErrorCode::not_allowed,
                          "the reader states no purpose; every access says what it is for");
    const auto rank = rank_of_word(reader.clearance);
    if (!rank)
        return core::fail(ErrorCode::not_allowed,
                          "the reader's clearance '" + reader.clearance + "' is not a TLP word");
    return *rank;
}

}  // namespace threatlas::store
