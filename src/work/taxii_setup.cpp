#include "work/taxii_setup.hpp"

#include <algorithm>
#include <map>

#include "core/text.hpp"
#include "exchange/stix/markings.hpp"
#include "exchange/taxii/envelope.hpp"
#include "store/accounts/accounts.hpp"

namespace threatlas::work {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr std::size_t kMost = 10'000'000;

// By name, so that the file can say who reads what; the account's id is given here.
Result<std::map<std::string, std::string>> make_users(store::Accounts& accounts, const model::Reader& who, const TaxiiSetup& setup, const std::function<Result<std::string>(std::string_view)>& hash, TaxiiDone& done) {
    std::map<std::string, std::string> ids;
    for (const TaxiiUser& each : setup.users) {
        if (each.name.empty() || each.name.size() > 100 || each.name.find(':') != std::string::npos) return fail(ErrorCode::bad_input, "'" + each.name.substr(0, 100) + "' is no user's name: one to a hundred bytes without ':'");
        if (each.password.empty() && each.token.empty() && each.certificate.empty()) return fail(ErrorCode::bad_input, "user '" + each.name + "' has neither password nor token nor certificate");
        store::Machine machine;
        machine.name = each.name, machine.made_by = who.person, machine.scopes = {"taxii"};
        model::Role role{};
        if (!model::from_name(each.role, role)) return fail(ErrorCode::bad_input, "there is no role '" + each.role + "'");
        machine.standing = {each.organisation, role, each.clearance};
        for (const auto& [kind, given, secret] : {std::tuple<std::string, const std::string&, const std::string&>{"basic", each.password, each.name}, {"token", each.token, each.token}, {"certificate", each.certificate, each.certificate}}) {
            if (given.empty()) continue;
            machine.kind = kind, machine.password.clear();
            if (kind == "basic") {
                THREATLAS_TRY(machine.password, hash(each.password));
            }
            THREATLAS_TRY(const auto there, accounts.machine(kind, secret));
            if (there) {
                machine.id = there->id, machine.expires = there->expires, machine.revoked = false;
                THREATLAS_CHECK(accounts.change_machine(who, machine));
            } else {
                THREATLAS_TRY(machine, accounts.add_machine(who, machine, secret));
            }
            ids[each.name + (kind == "basic" ? "" : "\n" + kind)] = machine.id;
            ++done.users;
        }
    }
    return ids;
}

Result<std::vector<store::CollectionGrant>> resolved(store::Accounts& accounts, const std::map<std::string, std::string>& ids, const std::vector<store::CollectionGrant>& named) {
    std::vector<store::CollectionGrant> out;
    for (const store::CollectionGrant& each : named) {
        if (each.who == "*") {
            out.push_back(each);
            continue;
        }
        if (each.who.starts_with("organisation:")) {
            out.push_back({each.who.substr(13), each.read, each.write});
            continue;
        }
        const std::size_t before = out.size();
        for (const char* kind : {"", "\ntoken", "\ncertificate"})
            if (const auto known = ids.find(each.who + kind); known != ids.end()) out.push_back({known->second, each.read, each.write});
        if (out.size() > before) continue;
        THREATLAS_TRY(const auto there, accounts.machine("basic", each.who));
        if (!there) return fail(ErrorCode::bad_input, "there is no user '" + each.who + "'; write 'organisation:" + each.who + "' when it is an organisation");
        out.push_back({there->id, each.read, each.write});
    }
    return out;
}

Result<void> preload(store::Collections& collections, const model::Reader& who, const TaxiiCollection& wanted, TaxiiDone& done) {
    if (wanted.objects.empty()) return {};
    THREATLAS_TRY(const auto envelope, exchange::taxii::Envelope::read("{\"objects\":[" + core::join(wanted.objects, ",") + "]}", kMost));
    std::map<std::string, core::json::object, std::less<>> definitions;
    for (const auto& each : envelope.objects())
        if (each.type == "marking-definition")
            if (auto value = core::parse_json(each.text, each.id); value && value->is_object()) definitions.emplace(each.id, std::move(value->get_object()));
    const auto definition = [&](std::string_view id) -> const core::json::object* {
        const auto found = definitions.find(id);
        return found == definitions.end() ? nullptr : &found->second;
    };
    std::map<std::string, std::int64_t> added;
    for (const auto& [key, date] : wanted.added)
        if (const auto moment = store::moment_of(date)) added[key] = *moment;
    std::vector<store::NewObject> objects;
    for (const auto& each : envelope.objects()) {
        if (!each.fault.empty()) {
            done.refused.push_back(each.id.substr(0, 100) + ": " + each.fault);
            continue;
        }
        store::NewObject& one = objects.emplace_back();
        one.id = each.id, one.type = each.type, one.version = each.version, one.spec_version = each.spec_version, one.text = each.text, one.media = "application/stix+json;version=" + each.spec_version;
        if (each.marked)
            if (const auto value = core::parse_json(each.text, each.id); value && value->is_object()) {
                const std::string said = exchange::stix::handling_of(value->get_object(), wanted.collection.handling, definition);
                one.handling = said.empty() ? "TLP:RED H1 H2 H3" : said;
            }
        if (const auto known = added.find(each.id + " " + each.version); known != added.end()) one.added = known->second;
    }
    // In the order of adding; of two at one moment the later version keeps it, the other comes a microsecond later.
    std::stable_sort(objects.begin(), objects.end(), [](const auto& a, const auto& b) { return a.added != b.added ? (a.added != 0 && (b.added == 0 || a.added < b.added)) : a.added != 0 && a.version > b.version; });
    store::Collection open = wanted.collection;
    open.grants.push_back({who.person, true, true});   // for this once
    if (open.grants != wanted.collection.grants) THREATLAS_CHECK(collections.put(who, open));
    for (std::size_t i = 0; i < objects.size(); i += 5000) {
        const std::span<const store::NewObject> part(objects.data() + i, std::min<std::size_t>(5000, objects.size() - i));
        THREATLAS_TRY(const auto outcome, collections.add(who, open, part));
        for (std::size_t k = 0; k < outcome.size(); ++k) {
            if (outcome[k].outcome == store::AddedObject::Outcome::refused) done.refused.push_back(part[k].id + ": " + outcome[k].reason);
            done.objects += outcome[k].outcome == store::AddedObject::Outcome::added, done.present += outcome[k].outcome == store::AddedObject::Outcome::present;
        }
    }
    return {};
}

}  // namespace

