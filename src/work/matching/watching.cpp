// Alarms: what trying out a list looks like. They are dossiers, so what was seen and what was done about it is in the audit chain.
#include <algorithm>
#include <charconv>

#include "core/hash.hpp"
#include "core/text.hpp"
#include "model/json_codec.hpp"
#include "work/matching/parts.hpp"

namespace threatlas::work::matching {

using core::ErrorCode;
using core::fail;
using core::Result;
namespace ids = exchange::identifiers;

namespace {

constexpr const char* kKind = "match_alarm";
constexpr std::int64_t kNearDistance = 3;
constexpr std::size_t kNearEnough = 10;        // of one question or of a day, with a neighbour asked as well
constexpr std::uint64_t kOneCase = 500;        // evaluations of a day for one case
constexpr std::int32_t kRemembered = 7;        // days

// 'phone +38164', 1234567: what stands before the last digits, and they as a number. Nothing for what has no digits at its end.
std::optional<std::pair<std::string, std::int64_t>> numbered(const ids::Identifier& one) {
    // An IBAN, a Luhn digit and the like change with their check digits; the body counts.
    const std::string& text = one.value;
    std::size_t begin = text.size();
    while (begin > 0 && text.size() - begin < 9 && text[begin - 1] >= '0' && text[begin - 1] <= '9') --begin;
    std::string_view digits = std::string_view(text).substr(begin), head = std::string_view(text).substr(0, begin);
    if (one.kind == ids::Kind::plate && digits.empty()) {   // BG123AB: the number stands within
        const auto last = text.find_last_of("0123456789");
        if (last == std::string::npos) return std::nullopt;
        const auto first = text.find_last_not_of("0123456789", last) + 1;
        digits = std::string_view(text).substr(first, last + 1 - first);
        std::int64_t number = 0;
        std::from_chars(digits.data(), digits.data() + digits.size(), number);
        return std::pair(text.substr(0, first) + "#" + text.substr(last + 1), number);
    }
    if (digits.size() < 3) return std::nullopt;
    if (one.kind == ids::Kind::iban) head = head.size() > 4 ? std::string(head).erase(2, 2) : head;
    std::int64_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return std::pair(std::string(head), number);
}

std::string index_text(const ids::Identifier& one, const std::string& head, std::int64_t number) { return ids::text_of(one.kind, one.country, head) + " " + std::to_string(number); }

Result<Alarm> read(const store::Dossier& dossier) {
    THREATLAS_TRY(const auto value, core::parse_json(dossier.json, "alarm"));
    Alarm out;
    THREATLAS_CHECK(model::from_json(value, out, "alarm"));
    out.id = dossier.id, out.at = dossier.at;
    for (const auto& step : dossier.steps) {
        THREATLAS_TRY(const auto body, core::parse_json(step.json, "alarm"));
        const auto* text = body.as_object().if_contains("text");
        out.steps.push_back({step.action, text != nullptr && text->is_string() ? std::string(text->get_string()) : "", step.at, step.person});
        out.state = step.action;
    }
    return out;
}

}  // namespace

Result<void> Desk::raise(const model::Reader& who, Alarm alarm) {
    THREATLAS_TRY(const Settings settings, this->settings());
    alarm.day = iso_day(day());
    alarm.text = shown(alarm.text, 500);
    // One a rule, side, party and day: more of the same tells nothing.
    const std::string id = "A-" + core::sha256(alarm.rule + "\n" + alarm.side + "\n" + alarm.party + "\n" + alarm.day).substr(0, 16);
    alarm.id = id;
    THREATLAS_TRY(const bool fresh, store_.open_dossier(keeper(who), {.kind = kKind, .id = id, .handling = "TLP:GREEN", .at = {}, .json = core::write_json(model::to_json(alarm)), .steps = {}, .originators = {settings.organisation}}));
    if (fresh && told_) told_(alarm);
    return {};
}

Result<void> Desk::watch_served(const model::Reader& who, const store::MatchQuery& query, std::uint64_t most) {
    THREATLAS_TRY(auto* tables, this->tables());
    const auto tell = [&](const char* rule, std::string text) { return raise(who, {.id = {}, .rule = rule, .side = "served", .party = query.party, .day = {}, .text = std::move(text), .at = {}, .state = "open", .steps = {}}); };
    THREATLAS_TRY(const auto usage, tables->usage(day() - 30));
    std::uint64_t today = 0, before = 0, days = 0;
    for (const auto& each : usage) {
        if (each.side != "served" || each.party != query.party) continue;
        if (each.day == day()) today = each.evaluations;
        else before += each.evaluations, ++days;
    }
    if (today * 5 >= most * 4) THREATLAS_CHECK(tell("volume", "it has used four fifths of its evaluations of the day: " + std::to_string(today) + " of " + std::to_string(most)));
    else if (days >= 5 && today >= 500 && today > 5 * (before / days)) THREATLAS_CHECK(tell("volume", "it asked for " + std::to_string(today) + " evaluations today, and for " + std::to_string(before / days) + " on a day before"));
    THREATLAS_TRY(const std::uint64_t of_case, tables->evaluations_of_case("served", query.party, query.case_reference, day()));
    if (of_case >= kOneCase) THREATLAS_CHECK(tell("one_case", std::to_string(of_case) + " evaluations in a day rest on one case, '" + query.case_reference + "'"));
    return {};
}

// On the asker's own side alone: the holder sees nothing of what is asked.
Result<void> Desk::watch_asked(const model::Reader& who, const std::vector<ids::Identifier>& asked) {
    THREATLAS_TRY(auto* tables, this->tables());
    std::vector<std::string> own;
    std::map<std::string, std::vector<std::int64_t>> runs;
    std::uint64_t near = 0;
    for (const auto& each : asked) {
        const auto number = numbered(each);
        if (!number) continue;
        std::vector<std::string> neighbours;
        for (std::int64_t step = -kNearDistance; step <= kNearDistance; ++step)
            if (step != 0) neighbours.push_back(index_text(each, number->first, number->second + step));
        THREATLAS_TRY(const std::uint64_t before, tables->seen_before(neighbours));
        near += before > 0 ? 1 : 0;
        own.push_back(index_text(each, number->first, number->second));
        runs[ids::text_of(each.kind, each.country, number->first)].push_back(number->second);
    }
    std::size_t beside = 0;
    for (auto& [head, numbers] : runs) {
        std::sort(numbers.begin(), numbers.end());
        for (std::size_t i = 1; i < numbers.size(); ++i) beside += numbers[i] != numbers[i - 1] && numbers[i] - numbers[i - 1] <= kNearDistance ? 1 : 0;
    }
    THREATLAS_CHECK(tables->remember(own, day(), kRemembered));
    THREATLAS_TRY(const std::uint64_t of_day, tables->count_neighbours(who.person, day(), near));
    if (beside >= kNearEnough || of_day >= kNearEnough)
        THREATLAS_CHECK(raise(who, {.id = {}, .rule = "consecutive", .side = "asked", .party = who.person, .day = {}, .text = "numbers that follow each other were asked: " + std::to_string(std::max<std::uint64_t>(beside, of_day)) + " with a neighbour within " + std::to_string(kNearDistance), .at = {}, .state = "open", .steps = {}}));
    return {};
}

Result<std::vector<Alarm>> Desk::alarms(const model::Reader& who) {
    THREATLAS_TRY(const Settings settings, this->settings());
    if (!settings.organisation.empty()) THREATLAS_CHECK(may_look(who, settings, "the alarms of matching"));
    THREATLAS_TRY(const auto all, store_.dossiers(who, kKind));
    std::vector<Alarm> out;
    for (auto each = all.rbegin(); each != all.rend(); ++each) {
        THREATLAS_TRY(auto one, read(*each));
        out.push_back(std::move(one));
    }
    return out;
}

Result<Alarm> Desk::step_alarm(const model::Reader& who, const std::string& id, const std::string& action, const std::string& text) {
    THREATLAS_TRY(const Settings settings, this->settings());
    THREATLAS_CHECK(may_look(who, settings, "the alarms of matching"));
    if (action != "seen" && action != "closed") return fail(ErrorCode::bad_usage, "a step is seen or closed");
    if (core::trim(text).empty() || text.size() > 2000 || !core::is_utf8(text)) return fail(ErrorCode::bad_input, "say what was found, in at most 2000 bytes", {"", 0, "text"});
    THREATLAS_TRY(const auto before, alarms(who));
    const auto found = std::find_if(before.begin(), before.end(), [&](const auto& each) { return each.id == id; });
    if (found == before.end()) return fail(ErrorCode::not_found, "there is no alarm '" + shown(id, 40) + "'; 'threatlas match alarms' lists them");
    if (found->state == "closed") return fail(ErrorCode::conflict, "this alarm is closed already");
    THREATLAS_CHECK(store_.add_step(who, kKind, id, action, core::write_json(core::json::object{{"text", text}})));
    THREATLAS_TRY(auto after, alarms(who));
    return *std::find_if(after.begin(), after.end(), [&](const auto& each) { return each.id == id; });
}

Result<std::vector<store::MatchQuery>> Desk::log(const model::Reader& who, std::size_t most) {
    THREATLAS_TRY(const Settings settings, this->settings());
    THREATLAS_CHECK(may_look(who, settings, "the log of matching"));
    THREATLAS_TRY(auto* tables, this->tables());
    return tables->queries(who, most);
}

Result<std::vector<Quota>> Desk::quotas(const model::Reader& who, int days) {
    THREATLAS_TRY(const Settings settings, this->settings());
    THREATLAS_CHECK(may_look(who, settings, "quotas"));
    THREATLAS_TRY(auto* tables, this->tables());
    THREATLAS_TRY(const auto usage, tables->usage(day() - days));
    std::vector<Quota> out;
    for (const auto& each : usage) out.push_back({each.side, each.party, iso_day(each.day), static_cast<std::int64_t>(each.evaluations), settings.daily, static_cast<std::int64_t>(each.queries), static_cast<std::int64_t>(each.refused)});
    return out;
}

}  // namespace threatlas::work::matching
