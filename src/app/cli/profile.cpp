#include "work/profiles/profiles.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "app/cli/commands.hpp"
#include "app/cli/session.hpp"
#include "core/text.hpp"
#include "model/json_codec.hpp"
#include "work/nodes/post.hpp"

namespace threatlas::app {
namespace {

using core::Result;

struct Arguments {
    work::ProfileRequest request;
    work::ProfileFiles files;
    std::string id, other, note, organisation;
    std::vector<std::string> names;
};

// Whoever may read the whole folder acts for whoever decides on it; the log has the name.
model::Reader director_of(const Session& session, const std::string& purpose) {
    model::Reader reader = reader_of(session, purpose);
    reader.role = model::Role::director;
    return reader;
}

// Whoever reads the folder reads what is the working group's and what is addressed to this node's organisation.
Result<std::vector<model::Reader>> readers_of(store::Store& store, const model::Reader& reader) {
    std::vector<model::Reader> out{reader};
    THREATLAS_TRY(const std::string own, work::own_organisation(store));
    if (!own.empty()) out.push_back(reader), out.back().organisation = own;
    return out;
}

struct Found {
    work::ProfileView view;
    model::Reader reader;
};
Result<Found> find(store::Store& store, const model::Reader& reader, const std::string& id) {
    THREATLAS_TRY(const auto readers, readers_of(store, reader));
    Result<work::ProfileView> last = core::fail(core::ErrorCode::not_found, "");
    for (const auto& each : readers) {
        last = work::profile(store, each, id);
        if (last) return Found{std::move(*last), each};
    }
    return tl::unexpected(last.error());
}

std::string line_of(const work::ProfileLine& p) { return fmt::format("{:<24} {:<10} {:<10} {:<26} {} statements, {} gaps{}  {}\n", p.id, p.edition, p.state, p.title, p.statements, p.gaps, p.withheld > 0 ? fmt::format(", {} withheld", p.withheld) : "", p.handling); }

Result<void> compile(const Session& session, const Arguments& a) {
    THREATLAS_TRY(const auto catalogue, open_catalogue(session));
    THREATLAS_TRY(const auto store, open_store(session));
    THREATLAS_TRY(const auto made, work::compile_profile(*store, reader_of(session, "assessment: profile of " + a.request.area), catalogue, a.request));
    core::json::object out = model::to_json(made.line).as_object();
    out["new"] = made.is_new;
    if (print_json(session, out)) return {};
    session.out << (made.is_new ? "" : "Nothing has changed since:\n") << line_of(made.line);
    return {};
}

Result<void> list(const Session& session, const Arguments&) {
    THREATLAS_TRY(const auto store, open_store(session));
    THREATLAS_TRY(const auto readers, readers_of(*store, reader_of(session, "assessment: profiles")));
    std::vector<work::ProfileLine> all;
    for (const auto& reader : readers) {
        THREATLAS_TRY(auto seen, work::profiles(*store, reader));
        for (auto& each : seen)
            if (std::none_of(all.begin(), all.end(), [&](const auto& known) { return known.id == each.id; })) all.push_back(std::move(each));
    }
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.made > b.made; });
    if (print_json(session, model::to_json(all))) return {};
    if (all.empty()) session.out << "No profiles; 'threatlas profile compile drugs' makes one.\n";
    for (const auto& each : all) session.out << line_of(each);
    return {};
}

Result<void> show(const Session& session, const Arguments& a) {
    THREATLAS_TRY(const auto store, open_store(session));
    THREATLAS_TRY(const auto found, find(*store, reader_of(session, "assessment: profile " + a.id), a.id));
    const auto& [one, reader] = found;
    if (!(a.files.html + a.files.pdf + a.files.stix).empty()) {
        THREATLAS_TRY(const auto catalogue, open_catalogue(session));
        THREATLAS_TRY(const auto folder, catalogue_folder(session));
        THREATLAS_CHECK(work::write_profile(*store, reader, catalogue, folder, one.line.id, a.files));
        for (const auto& file : {a.files.html, a.files.pdf, a.files.stix})
            if (!file.empty()) session.out << file << '\n';
        return {};
    }
    core::json::object out = model::to_json(one.line).as_object();
    out["profile"] = model::to_json(one.profile);
    if (print_json(session, out)) return {};
    session.out << one.line.id << "  (" << one.line.state << ")\n" << publish::profile_text(one.profile);
    for (const auto& step : one.line.steps) session.out << fmt::format("  {}  {} ({}): {} {}\n", step.at, step.person, step.organisation, step.action, step.text);
    return {};
}

Result<void> diff(const Session& session, const Arguments& a) {
    THREATLAS_TRY(const auto store, open_store(session));
    const auto reader = reader_of(session, "assessment: profiles compared");
    THREATLAS_TRY(const auto from, find(*store, reader, a.id));
    THREATLAS_TRY(const auto to, find(*store, reader, a.other));
    const auto changes = publish::compare_profiles(from.view.profile, to.view.profile);
    if (print_json(session, model::to_json(changes))) return {};
    session.out << changes.from << " to " << changes.to << ": " << changes.summary << '\n';
    for (const auto& each : changes.changes) {
        session.out << each.section << "  " << each.key << "  " << each.kind << '\n';
        if (!each.before.empty()) session.out << "  - " << each.before << '\n';
        if (!each.after.empty()) session.out << "  + " << each.after << '\n';
    }
    return {};
}

Result<void> approve(const Session& session, const Arguments& a) {
    THREATLAS_TRY(const auto store, open_store(session));
    THREATLAS_TRY(const auto now, work::approve_profile(*store, director_of(session, "management: profile " + a.id), a.id, a.note));
    if (!print_json(session, model::to_json(now.line))) session.out << "Profile " << now.line.id << " is approved.\n";
    return {};
}

