// TAXII 2.1: setting up what this node serves, and asking other servers.
#include <fmt/format.h>
#include <sodium.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "app/cli/commands.hpp"
#include "app/cli/session.hpp"
#include "core/text.hpp"
#include "exchange/taxii/client.hpp"
#include "model/json_codec.hpp"
#include "serve/access/password.hpp"
#include "work/taxii_setup.hpp"

namespace threatlas::app {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;
namespace taxii = exchange::taxii;

struct Wish {
    std::vector<std::string> files, users, matches;
    std::string url, user, password_file, authorities, certificate, key, state, out;
    std::size_t pages = 10'000, batch = 500;
};

Result<void> setup(const Session& session, const Wish& wish) {
    work::TaxiiSetup whole;
    for (const std::string& file : wish.files) {
        THREATLAS_TRY(const std::string text, core::read_file(file));
        const auto beside = [&](const std::string& name) -> Result<std::string> {
            if (auto there = core::read_file((std::filesystem::path(file).parent_path() / name).string())) return there;
            return core::read_file(name);
        };
        THREATLAS_TRY(work::TaxiiSetup part, work::read_taxii_setup(text, file, beside));
        const auto join = [](auto& to, auto& from) { to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end())); };
        join(whole.roots, part.roots), join(whole.collections, part.collections), join(whole.statuses, part.statuses), join(whole.users, part.users), join(whole.warnings, part.warnings);
    }
    for (const std::string& each : wish.users) {
        const std::size_t colon = each.find(':');
        if (colon == std::string::npos || colon == 0) return fail(ErrorCode::bad_usage, "--user takes NAME:PASSWORD");
        work::TaxiiUser user;
        user.name = each.substr(0, colon), user.password = each.substr(colon + 1), user.clearance = "TLP:RED H3";
        whole.users.push_back(std::move(user));
    }
    THREATLAS_TRY(const auto store, open_store(session));
    serve::access::Passwords passwords;
    THREATLAS_TRY(const work::TaxiiDone done, work::set_up_taxii(*store, reader_of(session, "administration: TAXII setup"), whole, [&](std::string_view password) { return passwords.hash(password); }));
    for (const std::string& each : whole.warnings) session.err << "threatlas: " << each << '\n';
    for (const std::string& each : done.refused) session.err << "threatlas: not taken: " << each << '\n';
    if (!print_json(session, core::json::object{{"roots", done.roots}, {"collections", done.collections}, {"objects", done.objects}, {"objects_present", done.present}, {"users", done.users}, {"refused", done.refused.size()}}))
        session.out << fmt::format("{} API roots and {} collections made or changed, {} objects added, {} were there, {} logins\n'threatlas taxii serve-info' shows what is served; 'threatlas serve' serves it.\n", done.roots, done.collections, done.objects, done.present, done.users);
    return {};
}

Result<void> serve_info(const Session& session, const Wish&) {
    THREATLAS_TRY(const auto store, open_store(session));
    const model::Reader reader = reader_of(session, "administration: TAXII");
    THREATLAS_TRY(const auto roots, store->collections().roots(reader));
    core::json::array rows;
    for (const store::ApiRoot& root : roots) {
        if (root.path == "/taxii2/") continue;
        THREATLAS_TRY(const auto collections, store->collections().collections(reader, root.path));
        core::json::object row = model::to_json(root).as_object();
        core::json::array list;
        if (!session.json) session.out << fmt::format("{}  {}{}\n", root.path, root.title, root.preferred ? "  (default)" : "");
        for (const store::Collection& each : collections) {
            THREATLAS_TRY(const std::uint64_t count, store->collections().count(reader, each));
            std::string grants;
            for (const store::CollectionGrant& grant : each.grants) grants += " " + grant.who + ":" + (grant.read ? "r" : "") + (grant.write ? "w" : "") + (grant.read || grant.write ? "" : "-");
            if (!session.json) session.out << fmt::format("  {}  {:>9} objects  {}  [{}]{}\n", each.id, count, each.title, each.handling, grants);
            core::json::object one = model::to_json(each).as_object();
            one["objects"] = count;
            list.push_back(std::move(one));
        }
        row["collections"] = std::move(list);
        rows.push_back(std::move(row));
    }
    if (!print_json(session, rows) && rows.empty()) session.out << "No API roots; 'threatlas taxii setup FILE.json' makes them.\n";
    return {};
}

// Secrets come from the environment or a file: an argument would be seen by everybody on the machine.
Result<taxii::Client> client_of(const Wish& wish) {
    taxii::Login login;
    login.user = wish.user, login.trust = {wish.authorities, wish.certificate, wish.key};
    if (!wish.password_file.empty()) {
        THREATLAS_TRY(const std::string text, core::read_file(wish.password_file));
        login.password = core::trim(text);
    } else if (const char* password = std::getenv("THREATLAS_TAXII_PASSWORD")) {
        login.password = password;
    }
    if (const char* token = std::getenv("THREATLAS_TAXII_TOKEN"); token != nullptr && wish.user.empty()) login.token = token;
    taxii::ClientLimits limits;
    limits.pages = wish.pages, limits.envelope_objects = wish.batch;
    return taxii::Client(std::move(login), limits);
}

