// A claim: one structured judgement by a named organisation, dated, with its source evaluation.
// Several claims stand side by side; disagreement shows as width and is never averaged away.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/calendar.hpp"
#include "model/fields.hpp"

namespace threatlas::model {

enum class ClaimKind : std::uint8_t { grade, trend, role, modus_operandi, note, quantiles };

struct Claim {
    std::string id;          // the author's own number, unique within its submission: 'S01'
    std::string threat, lens, criterion;  // catalogue ids
    ClaimKind kind = ClaimKind::note;
    std::string value;       // grade: low|medium|high|very_high; trend: falling|stable|rising; role: transit...; MO codes joined by '|'
    double q10 = 0, q50 = 0, q90 = 0;  // for quantiles: on the criterion's 0-100 scale
    std::string text;        // the sentence, in the author's words or paraphrased
    std::string scope;       // region, europe, western_europe or a member id
    std::string organisation;  // who says so: a member id or 'sepca_2019'
    core::Day dated{};
    std::string evaluation = "unevaluated";
    std::string handling = "TLP:CLEAR";
    std::string source;      // catalogue source id
    core::Day known_at{};
    std::string submission, file;
    std::uint64_t row = 0;

    static constexpr auto fields() {
        using C = Claim;
        return std::make_tuple(
            field("id", &C::id, "the author's number of the claim"),
            field("threat", &C::threat, "catalogue threat id"),
            field("lens", &C::lens, "one of the six lenses"),
            field("criterion", &C::criterion, "catalogue criterion id"),
            field("kind", &C::kind, "grade, trend, role, modus_operandi, note or quantiles"),
            field("value", &C::value, "the grade, trend, role or codes joined by |"),
            field("q10", &C::q10, "10 % quantile on the criterion's 0-100 scale"),
            field("q50", &C::q50, "median on the criterion's 0-100 scale"),
            field("q90", &C::q90, "90 % quantile on the criterion's 0-100 scale"),
            field("text", &C::text, "the judgement as a sentence"),
            field("scope", &C::scope, "what it speaks of: region, or a member"),
            field("organisation", &C::organisation, "who judges"),
            field("dated", &C::dated, "when it was judged"),
            field("evaluation", &C::evaluation, "source evaluation, in the scheme it was given"),
            field("handling", &C::handling, "TLP word and handling codes"),
            field("source", &C::source, "catalogue source id"),
            field("known_at", &C::known_at, "day since when it was known"),
            field("submission", &C::submission, "content hash of the submission"),
            field("file", &C::file, "file of the submission"),
            field("row", &C::row, "row of the file, heading included, from 1"));
    }
};

template <>
struct EnumNames<ClaimKind> {
    static constexpr std::array<std::pair<ClaimKind, std::string_view>, 6> names{{
        {ClaimKind::grade, "grade"}, {ClaimKind::trend, "trend"}, {ClaimKind::role, "role"},
        {ClaimKind::modus_operandi, "modus_operandi"}, {ClaimKind::note, "note"}, {ClaimKind::quantiles, "quantiles"}}};
};

}  // namespace threatlas::model
