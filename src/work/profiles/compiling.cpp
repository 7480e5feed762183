// Making a version, and a director's word on it.
#include <algorithm>

#include "analyse/early_warning/follow_up.hpp"
#include "core/text.hpp"
#include "model/json_codec.hpp"
#include "store/rights.hpp"
#include "work/disclosure.hpp"
#include "work/nodes/post.hpp"
#include "work/profiles/kept.hpp"
#include "work/reporting.hpp"

namespace threatlas::work {

namespace kept = profiles_kept;
using core::ErrorCode;
using core::fail;
using core::Result;
using model::Role;

namespace {

// What it says, without when and by whom.
std::string content(publish::AreaProfile profile) {
    profile.id.clear(), profile.version = 0, profile.made.clear(), profile.person.clear();
    return core::write_json(model::to_json(profile));
}

// Signals that are followed here and that the assessment does not tell, with their marks.
Result<std::vector<assess::ArisingSignal>> since(store::Store& store, const model::Reader& who, const assess::Assessment& assessment, store::Protection& marks) {
    THREATLAS_TRY(const auto signals, analyse::early_warning::followed(store, who));
    std::vector<assess::ArisingSignal> out;
    for (const auto& each : signals) {
        const auto& told = assessment.arising.signals;
        if (std::any_of(told.begin(), told.end(), [&](const auto& known) { return known.signal.id == each.signal.id; })) continue;
        if (each.signal.as_of < assessment.manifest.as_of || (each.state == "closed" && each.steps.back().outcome == "false")) continue;
        out.push_back({each.signal, each.last_period()});
        store::Protection own;
        own.marking = store::parse_marking(each.signal.handling);
        own.originators.insert(each.signal.originators.begin(), each.signal.originators.end());
        marks.add(own);
    }
    return out;
}

}  // namespace

Result<ProfileView> compile_profile(store::Store& store, const model::Reader& who, const model::Catalogue& catalogue, const ProfileRequest& request) {
    if (who.role != Role::analyst && who.role != Role::director) return fail(ErrorCode::not_allowed, "profiles are compiled by analysts and directors");
    if (request.edition != "restricted" && request.edition != "public") return fail(ErrorCode::bad_usage, "an edition is restricted or public, not '" + request.edition + "'");
    const bool open = request.edition == "public";
    THREATLAS_TRY(const assess::Assessment whole, stored_assessment(store, who, request.assessment));
    THREATLAS_TRY(const auto stored, store.assessments(who));
    const auto entry = std::find_if(stored.begin(), stored.end(), [&](const auto& each) { return each.id == whole.id; });
    store::Protection marks;
    marks.marking = store::parse_marking(entry == stored.end() ? "" : entry->handling);
    if (entry != stored.end()) marks.originators.insert(entry->originators.begin(), entry->originators.end());
    // The public edition is of the assessment alone: a signal that nobody has judged is nobody's to publish.
    std::vector<assess::ArisingSignal> further;
    if (!open) {
        THREATLAS_TRY(further, since(store, who, whole, marks));
    }
    const publish::Disclosure disclosed = publish::disclose(whole, catalogue, open ? publish::Edition::public_edition : publish::Edition::restricted);
    ProfileView out;
    THREATLAS_TRY(out.profile, publish::compile_profile(disclosed.assessment, catalogue, request.area, further));
    auto& p = out.profile;
    THREATLAS_TRY(const std::string own, own_organisation(store));
    p.organisation = who.organisation == store::kRegional && !own.empty() ? own : who.organisation;
    p.edition = request.edition, p.withheld = static_cast<int>(disclosed.withheld.size()), p.person = who.person;
    if (open) p.handling = "TLP:CLEAR";
    else p.handling = marks.handling(), p.originators = marks.owners();

    THREATLAS_TRY(const auto before, kept::all(store, {who.person, std::string(store::kRegional), who.role, "TLP:RED H3", who.purpose}));
    const ProfileView* newest = nullptr;
    for (const auto& each : before)
        if (each.line.organisation == p.organisation && each.line.area == p.area) {
            p.version = std::max(p.version, each.line.version);
            if (each.line.edition == p.edition && each.line.newest) newest = &each;
        }
    if (newest != nullptr && newest->line.state != "withdrawn" && content(newest->profile) == content(p)) {
        out = *newest, out.is_new = false;
        return out;
    }
    ++p.version;
    p.id = p.organisation + "." + p.area + "." + std::to_string(p.version);
    const std::string text = core::write_json(model::to_json(p));
    THREATLAS_TRY(const bool fresh, store.open_dossier(who, {.kind = kept::kKind, .id = p.id, .handling = p.handling, .at = {}, .json = text, .steps = {}, .originators = p.originators}));
    if (!fresh) return fail(ErrorCode::conflict, "somebody else compiles this profile: try again");
    return profile(store, who, p.id);
}

Result<ProfileView> approve_profile(store::Store& store, const model::Reader& who, const std::string& id, const std::string& note) {
    if (who.role != Role::director) return fail(ErrorCode::not_allowed, "a profile is approved by a director");
    THREATLAS_TRY(const ProfileView view, profile(store, who, id));
    THREATLAS_CHECK(kept::may_work(who, view));
    if (view.line.state != "draft") return fail(ErrorCode::conflict, "profile " + view.line.id + " is " + view.line.state + " already");
    if (note.size() > 4000 || !core::is_utf8(note)) return fail(ErrorCode::bad_input, "a note has at most 4000 bytes");
    THREATLAS_CHECK(kept::step(store, who, view.line.id, "approved", note));
    return profile(store, who, view.line.id);
}

}  // namespace threatlas::work
