#include "work/workbench.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "assess/assess.hpp"
#include "assess/results.hpp"
#include "core/hash.hpp"
#include "core/text.hpp"
#include "model/json_codec.hpp"
#include "work/draws_file.hpp"

namespace threatlas::work {

namespace ranking = assess::ranking;
using core::ErrorCode;
using core::fail;
using core::Result;
using model::Role;

namespace {

constexpr std::size_t kBenches = 4;

template <class T>
Result<T> record(const std::string& json, const std::string& where) {
    THREATLAS_TRY(const auto value, core::parse_json(json, where));
    T out{};
    THREATLAS_CHECK(model::from_json(value, out, where));
    return out;
}

// Runs the assessment again as its manifest says, with and without judgements, until the ranking is the same.
Result<Draws> run_again(store::Store& store, const model::Reader& reader, const model::Catalogue& catalogue, const assess::Assessment& whole, core::Progress& progress) {
    store::SnapshotQuery query;
    query.as_of = whole.manifest.as_of;
    std::vector<std::string> whats;
    for (const auto& indicator : catalogue.indicators) whats.insert(whats.end(), indicator.whats.begin(), indicator.whats.end());
    std::sort(whats.begin(), whats.end());
    whats.erase(std::unique(whats.begin(), whats.end()), whats.end());
    query.whats = whats;
    const auto same = [&](const assess::Assessment& again) {
        return again.ranking.size() == whole.ranking.size() && std::equal(again.ranking.begin(), again.ranking.end(), whole.ranking.begin(), [](const auto& a, const auto& b) { return a.threat == b.threat && std::abs(a.expected_rank - b.expected_rank) < 1e-6; });
    };
    if (whole.manifest.left_out.empty() && whole.manifest.draws > 0)
        for (const bool judgements : {true, false}) {
            query.with_judgements = judgements;
            THREATLAS_TRY(const store::Snapshot snapshot, store.snapshot(reader, query));
            if (snapshot.hash != whole.manifest.snapshot_hash) continue;
            Draws out;
            assess::Options options;
            options.seed = whole.manifest.seed, options.draws = whole.manifest.draws, options.title = whole.manifest.created_for, options.judgements = judgements, options.posterior = &out.posterior;
            THREATLAS_TRY(const assess::Assessment again, assess::assess(snapshot, catalogue, options, progress));
            if (!same(again)) continue;
            for (const auto& each : catalogue.threats) out.threats.push_back(each.id);
            for (const auto& each : catalogue.criteria) out.criteria.push_back(each.id);
            return out;
        }
    return fail(ErrorCode::conflict, "the draws of assessment " + whole.id + " were not kept, and what you may see now no longer gives its ranking: assess anew, and weigh that");
}

std::string dissent_id() {
    std::array<unsigned char, 8> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    std::string out = "D-";
    for (const unsigned char each : bytes) out += "0123456789abcdef"[each >> 4], out += "0123456789abcdef"[each & 15];
    return out;
}

}  // namespace

// The whole id, for a reader who may read it.
Result<std::string> Workbench::id_of(const model::Reader& reader, const std::string& assessment, std::string* handling) {
    THREATLAS_TRY(const auto known, store_.assessments(reader));
    for (auto each = known.rbegin(); each != known.rend(); ++each)
        if (each->id == assessment || assessment == "latest") {
            if (handling != nullptr) *handling = each->handling;
            return each->id;
        }
    return fail(ErrorCode::not_found, "there is no assessment '" + assessment + "' that you may read");
}

Result<Bench> Workbench::load(const model::Reader& reader, const std::string& assessment, core::Progress& progress) {
    Bench out;
    THREATLAS_CHECK(id_of(reader, assessment, &out.handling));
    THREATLAS_TRY(const std::string text, store_.assessment(reader, assessment));
    THREATLAS_TRY(const assess::Assessment whole, assess::from_json_text(text, "assessment " + assessment));
    auto kept = read_draws(folder_, assessment);
    if (!kept) {
        kept = run_again(store_, reader, catalogue_, whole, progress);
        if (!kept) return tl::unexpected<core::Error>(kept.error());
        // Only a saving of time: without it, the next start runs it again.
        static_cast<void>(write_draws(folder_, whole, catalogue_, kept->posterior));
    }
    out.assessment = assessment, out.text_hash = core::sha256(text);
    out.threats = kept->threats, out.criteria = kept->criteria;
    for (const auto& id : out.threats) {
        const auto* threat = catalogue_.threat(id);
        out.titles.push_back(threat != nullptr ? threat->title : id);
    }
    out.draws = static_cast<std::size_t>(std::max(1, whole.manifest.draws)), out.seed = whole.manifest.seed;
    out.cells = ranking::cell_draws(kept->posterior, out.draws, ranking::Unknown::predicted);
    const auto mean = assess::mean_weights(assess::choose_weights(catalogue_));
    for (std::size_t c = 0; c < out.criteria.size() && c < mean.size(); ++c) out.weights[out.criteria[c]] = mean[c];
    return out;
}

Result<std::shared_ptr<const Bench>> Workbench::bench(const model::Reader& reader, const std::string& assessment, core::Progress& progress) {
    THREATLAS_TRY(const std::string id, id_of(reader, assessment));
    const std::lock_guard guard(mutex_);   // two who open the same one wait for one run
    for (auto each = benches_.begin(); each != benches_.end(); ++each)
        if ((*each)->assessment == id) {
            benches_.splice(benches_.begin(), benches_, each);
            return benches_.front();
        }
    THREATLAS_TRY(Bench made, load(reader, id, progress));
    benches_.push_front(std::make_shared<const Bench>(std::move(made)));
    if (benches_.size() > kBenches) benches_.pop_back();
    return benches_.front();
}

Result<std::vector<MemberWeights>> Workbench::weights(const model::Reader& reader, const std::string& assessment) {
    THREATLAS_TRY(const std::string id, id_of(reader, assessment));
    std::map<std::string, MemberWeights> by_member;
    for (const auto& profile : catalogue_.profiles) {
        if (profile.member.empty()) continue;
        MemberWeights own{profile.member, {}, profile.concentration, "", "", ""};
        for (const auto& criterion : catalogue_.criteria) {
            const auto found = profile.weights.find(criterion.id);
            own.weights[criterion.id] = found == profile.weights.end() ? 0 : found->second;
        }
        by_member[profile.member] = std::move(own);
    }
    THREATLAS_TRY(const auto kept, store_.dossiers(reader, "weights"));
    for (const auto& each : kept) {
        if (!each.id.starts_with(id + "/") || each.steps.empty()) continue;
        const auto& last = each.steps.back();   // the latest step counts
        THREATLAS_TRY(auto said, record<MemberWeights>(last.json, "weights " + each.id));
        said.person = last.person, said.at = last.at;
        by_member[said.member] = std::move(said);
    }
    std::vector<MemberWeights> out;
    for (auto& [member, each] : by_member) out.push_back(std::move(each));
    return out;
}

Result<void> Workbench::still_open(const model::Reader& reader, const std::string& assessment) {
    THREATLAS_TRY(const auto fixed, frozen(reader, assessment));
    if (fixed) return fail(ErrorCode::conflict, "assessment " + assessment + " is frozen as " + fixed->id + ": weights and dissent stay as they are; assess anew to go on");
    return {};
}

Result<MemberWeights> Workbench::set_weights(const model::Reader& who, const std::string& assessment, const MemberWeights& wanted) {
    if (who.role != Role::analyst && who.role != Role::director) return fail(ErrorCode::not_allowed, "weights are set by a member's director or analyst");
    if (catalogue_.member(wanted.member) == nullptr) return fail(ErrorCode::not_found, "the catalogue has no member '" + wanted.member + "'");
    if (who.organisation != wanted.member) return fail(ErrorCode::not_allowed, "the weights of '" + wanted.member + "' are set by its own people; you speak for '" + who.organisation + "'");
    if (!(wanted.kappa >= 1 && wanted.kappa <= 10'000)) return fail(ErrorCode::bad_input, "'kappa' is a number from 1 (open) to 10000 (firm)");
    if (wanted.note.size() > 4000 || !core::is_utf8(wanted.note)) return fail(ErrorCode::bad_input, "the note is longer than 4000 bytes, or no text");
    std::vector<std::string> criteria;
    for (const auto& each : catalogue_.criteria) criteria.push_back(each.id);
    THREATLAS_TRY(const auto normed, checked_weights(wanted.weights, criteria));
    std::string handling;
    THREATLAS_TRY(const std::string id, id_of(who, assessment, &handling));
    const std::lock_guard guard(changes_);
    THREATLAS_CHECK(still_open(who, id));
    MemberWeights kept{wanted.member, {}, wanted.kappa, wanted.note, who.person, ""};
    for (std::size_t i = 0; i < criteria.size(); ++i) kept.weights[criteria[i]] = normed[i];
    const std::string name = id + "/" + wanted.member;
    THREATLAS_CHECK(store_.open_dossier(who, {.kind = "weights", .id = name, .handling = handling, .at = {}, .json = core::write_json(core::json::object{{"assessment", id}, {"member", wanted.member}}), .steps = {}}));
    THREATLAS_CHECK(store_.add_step(who, "weights", name, "set", core::write_json(model::to_json(kept))));
    return kept;
}

Result<std::vector<Dissent>> Workbench::dissent(const model::Reader& reader, const std::string& assessment) {
    THREATLAS_TRY(const std::string id, id_of(reader, assessment));
    THREATLAS_TRY(const auto kept, store_.dossiers(reader, "dissent"));
    std::vector<Dissent> out;
    for (const auto& each : kept) {
        if (!each.id.starts_with(id + "/")) continue;
        THREATLAS_TRY(auto said, record<Dissent>(each.json, "dissent " + each.id));
        said.at = each.at;
        out.push_back(std::move(said));
    }
    return out;
}

Result<Dissent> Workbench::add_dissent(const model::Reader& who, const std::string& assessment, const std::string& threat, const std::string& text) {
    if (who.role != Role::analyst && who.role != Role::director) return fail(ErrorCode::not_allowed, "dissent is recorded by a member's director or analyst");
    if (catalogue_.member(who.organisation) == nullptr) return fail(ErrorCode::not_allowed, "members dissent; you speak for '" + who.organisation + "'");
    if (!threat.empty() && catalogue_.threat(threat) == nullptr) return fail(ErrorCode::not_found, "the catalogue has no threat '" + threat + "'");
    if (core::trim(text).empty() || text.size() > 8000 || !core::is_utf8(text)) return fail(ErrorCode::bad_input, "say in at most 8000 bytes of text what is dissented from, and why");
    std::string handling;
    THREATLAS_TRY(const std::string id, id_of(who, assessment, &handling));
    const std::lock_guard guard(changes_);
    THREATLAS_CHECK(still_open(who, id));
    const Dissent said{dissent_id(), who.organisation, threat, text, who.person, ""};
    THREATLAS_CHECK(store_.open_dossier(who, {.kind = "dissent", .id = id + "/" + said.id, .handling = handling, .at = {}, .json = core::write_json(model::to_json(said)), .steps = {}}));
    return said;
}

Result<Consensus> Workbench::consensus(const model::Reader& reader, const std::string& assessment, core::Progress& progress) {
    THREATLAS_TRY(const auto draws, bench(reader, assessment, progress));
    THREATLAS_TRY(const auto members, weights(reader, draws->assessment));
    Consensus out = bring_together(*draws, members);
    THREATLAS_TRY(out.dissent, dissent(reader, draws->assessment));
    return out;
}

Result<Freeze> Workbench::freeze(const model::Reader& who, const std::string& assessment, core::Progress& progress) {
    if (who.role != Role::director && !(who.role == Role::analyst && who.organisation == "regional"))
        return fail(ErrorCode::not_allowed, "an assessment is frozen by a director, or an analyst of the regional working group");
    THREATLAS_TRY(const auto draws, bench(who, assessment, progress));
    const std::lock_guard guard(changes_);
    THREATLAS_CHECK(still_open(who, draws->assessment));
    Freeze out;
    out.assessment = draws->assessment, out.person = who.person, out.organisation = who.organisation;
    THREATLAS_TRY(out.consensus, consensus(who, draws->assessment, progress));
    out.hash = core::sha256(core::write_json(core::json::object{{"assessment", draws->assessment}, {"assessment_sha256", draws->text_hash}, {"consensus", model::to_json(out.consensus)}}));
    out.id = "Z-" + out.hash.substr(0, 10);
    // One a dossier, by the assessment's id: of two at a time one is refused by the store.
    THREATLAS_TRY(const bool fresh, store_.open_dossier(who, {.kind = "freeze", .id = out.assessment, .handling = draws->handling, .at = {}, .json = core::write_json(model::to_json(out)), .steps = {}}));
    if (!fresh) return fail(ErrorCode::conflict, "assessment " + out.assessment + " is frozen already");
    return out;
}

Result<std::vector<Freeze>> Workbench::freezes(const model::Reader& reader) {
    THREATLAS_TRY(const auto kept, store_.dossiers(reader, "freeze"));
    std::vector<Freeze> out;
    for (const auto& each : kept) {
        THREATLAS_TRY(auto one, record<Freeze>(each.json, "freeze " + each.id));
        one.at = each.at;
        for (const auto& step : each.steps) {
            const auto said = core::parse_json(step.json, "freeze " + each.id);
            const auto* edition = said && said->is_object() ? said->get_object().if_contains("edition") : nullptr;
            if (step.action == "approved" && edition != nullptr && edition->is_string()) one.approvals.push_back(std::string(edition->get_string()) + " by " + step.person + " of " + step.organisation + " at " + step.at);
        }
        out.push_back(std::move(one));
    }
    return out;
}

Result<std::optional<Freeze>> Workbench::frozen(const model::Reader& reader, const std::string& assessment) {
    THREATLAS_TRY(auto all, freezes(reader));
    for (auto& each : all)
        if (each.assessment == assessment || each.id == assessment) return std::optional<Freeze>(std::move(each));
    return std::optional<Freeze>();
}

Result<Freeze> Workbench::approve(const model::Reader& who, const std::string& assessment, const std::string& edition) {
    if (who.role != Role::director) return fail(ErrorCode::not_allowed, "an edition is approved by a director");
    if (edition != "public" && edition != "restricted") return fail(ErrorCode::bad_usage, "an edition is restricted or public, not '" + edition + "'");
    THREATLAS_TRY(const std::string id, id_of(who, assessment));
    THREATLAS_TRY(const auto fixed, frozen(who, id));
    if (!fixed) return fail(ErrorCode::conflict, "assessment " + id + " is not frozen yet: freeze it first, so that what is approved cannot change");
    THREATLAS_CHECK(store_.add_step(who, "freeze", id, "approved", core::write_json(core::json::object{{"edition", edition}, {"hash", fixed->hash}})));
    THREATLAS_TRY(auto again, frozen(who, id));
    if (!again) return fail(ErrorCode::internal, "what was frozen is gone");
    return std::move(*again);
}

}  // namespace threatlas::work
