#include "work/contact/deliver.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>

#include "core/text.hpp"
#include "exchange/http/client.hpp"
#include "exchange/net/addresses.hpp"
#include "exchange/stix/ids.hpp"
#include "exchange/webhook/signature.hpp"
#include "model/json_codec.hpp"
#include "store/desk.hpp"
#include "work/contact/directory.hpp"
#include "work/contact/papers.hpp"

namespace threatlas::work::contact {

using core::ErrorCode;
using core::fail;
using core::Result;
using store::Delivery;
namespace json = core::json;

namespace {

constexpr std::int64_t kMinute = 60, kHour = 3600, kDay = 24 * kHour, kLease = 10 * kMinute;
constexpr std::int64_t kMailGivenUp = 3 * kDay, kWebhookGivenUp = kDay;
constexpr std::size_t kListed = 100;   // of one message; more are counted

std::string text_at(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

// A minute after the first try, then twice as long each time, six hours at most.
std::int64_t next_try(const Delivery& delivery, std::int64_t now) { return now + std::min<std::int64_t>(kMinute << std::min<std::size_t>(delivery.attempts.size(), 12), 6 * kHour); }

// The version a delivery is about, as the receiver may see it now. None with the reason.
struct Found {
    std::optional<Paper> paper;
    std::string why;
};
Result<Found> found_for(const Desk& desk, const model::Reader& reader, const Delivery& delivery) {
    const auto space = delivery.subject.find(' '), dot = delivery.subject.rfind('.');
    if (space == std::string::npos || dot == std::string::npos || dot < space) return Found{{}, "it names nothing"};
    const std::string kind = delivery.subject.substr(0, space), id = delivery.subject.substr(space + 1, dot - space - 1);
    THREATLAS_TRY(auto all, papers(desk, reader, kind, id));
    for (auto& each : all)
        if (delivery.subject.substr(dot + 1) == std::to_string(each.version)) {
            if (&each != &all.back()) return Found{{}, "a later version came before it was sent"};
            if (expired(desk, each)) return Found{{}, "it has expired: its last day was " + text_at(each.record, "valid_until")};
            return Found{std::move(each), {}};
        }
    return Found{{}, "the account may not see it"};
}

struct Going {
    Delivery delivery;
    Paper paper;
    Extent extent = Extent::nothing;
};

std::string state_words(const Paper& paper) {
    const std::string state = text_at(paper.record, "state");
    if (state == "withdrawn") return "withdrawn";
    if (state == "closed") return "closed";
    return paper.version > 1 ? "corrected" : "new";
}

std::string kind_words(const Paper& paper) {
    std::string kind = text_at(paper.record, "kind");
    std::replace(kind.begin(), kind.end(), '_', ' ');
    return paper.kind == "bulletin" ? kind : paper.kind;
}

std::string body_of(const std::vector<Going>& all, const std::string& link) {
    std::string out;
    std::size_t notices = 0, listed = 0, more = 0;
    for (const Going& each : all) {
        const auto& record = each.paper.record;
        if (each.extent == Extent::notice) {
            ++notices;
            continue;
        }
        if (++listed > kListed) {
            ++more;
            continue;
        }
        out += (text_at(record, "title").empty() ? kind_words(each.paper) : text_at(record, "title")) + "\n";
        out += state_words(each.paper) + " - " + kind_words(each.paper) + " of " + text_at(record, "originator") + " - " + each.paper.handling + " - " + each.paper.id + "\n";
        if (each.extent == Extent::whole) {
            if (const std::string reason = text_at(record, "reason"); !reason.empty()) out += "Reason: " + reason + "\n";
            if (const std::string last_day = text_at(record, "valid_until"); !last_day.empty()) out += "Holds until " + last_day + "\n";
            if (const std::string text = text_at(record, "text"); !text.empty()) out += "\n" + text + "\n";
        }
        out += "\n----\n\n";
    }
    if (more != 0) out += std::to_string(more) + " more are on the dashboard.\n";
    if (notices != 0) out += notices == 1 ? "Something waits for you. It is not sent by e-mail.\n" : std::to_string(notices) + " things wait for you. They are not sent by e-mail.\n";
    if (!link.empty()) out += "\n" + link + "\n";
    return out + "\nSent because your organisation subscribed. What you read here stays under its marking.\n";
}

std::string subject_of(const std::vector<Going>& all) {
    std::map<std::string, std::size_t> counts;
    for (const Going& each : all)
        if (each.extent != Extent::notice) ++counts[state_words(each.paper)];
    std::string out;
    for (const auto& [word, count] : counts) out += (out.empty() ? "" : ", ") + std::to_string(count) + " " + word;
    return "Threatlas: " + (out.empty() ? std::string("something waits for you") : out);
}

Result<void> drop(store::Desk& kept, const Delivery& delivery, std::int64_t now, const std::string& why, Delivered& out) {
    ++out.dropped;
    return kept.tried(delivery, {now, why}, "dropped", delivery.next);
}

}  // namespace

Result<ContactSettings> contact_settings(const std::string& data_folder) {
    const std::string path = data_folder + "/contact.json";
    struct stat info{};
    if (::stat(path.c_str(), &info) != 0) return ContactSettings{};
    if ((info.st_mode & S_IRWXO) != 0) return fail(ErrorCode::not_allowed, "the settings of the contact desk may hold a password and may be read by others: chmod 600 " + path, {path, 0, ""});
    THREATLAS_TRY(const std::string text, core::read_file(path));
    THREATLAS_TRY(const auto value, core::parse_json(text, path));
    ContactSettings out;
    THREATLAS_CHECK(model::from_json(value, out, path));
    if (!out.mail.host.empty() && !exchange::mail::is_address(out.mail.from)) return fail(ErrorCode::bad_input, "'mail' needs 'from', the address the messages come from", {path, 0, "from"});
    for (const auto& each : out.webhooks.reachable) THREATLAS_CHECK(exchange::net::Network::parse(each));
    if (!out.link.empty()) THREATLAS_CHECK(exchange::http::place_of(out.link));
    return out;
}

Result<DeskState> desk_state(const Desk& desk, const model::Reader& reader, const std::string& data_folder) {
    DeskState out;
    std::error_code error;
    if (const auto settings = contact_settings(data_folder); !settings) out.settings = "broken", out.problem = core::describe(settings.error());
    else if (std::filesystem::exists(data_folder + "/contact.json", error)) out.settings = "used", out.mail = !settings->mail.host.empty();
    THREATLAS_TRY(const auto sent, deliveries(desk, reader));
    for (const auto& each : sent) out.waiting += each.state == "waiting" ? 1 : 0, out.given_up += each.state == "given_up" ? 1 : 0;
    const auto ours = [&](const auto& each) { return each.organisation == reader.organisation || reader.role == model::Role::administrator || reader.role == model::Role::auditor; };
    THREATLAS_TRY(const auto subscriptions, all_subscriptions(desk));
    for (const auto& each : subscriptions) {
        if (!ours(each)) continue;
        THREATLAS_TRY(const bool over, closed(desk, each));
        out.closed += over ? 1 : 0;
    }
    THREATLAS_TRY(const auto hooks, all_webhooks(desk));
    for (const auto& each : hooks) {
        if (!ours(each)) continue;
        THREATLAS_TRY(const bool over, closed(desk, each));
        out.closed += over ? 1 : 0, out.stopped += each.stopped ? 1 : 0;
    }
    return out;
}

Result<Delivered> deliver_mail(const Desk& desk, const ContactSettings& settings, bool early) {
    Delivered out;
    if (settings.mail.host.empty()) return out;
    THREATLAS_TRY(store::Desk * kept, desk.store.desk());
    const std::int64_t now = desk.now();
    THREATLAS_TRY(const auto subscriptions, all_subscriptions(desk));
    THREATLAS_TRY(const auto due, kept->due("mail", early ? now + kDay : now));
    std::map<std::string, std::vector<Delivery>> by_target;
    for (const auto& each : due)
        if (each.next <= now || each.attempts.empty()) by_target[each.target].push_back(each);   // early: not what waits after a failure
    std::vector<exchange::mail::Message> messages;
    std::vector<std::vector<Going>> goings;
    for (const auto& [target, deliveries] : by_target) {
        const auto subscription = std::find_if(subscriptions.begin(), subscriptions.end(), [&id = target](const auto& each) { return each.id == id; });
        std::optional<model::Reader> reader;
        if (subscription != subscriptions.end()) {
            THREATLAS_TRY(reader, reader_for(desk, subscription->organisation, subscription->account, subscription->clearance, "digest"));
        }
        std::vector<Going> going;
        for (Delivery each : deliveries) {
            THREATLAS_TRY(const bool ours, kept->claim(each, now + kLease));
            if (!ours) continue;
            each.next = now + kLease;
            if (!reader) {
                THREATLAS_CHECK(drop(*kept, each, now, subscription == subscriptions.end() ? "the subscription is ended" : "its account may not read any more", out));
                continue;
            }
            THREATLAS_TRY(auto found, found_for(desk, *reader, each));
            THREATLAS_TRY(const store::Sight sight, desk.store.sight(*reader));
            const Extent extent = found.paper ? may_go(Exit::mail, sight, found.paper->marked()) : Extent::nothing;
            if (extent == Extent::nothing) THREATLAS_CHECK(drop(*kept, each, now, found.why.empty() ? "the account may not see it" : found.why, out));
            else going.push_back({each, std::move(*found.paper), extent});
        }
        if (going.empty()) continue;
        std::string what = "e-mail to subscription " + target + ":";
        for (const Going& each : going) what += " " + each.paper.id + "." + std::to_string(each.paper.version) + " (" + std::string(word_of(each.extent)) + ")";
        THREATLAS_CHECK(desk.store.audit(*reader, "disclose", what.substr(0, 2000)));
        // The same message under the same name when it is tried again.
        messages.push_back({.from = settings.mail.from, .to = subscription->email, .from_name = settings.mail.from_name, .subject = subject_of(going), .text = body_of(going, settings.link), .id = exchange::stix::uuid_of("mail/" + target + "/" + std::to_string(going.back().delivery.number)), .date = now, .more = {}});
        goings.push_back(std::move(going));
    }
    if (messages.empty()) return out;
    const exchange::mail::Server server{.host = settings.mail.host, .port = settings.mail.port, .security = settings.mail.security, .user = settings.mail.user, .password = settings.mail.password, .authorities = settings.mail.authorities, .called = settings.mail.called};
    THREATLAS_TRY(const auto sent, exchange::mail::send(server, messages));
    const std::int64_t after = desk.now();
    for (std::size_t i = 0; i < goings.size(); ++i)
        for (const Going& each : goings[i]) {
            using Outcome = exchange::mail::Sent::Outcome;
            const bool over = sent[i].outcome == Outcome::never || (sent[i].outcome == Outcome::later && after - each.delivery.made > kMailGivenUp);
            const std::string state = sent[i].outcome == Outcome::sent ? "sent" : over ? "given_up" : "waiting";
            ++(state == "sent" ? out.sent : over ? out.given_up : out.later);
            THREATLAS_CHECK(kept->tried(each.delivery, {after, (state == "sent" ? "sent: " : "") + sent[i].said}, state, next_try(each.delivery, after)));
        }
    return out;
}

Result<Delivered> deliver_webhooks(const Desk& desk, const ContactSettings& settings) {
    Delivered out;
    THREATLAS_TRY(store::Desk * kept, desk.store.desk());
    THREATLAS_TRY(const auto due, kept->due("webhook", desk.now()));
    if (due.empty()) return out;
    THREATLAS_TRY(const auto all, all_webhooks(desk));
    std::vector<exchange::net::Network> ours;
    for (const auto& each : settings.webhooks.reachable) {
        THREATLAS_TRY(auto network, exchange::net::Network::parse(each));
        ours.push_back(network);
    }
    const auto reachable = [&](std::string_view address) { return exchange::net::is_public(address) || std::any_of(ours.begin(), ours.end(), [&](const auto& each) { return each.holds(address); }); };
    std::vector<std::string> silent;   // of this round: who does not answer is not asked again for each
    for (Delivery each : due) {
        const std::int64_t now = desk.now();
        if (has(silent, each.target)) continue;
        THREATLAS_TRY(const bool claimed, kept->claim(each, now + kLease));
        if (!claimed) continue;
        const auto webhook = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.id == each.target; });
        if (webhook == all.end() || webhook->stopped) {
            THREATLAS_CHECK(drop(*kept, each, now, "the webhook is stopped or gone", out));
            continue;
        }
        THREATLAS_TRY(const auto reader, reader_for(desk, webhook->organisation, webhook->account, webhook->clearance, "webhook"));
        Found found;
        Extent extent = Extent::nothing;
        if (reader) {
            THREATLAS_TRY(found, found_for(desk, *reader, each));
            THREATLAS_TRY(const store::Sight sight, desk.store.sight(*reader));
            if (found.paper) extent = may_go(Exit::webhook, sight, found.paper->marked());
        }
        if (extent == Extent::nothing) {
            THREATLAS_CHECK(drop(*kept, each, now, !found.why.empty() ? found.why : "its account may not see it", out));
            continue;
        }
        const std::string id = exchange::stix::uuid_of("webhook/" + each.target + "/" + each.subject);
        json::object body{{"id", id}, {"at", iso_time(now)}, {"event", "waiting"}};
        if (extent == Extent::whole) body["event"] = found.paper->kind, body["record"] = found.paper->record, body["handling"] = found.paper->handling;
        if (!settings.link.empty()) body["link"] = settings.link;
        const std::string text = core::write_json(body);
        THREATLAS_CHECK(desk.store.audit(*reader, "disclose", "webhook " + each.target + ": " + each.subject + " (" + std::string(word_of(extent)) + ")"));
        const auto answer = exchange::http::ask({.method = "POST", .url = webhook->url, .headers = {{"Content-Type", "application/json"}, {"Threatlas-Id", id}, {"Threatlas-Timestamp", std::to_string(now)}, {"Threatlas-Signature", exchange::webhook::signature(webhook->secret, id, now, text)}},
                                                 .body = text, .most = 64 * 1024, .deadline = std::chrono::seconds(10), .reachable = reachable},
                                                {.authorities = settings.webhooks.authorities});
        const bool done = answer && answer->status >= 200 && answer->status < 300, gone = answer && answer->status == 410;
        const bool over = !done && (gone || now - each.made > kWebhookGivenUp);
        if (!answer) silent.push_back(each.target);
        const std::string said = answer ? "status " + std::to_string(answer->status) : answer.error().message;
        ++(done ? out.sent : over ? out.given_up : out.later);
        THREATLAS_CHECK(kept->tried(each, {now, done ? "sent: " + said : said}, done ? "sent" : over ? "given_up" : "waiting", next_try(each, now)));
        if (over) THREATLAS_CHECK(stop_webhook(desk, *webhook, true));
    }
    return out;
}

}  // namespace threatlas::work::contact
