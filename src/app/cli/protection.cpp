// erase, review, consent: what happens to data because of whose they are and how long they are needed.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "app/cli/commands.hpp"
#include "app/cli/desk.hpp"
#include "app/cli/session.hpp"
#include "core/calendar.hpp"
#include "model/json_codec.hpp"
#include "work/contact/consents.hpp"
#include "work/review.hpp"

namespace threatlas::app {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;

// The one submission whose id begins so.
Result<std::string> named(store::Store& store, const model::Reader& reader, const std::string& begins) {
    THREATLAS_TRY(const auto all, store.submissions(reader));
    std::vector<std::string> found;
    for (const auto& each : all)
        if (each.id.starts_with(begins)) found.push_back(each.id);
    if (found.empty()) return fail(ErrorCode::not_found, "no submission begins with '" + begins + "'; 'threatlas submissions' lists them");
    if (found.size() > 1) return fail(ErrorCode::bad_usage, std::to_string(found.size()) + " submissions begin with '" + begins + "'; give more of the id");
    return found.front();
}

Result<void> erase(const Session& session, const std::string& begins, const std::string& reason, bool file_name) {
    THREATLAS_TRY(const auto store, open_store(session));
    const model::Reader reader = reader_of(session, "administration: erasure of a submission");
    THREATLAS_TRY(const std::string id, named(*store, reader, begins));
    THREATLAS_CHECK(store->erase(reader, id, reason, file_name));
    if (!print_json(session, {{"erased", id}}))
        session.out << "erased: " << id.substr(0, 12) << ". Its observations, judgements and refused rows are gone, and its rows from stored assessments and signals. Copies outside this folder (files handed out, backups) are yours to erase.\n";
    return {};
}

Result<void> review_list(const Session& session) {
    THREATLAS_TRY(const auto store, open_store(session));
    THREATLAS_TRY(const auto all, store->reviews(reader_of(session, "management: review dates")));
    core::json::array rows;
    for (const auto& each : all) {
        if (session.json) rows.push_back(model::to_json(each));
        else session.out << fmt::format("{}  {}{}\n", core::iso(each.due), each.submission.substr(0, 12), each.reason.empty() ? "" : "  extended: " + each.reason);
    }
    print_json(session, rows);
    return {};
}

Result<void> review_extend(const Session& session, const std::string& begins, const std::string& until, const std::string& reason) {
    THREATLAS_TRY(const auto store, open_store(session));
    const model::Reader reader = reader_of(session, "management: review of a submission");
    THREATLAS_TRY(const std::string id, named(*store, reader, begins));
    THREATLAS_TRY(const core::Day day, core::parse_day(until));
    THREATLAS_CHECK(store->extend_review(reader, {id, day, reason}));
    if (!print_json(session, {{"submission", id}, {"due", until}})) session.out << "kept until " << until << ": " << id.substr(0, 12) << '\n';
    return {};
}

Result<void> review_due(const Session& session, const work::ReviewPolicy& policy, const std::string& day) {
    THREATLAS_TRY(const auto store, open_store(session));
    core::Day now = today();
    if (!day.empty()) {
        THREATLAS_TRY(now, core::parse_day(day));
        if (policy.withdraw && now > today()) return fail(ErrorCode::bad_usage, "nothing is withdrawn by a day to come: leave out --withdraw, or --on");
    }
    THREATLAS_TRY(const auto all, work::review(*store, reader_of(session, "management: review"), now, policy));
    if (print_json(session, model::to_json(all))) return {};
    for (const auto& each : all) session.out << fmt::format("{}  {:<9} {}  {:<20} {}\n", core::iso(each.due), each.state, each.submission.substr(0, 12), each.source, each.file);
    if (all.empty()) session.out << "nothing is due for review\n";
    return {};
}

Result<void> consent_give(const Session& session, const store::Consent& consent) {
    THREATLAS_TRY(const auto store, open_store(session));
    THREATLAS_TRY(const auto given, store->give_consent(reader_of(session, "administration: consent"), consent));
    if (!print_json(session, model::to_json(given))) session.out << "consent " << given.id << ": " << given.originator << " to " << given.to << '\n';
    return {};
}

// Of a bulletin, request or answer: as the organisation whose node this is, and every node that has it is told.
Result<void> consent_revoke(const Session& session, const std::string& id, const std::string& reason) {
    const auto group = reader_of(session, "administration: consent");
    THREATLAS_TRY(auto store, open_store(session));
    THREATLAS_TRY(const auto all, store->consents(group));
    if (std::any_of(all.begin(), all.end(), [&](const auto& each) { return each.id == id && work::contact::names_paper(each); })) {
        store.reset();
        THREATLAS_TRY(const auto open, open_desk(session, "joint_operation: taking back a consent"));
        THREATLAS_CHECK(work::contact::take_back(open.desk(), open.reader, id, reason));
    } else {
        THREATLAS_CHECK(store->revoke_consent(group, id, reason));
    }
    if (!print_json(session, {{"revoked", id}})) session.out << "taken back: " << id << '\n';
    return {};
}

Result<void> consent_list(const Session& session) {
    THREATLAS_TRY(const auto store, open_store(session));
    THREATLAS_TRY(const auto all, store->consents(reader_of(session, "management: consents")));
    if (print_json(session, model::to_json(all))) return {};
    for (const auto& each : all)
        session.out << fmt::format("{}  {} to {}{}{}{}  by {}\n", each.id, each.originator, each.to, each.purpose.empty() ? "" : " for " + each.purpose, each.until.empty() ? "" : " until " + each.until, each.revoked ? " (taken back)" : "", each.given_by);
    if (all.empty()) session.out << "no consent is recorded\n";
    return {};
}

}  // namespace

