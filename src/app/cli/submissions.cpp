#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "app/cli/commands.hpp"
#include "app/cli/session.hpp"
#include "core/calendar.hpp"
#include "ingest/rejects_file.hpp"
#include "model/json_codec.hpp"

namespace threatlas::app {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;

// The one submission whose id begins so.
Result<store::SubmissionInfo> named(store::Store& store, const model::Reader& reader, const std::string& begins) {
    THREATLAS_TRY(const auto all, store.submissions(reader));
    std::vector<store::SubmissionInfo> found;
    for (const auto& each : all)
        if (each.id.starts_with(begins)) found.push_back(each);
    if (found.empty()) return fail(ErrorCode::not_found, "no submission begins with '" + begins + "'; 'threatlas submissions' lists them");
    if (found.size() > 1) return fail(ErrorCode::bad_usage, std::to_string(found.size()) + " submissions begin with '" + begins + "'; give more of the id");
    return found.front();
}

Result<void> list(const Session& session) {
    THREATLAS_TRY(const auto store, open_store(session));
    const model::Reader reader = reader_of(session, "management: submissions");
    THREATLAS_TRY(const auto all, store->submissions(reader));
    THREATLAS_TRY(const auto withdrawals, store->withdrawals(reader));
    THREATLAS_TRY(const store::Snapshot snapshot, store->snapshot(reader, {}));
    core::json::array rows;
    for (const auto& each : all) {
        const auto gone = std::find_if(withdrawals.begin(), withdrawals.end(), [&](const auto& w) { return w.submission == each.id; });
        const auto replaced = snapshot.replaced.find(each.id);
        const std::uint64_t old = replaced == snapshot.replaced.end() ? 0 : replaced->second;
        if (session.json) {
            core::json::object row = model::to_json(each).as_object();
            row["replaced"] = old;
            row["withdrawn"] = gone == withdrawals.end() ? core::json::value(nullptr) : core::json::value(core::iso(gone->day));
            rows.push_back(std::move(row));
            continue;
        }
        session.out << fmt::format("{}  {:<20} {:<10} known {}  {:>8} accepted", each.id.substr(0, 12), each.source, each.member.empty() ? "-" : each.member, core::iso(each.known_at), each.accepted);
        if (old > 0) session.out << fmt::format(", {} of them replaced by newer figures", old);
        if (gone != withdrawals.end()) session.out << fmt::format(", withdrawn on {}: {}", core::iso(gone->day), gone->reason);
        session.out << "\n              " << each.file << '\n';
    }
    if (session.json) print_json(session, rows);
    else if (all.empty()) session.out << "nothing has been taken in yet; 'threatlas ingest --help' says how\n";
    return {};
}

Result<void> withdraw(const Session& session, const std::string& id, const std::string& reason) {
    THREATLAS_TRY(const auto store, open_store(session));
    const model::Reader reader = reader_of(session, "management: withdrawal of a submission");
    THREATLAS_TRY(const auto submission, named(*store, reader, id));
    THREATLAS_CHECK(store->withdraw(reader, {submission.id, today(), reason}));
    if (!print_json(session, {{"withdrawn", submission.id}}))
        session.out << "withdrawn: " << submission.file << ". It no longer counts; 'threatlas submissions restore " << submission.id.substr(0, 12) << "' brings it back.\n";
    return {};
}

Result<void> restore(const Session& session, const std::string& id) {
    THREATLAS_TRY(const auto store, open_store(session));
    const model::Reader reader = reader_of(session, "management: restoring a submission");
    THREATLAS_TRY(const auto submission, named(*store, reader, id));
    THREATLAS_CHECK(store->restore(reader, submission.id));
    if (!print_json(session, {{"restored", submission.id}})) session.out << "restored: " << submission.file << '\n';
    return {};
}

// What it refused, as CSV: to be mended and handed in again.
Result<void> rejects(const Session& session, const std::string& id, const std::string& path) {
    THREATLAS_TRY(const auto store, open_store(session));
    const model::Reader reader = reader_of(session, "contribution: refused rows of a submission");
    THREATLAS_TRY(const auto submission, named(*store, reader, id));
    THREATLAS_TRY(const auto rows, store->rejects(reader, submission.id));
    if (!path.empty()) {
        THREATLAS_TRY(const auto file, ingest::RejectsFile::create(path));
        for (const auto& each : rows) THREATLAS_CHECK(file->add(each));
        THREATLAS_CHECK(file->finish());
    }
    core::json::array list;
    for (const auto& each : rows) list.push_back(ingest::to_json(each));
    if (print_json(session, list)) return {};
    if (!path.empty()) {
        session.out << rows.size() << " rows written to " << path << '\n';
        return {};
    }
    for (const auto& each : rows)
        session.out << fmt::format("row {}{}: {} ({})\n    {}\n", each.row, each.column.empty() ? "" : " [" + each.column + "]", each.reason, each.verdict, each.original);
    if (rows.empty()) session.out << "no row of " << submission.file << " was refused or set aside\n";
    return {};
}

}  // namespace

void add_submissions(CLI::App& app, Session& session) {
    auto* command = app.add_subcommand("submissions", "what was handed in; withdraw what was handed in by mistake");
    add_data_option(*command, session);
    command->footer("A figure handed in again replaces the former by itself: the newest counts, the old one stays as history.\n"
                    "Examples:\n  threatlas submissions --data var/mine\n  threatlas submissions withdraw 3f2a91 --reason 'was the file of another member' --data var/mine");
    command->require_subcommand(0, 1);
    command->callback([&session, command] {
        if (command->get_subcommands().empty()) session.action = [&session] { return list(session); };
    });
    const auto id = std::make_shared<std::string>(), reason = std::make_shared<std::string>(), path = std::make_shared<std::string>();
    auto* refused = command->add_subcommand("rejects", "its refused and repeated rows, with the reason and the original text");
    add_data_option(*refused, session);
    refused->add_option("id", *id, "as 'threatlas submissions' prints it, or its beginning")->required();
    refused->add_option("--out", *path, "write them to this CSV file");
    refused->footer("Example:\n  threatlas submissions rejects 3f2a91 --out refused.csv --data var/mine");
    refused->callback([&session, id, path] { session.action = [&session, id, path] { return rejects(session, *id, *path); }; });
    auto* out = command->add_subcommand("withdraw", "its rows and judgements count no longer; they stay in the store");
    add_data_option(*out, session);
    out->add_option("id", *id, "as 'threatlas submissions' prints it, or its beginning")->required();
    out->add_option("--reason", *reason, "why; goes into the audit log")->required();
    out->footer("Example:\n  threatlas submissions withdraw 3f2a91 --reason 'was the file of another member' --data var/mine");
    out->callback([&session, id, reason] { session.action = [&session, id, reason] { return withdraw(session, *id, *reason); }; });
    auto* back = command->add_subcommand("restore", "undo a withdrawal");
    add_data_option(*back, session);
    back->add_option("id", *id, "as 'threatlas submissions' prints it, or its beginning")->required();
    back->footer("Example:\n  threatlas submissions restore 3f2a91 --data var/mine");
    back->callback([&session, id] { session.action = [&session, id] { return restore(session, *id); }; });
}

}  // namespace threatlas::app
