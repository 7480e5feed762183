#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "analyse/early_warning/follow_up.hpp"
#include "app/cli/commands.hpp"
#include "app/cli/session.hpp"
#include "core/text.hpp"
#include "model/json_codec.hpp"

namespace threatlas::app {
namespace {

namespace warning = analyse::early_warning;

struct Arguments {
    std::string id, state, note, word, judgement, outcome, reason, known_on;
};

core::Result<void> list(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const auto store, open_store(session));
    THREATLAS_TRY(auto all, warning::followed(*store, reader_of(session, "early_warning: signals")));
    const warning::Outcomes outcomes = warning::outcomes(all);
    std::erase_if(all, [&](const auto& each) { return arguments.state == "open" ? each.state == "closed" : !arguments.state.empty() && each.state != arguments.state; });
    if (print_json(session, {{"signals", model::to_json(all)}, {"outcomes", model::to_json(outcomes)}})) return {};
    if (all.empty()) {
        session.out << "No signals" << (arguments.state.empty() ? "; 'threatlas watch' looks for them.\n" : " in that state.\n");
        return {};
    }
    session.out << fmt::format("{:<12}  {:<12}  {:<6}  {:<8}  {:<8}  {}\n", "Signal", "State", "Kind", "Began", "Last", "What");
    for (const auto& each : all) session.out << fmt::format("{:<12}  {:<12}  {:<6}  {:<8}  {:<8}  {}\n", each.signal.id, each.state, each.signal.kind, each.signal.began, each.last_period(), each.signal.sentence);
    session.out << fmt::format("{} open; closed: {} true, {} false, {} undecided.", outcomes.open, outcomes.closed_true, outcomes.closed_false, outcomes.undecided);
    if (outcomes.closed_true + outcomes.closed_false > 0) session.out << fmt::format(" True of those decided: {:.0f} % (90 % interval {:.0f} to {:.0f}).", 100 * outcomes.ppv, 100 * outcomes.ppv_low, 100 * outcomes.ppv_high);
    if (outcomes.with_lead > 0) session.out << fmt::format(" Median lead {:.0f} days (of {}).", outcomes.lead_days, outcomes.with_lead);
    session.out << '\n';
    return {};
}

// The series as a line of eight heights; a gap where it is missing.
std::string sketch(const std::vector<warning::SignalPoint>& points) {
    static const char* kHeights[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    double most = 0;
    for (const auto& p : points) most = std::max(most, p.value);
    std::string out;
    for (const auto& p : points) out += !p.known ? " " : kHeights[most > 0 ? std::min(7, static_cast<int>(8 * p.value / most)) : 0];
    return out;
}

core::Result<void> show(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const auto store, open_store(session));
    const model::Reader reader = reader_of(session, "early_warning: signal " + arguments.id);
    THREATLAS_TRY(const auto one, warning::followed_one(*store, reader, arguments.id));
    if (print_json(session, model::to_json(one))) return {};
    const warning::Signal& s = one.signal;
    auto& out = session.out;
    out << fmt::format("{}  {}  ({}, {})\n{}\n\n", s.id, s.title, s.kind, one.state, s.sentence);
    if (!s.points.empty()) out << fmt::format("  {}\n  {} to {}\n\n", sketch(s.points), s.points.front().period, s.points.back().period);
    out << fmt::format("Began           {}\nLast seen in    {}\n", s.began, one.last_period());
    out << fmt::format("How sure        p = {:.2g} where nothing is the matter (it had to be below {:.2g}); of signals as sure, at most {:.0f} % are false\n", s.p, s.threshold, 100 * s.q);
    out << fmt::format("Expected        {:.1f}, 90 % between {:.0f} and {:.0f}; seen {:.0f}\n", s.expected, s.low, s.high, s.seen);
    if (s.completeness < 1) out << fmt::format("Known so far    {:.0f} % of the final count\n", 100 * s.completeness);
    out << fmt::format("Detector        {}{}\n", s.detector, s.regime > 0 ? fmt::format("; the present level runs since {}", s.regime_began) : "");
    out << fmt::format("Series          {}\nThreats         {}\nHandling        {}\nKnown on        {}\n", s.series, s.threats.empty() ? "none" : core::join(s.threats, ", "), s.handling, core::iso(s.as_of));
    if (!s.changed.empty()) out << "Level changed   " << core::join(s.changed, ", ") << '\n';
    if (!s.earlier.empty()) out << "Rose before in  " << core::join(s.earlier, ", ") << '\n';
    if (!s.also_at.empty()) out << "\nTells the same story:\n";
    for (const auto& each : s.also_at) out << fmt::format("  {}: {:.0f} seen, {:.1f} expected\n", each.title, each.seen, each.expected);
    out << "\nIt would be false if:\n";
    for (const auto& each : s.would_be_false) out << "  " << each << '\n';
    out << fmt::format("\nRows: {}{}\n", s.row_count, s.rows.size() < s.row_count ? fmt::format(", the first {}", s.rows.size()) : "");
    for (const auto& row : s.rows) out << fmt::format("  {}:{}  {}  {} {}  {:g}\n", row.file, row.row, row.period, row.place, row.member, row.value);
    if (!one.steps.empty()) out << "\nDone about it:\n";
    for (const auto& step : one.steps) {
        out << fmt::format("  {}  {} ({}): {}", step.at, step.person, step.organisation, step.action);
        if (step.action == "again") out << fmt::format(" in {}: {:.0f} seen, {:.1f} expected, p {:.2g}", step.period, step.seen, step.expected, step.p);
        if (!step.word.empty()) out << ", " << step.word;
        if (!step.outcome.empty()) out << ", " << step.outcome;
        if (!step.known_on.empty()) out << ", known otherwise on " << step.known_on;
        out << (step.text.empty() ? "" : ": " + step.text) << '\n';
    }
    return {};
}

core::Result<void> said(const Session& session, const core::Result<void>& done, const std::string& what) {
    THREATLAS_CHECK(done);
    if (!print_json(session, {{"done", what}})) session.out << what << '\n';
    return {};
}

}  // namespace

