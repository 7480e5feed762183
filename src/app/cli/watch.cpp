#include "analyse/early_warning/watch.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <thread>

#include "analyse/early_warning/follow_up.hpp"
#include "app/cli/commands.hpp"
#include "app/cli/session.hpp"
#include "model/json_codec.hpp"
#include "work/watching.hpp"

namespace threatlas::app {
namespace {

namespace warning = analyse::early_warning;
using analyse::series::Step;

struct Arguments {
    std::string as_of, since, step = "both";
    double budget = warning::WatchOptions{}.false_per_week;
    int every = 0;
    bool dry_run = false;
};

class Watching {
  public:
    Watching(const Session& session, const Arguments& arguments) : session_(session), arguments_(arguments) {}

    core::Result<void> run() {
        THREATLAS_TRY(steps_, work::watch_steps(arguments_.step));
        THREATLAS_TRY(catalogue_, open_catalogue(session_));
        THREATLAS_TRY(store_, open_store(session_));
        for (;;) {
            THREATLAS_CHECK(arguments_.since.empty() ? once() : replay());
            if (arguments_.every <= 0) return {};
            session_.out.flush();
            std::this_thread::sleep_for(std::chrono::minutes(arguments_.every));
        }
    }

  private:
    core::Result<std::vector<warning::Watched>> look(std::optional<core::Day> as_of, core::Progress& progress) {
        return work::look(*store_, reader_, catalogue_, {steps_, arguments_.budget, as_of}, progress);
    }

    core::Result<warning::Recorded> keep(const std::vector<warning::Watched>& all) {
        if (arguments_.dry_run) return warning::Recorded{};
        return work::keep(*store_, reader_, all);
    }

    core::Result<void> once() {
        std::optional<core::Day> as_of;
        if (!arguments_.as_of.empty()) {
            THREATLAS_TRY(as_of, core::parse_day(arguments_.as_of));
        }
        const auto progress = progress_bar(session_);
        THREATLAS_TRY(const auto all, look(as_of, *progress));
        THREATLAS_TRY(const auto recorded, keep(all));
        if (print_json(session_, model::to_json(all))) return {};
        for (const auto& watched : all) print(watched);
        if (!arguments_.dry_run) session_.out << fmt::format("{} new, {} going on, {} known already. 'threatlas signals list' shows them.\n", recorded.fresh, recorded.again, recorded.known);
        return {};
    }

    void print(const warning::Watched& watched) const {
        std::string newest;
        for (const auto& [source, period] : watched.newest) newest += (newest.empty() ? "" : ", ") + source + " " + period;
        session_.out << fmt::format("By {}: {} series, {} tests, newest periods {}.\n", watched.step, watched.series, watched.tests, newest.empty() ? "none" : newest);
        for (const auto& [why, count] : watched.held_why) session_.out << fmt::format("  {} not judged: {}\n", count, why);
        if (watched.signals.empty()) session_.out << fmt::format("  No signal above the budget ({:.2g} false signals expected of the {}, at most).\n", watched.budget, watched.step);
        else session_.out << fmt::format("  {} signals, of which {:.2g} are expected to be false, at most:\n", watched.signals.size(), watched.expected_false);
        for (const auto& signal : watched.signals) session_.out << fmt::format("  {}  {:<6} p {:.1g}  {}\n", signal.id, signal.kind, signal.p, signal.sentence);
    }

    // Month by month, or week by week, with what was known then.
    core::Result<void> replay() {
        THREATLAS_TRY(const core::Day from, core::parse_day(arguments_.since));
        core::Day to = today();
        if (!arguments_.as_of.empty()) {
            THREATLAS_TRY(to, core::parse_day(arguments_.as_of));
        }
        const Step step = steps_.size() == 1 ? steps_.front() : Step::month;
        const std::int32_t first = analyse::series::period_of(step, from), last = analyse::series::period_of(step, to);
        if (last < first) return core::fail(core::ErrorCode::bad_usage, "--since is later than the last day");
        const auto progress = progress_bar(session_);
        core::NoProgress quiet;
        std::vector<warning::Followed> told;
        core::json::array list;
        double expected = 0;
        std::map<std::string, std::string> judged;
        for (std::int32_t period = first; period <= last; ++period) {
            const core::Day day = analyse::series::interval_of(step, period).begin;
            progress->step("replay " + core::iso(day), static_cast<std::uint64_t>(period - first), static_cast<std::uint64_t>(last - first + 1));
            auto all = look(day, quiet);
            if (!all && all.error().code == core::ErrorCode::not_enough_data) continue;
            if (!all) return tl::unexpected<core::Error>(all.error());
            THREATLAS_CHECK(keep(*all));
            for (auto& watched : *all) {
                if (judged[watched.step] != describe(watched.newest)) expected += watched.expected_false;
                judged[watched.step] = describe(watched.newest);
                for (const auto& signal : watched.signals) {
                    if (warning::arrive(told, signal) != warning::Arrival::fresh) continue;
                    if (session_.json) list.push_back(model::to_json(signal));
                    else session_.out << fmt::format("{}  {}  {:<6} {}\n", core::iso(day), signal.id, signal.kind, signal.sentence);
                }
            }
        }
        progress->step("replay", 1, 1);
        if (print_json(session_, {{"signals", std::move(list)}, {"expected_false", expected}})) return {};
        session_.out << fmt::format("{} signals from {} to {}; the budget allowed {:.1f} false ones.\n", told.size(), core::iso(from), core::iso(to), expected);
        return {};
    }

    static std::string describe(const std::map<std::string, std::string>& newest) {
        std::string out;
        for (const auto& [source, period] : newest) out += source + period;
        return out;
    }

    const Session& session_;
    const Arguments& arguments_;
    const model::Reader reader_ = reader_of(session_, "early_warning: watch");
    std::vector<Step> steps_;
    model::Catalogue catalogue_;
    std::unique_ptr<store::Store> store_;
};

}  // namespace

void add_watch(CLI::App& app, Session& session) {
    auto* command = app.add_subcommand("watch", "check every series for what is arising, within a budget of false alarms");
    const auto arguments = std::make_shared<Arguments>();
    add_data_option(*command, session);
    add_catalogue_option(*command, session);
    command->add_option("--as-of", arguments->as_of, "use only what was known on this day (YYYY-MM-DD)");
    command->add_option("--step", arguments->step, "week, month or both")->capture_default_str();
    command->add_option("--budget", arguments->budget, "false signals expected a week, at most")->check(CLI::Range(1e-6, 1e6))->capture_default_str();
    command->add_option("--every", arguments->every, "look again every so many minutes, until stopped")->check(CLI::Range(1, 1'000'000));
    command->add_option("--since", arguments->since, "walk forward from this day, each time with what was known then");
    command->add_flag("--dry-run", arguments->dry_run, "show signals, keep none");
    command->footer("Signals are kept once, however often one looks; a signal that goes on is added to the one before.\n\nExamples:\n"
                    "  threatlas watch --data var/mine\n  threatlas watch --data var/mine --budget 0.25 --every 60\n"
                    "  threatlas watch --data var/mine --since 2014-01-01 --as-of 2016-12-31 --dry-run");
    command->callback([&session, arguments] { session.action = [&session, arguments] { return Watching(session, *arguments).run(); }; });
}

}  // namespace threatlas::app