Result<void> discover(const Session& session, const Wish& wish) {
    THREATLAS_TRY(taxii::Client client, client_of(wish));
    THREATLAS_TRY(const taxii::Discovery found, client.discover(wish.url));
    core::json::object out{{"title", found.title}, {"description", found.description}, {"contact", found.contact}, {"default", found.preferred}, {"api_roots", model::to_json(found.api_roots)}};
    if (print_json(session, out)) return {};
    session.out << found.title << '\n';
    if (!found.description.empty()) session.out << found.description << '\n';
    for (const std::string& each : found.api_roots) session.out << "  " << each << (each == found.preferred ? "  (default)" : "") << '\n';
    return {};
}

Result<void> collections(const Session& session, const Wish& wish) {
    THREATLAS_TRY(taxii::Client client, client_of(wish));
    THREATLAS_TRY(const taxii::RootInfo root, client.root(wish.url));
    THREATLAS_TRY(const auto all, client.collections(wish.url));
    core::json::array rows;
    for (const auto& each : all) rows.push_back(core::json::object{{"id", each.id}, {"title", each.title}, {"alias", each.alias}, {"can_read", each.can_read}, {"can_write", each.can_write}, {"url", each.url}, {"media_types", model::to_json(each.media_types)}});
    if (print_json(session, core::json::object{{"title", root.title}, {"max_content_length", root.max_content_length}, {"collections", std::move(rows)}})) return {};
    session.out << root.title << '\n';
    for (const auto& each : all) session.out << fmt::format("  {}  {}{}  {}\n", each.id, each.can_read ? "r" : "-", each.can_write ? "w" : "-", each.title);
    return {};
}

// The file of objects and the note of where it is stand together: a kill between leaves an object too much, which the
// next poll cuts off.
Result<void> poll(const Session& session, const Wish& wish) {
    THREATLAS_TRY(taxii::Client client, client_of(wish));
    const std::string note = wish.state.empty() ? wish.out + ".state" : wish.state;
    std::string state;
    std::error_code error;
    if (std::filesystem::exists(note, error)) {
        THREATLAS_TRY(const std::string text, core::read_file(note));
        THREATLAS_TRY(const auto value, core::parse_json(text, note));
        const auto* object = value.if_object();
        if (object == nullptr || !object->contains("state") || !object->at("state").is_string() || !object->contains("bytes") || !object->at("bytes").is_number()) return fail(ErrorCode::bad_input, "this is no note of a poll", {note, 0, ""});
        state = object->at("state").get_string();
        const auto bytes = object->at("bytes").to_number<std::uint64_t>();
        if (std::filesystem::exists(wish.out, error) && std::filesystem::file_size(wish.out, error) > bytes) std::filesystem::resize_file(wish.out, bytes, error);
        if (error) return fail(ErrorCode::unavailable, "the file of objects cannot be shortened: " + error.message(), {wish.out, 0, ""});
    }
    exchange::http::Headers filters;
    for (const std::string& each : wish.matches) {
        const std::size_t equals = each.find('=');
        if (equals == std::string::npos) return fail(ErrorCode::bad_usage, "--match takes a field and its values: type=indicator,malware");
        filters.emplace_back("match[" + each.substr(0, equals) + "]", each.substr(equals + 1));
    }
    std::ofstream out(wish.out, std::ios::app | std::ios::binary);
    if (!out) return fail(ErrorCode::unavailable, "the file of objects cannot be written", {wish.out, 0, ""});
    const auto polled = client.poll(wish.url, state, filters, [&](const taxii::Page& page) -> Result<void> {
        for (const auto& each : page.objects) {
            if (!each.fault.empty()) continue;
            std::string line(each.text);
            for (char& c : line)
                if (c == '\n' || c == '\r') c = ' ';   // between values: within a text JSON has none
            out << line << '\n';
        }
        out.flush();
        if (!out) return fail(ErrorCode::unavailable, "the file of objects cannot be written; the disk may be full", {wish.out, 0, ""});
        return core::write_file(note, core::write_json(core::json::object{{"state", page.state}, {"bytes", static_cast<std::uint64_t>(out.tellp())}}));
    });
    if (!polled) return tl::unexpected(polled.error());
    if (polled->faulty > 0) session.err << fmt::format("threatlas: {} objects left out; the first: {}\n", polled->faulty, polled->first_fault);
    if (!print_json(session, core::json::object{{"pages", polled->pages}, {"objects", polled->objects}, {"left_out", polled->faulty}, {"more", polled->more}})) session.out << fmt::format("{} objects in {} pages{}\n", polled->objects, polled->pages, polled->more ? "; there is more, poll again" : "");
    return {};
}

