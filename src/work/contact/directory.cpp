#include "work/contact/directory.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "exchange/http/client.hpp"
#include "model/json_codec.hpp"
#include "store/accounts/accounts.hpp"
#include "store/desk.hpp"
#include "store/rights.hpp"
#include "work/contact/duty_hours.hpp"

namespace threatlas::work::contact {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr std::size_t kMostSubscriptions = 200, kMostWebhooks = 20;

template <class T>
Result<std::vector<T>> all_of(const Desk& desk, const std::string& kind) {
    THREATLAS_TRY(store::Desk * kept, desk.store.desk());
    THREATLAS_TRY(const auto items, kept->items(kind));
    std::vector<T> out;
    for (const auto& each : items) {
        THREATLAS_TRY(const auto value, core::parse_json(each.body, kind));
        T one;
        THREATLAS_CHECK(model::from_json(value, one, kind));
        out.push_back(std::move(one));
    }
    return out;
}

template <class T>
Result<void> save(const Desk& desk, const model::Reader& who, const std::string& kind, const T& item, const std::string& what) {
    THREATLAS_TRY(store::Desk * kept, desk.store.desk());
    return kept->put(who, {.kind = kind, .id = item.id, .organisation = item.organisation, .made = desk.now(), .body = core::write_json(model::to_json(item))}, what);
}

Result<void> drop(const Desk& desk, const model::Reader& who, const std::string& kind, const std::string& id) {
    THREATLAS_TRY(store::Desk * kept, desk.store.desk());
    THREATLAS_TRY(const auto item, kept->item(kind, id));
    if (!item || (item->organisation != who.organisation && who.role != model::Role::administrator)) return fail(ErrorCode::not_found, "there is no " + kind + " '" + id.substr(0, 60) + "' of your organisation");
    return kept->remove(who, kind, id);
}

std::string plain_clearance(const std::string& asked) { return store::text(store::parse_marking(asked)); }

// The lower word and the codes of both.
std::string lower(const std::string& a, const std::string& b) {
    const auto x = store::parse_marking(a), y = store::parse_marking(b);
    return store::text({std::min(x.rank, y.rank), static_cast<std::uint8_t>(x.codes & y.codes)});
}

}  // namespace

Result<void> fit_email(const std::string& email) {
    const auto at = email.find('@');
    const bool plain = std::all_of(email.begin(), email.end(), [](char c) { return c > 32 && c < 127 && std::string_view("<>()[]\\,;:\"").find(c) == std::string_view::npos; });
    if (plain && email.size() <= 254 && at != std::string::npos && at > 0 && at <= 64 && email.find('@', at + 1) == std::string::npos && email.find('.', at) != std::string::npos && !email.ends_with('.') && email[at + 1] != '.') return {};
    return fail(ErrorCode::bad_input, "'" + email.substr(0, 80) + "' is no e-mail address such as desk@police.example");
}

Result<std::vector<model::ContactPoint>> contact_points(const Desk& desk) {
    THREATLAS_TRY(auto all, all_of<model::ContactPoint>(desk, "contact"));
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return std::tie(a.organisation, a.desk, a.id) < std::tie(b.organisation, b.desk, b.id); });
    return all;
}

Result<model::ContactPoint> save_contact_point(const Desk& desk, const model::Reader& who, model::ContactPoint wanted) {
    if (!speaks(who) && who.role != model::Role::administrator) return fail(ErrorCode::not_allowed, "the directory is kept by contact points, analysts, directors and administrators");
    if (wanted.organisation.empty()) wanted.organisation = who.organisation;
    if (wanted.organisation != who.organisation && who.role != model::Role::administrator && who.organisation != store::kRegional) return fail(ErrorCode::not_allowed, "an organisation keeps its own contact points");
    THREATLAS_CHECK(known_organisations(desk.catalogue, {wanted.organisation}));
    THREATLAS_CHECK(fit_line(wanted.desk, "desk", 120, true));
    THREATLAS_CHECK(parse_duty_hours(wanted.hours));
    THREATLAS_CHECK(known_zone(wanted.zone));
    if (!wanted.email.empty()) THREATLAS_CHECK(fit_email(wanted.email));
    THREATLAS_CHECK(fit_line(wanted.phone, "phone", 60, false));
    if (wanted.phone.find_first_not_of("+0123456789 ()/-") != std::string::npos) return fail(ErrorCode::bad_input, "'phone' is a number such as +381 11 000 000");
    if (!wanted.address.empty()) THREATLAS_CHECK(exchange::http::place_of(wanted.address));
    THREATLAS_CHECK(fit(wanted.public_key, "public_key", 8000, false));
    THREATLAS_CHECK(fit_line(wanted.fingerprint, "fingerprint", 200, false));
    THREATLAS_CHECK(fit(wanted.note, "note", 1000, false));
    if (wanted.languages.size() > 20) return fail(ErrorCode::bad_input, "more than 20 languages");
    for (const auto& each : wanted.languages) THREATLAS_CHECK(fit_language(each));
    if (!wanted.id.empty()) {
        THREATLAS_TRY(const auto all, contact_points(desk));
        const auto known = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.id == wanted.id; });
        if (known == all.end() || known->organisation != wanted.organisation) return fail(ErrorCode::not_found, "there is no contact point '" + wanted.id.substr(0, 60) + "' of " + wanted.organisation);
    } else {
        wanted.id = new_id("P");
    }
    wanted.modified = iso_time(desk.now());
    THREATLAS_CHECK(save(desk, who, "contact", wanted, "desk '" + wanted.desk + "'"));
    return wanted;
}

