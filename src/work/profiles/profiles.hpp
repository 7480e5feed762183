// Profiles of crime areas, from an assessment to those who subscribed: compiled, approved by a director, published, sent over
// the feeds, received from other nodes, taken back. Every version is a dossier of its own, 'rs_mup.drugs.3', that never
// changes; what becomes of it is its steps. See docs/adr/0023-area-profiles.md.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/json.hpp"
#include "core/result.hpp"
#include "model/catalogue.hpp"
#include "model/reader.hpp"
#include "publish/profiles/profile.hpp"
#include "store/store.hpp"
#include "work/nodes/receive.hpp"

namespace threatlas::work {

struct ProfileStep {
    std::string action, text, at, person, organisation;   // approved, published, sent, withdrawn
    static constexpr auto fields() {
        using T = ProfileStep;
        using model::field;
        return std::make_tuple(field("action", &T::action, "approved, published, sent or withdrawn"), field("text", &T::text, "note, reason, to whom"), field("at", &T::at, "when"), field("person", &T::person, "who"), field("organisation", &T::organisation, "of which organisation"));
    }
};

// A version without what it says.
struct ProfileLine {
    std::string id, area, title, organisation, edition;
    int version = 0;
    std::string state = "draft";             // draft, approved, published, withdrawn
    std::string made, person, as_of, assessment, handling;
    std::vector<std::string> originators;
    std::vector<std::string> sent;           // organisations it was sent to
    int statements = 0, gaps = 0, withheld = 0;
    bool newest = false;                     // of its organisation, area and edition
    std::vector<ProfileStep> steps;
    static constexpr auto fields() {
        using T = ProfileLine;
        using model::field;
        return std::make_tuple(field("id", &T::id, "id"), field("area", &T::area, "crime area"), field("title", &T::title, "title"), field("organisation", &T::organisation, "who compiled it"), field("edition", &T::edition, "restricted or public"), field("version", &T::version, "from 1"),
            field("state", &T::state, "draft, approved, published or withdrawn"), field("made", &T::made, "when"), field("person", &T::person, "by whom"), field("as_of", &T::as_of, "known on that day"), field("assessment", &T::assessment, "assessment id"), field("handling", &T::handling, "join of all inputs"),
            field("originators", &T::originators, "whose marks bind it"), field("sent", &T::sent, "organisations it was sent to"), field("statements", &T::statements, "measured and judged"), field("gaps", &T::gaps, "what is not known"), field("withheld", &T::withheld, "figures withheld"),
            field("newest", &T::newest, "of its organisation, area and edition"), field("steps", &T::steps, "what became of it"));
    }
};
struct ProfileView {
    ProfileLine line;
    publish::AreaProfile profile;
    bool is_new = true;                      // of compile: false when the newest says the same
};

struct ProfileRequest {
    std::string area, assessment = "latest", edition = "restricted";
};

struct ProfileSent {
    std::vector<std::string> sent, here;                           // over a feed; readers of this node
    std::vector<std::pair<std::string, std::string>> refused;      // organisation, why it may not have it
};

// From the assessment, the signals since, and the catalogue. Handling and originators: the join of all of it; the public
// edition passes disclosure control and is TLP:CLEAR. By analysts and directors. Errors of compile_profile and of the reads.
core::Result<ProfileView> compile_profile(store::Store& store, const model::Reader& who, const model::Catalogue& catalogue, const ProfileRequest& request);
// Newest first. Drafts are seen by their organisation and the working group.
core::Result<std::vector<ProfileLine>> profiles(store::Store& store, const model::Reader& reader);
// By id, or by area: its newest, published before drafts of others. not_found.
core::Result<ProfileView> profile(store::Store& store, const model::Reader& reader, const std::string& id);

// By a director of the organisation that compiled it. conflict when it is no draft.
core::Result<ProfileView> approve_profile(store::Store& store, const model::Reader& who, const std::string& id, const std::string& note);
// To the subscribers and those named. conflict before it is approved; not_allowed when a mark of another's binds it and that
// other has not consented that it leaves. TLP:RED goes to those named alone. Again: to those who came since.
core::Result<std::pair<ProfileView, ProfileSent>> publish_profile(store::Store& store, const model::Reader& who, const model::Catalogue& catalogue, const std::string& id, const std::vector<std::string>& named);
// Everybody who has it is told.
core::Result<ProfileView> withdraw_profile(store::Store& store, const model::Reader& who, const std::string& id, const std::string& reason);

struct ProfileSubscription {
    std::string organisation;
    std::vector<std::string> areas;          // empty: none
    std::string at, person;
    static constexpr auto fields() {
        using T = ProfileSubscription;
        return std::make_tuple(model::field("organisation", &T::organisation, "who"), model::field("areas", &T::areas, "crime areas"), model::field("at", &T::at, "since when"), model::field("person", &T::person, "who asked for it"));
    }
};
// In the place of what it had before; the peers are told. bad_input for an area the catalogue lacks. `organisation`: only the
// working group names another than its own.
core::Result<ProfileSubscription> subscribe_profiles(store::Store& store, const model::Reader& who, const model::Catalogue& catalogue, const std::string& organisation, std::vector<std::string> areas);
core::Result<std::vector<ProfileSubscription>> profile_subscriptions(store::Store& store, const model::Reader& reader);

// As files, each with a line in the log. state on the cover. files: path by kind, 'html', 'pdf', 'stix'; at least one.
struct ProfileFiles {
    std::string html, pdf, stix;
};
core::Result<void> write_profile(store::Store& store, const model::Reader& reader, const model::Catalogue& catalogue, const std::string& catalogue_folder, const std::string& id, const ProfileFiles& files);
// The page alone, for who asks over HTTP; the caller notes that it left.
core::Result<std::string> profile_page(const ProfileView& view, const model::Catalogue& catalogue, const std::string& catalogue_folder);
// A bundle: the report that carries it, the identities and markings it refers to.
core::Result<std::string> profile_stix(const ProfileView& view, const model::Catalogue& catalogue);
// Whether this reader may have it as a file.
core::Result<void> profile_may_leave(store::Store& store, const model::Reader& who, const ProfileView& view);

void add_profiles(Receivers& receivers, store::Store& store, const model::Catalogue& catalogue);

}  // namespace threatlas::work
