#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json/value_from.hpp>

#include "app/cli/commands.hpp"
#include "app/cli/session.hpp"
#include "assess/coverage.hpp"
#include "model/json_codec.hpp"

namespace threatlas::app {
namespace {

// Four marks that differ in shape, not only in colour: full, part, little, none.
const char* mark(const assess::Coverage& cell) {
    if (cell.indicators == 0) return "·";
    if (cell.answered == 0) return "○";
    return cell.answered == cell.indicators ? "●" : "◐";
}

core::Result<void> status(const Session& session) {
    THREATLAS_TRY(const model::Catalogue catalogue, open_catalogue(session));
    THREATLAS_TRY(const auto store, open_store(session));
    const model::Reader reader = reader_of(session, "management: status");
    THREATLAS_TRY(const auto submissions, store->submissions(reader));
    THREATLAS_TRY(const store::Snapshot snapshot, store->snapshot(reader, {}));
    const auto cells = assess::coverage(snapshot, catalogue);
    const auto unread = assess::unread_codes(snapshot, catalogue);
    std::uint64_t replaced = 0;
    for (const auto& [submission, rows] : snapshot.replaced) replaced += rows;
    if (session.json) {
        core::json::array list;
        for (const auto& cell : cells)
            list.push_back({{"member", cell.member}, {"threat", cell.threat}, {"indicators", cell.indicators}, {"answered", cell.answered},
                            {"newest", cell.newest.number == 0 ? core::json::value(nullptr) : core::json::value(core::iso(core::Day{cell.newest.number - 1}))}});
        print_json(session, {{"observations", snapshot.size()}, {"claims", snapshot.claims.size()}, {"submissions", model::to_json(submissions)}, {"coverage", list}, {"replaced", replaced}, {"unread", core::json::value_from(unread)}});
        return {};
    }
    session.out << fmt::format("{} observations and {} judgements from {} submissions\n\n", snapshot.size(), snapshot.claims.size(), submissions.size());
    for (const auto& s : submissions)
        session.out << fmt::format("  {:<22} {:<38} {:>7} accepted {:>6} repeated {:>6} refused\n", s.source, s.file, s.accepted, s.duplicates, s.rejected);
    if (replaced > 0) session.out << fmt::format("\n{} figures were given again: the newest counts, the older stay as history ('threatlas submissions')\n", replaced);
    if (!unread.empty()) {
        std::vector<std::pair<std::size_t, std::string>> most;
        for (const auto& [code, rows] : unread) most.emplace_back(rows, code);
        std::sort(most.rbegin(), most.rend());
        session.out << "\nKept, but read by no indicator yet:";
        for (std::size_t i = 0; i < most.size() && i < 6; ++i) session.out << fmt::format("{} {} ({} rows)", i == 0 ? "" : ",", most[i].second, most[i].first);
        if (most.size() > 6) session.out << fmt::format(" and {} more codes", most.size() - 6);
        session.out << '\n';
    }
    session.out << "\nCountry indicators answered:  ● all  ◐ some  ○ none  · none exist      year: newest period\n\n" << fmt::format("{:<34}", "");
    for (const auto& member : catalogue.members) session.out << fmt::format("{:>9}", member.id);
    session.out << '\n';
    for (std::size_t t = 0; t < catalogue.threats.size(); ++t) {
        session.out << fmt::format("{:<34}", catalogue.threats[t].id);
        for (std::size_t m = 0; m < catalogue.members.size(); ++m) {
            const auto& cell = cells[m * catalogue.threats.size() + t];
            const std::string year = cell.newest.number == 0 ? "    " : core::iso(core::Day{cell.newest.number - 1}).substr(0, 4);
            session.out << "   " << mark(cell) << ' ' << year;
        }
        session.out << '\n';
    }
    return {};
}

}  // namespace

void add_status(CLI::App& app, Session& session) {
    auto* command = app.add_subcommand("status", "what has been taken in; completeness and timeliness per member and threat");
    add_data_option(*command, session);
    add_catalogue_option(*command, session);
    command->footer("Example:\n  threatlas status --data var/mine");
    command->callback([&session] { session.action = [&session] { return status(session); }; });
}

}  // namespace threatlas::app
