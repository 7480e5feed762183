// People and what they may, on the machine itself: for the first, and for the day nobody can sign in.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>

#include "app/cli/commands.hpp"
#include "app/cli/session.hpp"
#include "serve/access/authentication.hpp"
#include "serve/access/routes.hpp"

namespace threatlas::app {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;
namespace access = serve::access;

struct Wish {
    std::string person, organisation, role, clearance, state, email;
    std::int64_t hours = 0;
    bool sure = false;
};

core::json::object body_of(const Wish& wish) {
    core::json::object body;
    for (const auto& [key, value] : {std::pair{"organisation", &wish.organisation}, std::pair{"role", &wish.role}, std::pair{"clearance", &wish.clearance}})
        if (!value->empty()) body[key] = *value;
    return body;
}

// By id, or by the name to sign in with.
Result<store::Person> named(store::Accounts& accounts, const std::string& text) {
    THREATLAS_TRY(auto person, accounts.person(text));
    if (!person) {
        THREATLAS_TRY(person, accounts.person_named(text));
    }
    if (!person || person->state == "erased") return fail(ErrorCode::not_found, "there is no person '" + text + "'; 'threatlas people list' lists them");
    return std::move(*person);
}

core::json::object line_of(const store::Person& each) {
    core::json::object line = access::standing_json(each.standing);
    line["id"] = each.id, line["name"] = each.name, line["email"] = each.email, line["state"] = each.state, line["totp"] = !each.totp.empty(), line["made"] = access::at_text(each.made);
    return line;
}

Result<void> list(const Session& session) {
    THREATLAS_TRY(const auto store, open_store(session));
    THREATLAS_TRY(auto* accounts, store->accounts());
    THREATLAS_TRY(const auto all, accounts->people());
    THREATLAS_CHECK(accounts->note(reader_of(session, "administration"), "read", "people " + std::to_string(all.size())));
    core::json::array rows;
    for (const store::Person& each : all) rows.push_back(line_of(each));
    if (print_json(session, rows)) return {};
    for (const store::Person& each : all)
        session.out << fmt::format("{}  {:<24} {:<10} {:<14} {:<18} {:<8} {}\n", each.id, each.name.empty() ? "-" : each.name, each.standing.organisation, model::name_of(each.standing.role), each.standing.clearance, each.state, each.totp.empty() ? "" : "second factor");
    if (all.empty()) session.out << "nobody has an account yet; 'threatlas serve' prints a link for the first administrator\n";
    return {};
}

Result<void> invite(const Session& session, const Wish& wish) {
    THREATLAS_TRY(const auto store, open_store(session));
    THREATLAS_TRY(auto* accounts, store->accounts());
    THREATLAS_TRY(const model::Catalogue catalogue, open_catalogue(session));
    THREATLAS_TRY(const store::Standing standing, access::standing_from(body_of(wish), catalogue, {}));
    access::Access door(*accounts, {.cost = {1, 8192}});   // hashes no password
    THREATLAS_TRY(const auto made, door.invite(reader_of(session, "administration"), standing, wish.email, wish.hours * 3600));
    core::json::object out = access::standing_json(made.first.standing);
    out["id"] = made.first.id, out["expires"] = access::at_text(made.first.expires), out["link"] = "/invitation#" + made.second;
    if (!print_json(session, out)) session.out << "invitation " << made.first.id << ", good until " << access::at_text(made.first.expires) << ". Give the person this link, after the server's address; it serves once:\n  /invitation#" << made.second << '\n';
    return {};
}

Result<void> set(const Session& session, const Wish& wish) {
    THREATLAS_TRY(const auto store, open_store(session));
    THREATLAS_TRY(auto* accounts, store->accounts());
    THREATLAS_TRY(const model::Catalogue catalogue, open_catalogue(session));
    THREATLAS_TRY(store::Person person, named(*accounts, wish.person));
    THREATLAS_TRY(person.standing, access::standing_from(body_of(wish), catalogue, person.standing));
    if (!wish.state.empty()) person.state = wish.state;
    if (!wish.email.empty()) person.email = wish.email;
    const model::Reader reader = reader_of(session, "administration");
    THREATLAS_CHECK(accounts->change(reader, person, "set " + person.state + ", organisation " + person.standing.organisation + " role " + std::string(model::name_of(person.standing.role)) + " clearance " + person.standing.clearance));
    THREATLAS_CHECK(accounts->end_sessions_of(reader, person.id));
    if (!print_json(session, line_of(person))) session.out << person.id << " is now " << person.state << ", " << model::name_of(person.standing.role) << " of " << person.standing.organisation << ", up to " << person.standing.clearance << "; open sessions were ended\n";
    return {};
}

Result<void> erase(const Session& session, const Wish& wish) {
    if (!wish.sure) return fail(ErrorCode::bad_usage, "erasing cannot be undone: say --yes");
    THREATLAS_TRY(const auto store, open_store(session));
    THREATLAS_TRY(auto* accounts, store->accounts());
    THREATLAS_TRY(const store::Person person, named(*accounts, wish.person));
    THREATLAS_CHECK(accounts->erase(reader_of(session, "administration"), person.id));
    if (!print_json(session, {{"erased", person.id}})) session.out << "erased: name, address, credentials and sessions of " << person.id << "; the audit log keeps the id\n";
    return {};
}

// Also without a second factor, when the telephone and the recovery codes are lost.
Result<void> unlock(const Session& session, const Wish& wish, bool without_totp) {
    THREATLAS_TRY(const auto store, open_store(session));
    THREATLAS_TRY(auto* accounts, store->accounts());
    THREATLAS_TRY(store::Person person, named(*accounts, wish.person));
    const model::Reader reader = reader_of(session, "administration");
    THREATLAS_TRY(const std::uint64_t failures, accounts->unlock(reader, person.id));
    if (without_totp) {
        person.totp.clear(), person.totp_pending.clear();
        THREATLAS_CHECK(accounts->change(reader, person, "has no second factor any more, by the machine's operator"));
        THREATLAS_CHECK(accounts->set_recovery_codes(reader, person.id, {}));
    }
    if (!print_json(session, {{"unlocked", person.id}, {"failures", failures}, {"totp", !person.totp.empty()}})) session.out << person.id << " may try again, after " << failures << " failed attempts" << (without_totp ? "; the second factor is gone" : "") << '\n';
    return {};
}

}  // namespace

