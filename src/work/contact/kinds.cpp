// What is particular to a bulletin, a request, an answer.
#include <algorithm>

#include "core/calendar.hpp"
#include "work/contact/papers.hpp"

namespace threatlas::work::contact {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr std::size_t kTitle = 200, kText = 20'000;

Result<void> one_of(const std::string& value, const char* what, const std::vector<std::string>& known) {
    if (has(known, value)) return {};
    std::string words;
    for (const auto& each : known) words += (words.empty() ? "" : ", ") + each;
    return fail(ErrorCode::bad_input, std::string("'") + what + "' is one of " + words + ", not '" + value.substr(0, 40) + "'");
}

Result<void> day_to_come(const Desk& desk, const std::string& day, const char* what) {
    if (day.empty()) return {};
    THREATLAS_TRY(const core::Day read, core::parse_day(day));
    if (core::iso(read) < iso_time(desk.now()).substr(0, 10)) return fail(ErrorCode::bad_input, std::string("'") + what + "' lies in the past: name a day from today on");
    return {};
}

}  // namespace

Result<void> check(const Desk& desk, const model::Reader&, model::Bulletin& wanted) {
    THREATLAS_CHECK(one_of(wanted.kind, "kind", {"new_mo", "warning", "best_practice", "wanted_information"}));
    THREATLAS_CHECK(fit_line(wanted.title, "title", kTitle, true));
    THREATLAS_CHECK(fit(wanted.text, "text", kText, true));
    THREATLAS_CHECK(fit_topics(desk.catalogue, wanted.areas, wanted.threats, wanted.mos, wanted.places));
    return day_to_come(desk, wanted.valid_until, "valid_until");
}

Result<void> check(const Desk& desk, const model::Reader&, model::Request& wanted) {
    THREATLAS_CHECK(one_of(wanted.kind, "kind", {"information", "verification", "consent", "match"}));
    THREATLAS_CHECK(fit_line(wanted.title, "title", kTitle, true));
    THREATLAS_CHECK(fit(wanted.text, "text", kText, false));
    if (wanted.questions.empty() && wanted.text.empty()) return fail(ErrorCode::bad_input, "a request asks something: 'questions' or 'text'");
    if (wanted.questions.size() > 30) return fail(ErrorCode::bad_input, "more than 30 questions");
    for (const auto& each : wanted.questions) THREATLAS_CHECK(fit(each, "questions", 1000, true));
    THREATLAS_CHECK(fit_line(wanted.match, "match", 200, wanted.kind == "match"));
    THREATLAS_CHECK(fit_topics(desk.catalogue, wanted.areas, wanted.threats, wanted.mos, wanted.places));
    return day_to_come(desk, wanted.deadline, "deadline");
}

Result<void> check(const Desk& desk, const model::Reader& who, model::Answer& wanted) {
    THREATLAS_CHECK(one_of(wanted.outcome, "outcome", {"answered", "nothing_known", "cannot_answer"}));
    THREATLAS_CHECK(fit(wanted.text, "text", kText, false));
    if (!is_id(wanted.request)) return fail(ErrorCode::bad_input, "'request' is the id of a request");
    THREATLAS_TRY(const auto found, papers(desk, who, "request", wanted.request));
    if (found.empty()) return fail(ErrorCode::not_found, "there is no request '" + wanted.request + "'; 'threatlas request list' lists them");
    THREATLAS_TRY(const auto asked, record_of<model::Request>(found.back()));
    if (wanted.version == 1 && asked.state != "open") return fail(ErrorCode::conflict, "request " + asked.id + " is " + asked.state);
    if (asked.originator == who.organisation) return fail(ErrorCode::conflict, "it is your own request: others answer it");
    if (wanted.answers.size() > asked.questions.size()) return fail(ErrorCode::bad_input, "the request has " + std::to_string(asked.questions.size()) + " questions: there are not more answers");
    for (const auto& each : wanted.answers) THREATLAS_CHECK(fit(each, "answers", 4000, false));
    const bool said = !wanted.text.empty() || std::any_of(wanted.answers.begin(), wanted.answers.end(), [](const auto& each) { return !each.empty(); });
    if (wanted.outcome == "answered" && !said) return fail(ErrorCode::bad_input, "an answer says something: 'answers' or 'text'");
    add_to(wanted.recipients, asked.originator);
    return {};
}

std::string title_of(const model::Bulletin& record) { return record.title; }
std::string title_of(const model::Request& record) { return record.title; }
std::string title_of(const model::Answer& record) { return "Answer to " + record.request; }

void empty(model::Bulletin& record) { record.title = "Withdrawn", record.text.clear(); }
void empty(model::Request& record) { record.title = "Withdrawn", record.text.clear(), record.questions.clear(); }
void empty(model::Answer& record) { record.text.clear(), record.answers.clear(); }

}  // namespace threatlas::work::contact
