#include "store/texts.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/json.hpp"
#include "core/text.hpp"
#include "core/words.hpp"
#include "model/json_codec.hpp"
#include "store/dossiers.hpp"
#include "store/postgres/segments.hpp"
#include "store/records.hpp"

namespace threatlas::store {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;

constexpr const char* kClaim = "claim";
constexpr const char* kSubmission = "submission";
constexpr std::array kSaid{"title", "sentence", "measure", "text", "subject", "summary", "note", "statement", "threat", "criterion", "organisation", "value", "place"};

bool asked(const TextQuery& query, std::string_view kind) { return std::find(query.kinds.begin(), query.kinds.end(), kind) != query.kinds.end(); }

std::string said_of(const SubmissionInfo& info) { return info.file + " " + info.source + " " + info.member + " " + info.mapping; }

// 0 when a word is missing, 1 when each is there whole.
double score(const std::string& said, const std::vector<std::string>& words) {
    const std::string folded = core::fold_name(said);
    double sum = 0;
    for (const auto& word : words) {
        const double weight = core::word_weight(folded, word);
        if (weight <= 0) return 0;
        sum += weight / 3;
    }
    return sum / static_cast<double>(words.size());
}

bool sees(const Sight& sight, const model::Claim& claim) { return sight.sees(parse_marking(claim.handling), originator_of(claim.organisation, claim.source), claim.submission); }

Result<std::vector<TextHit>> scan(Database& database, const std::vector<std::string>& words, const TextQuery& query) {
    std::vector<TextHit> out;
    if (asked(query, kClaim)) {
        THREATLAS_TRY(Statement row, database.prepare("SELECT submission, body FROM claims WHERE NOT EXISTS (SELECT 1 FROM withdrawals w WHERE w.submission = claims.submission) ORDER BY submission, number"));
        for (;;) {
            THREATLAS_TRY(const bool more, row.step());
            if (!more) break;
            if (const double found = score(said_in(row.text(1)), words); found > 0) out.push_back({kClaim, row.text(0), row.text(1), found});
        }
    }
    std::vector<std::string> dossiers = query.kinds;
    dossiers.insert(dossiers.end(), query.heads.begin(), query.heads.end());
    for (const std::string& kind : dossiers) {
        if (kind == kClaim || kind == kSubmission) continue;
        THREATLAS_TRY(const auto all, load_dossiers(database, kind));
        for (const Dossier& each : all) {
            double found = score(said_in(each.json), words);
            if (std::find(query.heads.begin(), query.heads.end(), kind) == query.heads.end())
                for (const DossierStep& step : each.steps) found = std::max(found, score(said_in(step.json), words));
            if (found > 0) out.push_back({kind, each.id, each.json, found});
        }
    }
    if (asked(query, kSubmission)) {
        THREATLAS_TRY(const auto all, load_submissions(database));
        for (const StoredSubmission& each : all)
            if (const double found = score(said_of(each.info), words); found > 0) out.push_back({kSubmission, each.info.id, "", found});
    }
    return out;
}

// What of it is the reader's; submissions get their particulars.
Result<std::vector<TextHit>> seen(Database& database, const Sight& sight, std::vector<TextHit> hits) {
    std::map<std::string, SubmissionInfo> submissions;
    if (std::any_of(hits.begin(), hits.end(), [](const auto& each) { return each.kind == kSubmission; })) {
        THREATLAS_TRY(const auto all, load_submissions(database));
        for (const auto& each : all)
            if (may_know(sight, each)) submissions.emplace(each.info.id, each.info);
    }
    std::vector<TextHit> out;
    for (TextHit& each : hits) {
        if (each.kind == kSubmission) {
            const auto found = submissions.find(each.id);
            if (found == submissions.end()) continue;
            each.json = core::write_json(model::to_json(found->second));
        } else if (each.kind == kClaim) {
            THREATLAS_TRY(const auto json, core::parse_json(each.json, "claims of the store"));
            model::Claim claim;
            THREATLAS_CHECK(model::from_json(json, claim, "claim"));
            if (!sees(sight, claim)) continue;
        } else {
            THREATLAS_TRY(const DossierRow row, find_dossier(database, each.kind, each.id));
            if (!sight.sees(row.marking, row.originators, row.audience, subject_of(each.id))) continue;
        }
        out.push_back(std::move(each));
    }
    return out;
}

}  // namespace

std::string said_in(const std::string& json) {
    const auto value = core::parse_json(json, "record");
    std::string out;
    if (value && value->is_object())
        for (const char* name : kSaid)
            if (const auto* field = value->get_object().if_contains(name); field != nullptr && field->is_string()) out += (out.empty() ? "" : " ") + std::string(field->get_string());
    return out;
}

Result<std::vector<TextHit>> find_texts(Store& store, const model::Reader& reader, const TextQuery& query) {
    auto* const searchable = dynamic_cast<Searchable*>(&store);
    if (searchable == nullptr) return fail(ErrorCode::internal, "this store has no texts to search");
    return searchable->find(reader, query);
}

Result<std::vector<TextHit>> find_texts(Engine& engine, const model::Reader& reader, const Sight& sight, const TextQuery& query) {
    // Folded for the scan; the database folds by itself, and stems what is not folded.
    const auto words = core::words_of(engine.remote() ? query.words : core::fold_name(query.words));
    if (words.empty()) return fail(ErrorCode::bad_usage, "there is no word to look for");
    if (words.size() > 20) return fail(ErrorCode::bad_usage, "at most 20 words are looked for at once");
    std::vector<TextHit> hits;
    if (engine.remote()) {
        const postgres::ActingFor acting(engine.database, reader, sight);
        THREATLAS_TRY(Transaction view, Transaction::begin_reading(engine.database));
        THREATLAS_TRY(hits, postgres::find_texts(engine.database, words, query));
        THREATLAS_TRY(hits, seen(engine.database, sight, std::move(hits)));
    } else {
        THREATLAS_TRY(hits, scan(engine.database, words, query));
        THREATLAS_TRY(hits, seen(engine.database, sight, std::move(hits)));
    }
    std::stable_sort(hits.begin(), hits.end(), [](const TextHit& a, const TextHit& b) { return a.score > b.score; });
    if (hits.size() > query.limit) hits.resize(query.limit);
    return hits;
}

}  // namespace threatlas::store