void add_protection(CLI::App& app, Session& session) {
    const auto id = std::make_shared<std::string>(), reason = std::make_shared<std::string>(), until = std::make_shared<std::string>(), on = std::make_shared<std::string>();
    auto* erasing = app.add_subcommand("erase", "take the content of a submission out for good");
    add_data_option(*erasing, session);
    const auto file_name = std::make_shared<bool>(false);
    erasing->add_option("--submission", *id, "as 'threatlas submissions' prints it, or its beginning")->required();
    erasing->add_option("--reason", *reason, "why: stays in the audit log, so name no person")->required();
    erasing->add_flag("--file-name", *file_name, "its file name as well");
    erasing->footer("What was handed in by mistake and may stay is withdrawn, not erased: 'threatlas submissions withdraw'.\n"
                    "Example:\n  threatlas erase --submission 3f2a91 --reason 'names of persons in a free-text column' --data var/mine");
    erasing->callback([&session, id, reason, file_name] { session.action = [&session, id, reason, file_name] { return erase(session, *id, *reason, *file_name); }; });

    auto* review = app.add_subcommand("review", "how long submissions are kept: dates, extensions, what is due");
    review->require_subcommand(1);
    review->footer("Examples:\n  threatlas review list --data var/mine\n  threatlas review due --withdraw --grace 30 --data var/mine\n  threatlas review extend 3f2a91 --until 2033-12-31 --reason 'series runs on' --data var/mine");
    auto* listing = review->add_subcommand("list", "every submission's review date");
    add_data_option(*listing, session);
    listing->callback([&session] { session.action = [&session] { return review_list(session); }; });
    auto* extending = review->add_subcommand("extend", "say that a submission is still needed");
    add_data_option(*extending, session);
    extending->add_option("id", *id, "as 'threatlas submissions' prints it, or its beginning")->required();
    extending->add_option("--until", *until, "the next review (YYYY-MM-DD)")->required();
    extending->add_option("--reason", *reason, "why it is needed")->required();
    extending->callback([&session, id, until, reason] { session.action = [&session, id, until, reason] { return review_extend(session, *id, *until, *reason); }; });
    auto* due = review->add_subcommand("due", "what is due soon or past its date");
    add_data_option(*due, session);
    const auto policy = std::make_shared<work::ReviewPolicy>();
    policy->withdraw = false;
    due->add_option("--warn", policy->warn_days, "days before the date it is shown")->check(CLI::Range(0, 3650))->capture_default_str();
    due->add_option("--grace", policy->grace_days, "days after the date it is withdrawn, with --withdraw")->check(CLI::Range(0, 3650))->capture_default_str();
    due->add_flag("--withdraw", policy->withdraw, "withdraw what is past date and grace, as the server does daily");
    due->add_option("--on", *on, "as of this day instead of today (YYYY-MM-DD)");
    due->callback([&session, policy, on] { session.action = [&session, policy, on] { return review_due(session, *policy, *on); }; });

    auto* consent = app.add_subcommand("consent", "leave of those who gave data: to read, or to pass on what is marked H2");
    consent->require_subcommand(1);
    consent->footer("Examples:\n  threatlas consent give --originator bg_mvr --to regional --given-by 'letter 12/2026' --until 2027-12-31 --data var/mine\n  threatlas consent list --data var/mine\n  threatlas consent revoke C-0123456789 --reason 'letter 15/2026' --data var/mine");
    const auto given = std::make_shared<store::Consent>();
    auto* giving = consent->add_subcommand("give", "record a consent");
    add_data_option(*giving, session);
    giving->add_option("--originator", given->originator, "who gave the data: member or source")->required();
    giving->add_option("--to", given->to, "organisation that may, or 'regional'")->required();
    giving->add_option("--given-by", given->given_by, "person or document that says so")->required();
    giving->add_option("--for", given->purpose, "only for this purpose (a word of --purpose); without: any but judicial");
    giving->add_option("--until", given->until, "last day (YYYY-MM-DD); without: until taken back");
    giving->add_option("--submission", given->submission, "only of this submission (its whole id)");
    giving->callback([&session, given] { session.action = [&session, given] { return consent_give(session, *given); }; });
    auto* revoking = consent->add_subcommand("revoke", "take a consent back");
    add_data_option(*revoking, session);
    revoking->add_option("id", *id, "as 'threatlas consent list' prints it")->required();
    revoking->add_option("--reason", *reason, "why")->required();
    revoking->callback([&session, id, reason] { session.action = [&session, id, reason] { return consent_revoke(session, *id, *reason); }; });
    auto* consents = consent->add_subcommand("list", "every consent");
    add_data_option(*consents, session);
    consents->callback([&session] { session.action = [&session] { return consent_list(session); }; });
}

}  // namespace threatlas::app