void add_signals(CLI::App& app, Session& session) {
    auto* signals = app.add_subcommand("signals", "what was found by 'watch', and what was made of it");
    signals->require_subcommand(1);
    add_data_option(*signals, session);
    const auto arguments = std::make_shared<Arguments>();
    const auto command = [&](const char* name, const char* what, auto action) {
        auto* each = signals->add_subcommand(name, what);
        each->callback([&session, arguments, action] { session.action = [&session, arguments, action] { return action(session, *arguments); }; });
        return each;
    };
    command("list", "all signals, and how the detector has done", list)->add_option("--state", arguments->state, "new, acknowledged, assessed, closed, or open for all but closed")->check(CLI::IsMember({"new", "acknowledged", "assessed", "closed", "open"}));
    const auto with_id = [&](CLI::App* each) { each->add_option("id", arguments->id, "id of the signal, or its beginning")->required(); return each; };
    with_id(command("show", "one signal with all it rests on", show));
    with_id(command("ack", "say that it was seen", [](const Session& s, const Arguments& a) -> core::Result<void> {
        THREATLAS_TRY(const auto store, open_store(s));
        return said(s, warning::acknowledge(*store, reader_of(s, "early_warning: signal " + a.id), a.id, a.note), "Acknowledged.");
    }))->add_option("--note", arguments->note, "a note");
    auto* assess = with_id(command("assess", "give a judgement", [](const Session& s, const Arguments& a) -> core::Result<void> {
        THREATLAS_TRY(const auto store, open_store(s));
        THREATLAS_TRY(const auto catalogue, open_catalogue(s));
        return said(s, warning::assess(*store, reader_of(s, "early_warning: signal " + a.id), catalogue, a.id, a.word, a.judgement), "Assessed.");
    }));
    assess->add_option("--word", arguments->word, "yardstick word: how likely something real is arising")->required();
    assess->add_option("--judgement", arguments->judgement, "the judgement in a sentence")->required();
    add_catalogue_option(*assess, session);
    auto* close = with_id(command("close", "close it: true, false or undecided", [](const Session& s, const Arguments& a) -> core::Result<void> {
        THREATLAS_TRY(const auto store, open_store(s));
        return said(s, warning::close(*store, reader_of(s, "early_warning: signal " + a.id), a.id, a.outcome, a.reason, a.known_on), "Closed.");
    }));
    close->add_option("--outcome", arguments->outcome, "true, false or undecided")->required();
    close->add_option("--reason", arguments->reason, "why")->required();
    close->add_option("--known-on", arguments->known_on, "day it was known otherwise (YYYY-MM-DD): measures the lead");
    signals->footer("Examples:\n  threatlas signals list --data var/mine --state open\n  threatlas signals show S-3f2a --data var/mine\n"
                    "  threatlas signals assess S-3f2a --data var/mine --word 'likely' --judgement 'A new route for the summer.'\n"
                    "  threatlas signals close S-3f2a --data var/mine --outcome true --reason 'Confirmed by three members.' --known-on 2015-06-01");
}

}  // namespace threatlas::app
