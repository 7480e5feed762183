// A judgement made on the screen: a claim of the person's organisation, which goes the way of every
// other claim, as a submission with its provenance.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/calendar.hpp"
#include "core/progress.hpp"
#include "core/result.hpp"
#include "model/catalogue.hpp"
#include "model/fields.hpp"
#include "model/reader.hpp"
#include "store/store.hpp"

namespace threatlas::work {

struct Judgement {
    std::string threat, lens, criterion;
    std::string kind = "note";            // grade, trend, role, modus_operandi, note, quantiles
    std::string value;                    // as the kind asks
    double q10 = 0, q50 = 0, q90 = 0;     // of quantiles
    std::string text;                     // the sentence
    std::string scope;                    // region or a member
    std::string word;                     // of the yardstick: how probable the sentence is held to be
    std::vector<std::string> evidence;    // figures it rests on: F-0123456789
    std::string assessment = "latest";    // in which those figures are
    std::string evaluation, handling;     // blank: as the source's
    std::string replaces;                 // submission of an earlier judgement of the same organisation
    static constexpr auto fields() {
        using T = Judgement;
        using model::field;
        return std::make_tuple(field("threat", &T::threat, "threat id"), field("lens", &T::lens, "lens id"), field("criterion", &T::criterion, "criterion id"), field("kind", &T::kind, "grade, trend, role, modus_operandi, note or quantiles"),
            field("value", &T::value, "grade, trend, role or codes"), field("q10", &T::q10, "10 % quantile, 0-100"), field("q50", &T::q50, "median"), field("q90", &T::q90, "90 % quantile"), field("text", &T::text, "the sentence"),
            field("scope", &T::scope, "region or a member"), field("word", &T::word, "yardstick word"), field("evidence", &T::evidence, "evidence ids"), field("assessment", &T::assessment, "in which they are"), field("evaluation", &T::evaluation, "source evaluation"),
            field("handling", &T::handling, "handling"), field("replaces", &T::replaces, "submission of the judgement it replaces"));
    }
};

// What the store holds of one, its words and evidence taken apart again.
struct Judged {
    std::string submission, id, organisation, threat, lens, criterion, kind, value, text, scope, word, dated, evaluation, handling;
    double q10 = 0, q50 = 0, q90 = 0;
    std::vector<std::string> evidence;
    static constexpr auto fields() {
        using T = Judged;
        using model::field;
        return std::make_tuple(field("submission", &T::submission, "content hash"), field("id", &T::id, "the author's number"), field("organisation", &T::organisation, "who judges"), field("threat", &T::threat, "threat id"), field("lens", &T::lens, "lens id"),
            field("criterion", &T::criterion, "criterion id"), field("kind", &T::kind, "kind"), field("value", &T::value, "value"), field("text", &T::text, "the sentence"), field("scope", &T::scope, "of what it speaks"), field("word", &T::word, "yardstick word"),
            field("dated", &T::dated, "when"), field("evaluation", &T::evaluation, "source evaluation"), field("handling", &T::handling, "handling"), field("q10", &T::q10, "10 %"), field("q50", &T::q50, "median"), field("q90", &T::q90, "90 %"),
            field("evidence", &T::evidence, "evidence ids"));
    }
};

// Through the importer 'questionnaire', so under the rules of every judgement. Returns its submission. bad_input with
// the reason it was refused; not_found for evidence that the assessment lacks. One that replaces another withdraws it
// from today on: what was known before stays to be seen. scratch: a folder for the one-row table while it is read.
core::Result<std::string> judge(store::Store& store, const model::Reader& who, const model::Catalogue& catalogue, const Judgement& judgement, core::Day today, const std::string& scratch, core::Progress& progress);

// Taken apart; nothing when it came another way than by the questionnaire.
std::optional<Judged> judged(const model::Claim& claim);
// Judgements of the questionnaire that the reader may see and that stand, newest first.
core::Result<std::vector<Judged>> judgements(store::Store& store, const model::Reader& reader);

// The sentence as it is kept: ' [held likely]' and ' [evidence F-..., F-...]' behind it; and apart again.
std::string composed(const std::string& text, const std::string& word, const std::vector<std::string>& evidence);
struct Composed {
    std::string text, word;
    std::vector<std::string> evidence;
};
Composed taken_apart(const std::string& text);

}  // namespace threatlas::work
