#include "work/contact/spread.hpp"

#include <algorithm>
#include <charconv>

#include "core/text.hpp"
#include "model/json_codec.hpp"
#include "store/desk.hpp"
#include "work/contact/carrying.hpp"
#include "work/contact/directory.hpp"
#include "work/nodes/post.hpp"

namespace threatlas::work::contact {

using core::Result;

namespace {

const std::vector<std::string> kKinds{"bulletin", "request", "answer"};
constexpr std::int64_t kDay = 86'400, kDigestHour = 5;   // UTC

std::vector<std::string> list_at(const core::json::object& record, std::string_view key) {
    std::vector<std::string> out;
    if (const auto* value = record.if_contains(key); value != nullptr && value->is_array())
        for (const auto& each : value->get_array())
            if (each.is_string()) out.emplace_back(each.get_string());
    return out;
}

std::string text_at(const core::json::object& record, std::string_view key) {
    const auto* value = record.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

bool meet(const std::vector<std::string>& wanted, const std::vector<std::string>& said) {
    return wanted.empty() || said.empty() || std::any_of(said.begin(), said.end(), [&](const auto& each) { return has(wanted, each); });
}

// The next five o'clock after a moment.
std::int64_t next_digest(std::int64_t now) {
    const std::int64_t at = now / kDay * kDay + kDigestHour * 3600;
    return at > now ? at : at + kDay;
}

Result<std::uint64_t> cursor_at(store::Desk& desk) {
    THREATLAS_TRY(const auto item, desk.item("cursor", "spread"));
    std::uint64_t out = 0;
    if (item) std::from_chars(item->body.data(), item->body.data() + item->body.size(), out);
    return out;
}

}  // namespace

bool matches(const model::Catalogue& catalogue, const model::Subscription& wanted, const Paper& paper) {
    const auto& record = paper.record;
    if (!wanted.kinds.empty() && !has(wanted.kinds, paper.kind) && !(paper.kind == "bulletin" && has(wanted.kinds, text_at(record, "kind")))) return false;
    std::vector<std::string> threats = list_at(record, "threats"), areas = list_at(record, "areas");
    for (std::size_t i = 0; i < threats.size() && threats.size() < 200; ++i) {   // and the wider ones they are part of
        const auto* threat = catalogue.threat(threats[i]);
        if (threat == nullptr) continue;
        add_to(areas, threat->area);
        if (!threat->parent.empty()) add_to(threats, threat->parent);
    }
    const std::string language = text_at(record, "language");
    return meet(wanted.areas, areas) && meet(wanted.threats, threats) && meet(wanted.mos, list_at(record, "mos")) && meet(wanted.places, list_at(record, "places")) && (wanted.languages.empty() || language.empty() || has(wanted.languages, language));
}

Result<void> plan(const Desk& desk, const Paper& paper, const std::vector<std::string>& organisations) {
    THREATLAS_TRY(store::Desk * kept, desk.store.desk());
    const std::int64_t now = desk.now();
    const std::string subject = paper.kind + " " + paper.id + "." + std::to_string(paper.version);
    const auto to = [&](const std::string& channel, const std::string& target, const std::string& organisation, std::int64_t next) -> Result<void> {
        THREATLAS_TRY(const bool fresh, kept->plan({.number = 0, .channel = channel, .target = target, .subject = subject, .organisation = organisation, .state = "waiting", .made = now, .next = next, .attempts = {}}));
        (void)fresh;
        return {};
    };
    // Who was told of an earlier version is told of this one, whatever it is about by now.
    std::vector<std::string> told;
    if (paper.version > 1) {
        THREATLAS_TRY(const auto before, kept->deliveries({}));
        for (const auto& each : before)
            if (each.subject.starts_with(paper.kind + " " + paper.id + ".")) add_to(told, each.target);
    }
    THREATLAS_TRY(const auto subscriptions, all_subscriptions(desk));
    for (const auto& each : subscriptions)
        if (each.digest != "none" && has(organisations, each.organisation) && (has(told, each.id) || matches(desk.catalogue, each, paper))) THREATLAS_CHECK(to("mail", each.id, each.organisation, each.digest == "at_once" ? now : next_digest(now)));
    THREATLAS_TRY(const auto webhooks, all_webhooks(desk));
    for (const auto& each : webhooks)
        if (!each.stopped && has(organisations, each.organisation) && (each.events.empty() || has(each.events, paper.kind))) THREATLAS_CHECK(to("webhook", each.id, each.organisation, now));
    return {};
}

Result<void> spread(const Desk& desk) {
    THREATLAS_TRY(store::Desk * kept, desk.store.desk());
    THREATLAS_TRY(const std::string own, own_organisation(desk.store));
    for (;;) {
        THREATLAS_TRY(const std::uint64_t from, cursor_at(*kept));
        THREATLAS_TRY(const auto fresh, kept->opened_after(from, kKinds, 100));
        if (fresh.empty()) return {};
        for (const auto& mark : fresh) {
            if (mark.originators.empty()) continue;
            const model::Reader who = desk_of(mark.originators.front(), "sending what was issued");
            const auto dot = mark.id.rfind('.');
            THREATLAS_TRY(const auto all, papers(desk, who, mark.kind, mark.id.substr(0, dot)));
            const auto found = std::find_if(all.begin(), all.end(), [&](const Paper& each) { return each.id + "." + std::to_string(each.version) == mark.id; });
            if (found == all.end()) continue;   // its owners' consent has run out
            std::vector<std::string> to;
            for (const auto& each : found->audience)
                if (each != mark.originators.front()) to.push_back(each);
            std::vector<std::string> nodes;
            for (const auto& each : to) {
                THREATLAS_TRY(const store::Sight sight, desk.store.sight(desk_of(each, "receiving")));
                if (may_go(Exit::feed, sight, found->marked()) == Extent::whole) nodes.push_back(each);
            }
            if (own.empty() || own == mark.originators.front()) THREATLAS_CHECK(send(desk, who, *found, nodes));
            THREATLAS_CHECK(plan(desk, *found, to));
        }
        THREATLAS_CHECK(kept->put(desk_of(std::string(store::kRegional), "cursor"), {.kind = "cursor", .id = "spread", .organisation = {}, .made = desk.now(), .body = std::to_string(fresh.back().number)}, {}));
    }
}

}  // namespace threatlas::work::contact