Result<void> drop_contact_point(const Desk& desk, const model::Reader& who, const std::string& id) { return drop(desk, who, "contact", id); }

Result<std::vector<model::Subscription>> all_subscriptions(const Desk& desk) { return all_of<model::Subscription>(desk, "subscription"); }

Result<std::vector<model::Subscription>> subscriptions(const Desk& desk, const model::Reader& reader) {
    THREATLAS_TRY(auto all, all_subscriptions(desk));
    std::erase_if(all, [&](const auto& each) { return each.organisation != reader.organisation; });
    return all;
}

Result<model::Subscription> subscribe(const Desk& desk, const model::Reader& who, const std::string& account, model::Subscription wanted) {
    THREATLAS_CHECK(may_speak(who, "subscribing"));
    THREATLAS_CHECK(fit_topics(desk.catalogue, wanted.areas, wanted.threats, wanted.mos, wanted.places));
    for (const auto& each : wanted.languages) THREATLAS_CHECK(fit_language(each));
    for (const auto& each : wanted.kinds)
        if (!has({"bulletin", "request", "answer", "new_mo", "warning", "best_practice", "wanted_information"}, each)) return fail(ErrorCode::bad_input, "'" + each.substr(0, 40) + "' is no kind; kinds are bulletin, request, answer, new_mo, warning, best_practice, wanted_information");
    if (!has({"at_once", "daily", "none"}, wanted.digest)) return fail(ErrorCode::bad_input, "a digest comes at_once, daily, or none");
    if (wanted.digest != "none" || !wanted.email.empty()) THREATLAS_CHECK(fit_email(wanted.email));
    THREATLAS_TRY(const auto have, subscriptions(desk, who));
    if (have.size() >= kMostSubscriptions) return fail(ErrorCode::conflict, "this organisation has 200 subscriptions: end one first");
    wanted.id = new_id("U"), wanted.organisation = who.organisation, wanted.account = account, wanted.made = iso_time(desk.now());
    wanted.clearance = lower(plain_clearance(wanted.clearance), who.clearance);
    THREATLAS_CHECK(save(desk, who, "subscription", wanted, wanted.digest));
    return wanted;
}

Result<void> unsubscribe(const Desk& desk, const model::Reader& who, const std::string& id) { return drop(desk, who, "subscription", id); }

Result<std::vector<model::Webhook>> all_webhooks(const Desk& desk) { return all_of<model::Webhook>(desk, "webhook"); }

Result<std::vector<model::Webhook>> webhooks(const Desk& desk, const model::Reader& reader) {
    THREATLAS_TRY(auto all, all_webhooks(desk));
    std::erase_if(all, [&](const auto& each) { return each.organisation != reader.organisation && reader.role != model::Role::administrator; });
    for (auto& each : all) each.secret.clear();
    return all;
}