Result<TaxiiDone> set_up_taxii(store::Store& store, const model::Reader& who, const TaxiiSetup& setup, const std::function<Result<std::string>(std::string_view)>& hash) {
    TaxiiDone done;
    store::Collections& collections = store.collections();
    // A file with a mistake changes nothing.
    for (const store::ApiRoot& each : setup.roots) THREATLAS_CHECK(store::well_formed(each));
    for (const TaxiiCollection& each : setup.collections) THREATLAS_CHECK(store::well_formed(each.collection));
    THREATLAS_TRY(store::Accounts * accounts, store.accounts());
    THREATLAS_TRY(const auto ids, make_users(*accounts, who, setup, hash, done));
    for (const store::ApiRoot& each : setup.roots) {
        THREATLAS_TRY(const bool changed, collections.put(who, each));
        done.roots += changed;
    }
    for (const TaxiiCollection& each : setup.collections) {
        TaxiiCollection wanted = each;
        THREATLAS_TRY(wanted.collection.grants, resolved(*accounts, ids, each.collection.grants));
        const auto before = collections.collection(who, wanted.collection.root, wanted.collection.id);
        if (!before) THREATLAS_CHECK(collections.put(who, wanted.collection));
        THREATLAS_CHECK(preload(collections, who, wanted, done));
        THREATLAS_CHECK(collections.put(who, wanted.collection));
        done.collections += !before || !(*before == wanted.collection);
    }
    for (const auto& [root, status] : setup.statuses) THREATLAS_CHECK(collections.put_status(who, root, status, "*"));
    return done;
}

}  // namespace threatlas::work