Result<void> push(const Session& session, const Wish& wish) {
    THREATLAS_TRY(taxii::Client client, client_of(wish));
    std::vector<std::string> objects;
    for (const std::string& file : wish.files) {
        THREATLAS_TRY(const std::string text, core::read_file(file));
        auto list = taxii::raw_list(text, "/objects");   // a bundle or an envelope
        if (list && !list->empty()) {
            objects.insert(objects.end(), std::make_move_iterator(list->begin()), std::make_move_iterator(list->end()));
            continue;
        }
        for (const std::string& line : core::split(text, '\n'))   // else an object a line
            if (!core::trim(line).empty()) objects.emplace_back(core::trim(line));
    }
    const std::string base = wish.url.ends_with('/') ? wish.url : wish.url + "/";
    const std::size_t cut = base.rfind("collections/");
    if (cut == std::string::npos) return fail(ErrorCode::bad_usage, "name the collection: https://.../collections/<id>/");
    THREATLAS_TRY(const taxii::RootInfo root, client.root(base.substr(0, cut)));
    THREATLAS_TRY(const taxii::Pushed pushed, client.push(base, objects, root.max_content_length));
    for (const auto& [id, why] : pushed.failures) session.err << "threatlas: not taken: " << id << ": " << why << '\n';
    if (!print_json(session, core::json::object{{"envelopes", pushed.envelopes}, {"sent", pushed.sent}, {"successes", pushed.successes}, {"pendings", pushed.pendings}, {"failures", pushed.failures.size()}}))
        session.out << fmt::format("{} of {} objects taken in {} envelopes{}\n", pushed.successes, objects.size(), pushed.envelopes, pushed.pendings > 0 ? fmt::format(", {} still pending", pushed.pendings) : "");
    if (!pushed.failures.empty()) return fail(ErrorCode::bad_input, std::to_string(pushed.failures.size()) + " objects were not taken");
    return {};
}

}  // namespace

void add_taxii(CLI::App& app, Session& session) {
    auto* command = app.add_subcommand("taxii", "TAXII 2.1: set up what this node serves; discover, poll and push to other servers");
    command->require_subcommand(1);
    command->footer("Examples:\n  threatlas taxii setup examples/taxii/setup.json --data var/mine\n  threatlas taxii poll https://peer.example/taxii2/see/collections/91a7b528-80eb-42ed-a74d-c6fbd5a26116/ --user reader --out var/peer.jsonl\n"
                    "Passwords and tokens: $THREATLAS_TAXII_PASSWORD, $THREATLAS_TAXII_TOKEN or --password-file.");
    const auto wish = std::make_shared<Wish>();
    const auto add = [&](const char* name, const char* what, const char* example, auto run) {
        auto* sub = command->add_subcommand(name, what);
        sub->footer(std::string("Example:\n  ") + example);
        sub->callback([&session, wish, run] { session.action = [&session, wish, run] { return run(session, *wish); }; });
        return sub;
    };
    auto* making = add("setup", "make API roots, collections, objects and users from a file (docs/TAXII.md)", "threatlas taxii setup examples/taxii/setup.json --data var/mine", setup);
    making->add_option("file", wish->files, "setup files, or data and configuration files of OASIS's reference server")->required();
    making->add_option("--user", wish->users, "NAME:PASSWORD of a user who sees all that the collections grant; may be repeated");
    auto* info = add("serve-info", "what is served, to whom, how many objects", "threatlas taxii serve-info --data var/mine", serve_info);
    for (auto* each : {making, info}) add_data_option(*each, session), add_key_option(*each, session);
    auto* discovering = add("discover", "what API roots a server has", "threatlas taxii discover https://peer.example/taxii2/ --user reader", discover);
    auto* listing = add("collections", "what collections an API root has", "threatlas taxii collections https://peer.example/taxii2/see/ --user reader", collections);
    auto* polling = add("poll", "fetch what is new, one object a line; goes on where it stopped", "threatlas taxii poll https://peer.example/taxii2/see/collections/91a7b528-80eb-42ed-a74d-c6fbd5a26116/ --user reader --match type=indicator --out var/peer.jsonl", poll);
    auto* pushing = add("push", "send objects of bundles, envelopes or files with one a line", "threatlas taxii push https://peer.example/taxii2/see/collections/91a7b528-80eb-42ed-a74d-c6fbd5a26116/ bundle.json --user writer", push);
    for (auto* each : {discovering, listing, polling, pushing}) {
        each->add_option("url", wish->url, "address: https://, on loopback http:// too")->required();
        each->add_option("--user", wish->user, "user, for HTTP Basic");
        each->add_option("--password-file", wish->password_file, "file with the password");
        each->add_option("--ca", wish->authorities, "PEM file of who signs the server's certificate; otherwise the system's");
        each->add_option("--cert", wish->certificate, "PEM file of our certificate");
        each->add_option("--cert-key", wish->key, "PEM file of its key");
    }
    polling->add_option("--out", wish->out, "file the objects are appended to")->required();
    polling->add_option("--state", wish->state, "file that keeps where the poll is; otherwise beside --out, ending in .state");
    polling->add_option("--match", wish->matches, "field=values: type=indicator,malware; may be repeated, and stays the same for one state");
    polling->add_option("--pages", wish->pages, "pages at most")->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000}));
    pushing->add_option("file", wish->files, "JSON files")->required();
    pushing->add_option("--batch", wish->batch, "objects in an envelope at most")->check(CLI::Range(std::size_t{1}, std::size_t{50'000}));
}

}  // namespace threatlas::app
