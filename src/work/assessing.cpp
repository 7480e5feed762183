#include "work/assessing.hpp"

#include <algorithm>
#include <set>

#include "assess/forecast_score.hpp"
#include "assess/ranking/hierarchy.hpp"
#include "core/hash.hpp"
#include "core/text.hpp"
#include "model/json_codec.hpp"
#include "store/rights.hpp"
#include "work/draws_file.hpp"

namespace threatlas::work {
namespace {

using core::ErrorCode;
using core::Result;

// A member left out takes its own rows along, and its country's when no other member reports for it.
Result<void> leave_out(const model::Catalogue& catalogue, const std::vector<std::string>& members, store::SnapshotQuery& query) {
    const std::set<std::string> gone(members.begin(), members.end());
    for (const std::string& id : gone) {
        const model::Member* member = catalogue.member(id);
        if (member == nullptr) return core::fail(ErrorCode::not_found, "no member '" + id + "'; 'threatlas catalogue show' lists them");
        query.leave_out_members.push_back(id);
        const bool shared = std::any_of(catalogue.members.begin(), catalogue.members.end(), [&](const auto& each) { return each.country == member->country && !gone.contains(each.id); });
        if (!shared) query.leave_out_places.push_back(member->country);
    }
    return {};
}

Result<store::SnapshotQuery> query_of(const model::Catalogue& catalogue, const AssessRequest& request) {
    store::SnapshotQuery query;
    query.as_of = request.as_of;
    std::set<std::string> whats;
    for (const auto& indicator : catalogue.indicators) whats.insert(indicator.whats.begin(), indicator.whats.end());
    query.whats.assign(whats.begin(), whats.end());
    query.with_judgements = request.judgements;
    THREATLAS_CHECK(leave_out(catalogue, request.leave_out, query));
    return query;
}

// The earlier assessment that is compared with, and what its handling adds.
Result<store::Protection> read_previous(store::Store& store, const model::Reader& reader, const AssessRequest& request, Assessed& out) {
    if (request.previous_file.empty() && request.previous.empty()) return store::Protection{};
    if (!request.previous_file.empty() && !request.previous.empty()) return core::fail(ErrorCode::bad_usage, "name one earlier assessment: a file or an id");
    out.previous = std::make_unique<assess::Assessment>();
    store::Protection protection;
    protection.marking = store::kAllMarks;   // whence a file came is not known
    if (!request.previous_file.empty()) {
        THREATLAS_TRY(const std::string text, core::read_file(request.previous_file));
        THREATLAS_TRY(*out.previous, assess::from_json_text(text, request.previous_file));
    } else {
        THREATLAS_TRY(const std::string text, store.assessment(reader, request.previous));
        THREATLAS_TRY(*out.previous, assess::from_json_text(text, "assessment " + request.previous));
        THREATLAS_TRY(const auto known, store.assessments(reader));
        for (const auto& each : known)
            if (each.id == out.previous->id) protection = {store::parse_marking(each.handling), {each.originators.begin(), each.originators.end()}};
    }
    out.options.previous = out.previous.get();
    return protection;
}

}  // namespace

Result<Assessed> assess_and_keep(store::Store& store, const model::Reader& reader, const model::Catalogue& catalogue, const AssessRequest& request, core::Progress& progress) {
    Assessed out;
    THREATLAS_TRY(const store::SnapshotQuery query, query_of(catalogue, request));
    THREATLAS_TRY(out.snapshot, store.snapshot(reader, query));
    THREATLAS_CHECK(core::go_on(progress));
    out.options.seed = request.seed;
    out.options.draws = request.draws;
    out.options.title = request.title;
    out.options.judgements = request.judgements;
    out.options.left_out = request.leave_out;
    THREATLAS_TRY(store::Protection protection, read_previous(store, reader, request, out));
    assess::ranking::Posterior posterior;
    if (!request.workbench_folder.empty()) out.options.posterior = &posterior;
    THREATLAS_TRY(out.assessment, assess::assess(out.snapshot, catalogue, out.options, progress));
    out.options.posterior = nullptr;
    out.text = assess::to_json_text(out.assessment);
    protection.add(store::protection_of(out.snapshot));
    out.handling = protection.handling(), out.originators = protection.owners();
    THREATLAS_CHECK(core::go_on(progress));
    THREATLAS_CHECK(store.save_assessment(reader, {out.assessment.id, out.assessment.manifest.created_for, core::sha256(out.text), out.snapshot.as_of, out.handling, out.originators}, out.text));
    // Kept beside it, small, to be scored when their periods have closed.
    if (!out.assessment.outlooks.empty())
        THREATLAS_CHECK(store.open_dossier(reader, {.kind = "forecast", .id = out.assessment.id, .handling = out.handling, .at = {}, .json = core::write_json(model::to_json(assess::record_of(out.assessment))), .steps = {}, .originators = out.originators}));
    if (!request.workbench_folder.empty()) THREATLAS_CHECK(write_draws(request.workbench_folder, out.assessment, catalogue, posterior));
    return out;
}

}  // namespace threatlas::work