Result<void> publish(const Session& session, const Arguments& a) {
    THREATLAS_TRY(const auto catalogue, open_catalogue(session));
    THREATLAS_TRY(const auto store, open_store(session));
    THREATLAS_TRY(const auto done, work::publish_profile(*store, director_of(session, "publication: profile " + a.id), catalogue, a.id, a.names));
    core::json::object refused;
    for (const auto& [organisation, why] : done.second.refused) refused[organisation] = why;
    if (print_json(session, {{"profile", model::to_json(done.first.line)}, {"sent", model::to_json(done.second.sent)}, {"here", model::to_json(done.second.here)}, {"refused", refused}})) return {};
    session.out << "Profile " << done.first.line.id << " is published" << (done.second.sent.empty() ? "; no peer has subscribed to it yet" : ", sent to " + core::join(done.second.sent, ", ")) << ".\n";
    for (const auto& [organisation, why] : done.second.refused) session.out << "Not to " << organisation << ": " << why << ".\n";
    return {};
}

Result<void> withdraw(const Session& session, const Arguments& a) {
    THREATLAS_TRY(const auto store, open_store(session));
    THREATLAS_TRY(const auto now, work::withdraw_profile(*store, director_of(session, "management: profile " + a.id), a.id, a.note));
    if (!print_json(session, model::to_json(now.line))) session.out << "Profile " << now.line.id << " is withdrawn.\n";
    return {};
}

Result<void> subscribe(const Session& session, const Arguments& a) {
    THREATLAS_TRY(const auto catalogue, open_catalogue(session));
    THREATLAS_TRY(const auto store, open_store(session));
    const auto reader = reader_of(session, "assessment: subscription to profiles");
    std::string organisation = a.organisation;
    if (organisation.empty()) {
        THREATLAS_TRY(organisation, work::own_organisation(*store));
        if (organisation.empty()) organisation = reader.organisation;
    }
    THREATLAS_TRY(const auto now, work::subscribe_profiles(*store, reader, catalogue, organisation, a.names));
    if (!print_json(session, model::to_json(now))) session.out << now.organisation << (now.areas.empty() ? " gets no profiles any more.\n" : " gets the profiles of: " + core::join(now.areas, ", ") + ".\n");
    return {};
}

Result<void> subscriptions(const Session& session, const Arguments&) {
    THREATLAS_TRY(const auto store, open_store(session));
    THREATLAS_TRY(const auto all, work::profile_subscriptions(*store, reader_of(session, "assessment: subscriptions to profiles")));
    if (print_json(session, model::to_json(all))) return {};
    if (all.empty()) session.out << "Nobody has subscribed; 'threatlas profile subscribe drugs' does.\n";
    for (const auto& each : all) session.out << fmt::format("{:<12}  {}\n", each.organisation, core::join(each.areas, ", "));
    return {};
}

}  // namespace

void add_profile(CLI::App& app, Session& session) {
    auto* profile = app.add_subcommand("profile", "profiles of crime areas: compiled from evidence, approved, published, subscribed to");
    profile->require_subcommand(1);
    add_data_option(*profile, session);
    add_catalogue_option(*profile, session);
    add_key_option(*profile, session);
    const auto a = std::make_shared<Arguments>();
    const auto command = [&](const char* name, const char* what, auto action) {
        auto* each = profile->add_subcommand(name, what);
        each->callback([&session, a, action] { session.action = [&session, a, action] { return action(session, *a); }; });
        return each;
    };
    auto* fresh = command("compile", "the next version, from an assessment; nothing when nothing has changed", compile);
    fresh->add_option("area", a->request.area, "crime area of the catalogue")->required();
    fresh->add_option("--assessment", a->request.assessment, "its id")->capture_default_str();
    fresh->add_option("--edition", a->request.edition, "restricted, or public: under the disclosure rules")->capture_default_str()->check(CLI::IsMember({"restricted", "public"}));
    command("list", "all versions, newest first", list);
    auto* one = command("show", "one version; as a file with --html, --pdf, --stix", show);
    one->add_option("id", a->id, "its id, or an area: the newest")->required();
    one->add_option("--html", a->files.html, "write it as a page");
    one->add_option("--pdf", a->files.pdf, "write it for paper");
    one->add_option("--stix", a->files.stix, "write it as a STIX bundle");
    auto* two = command("diff", "what changed from one version to another", diff);
    two->add_option("from", a->id, "the earlier")->required();
    two->add_option("to", a->other, "the later")->required();
    auto* yes = command("approve", "a director's word that it may go out", approve);
    yes->add_option("id", a->id, "its id")->required();
    yes->add_option("--note", a->note, "note");
    auto* out = command("publish", "to the subscribers, and those named", publish);
    out->add_option("id", a->id, "its id")->required();
    out->add_option("--to", a->names, "organisations beside the subscribers");
    auto* back = command("withdraw", "take it back; everybody who has it is told", withdraw);
    back->add_option("id", a->id, "its id")->required();
    back->add_option("--reason", a->note, "why")->required();
    auto* wanting = command("subscribe", "the areas of which an organisation gets profiles, in the place of those before", subscribe);
    wanting->add_option("areas", a->names, "crime areas; none: no more");
    wanting->add_option("--organisation", a->organisation, "whose; default this node's");
    command("subscriptions", "who has subscribed to what", subscriptions);
    profile->footer("Examples:\n  threatlas profile compile drugs\n  threatlas profile show drugs --pdf drugs.pdf\n  threatlas profile approve rs_mup.drugs.1\n  threatlas profile publish rs_mup.drugs.1\n  threatlas profile diff rs_mup.drugs.1 rs_mup.drugs.2");
}

}  // namespace threatlas::app
