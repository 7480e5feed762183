#include "work/judging.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "core/text.hpp"
#include "ingest/ingest.hpp"
#include "model/json_codec.hpp"
#include "work/reporting.hpp"

namespace threatlas::work {

using core::ErrorCode;
using core::fail;
using core::Result;
using model::Role;

namespace {

constexpr const char* kSource = "questionnaire";
constexpr std::string_view kHeld = " [held ", kEvidence = " [evidence ";

std::string random_hex(std::size_t bytes) {
    std::vector<unsigned char> raw(bytes);
    randombytes_buf(raw.data(), raw.size());
    std::string out;
    for (const unsigned char each : raw) out += "0123456789abcdef"[each >> 4], out += "0123456789abcdef"[each & 15];
    return out;
}

Result<void> check(store::Store& store, const model::Reader& who, const model::Catalogue& catalogue, const Judgement& j) {
    if (who.role != Role::analyst && who.role != Role::director && who.role != Role::contributor) return fail(ErrorCode::not_allowed, "judgements are made by a member's analysts, directors and contributors");
    if (catalogue.member(who.organisation) == nullptr) return fail(ErrorCode::not_allowed, "members judge; you speak for '" + who.organisation + "'");
    if (core::trim(j.text).empty()) return fail(ErrorCode::bad_input, "a judgement is a sentence: 'text' is missing");
    if (j.text.size() > 4000 || !core::is_utf8(j.text)) return fail(ErrorCode::bad_input, "'text' is longer than 4000 bytes, or no text");
    if (j.text.find(kHeld) != std::string::npos || j.text.find(kEvidence) != std::string::npos) return fail(ErrorCode::bad_input, "leave the word and the evidence out of the text: they have fields of their own");
    if (!j.word.empty() && std::none_of(catalogue.yardsticks.begin(), catalogue.yardsticks.end(), [&](const auto& each) { return each.word == j.word; })) {
        std::string known;
        for (const auto& each : catalogue.yardsticks) known += (known.empty() ? "" : ", ") + each.word;
        return fail(ErrorCode::bad_input, "'" + j.word + "' is no word of the yardstick; it has: " + known);
    }
    if (j.evidence.size() > 50) return fail(ErrorCode::bad_input, "at most 50 figures of evidence");
    if (j.evidence.empty()) return {};
    THREATLAS_TRY(const auto whole, stored_assessment(store, who, j.assessment));
    for (const auto& each : j.evidence)
        if (!std::any_of(whole.figures.begin(), whole.figures.end(), [&](const auto& figure) { return figure.id == each; }))
            return fail(ErrorCode::not_found, "assessment " + whole.id + " has no figure '" + each + "'");
    return {};
}

// The earlier judgement, if it is one, and theirs.
Result<void> may_replace(store::Store& store, const model::Reader& who, const std::string& submission) {
    if (submission.empty()) return {};
    THREATLAS_TRY(const auto all, store.submissions(who));
    for (const auto& each : all)
        if (each.id == submission) {
            if (each.source != kSource || !each.file.starts_with("judgement-")) return fail(ErrorCode::bad_input, "that submission is no judgement made here: correct it where it came from");
            if (each.member != who.organisation) return fail(ErrorCode::not_allowed, "a judgement is replaced by the organisation that made it");
            return {};
        }
    return fail(ErrorCode::not_found, "there is no submission '" + submission + "'");
}

}  // namespace

std::string composed(const std::string& text, const std::string& word, const std::vector<std::string>& evidence) {
    std::string out(core::trim(text));
    if (!word.empty()) out += std::string(kHeld) + word + "]";
    if (!evidence.empty()) out += std::string(kEvidence) + core::join(evidence, ", ") + "]";
    return out;
}

Composed taken_apart(const std::string& text) {
    Composed out{text, "", {}};
    const auto take = [&](std::string_view mark) -> std::string {
        const auto at = out.text.rfind(mark);
        if (at == std::string::npos || !out.text.ends_with(']')) return "";
        std::string inside = out.text.substr(at + mark.size(), out.text.size() - at - mark.size() - 1);
        if (inside.find(']') != std::string::npos) return "";
        out.text.resize(at);
        return inside;
    };
    for (const auto& each : core::split(take(kEvidence), ','))
        if (const auto id = core::trim(each); !id.empty()) out.evidence.emplace_back(id);
    out.word = take(kHeld);
    return out;
}

Result<std::string> judge(store::Store& store, const model::Reader& who, const model::Catalogue& catalogue, const Judgement& j, core::Day today, const std::string& scratch, core::Progress& progress) {
    THREATLAS_CHECK(check(store, who, catalogue, j));
    THREATLAS_CHECK(may_replace(store, who, j.replaces));
    const std::string id = "J-" + random_hex(6), path = scratch + "/judgement-" + random_hex(8) + ".jsonl";
    const bool quantiles = j.kind == "quantiles";
    const auto number = [&](double value) { return quantiles ? core::number_text(value) : std::string(); };
    const core::json::object row{{"id", id}, {"threat", j.threat}, {"lens", j.lens}, {"criterion", j.criterion}, {"kind", j.kind}, {"value", j.value}, {"statement", composed(j.text, j.word, j.evidence)}, {"scope", j.scope},
                                 {"organisation", who.organisation}, {"dated", core::iso(today)}, {"q10", number(j.q10)}, {"q50", number(j.q50)}, {"q90", number(j.q90)}, {"evaluation", j.evaluation}, {"handling", j.handling}};
    THREATLAS_CHECK(core::write_file(path, core::write_json(row) + "\n"));
    const auto taken = [&]() -> Result<ingest::Outcome> {
        const auto importers = ingest::make_importers();
        const auto importer = std::find_if(importers.begin(), importers.end(), [](const auto& each) { return each->source() == kSource; });
        if (importer == importers.end()) return fail(ErrorCode::internal, "the importer of judgements is missing");
        ingest::Options options;
        options.member = who.organisation, options.today = options.known_at = today, options.name = "judgement-" + id + ".jsonl";
        options.dry_run = true;
        THREATLAS_TRY(auto tried, ingest::ingest_file(&store, who, catalogue, **importer, path, options, progress));
        if (tried.info.accepted != 1) return fail(ErrorCode::bad_input, tried.first_rejects.empty() ? "the judgement was not understood" : tried.first_rejects.front().reason, {"body", 0, tried.first_rejects.empty() ? "" : tried.first_rejects.front().column});
        options.dry_run = false;
        return ingest::ingest_file(&store, who, catalogue, **importer, path, options, progress);
    }();
    std::remove(path.c_str());
    if (!taken) return tl::unexpected<core::Error>(taken.error());
    if (!j.replaces.empty()) THREATLAS_CHECK(store.withdraw(who, {j.replaces, today, "replaced by judgement " + taken->info.id.substr(0, 12)}));
    return taken->info.id;
}

std::optional<Judged> judged(const model::Claim& claim) {
    if (claim.source != kSource) return {};
    const Composed parts = taken_apart(claim.text);
    return Judged{claim.submission, claim.id, claim.organisation, claim.threat, claim.lens, claim.criterion, std::string(model::name_of(claim.kind)), claim.value, parts.text, claim.scope, parts.word, core::iso(claim.dated), claim.evaluation, claim.handling,
                  claim.q10, claim.q50, claim.q90, parts.evidence};
}

Result<std::vector<Judged>> judgements(store::Store& store, const model::Reader& reader) {
    store::SnapshotQuery query;
    query.whats = {"-"};   // judgements alone: no observation has this code
    THREATLAS_TRY(const auto snapshot, store.snapshot(reader, query));
    std::vector<Judged> out;
    for (const auto& claim : snapshot.claims)
        if (auto each = judged(claim)) out.push_back(std::move(*each));
    std::stable_sort(out.begin(), out.end(), [](const Judged& a, const Judged& b) { return a.dated > b.dated; });
    return out;
}

}  // namespace threatlas::work
