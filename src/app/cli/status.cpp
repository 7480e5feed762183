#include <fmt/format.h>

#include <CLI/CLI.hpp>

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
    const model::Reader reader = reader_of(session, "status");
    THREATLAS_TRY(const auto submissions, store->submissions(reader));
    THREATLAS_TRY(const store::Snapshot snapshot, store->snapshot(reader, {}));
    const auto cells = assess::coverage(snapshot, catalogue);
    if (session.json) {
        core::json::array list;
        for (const auto& cell : cells)
            list.push_back({{"member", cell.member}, {"threat", cell.threat}, {"indicators", cell.indicators}, {"answered", cell.answered},
                            {"newest", cell.newest.number == 0 ? core::json::value(nullptr) : core::json::value(core::iso(core::Day{cell.newest.number - 1}))}});
        print_json(session, {{"observations", snapshot.size()}, {"claims", snapshot.claims.size()}, {"submissions", model::to_json(submissions)}, {"coverage", list}});
        return {};
    }
    session.out << fmt::format("{} observations and {} judgements from {} submissions\n\n", snapshot.size(), snapshot.claims.size(), submissions.size());
    for (const auto& s : submissions)
        session.out << fmt::format("  {:<22} {:<38} {:>7} accepted {:>6} repeated {:>6} refused\n", s.source, s.file, s.accepted, s.duplicates, s.rejected);
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