Result<model::Webhook> add_webhook(const Desk& desk, const model::Reader& who, const std::string& account, model::Webhook wanted) {
    if (!speaks(who) && who.role != model::Role::administrator) return fail(ErrorCode::not_allowed, "webhooks are for contact points, analysts, directors and administrators");
    if (wanted.url.size() > 500) return fail(ErrorCode::bad_input, "'url' is longer than 500 bytes");
    THREATLAS_CHECK(exchange::http::place_of(wanted.url));
    for (const auto& each : wanted.events)
        if (!has({"bulletin", "request", "answer"}, each)) return fail(ErrorCode::bad_input, "events are bulletin, request and answer");
    THREATLAS_TRY(const auto all, all_webhooks(desk));
    if (static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const auto& each) { return each.organisation == who.organisation; })) >= kMostWebhooks) return fail(ErrorCode::conflict, "this organisation has 20 webhooks: remove one first");
    wanted.id = new_id("H"), wanted.organisation = who.organisation, wanted.account = account, wanted.made = iso_time(desk.now()), wanted.secret = store::random_text(32), wanted.stopped = false;
    wanted.clearance = lower(plain_clearance(wanted.clearance), who.clearance);
    THREATLAS_CHECK(save(desk, who, "webhook", wanted, "added"));
    return wanted;
}

Result<void> drop_webhook(const Desk& desk, const model::Reader& who, const std::string& id) { return drop(desk, who, "webhook", id); }

template <class T>
Result<bool> closed(const Desk& desk, const T& item) {
    THREATLAS_TRY(const auto reader, reader_for(desk, item.organisation, item.account, item.clearance, "directory"));
    return !reader;
}

template <class T>
Result<T> take_over(const Desk& desk, const model::Reader& who, const std::string& account, const std::string& id) {
    constexpr bool kHook = std::is_same_v<T, model::Webhook>;
    const std::string kind = kHook ? "webhook" : "subscription";
    if (!kHook || who.role != model::Role::administrator) THREATLAS_CHECK(may_speak(who, "taking over a " + kind));
    THREATLAS_TRY(const auto all, all_of<T>(desk, kind));
    const auto found = std::find_if(all.begin(), all.end(), [&](const T& each) { return each.id == id && each.organisation == who.organisation; });
    if (found == all.end()) return fail(ErrorCode::not_found, "there is no " + kind + " '" + id.substr(0, 60) + "' of your organisation");
    THREATLAS_TRY(const bool over, closed(desk, *found));
    if (!over) return fail(ErrorCode::conflict, kind + " " + id + " is not taken over: its account is open");
    T now = *found;
    now.account = account, now.clearance = lower(now.clearance, who.clearance);
    THREATLAS_CHECK(save(desk, who, kind, now, "taken over from an account that is closed"));
    if constexpr (kHook) now.secret.clear();
    return now;
}
template Result<bool> closed<model::Subscription>(const Desk&, const model::Subscription&);
template Result<bool> closed<model::Webhook>(const Desk&, const model::Webhook&);
template Result<model::Subscription> take_over<model::Subscription>(const Desk&, const model::Reader&, const std::string&, const std::string&);
template Result<model::Webhook> take_over<model::Webhook>(const Desk&, const model::Reader&, const std::string&, const std::string&);

Result<std::vector<store::Delivery>> deliveries(const Desk& desk, const model::Reader& reader) {
    THREATLAS_TRY(store::Desk * kept, desk.store.desk());
    const bool all = reader.role == model::Role::administrator || reader.role == model::Role::auditor;
    return kept->deliveries(all ? std::string() : reader.organisation);
}

Result<void> stop_webhook(const Desk& desk, const model::Webhook& webhook, bool stopped) {
    model::Webhook now = webhook;
    now.stopped = stopped;
    return save(desk, desk_of(webhook.organisation, "webhook"), "webhook", now, stopped ? "stopped: a day without success" : "begun again");
}

Result<std::optional<model::Reader>> reader_for(const Desk& desk, const std::string& organisation, const std::string& account, const std::string& clearance, const std::string& what) {
    model::Reader out = desk_of(organisation, what);
    out.clearance = clearance;
    if (account.empty()) return std::optional(out);
    THREATLAS_TRY(store::Accounts * accounts, desk.store.accounts());
    std::optional<store::Standing> standing;
    if (account.starts_with("m-")) {
        THREATLAS_TRY(const auto machines, accounts->machines());
        for (const auto& each : machines)
            if (each.id == account && !each.revoked && (each.expires == 0 || each.expires > desk.now())) standing = each.standing;
    } else {
        THREATLAS_TRY(const auto person, accounts->person(account));
        if (person && person->state == "active") standing = person->standing;
    }
    if (!standing || standing->organisation != organisation) return std::optional<model::Reader>();
    out.person = account, out.clearance = lower(clearance, standing->clearance);
    return std::optional(out);
}

}  // namespace threatlas::work::contact