void add_people(CLI::App& app, Session& session) {
    const auto wish = std::make_shared<Wish>();
    const auto without_totp = std::make_shared<bool>(false);
    auto* command = app.add_subcommand("people", "who may sign in to the server: list, invite, set, erase, unlock");
    command->require_subcommand(1);
    command->footer("Examples:\n  threatlas people list --data var/mine\n  threatlas people invite --organisation rs_mup --role director --data var/mine\n  threatlas people unlock vesna --data var/mine");
    const auto add = [&](const char* name, const char* what, const char* example, auto run) {
        auto* sub = command->add_subcommand(name, what);
        add_data_option(*sub, session);
        add_key_option(*sub, session);
        sub->footer(std::string("Example:\n  ") + example);
        sub->callback([&session, run] { session.action = [&session, run] { return run(session); }; });
        return sub;
    };
    const auto standing = [&](CLI::App* sub) {
        sub->add_option("--organisation", wish->organisation, "member id, or 'regional'");
        sub->add_option("--role", wish->role, "contributor, analyst, director, contact_point, auditor or administrator");
        sub->add_option("--clearance", wish->clearance, "highest TLP word, e.g. TLP:AMBER, and handling codes");
        sub->add_option("--email", wish->email, "address, by which a sign-in elsewhere is linked");
        add_catalogue_option(*sub, session);
    };
    add("list", "everybody with an account", "threatlas people list --data var/mine", [](const Session& s) { return list(s); });
    auto* inviting = add("invite", "a one-time link by which somebody makes an account", "threatlas people invite --organisation rs_mup --role analyst --clearance TLP:AMBER --data var/mine", [wish](const Session& s) { return invite(s, *wish); });
    standing(inviting);
    inviting->get_option("--organisation")->required();
    inviting->get_option("--role")->required();
    inviting->add_option("--hours", wish->hours, "how long it serves; 7 days otherwise")->check(CLI::Range(1, 1440));
    auto* setting = add("set", "change organisation, role, clearance or state; open sessions end", "threatlas people set vesna --role director --data var/mine", [wish](const Session& s) { return set(s, *wish); });
    setting->add_option("person", wish->person, "id, or the name to sign in with")->required();
    standing(setting);
    setting->add_option("--state", wish->state, "active or blocked")->check(CLI::IsMember({"active", "blocked"}));
    auto* erasing = add("erase", "name, address, credentials and sessions go; the id stays in the audit log", "threatlas people erase vesna --yes --data var/mine", [wish](const Session& s) { return erase(s, *wish); });
    erasing->add_option("person", wish->person, "id, or the name to sign in with")->required();
    erasing->add_flag("--yes", wish->sure, "it cannot be undone");
    auto* unlocking = add("unlock", "may try to sign in again at once", "threatlas people unlock vesna --data var/mine", [wish, without_totp](const Session& s) { return unlock(s, *wish, *without_totp); });
    unlocking->add_option("person", wish->person, "id, or the name to sign in with")->required();
    unlocking->add_flag("--without-second-factor", *without_totp, "takes the second factor away: telephone and recovery codes are lost");
}

}  // namespace threatlas::app
