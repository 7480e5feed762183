#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "analyse/early_warning/watch.hpp"
#include "analyse/forecast/backtest.hpp"
#include "analyse/forecast/counts.hpp"
#include "analyse/forecast/damped_trend.hpp"
#include "analyse/forecast/ets.hpp"
#include "analyse/forecast/theta.hpp"
#include "app/cli/commands.hpp"
#include "app/cli/session.hpp"
#include "assess/forecast_score.hpp"
#include "model/json_codec.hpp"
#include "work/forecasts.hpp"

namespace threatlas::app {
namespace {

namespace forecast = analyse::forecast;
namespace series = analyse::series;

core::Result<void> score(const Session& session) {
    THREATLAS_TRY(const auto store, open_store(session));
    const model::Reader reader = reader_of(session, "assessment: forecast scores");
    THREATLAS_TRY(const auto all, work::stored_forecasts(*store, reader));
    const auto scores = assess::score_forecasts(all, all);
    if (print_json(session, model::to_json(scores))) return {};
    if (scores.empty()) {
        session.out << "No assessment with a forecast yet; 'threatlas assess' makes one.\n";
        return {};
    }
    session.out << fmt::format("{:<14} {:<10} {:>7} {:>6} {:>6} {:>6} {:>6} {:>7} {:>7} {:>7} {:>7}\n", "Assessment", "Known on", "Closed", "Open", "50 %", "80 %", "95 %", "CRPS", "naive", "Brier", "naive");
    for (const auto& s : scores) {
        session.out << fmt::format("{:<14} {:<10} {:>7} {:>6}", s.assessment, core::iso(s.as_of), s.fits, s.open);
        if (s.fits > 0) session.out << fmt::format(" {:>6.2f} {:>6.2f} {:>6.2f} {:>7.2f} {:>7.2f}", s.cover50, s.cover80, s.cover95, s.crps, s.crps_naive);
        if (s.rises > 0) session.out << fmt::format(" {:>7.2f} {:>7.2f}", s.brier, s.climatology);
        session.out << '\n';
    }
    session.out << "50, 80, 95 %: share of closed periods within that interval. CRPS: lower is better, in mean changes of the series; naive: last year's value again.\n"
                   "Brier: of 'will rise'; naive: that of stating the share that rose.\n";
    return {};
}

struct Arguments {
    std::string source, step = "month";
    int horizon = 12, origins = 4;
    double fewest = 100;
    bool all_methods = false;
};

core::Result<void> backtest(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const model::Catalogue catalogue, open_catalogue(session));
    THREATLAS_TRY(const auto store, open_store(session));
    THREATLAS_TRY(const store::Snapshot snapshot, store->snapshot(reader_of(session, "assessment: backtest of forecasts"), {}));
    series::LatticeOptions options;
    options.step = arguments.step == "week" ? series::Step::week : series::Step::month;
    options.fewest = arguments.fewest;
    THREATLAS_TRY(const auto lattice, series::build_lattice(snapshot, catalogue, options));
    std::vector<std::vector<double>> all;
    for (const auto& each : lattice.series)
        if (arguments.source.empty() || each.key.source == arguments.source) all.push_back(series::known_stretch(each).counts);
    const int year = series::periods_per_year(options.step);
    const forecast::BacktestOptions how{.periods_per_year = year, .horizon = arguments.horizon, .origins = arguments.origins};
    core::json::array list;
    if (!session.json) session.out << fmt::format("{} series{}, {} origins, {} {}s ahead\n{:<18} {:>7} {:>6} {:>8} {:>7} {:>6} {:>6} {:>6} {:>7} {:>7}\n", all.size(), arguments.source.empty() ? "" : " of " + arguments.source, arguments.origins, arguments.horizon,
                                                  series::name(options.step), "Method", "Fits", "MASE", "Pinball", "CRPS", "50 %", "80 %", "95 %", "Brier", "naive");
    std::vector<std::pair<const char*, forecast::Method>> methods{{"combined", forecast::forecast_counts}, {"last year again", forecast::seasonal_naive}};
    if (arguments.all_methods) methods.insert(methods.end(), {{"theta", forecast::theta}, {"damped trend", forecast::damped_trend}, {"ets", forecast::ets}});
    for (const auto& [name, method] : methods) {
        THREATLAS_TRY(const auto b, forecast::backtest(all, method, how));
        if (session.json) list.push_back({{"method", name}, {"fits", b.fits}, {"mase", b.mase}, {"pinball", b.pinball}, {"crps", b.crps}, {"cover50", b.cover50}, {"cover80", b.cover80}, {"cover95", b.cover95}, {"brier", b.rise.brier}, {"climatology", b.rise.climatology}});
        else session.out << fmt::format("{:<18} {:>7} {:>6.2f} {:>8.4f} {:>7.3f} {:>6.2f} {:>6.2f} {:>6.2f} {:>7.3f} {:>7.3f}\n", name, b.fits, b.mase, b.pinball, b.crps, b.cover50, b.cover80, b.cover95, b.rise.brier, b.rise.climatology);
    }
    print_json(session, list);
    return {};
}

}  // namespace

void add_forecast(CLI::App& app, Session& session) {
    auto* command = app.add_subcommand("forecast", "how forecasts did, and how they would have done");
    command->require_subcommand(1);
    add_data_option(*command, session);
    auto* scored = command->add_subcommand("score", "score the forecasts of earlier assessments in periods that have closed");
    scored->callback([&session] { session.action = [&session] { return score(session); }; });
    auto* tested = command->add_subcommand("backtest", "forecast from times gone by and compare with what came");
    const auto arguments = std::make_shared<Arguments>();
    add_catalogue_option(*tested, session);
    tested->add_option("--source", arguments->source, "series of this source only");
    tested->add_option("--step", arguments->step, "week or month")->check(CLI::IsMember({"week", "month"}))->capture_default_str();
    tested->add_option("--horizon", arguments->horizon, "periods ahead")->check(CLI::Range(1, 120))->capture_default_str();
    tested->add_option("--origins", arguments->origins, "times to forecast from, a horizon apart")->check(CLI::Range(1, 100))->capture_default_str();
    tested->add_option("--fewest", arguments->fewest, "cases in all that a series must have")->check(CLI::Range(1.0, 1e12))->capture_default_str();
    tested->add_flag("--all-methods", arguments->all_methods, "also Theta, damped trend and ETS, on series without gaps");
    tested->callback([&session, arguments] { session.action = [&session, arguments] { return backtest(session, *arguments); }; });
    command->footer("Examples:\n  threatlas forecast score --data var/mine\n  threatlas forecast backtest --data var/mine --source frontex_detections --horizon 12 --origins 5");
}

}  // namespace threatlas::app
