#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "app/cli/commands.hpp"
#include "app/cli/session.hpp"
#include "core/text.hpp"
#include "serve/access/authentication.hpp"
#include "serve/access/rights.hpp"
#include "serve/access/routes.hpp"

namespace threatlas::app {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;
namespace access = serve::access;

struct Wish {
    std::string id, name, organisation, role = "contributor", clearance = "TLP:AMBER", fingerprint;
    std::vector<std::string> scopes;
    std::int64_t days = 90;
};

core::json::object line_of(const store::Machine& each) {
    core::json::object line = access::standing_json(each.standing);
    line["id"] = each.id, line["kind"] = each.kind, line["name"] = each.name, line["scopes"] = core::join(each.scopes, ","), line["made"] = access::at_text(each.made), line["expires"] = access::at_text(each.expires),
    line["last_used"] = each.used == 0 ? "" : access::at_text(each.used), line["revoked"] = each.revoked;
    return line;
}

Result<void> list(const Session& session) {
    THREATLAS_TRY(const auto store, open_store(session));
    THREATLAS_TRY(auto* accounts, store->accounts());
    THREATLAS_TRY(const auto all, accounts->machines());
    core::json::array rows;
    for (const store::Machine& each : all) rows.push_back(line_of(each));
    if (print_json(session, rows)) return {};
    for (const store::Machine& each : all)
        session.out << fmt::format("{}  {:<24} {:<11} {:<10} {:<14} {:<20} until {}  {}{}\n", each.id, each.name, each.kind, each.standing.organisation, model::name_of(each.standing.role), core::join(each.scopes, ","), access::at_text(each.expires).substr(0, 10),
                                   each.used == 0 ? "never used" : "last used " + access::at_text(each.used), each.revoked ? ", revoked" : "");
    if (all.empty()) session.out << "there are no tokens; 'threatlas tokens new --help' says how one is made\n";
    return {};
}

Result<void> make(const Session& session, const Wish& wish) {
    THREATLAS_TRY(const auto store, open_store(session));
    THREATLAS_TRY(auto* accounts, store->accounts());
    THREATLAS_TRY(const model::Catalogue catalogue, open_catalogue(session));
    const model::Reader reader = reader_of(session, "administration");
    access::Access door(*accounts, {.cost = {1, 8192}});   // hashes no password
    store::Machine machine{.name = wish.name, .made_by = reader.person, .made = door.now(), .expires = door.now() + wish.days * 86400};
    THREATLAS_TRY(machine.standing, access::standing_from({{"organisation", wish.organisation}, {"role", wish.role}, {"clearance", wish.clearance}}, catalogue, {}));
    machine.scopes = wish.scopes;
    if (!wish.fingerprint.empty()) {
        std::string fingerprint = core::lower_ascii(wish.fingerprint);
        std::erase(fingerprint, ':');
        if (fingerprint.size() != 64 || fingerprint.find_first_not_of("0123456789abcdef") != std::string::npos) return fail(ErrorCode::bad_input, "the fingerprint is the certificate's SHA-256, as 'openssl x509 -fingerprint -sha256' prints it");
        machine.kind = "certificate";
        THREATLAS_TRY(const store::Machine made, accounts->add_machine(reader, std::move(machine), fingerprint));
        if (!print_json(session, line_of(made))) session.out << made.id << ": the certificate is an account of " << made.standing.organisation << " until " << access::at_text(made.expires) << '\n';
        return {};
    }
    THREATLAS_TRY(const auto made, door.new_token(reader, std::move(machine)));
    core::json::object line = line_of(made.first);
    line["token"] = made.second;
    if (!print_json(session, line)) session.out << made.first.id << ", good until " << access::at_text(made.first.expires) << ". The token is shown this once:\n  " << made.second << '\n';
    return {};
}

Result<void> revoke(const Session& session, const std::string& id) {
    THREATLAS_TRY(const auto store, open_store(session));
    THREATLAS_TRY(auto* accounts, store->accounts());
    THREATLAS_CHECK(accounts->revoke_machine(reader_of(session, "administration"), id));
    if (!print_json(session, {{"revoked", id}})) session.out << id << " is revoked\n";
    return {};
}

}  // namespace

void add_tokens(CLI::App& app, Session& session) {
    const auto wish = std::make_shared<Wish>();
    auto* command = app.add_subcommand("tokens", "tokens and client certificates of machines: list, new, revoke");
    command->require_subcommand(1);
    command->footer("Examples:\n  threatlas tokens list --data var/mine\n  threatlas tokens new --name 'nightly feed' --organisation rs_mup --scope ingest --data var/mine\n  threatlas tokens revoke m-0123456789 --data var/mine");
    const auto add = [&](const char* name, const char* what, const char* example, auto run) {
        auto* sub = command->add_subcommand(name, what);
        add_data_option(*sub, session);
        add_key_option(*sub, session);
        sub->footer(std::string("Example:\n  ") + example);
        sub->callback([&session, run] { session.action = [&session, run] { return run(session); }; });
        return sub;
    };
    add("list", "every token and certificate, with its last use", "threatlas tokens list --data var/mine", [](const Session& s) { return list(s); });
    auto* making = add("new", "a token, shown once; or an account for a client certificate", "threatlas tokens new --name 'nightly feed' --organisation rs_mup --scope ingest --scope read --days 30 --data var/mine", [wish](const Session& s) { return make(s, *wish); });
    making->add_option("--name", wish->name, "what it is for")->required();
    making->add_option("--organisation", wish->organisation, "member id, or 'regional'")->required();
    making->add_option("--role", wish->role, "role; contributor otherwise");
    making->add_option("--clearance", wish->clearance, "highest TLP word; TLP:AMBER otherwise");
    making->add_option("--scope", wish->scopes, "read, write, ingest, taxii, metrics, admin or match; may be repeated")->required()->check(CLI::IsMember(std::vector<std::string>(access::scopes().begin(), access::scopes().end())));
    making->add_option("--days", wish->days, "how long it serves")->check(CLI::Range(1, 730));
    making->add_option("--certificate", wish->fingerprint, "SHA-256 fingerprint of a client certificate: no token is made");
    add_catalogue_option(*making, session);
    auto* revoking = add("revoke", "it serves no longer", "threatlas tokens revoke m-0123456789 --data var/mine", [wish](const Session& s) { return revoke(s, wish->id); });
    revoking->add_option("id", wish->id, "as 'threatlas tokens list' prints it")->required();
}

}  // namespace threatlas::app
