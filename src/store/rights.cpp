#include "store/rights.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "core/text.hpp"

namespace threatlas::store {
namespace {

std::optional<int> rank_of(std::string_view word) {
    constexpr std::array<std::pair<std::string_view, int>, 6> kWords{{{"TLP:CLEAR", 0}, {"TLP:WHITE", 0}, {"TLP:GREEN", 1}, {"TLP:AMBER", 2}, {"TLP:AMBER+STRICT", 3}, {"TLP:RED", 4}}};
    for (const auto& [name, rank] : kWords)
        if (word == name) return rank;
    return std::nullopt;
}

// None for anything but one TLP word followed by codes.
std::optional<Marking> strictly(std::string_view handling) {
    Marking out{kMildest, 0};
    bool first = true;
    while (!handling.empty()) {
        const std::size_t end = handling.find(' ');
        const std::string_view token = handling.substr(0, end);
        handling.remove_prefix(end == std::string_view::npos ? handling.size() : end + 1);
        if (token.empty()) continue;
        if (first) {
            const auto rank = rank_of(token);
            if (!rank) return std::nullopt;
            out.rank = *rank;
            first = false;
        } else if (token.size() == 2 && token[0] == 'H' && token[1] >= '0' && token[1] <= '3') {
            if (token[1] != '0') out.codes = static_cast<std::uint8_t>(out.codes | 1u << (token[1] - '1'));
        } else {
            return std::nullopt;
        }
    }
    if (first) return std::nullopt;
    return out;
}

}  // namespace

Marking parse_marking(std::string_view handling) { return strictly(handling).value_or(kAllMarks); }

std::string text(const Marking& marking) {
    std::string out(handling_word(marking.rank));
    for (int code = 1; code <= 3; ++code)
        if ((marking.codes >> (code - 1) & 1) != 0) out += " H" + std::to_string(code);
    return out;
}

Marking join(const Marking& a, const Marking& b) { return {std::max(a.rank, b.rank), static_cast<std::uint8_t>(a.codes | b.codes)}; }

std::string join_handling(std::string_view a, std::string_view b) { return text(join(parse_marking(a), parse_marking(b))); }

int handling_rank(std::string_view handling) { return parse_marking(handling).rank; }

std::string_view handling_word(int rank) {
    constexpr std::array<std::string_view, 5> kByRank{"TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED"};
    return kByRank[static_cast<std::size_t>(rank < kMildest || rank > kStrictest ? kStrictest : rank)];
}

void Protection::add(const Marking& input, std::string_view originator) {
    marking = join(marking, input);
    if (input.controlled() && !originators.contains(originator)) originators.emplace(originator);
}

void Protection::add(const Protection& other) {
    marking = join(marking, other.marking);
    originators.insert(other.originators.begin(), other.originators.end());
}

Protection protection_of(const Snapshot& snapshot) {
    Protection out;
    const Snapshot::Columns& c = snapshot.columns;
    std::vector<std::uint8_t> used(snapshot.dictionary.size(), 0), binds(snapshot.dictionary.size(), 0), owns(snapshot.dictionary.size(), 0);
    for (const std::uint32_t code : c.handling) used[code] = 1;
    bool any = false;
    for (std::size_t code = 0; code < used.size(); ++code) {
        if (used[code] == 0) continue;
        const Marking marking = parse_marking(snapshot.dictionary[code]);
        out.marking = join(out.marking, marking);
        if (marking.controlled()) binds[code] = 1, any = true;
    }
    if (any) {
        for (std::size_t i = 0; i < c.handling.size(); ++i)
            if (binds[c.handling[i]] != 0) owns[snapshot.dictionary[c.member[i]].empty() ? c.source[i] : c.member[i]] = 1;
        for (std::size_t code = 0; code < owns.size(); ++code)
            if (owns[code] != 0) out.originators.insert(snapshot.dictionary[code]);
    }
    for (const model::Claim& claim : snapshot.claims) out.add(parse_marking(claim.handling), originator_of(claim.organisation, claim.source));
    return out;
}

int strictest_handling(const Snapshot& snapshot) { return protection_of(snapshot).marking.rank; }

core::Result<int> clearance_of(const model::Reader& reader) {
    THREATLAS_TRY(const Sight sight, Sight::of(reader));
    return sight.clearance();
}

core::Result<Sight> Sight::of(const model::Reader& reader, std::vector<Consent> consents, std::string_view today) {
    using core::ErrorCode;
    if (core::trim(reader.organisation).empty()) return core::fail(ErrorCode::not_allowed, "the reader names no organisation");
    if (core::trim(reader.purpose).empty()) return core::fail(ErrorCode::not_allowed, "the reader states no purpose; every access says what it is for");
    const auto purpose = model::purpose_of(reader.purpose);
    if (!purpose) {
        std::string words;
        for (const auto& each : model::EnumNames<model::Purpose>::names) words += (words.empty() ? "" : ", ") + std::string(each.second);
        return core::fail(ErrorCode::not_allowed, "the purpose '" + reader.purpose + "' begins with none of: " + words + "; write '<word>: what exactly'");
    }
    const auto clearance = strictly(reader.clearance);
    if (!clearance) return core::fail(ErrorCode::not_allowed, "the reader's clearance '" + reader.clearance + "' is not a TLP word with handling codes after it");
    Sight sight;
    sight.clearance_ = clearance->rank, sight.codes_ = clearance->codes, sight.purpose_ = *purpose, sight.organisation_ = reader.organisation;
    for (Consent& each : consents) {
        const auto wanted = model::purpose_of(each.purpose);
        if (each.to != reader.organisation || !each.in_force(today)) continue;
        if (each.purpose.empty() ? *purpose != model::Purpose::judicial : wanted == purpose) sight.consents_.push_back(std::move(each));
    }
    return sight;
}

bool Sight::allows(const Marking& marking, bool entitled) const {
    if (marking.rank > clearance_) return false;
    if ((marking.codes & kH3) != 0 && (codes_ & kH3) == 0) return false;                                 // conditions of its own: for those who know them
    if (entitled) return true;
    if ((marking.codes & kH1) != 0 && purpose_ == model::Purpose::judicial) return false;               // not for a court
    const bool for_the_group = marking.rank >= 3 || (marking.codes & kH2) != 0;                          // AMBER+STRICT, RED, H2
    return !for_the_group || regional();
}

bool Sight::entitled(std::string_view originator, std::string_view submission) const {
    if (originator == organisation_) return true;
    return std::any_of(consents_.begin(), consents_.end(), [&](const Consent& each) { return each.originator == originator && (each.submission.empty() || each.submission == submission); });
}

bool Sight::sees(const Marking& marking, std::span<const std::string> originators) const {
    return allows(marking, !originators.empty() && std::all_of(originators.begin(), originators.end(), [&](const std::string& each) { return entitled(each); }));
}

bool Sight::sees(const Marking& marking, std::span<const std::string> originators, std::span<const std::string> audience, std::string_view subject) const {
    const bool gave = !originators.empty() && std::all_of(originators.begin(), originators.end(), [&](const std::string& each) { return entitled(each, subject); });
    const bool mine = gave || std::find(audience.begin(), audience.end(), organisation_) != audience.end();
    if (!audience.empty() && !mine && (marking.rank >= 2 || marking.codes != 0)) return false;
    if ((marking.codes & kH1) != 0 && purpose_ == model::Purpose::judicial && !gave) return false;   // being addressed is no leave for a court
    return allows(marking, mine);
}

core::Result<void> Sight::may_disclose(const Marking& marking, std::span<const std::string> originators, std::string_view submission) const {
    using core::ErrorCode;
    if (marking.rank > clearance_) return core::fail(ErrorCode::not_allowed, "it is marked " + text(marking) + ", above this reader's clearance");
    std::vector<std::string> missing;
    for (const std::string& each : originators)
        if (!entitled(each, submission)) missing.push_back(each);
    const bool everybody = !originators.empty() && missing.empty();
    if (!allows(marking, everybody)) return core::fail(ErrorCode::not_allowed, "it is marked " + text(marking) + " and not for " + organisation_ + " and this purpose");
    if ((marking.codes & kH2) != 0 && !everybody)
        return core::fail(ErrorCode::not_allowed, "it is marked H2: not to be passed on without the consent of " + (missing.empty() ? std::string("its originator, who is not known") : core::join(missing, ", ")) +
                                                      "; 'threatlas consent give' records it");
    return {};
}

bool may_see(const model::Reader& reader, const Marking& marking, std::string_view originator) {
    const auto sight = Sight::of(reader);
    return sight && sight->sees(marking, originator);
}

core::Result<void> may_disclose(const model::Reader& reader, const Marking& marking, std::span<const std::string> originators, std::vector<Consent> consents, std::string_view today) {
    THREATLAS_TRY(const Sight sight, Sight::of(reader, std::move(consents), today));
    return sight.may_disclose(marking, originators);
}

}  // namespace threatlas::store
