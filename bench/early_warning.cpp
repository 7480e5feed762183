// Early warning: speed beside R's farringtonFlexible, growth, detection of planted outbreaks beside R's, and the default
// detector beside the reference over routes and simulated changes of regime; for docs/PERFORMANCE.md and
// docs/method/early_warning.md.
//   bench_early_warning speed | detection | regimes | null
//   bench_early_warning instructions <portable|avx2> <series>   one panel, for bench/instructions.sh
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <numbers>
#include <string>
#include <vector>

#include "analyse/early_warning/count_tail.hpp"
#include "analyse/early_warning/farrington_panel.hpp"
#include "analyse/early_warning/judge.hpp"
#include "analyse/early_warning/regime.hpp"
#include "analyse/early_warning/watch.hpp"
#include "core/parallel.hpp"
#include "core/random.hpp"
#include "row.hpp"
#include "store/snapshot_builder_test.hpp"

namespace {

using namespace threatlas;
using namespace threatlas::analyse::early_warning;

std::string text(const char* format, double a, double b = 0, double c = 0) {
    char out[200];
    std::snprintf(out, sizeof out, format, a, b, c);
    return out;
}

// ---- speed

double r_evaluations_per_second() {
    FILE* pipe = popen("Rscript " THREATLAS_SOURCE_DIR "/bench/farrington.R 2>/dev/null", "r");
    double out = 0;
    if (pipe == nullptr || std::fscanf(pipe, "%lf", &out) != 1) out = 0;
    if (pipe != nullptr) pclose(pipe);
    return out;
}

CountPanel panel(std::size_t series) {
    CountPanel out;
    out.periods = 313, out.series = series;
    out.at.resize(out.periods * series);
    core::parallel_for((series + 999) / 1000, [&](std::size_t chunk) {
        for (std::size_t s = chunk * 1000; s < std::min(series, (chunk + 1) * 1000); ++s) {
            core::Random random(1, s);
            const double mean = 1 + static_cast<double>(s % 40);
            for (std::size_t t = 0; t < out.periods; ++t)
                out.at[t * series + s] = static_cast<std::int32_t>(random.poisson(mean * std::exp(0.4 * std::cos(2 * std::numbers::pi * static_cast<double>(t) / 52)) * random.gamma(10) / 10));
        }
    });
    return out;
}

double panel_seconds(const CountPanel& p, Instructions instructions) {
    const bench::Watch watch;
    if (!farrington_panel(p, p.periods - 1, {}, instructions)) std::fprintf(stderr, "the panel failed\n");
    return watch.seconds();
}

void speed() {
    const double r = r_evaluations_per_second();
    std::fprintf(stderr, "R: %.1f evaluations/s\n", r);
    core::set_threads(1);
    {
        const CountPanel p = panel(100000);
        for (const Instructions each : {Instructions::portable, Instructions::avx2, Instructions::avx512}) {
            if (each == Instructions::avx512 && best_instructions() != Instructions::avx512) continue;
            const double us = 1e6 * panel_seconds(p, each) / 1e5;
            bench::row(("Farrington, noPeriods 10, " + std::string(name(each)) + ", one core").c_str(), "100,000 series x 1 week", text("%.2f us an evaluation", us).c_str(), "2 us", r > 0 ? text("R farringtonFlexible: %.0f evaluations/s", r).c_str() : "R is not installed",
                       r > 0 ? us * 1e-6 * r : NAN);
        }
    }
    for (const std::size_t n : {25000UL, 50000UL, 100000UL}) {
        const double seconds = panel_seconds(panel(n), Instructions::best);
        bench::row("The same, growth", (std::to_string(n) + " series").c_str(), text("%.3f s", seconds).c_str(), "linear", "an evaluation", seconds / static_cast<double>(n) * 1e6);
    }
    for (const std::size_t n : {5000UL, 10000UL, 20000UL}) {
        std::vector<std::vector<double>> all(n, std::vector<double>(260));
        for (std::size_t s = 0; s < n; ++s) {
            core::Random random(2, s);
            for (double& c : all[s]) c = static_cast<double>(random.poisson(1 + static_cast<double>(s % 40)));
        }
        const bench::Watch watch;
        for (const auto& counts : all) (void)walk_forward({counts, 52});
        const double seconds = watch.seconds();
        bench::row("Default detector, whole history of 260 weeks, one core", (std::to_string(n) + " series").c_str(), text("%.2f s, %.2f us a period", seconds, 1e6 * seconds / 260 / static_cast<double>(n)).c_str(), "linear",
                   r > 0 ? "R, one evaluation a period" : "R is not installed", r > 0 ? seconds / 260 / static_cast<double>(n) * r : NAN);
    }
    core::set_threads(2);
    {
        const CountPanel p = panel(1000000);
        const double seconds = panel_seconds(p, Instructions::best);
        bench::row("Farrington, two cores", "1,000,000 series x 1 week", text("%.2f s, peak %.0f MiB", seconds, bench::peak_mib()).c_str(), "4 s", r > 0 ? "R, one core" : "R is not installed", r > 0 ? seconds * r / 1e6 : NAN);
    }
    for (const int members : {4, 8, 16}) {
        model::Catalogue catalogue;
        catalogue.areas = {{"property", "Property", ""}};
        for (int k = 0; k < 20; ++k) {
            model::Threat threat;
            threat.id = "property." + std::to_string(k), threat.area = "property";
            catalogue.threats.push_back(threat);
            model::What what;
            what.id = "what" + std::to_string(k) + "x", what.threats = {threat.id};
            catalogue.whats.push_back(what);
        }
        store::SnapshotBuilder builder;
        core::Random random(3, 1);
        std::size_t rows = 0;
        for (int m = 0; m < members; ++m)
            for (int k = 0; k < 20; ++k)
                for (int code = 0; code < 6; ++code)
                    for (int month = 0; month < 96; ++month) {
                        model::Observation o = store::SnapshotBuilder::yearly("what" + std::to_string(k) + "x", "", 2015, static_cast<double>(random.poisson(8)), {{"modus_operandi", "a." + std::to_string(code)}});
                        o.period = core::month_interval(2015 + month / 12, month % 12 + 1).value(), o.member = "m" + std::to_string(m), o.known_at = o.period.end;
                        builder.add(o), ++rows;
                    }
        auto snapshot = builder.done();
        snapshot.as_of = core::parse_day("2024-01-01").value();
        core::NoProgress quiet;
        const bench::Watch watch;
        const auto watched = analyse::early_warning::watch(snapshot, catalogue, {}, quiet).value();
        const double seconds = watch.seconds();
        bench::row("Snapshot to signals, two cores", (std::to_string(rows) + " rows, " + std::to_string(watched.series) + " series, " + std::to_string(watched.tests) + " tests").c_str(), text("%.2f s", seconds).c_str(), "linear", "microseconds a series and month",
                   1e6 * seconds / static_cast<double>(watched.series) / 96);
    }
}

// ---- false signals where nothing happens, through all of watch()

void null() {
    model::Catalogue catalogue;
    catalogue.areas = {{"property", "Property", ""}};
    for (int k = 0; k < 8; ++k) {
        model::Threat threat;
        threat.id = "property." + std::to_string(k), threat.area = "property";
        catalogue.threats.push_back(threat);
        model::What what;
        what.id = "what" + std::to_string(k) + "x", what.threats = {threat.id};
        catalogue.whats.push_back(what);
    }
    std::puts("| Noise | Region-months | Tests | Allowed | Expected, at most | Told |\n|---|---|---|---|---|---|");
    for (const double overdispersion : {0.0, 0.05, 0.1, 0.2}) {
        double budget = 0, expected = 0, told = 0, tests = 0;
        std::size_t looks = 0;
        for (std::uint64_t region = 0; region < 40; ++region) {
            core::Random random(20, region);
            store::SnapshotBuilder builder;
            for (int m = 0; m < 4; ++m)
                for (int k = 0; k < 8; ++k)
                    for (int code = 0; code < 4; ++code)
                        for (int month = 0; month < 96; ++month) {
                            const double mean = (1 + k) * (overdispersion > 0 ? random.gamma(1 / overdispersion) * overdispersion : 1);
                            model::Observation o = store::SnapshotBuilder::yearly("what" + std::to_string(k) + "x", "", 2015, static_cast<double>(random.poisson(mean)), {{"modus_operandi", "a." + std::to_string(code)}});
                            o.period = core::month_interval(2015 + month / 12, month % 12 + 1).value(), o.member = "m" + std::to_string(m), o.known_at = o.period.end;
                            builder.add(o);
                        }
            auto snapshot = builder.done();
            snapshot.as_of = core::parse_day("2024-01-01").value();
            for (std::size_t back = 0; back < 24; ++back) {
                WatchOptions options;
                options.back = back;
                core::NoProgress quiet;
                const auto watched = watch(snapshot, catalogue, options, quiet).value();
                budget += watched.budget, expected += watched.expected_false, told += static_cast<double>(watched.signals.size()), tests += static_cast<double>(watched.tests), ++looks;
            }
        }
        std::printf("| overdispersion %.2f | %zu | %.0f | %.0f | %.0f | %.0f |\n", overdispersion, looks, tests, budget, expected, told);
    }
}

// ---- tables of counts

std::vector<std::vector<std::string>> cells(const std::string& path) {
    FILE* pipe = popen((path.ends_with(".gz") ? "zcat " + path : "cat " + path).c_str(), "r");
    std::vector<std::vector<std::string>> out;
    char line[1 << 16];
    while (pipe != nullptr && std::fgets(line, sizeof line, pipe) != nullptr) {
        out.emplace_back(1);
        for (const char* c = line; *c != '\0' && *c != '\n' && *c != '\r'; ++c) {
            if (*c == ',') out.back().emplace_back();
            else if (*c != '"') out.back().back() += *c;
        }
    }
    if (pipe != nullptr) pclose(pipe);
    return out;
}

// ---- planted outbreaks

struct Tally {
    int outbreaks = 0, found = 0;
    double delay = 0;
    int quiet = 0, false_alarms = 0;
};

void count(Tally& tally, const std::vector<double>& planted, const std::vector<bool>& alarm, std::size_t from) {
    std::size_t first = planted.size(), hit = planted.size();
    for (std::size_t t = from; t < planted.size(); ++t) {
        if (planted[t] > 0) {
            first = std::min(first, t);
            if (alarm[t]) hit = std::min(hit, t);
        } else ++tally.quiet, tally.false_alarms += alarm[t];
    }
    if (first == planted.size()) return;
    ++tally.outbreaks;
    if (hit < planted.size()) ++tally.found, tally.delay += static_cast<double>(hit - first);
}

void say(const char* what, const Tally& t) {
    std::printf("| %s | %d of %d | %.1f weeks | %.4f |\n", what, t.found, t.outbreaks, t.found > 0 ? t.delay / t.found : NAN, static_cast<double>(t.false_alarms) / t.quiet);
}

void detection() {
    const std::string folder = THREATLAS_SOURCE_DIR "/tests/oracle/farrington/";
    std::map<std::string, std::vector<double>> series, planted;
    for (const auto& row : cells(folder + "input.csv.gz"))
        if (row[1].starts_with("sim")) series[row[1]].push_back(std::stod(row[5]));
    const auto truth = cells(folder + "planted.csv.gz");
    for (std::size_t r = 1; r < truth.size(); ++r)
        for (std::size_t c = 0; c < truth[r].size(); ++c) planted[truth[0][c]].push_back(std::stod(truth[r][c]));
    std::map<std::string, std::map<int, bool>> r_alarms;
    for (const auto& row : cells(folder + "expected.csv.gz"))
        if (row[1].starts_with("sim") && row[2] == "nbplugin" && row[6] != "NA") r_alarms[row[1]][std::stoi(row[3])] = row[6] == "1";
    Tally theirs, farringtons, watched, regimes;
    for (const auto& [name, counts] : series) {
        const auto& truth_of = planted.at(name);
        const std::size_t n = counts.size(), from = n - 52;
        std::vector<bool> r(n), f(n), w(n), w1(n);
        const auto verdicts = walk_forward({counts, 52}).value();
        for (std::size_t t = from; t < n; ++t) {
            r[t] = r_alarms[name][static_cast<int>(t + 1)];
            const auto verdict = farrington({counts, 52}, t, {});
            f[t] = verdict && verdict->alarm == Alarm::yes;
            const double recent = counts[t] + counts[t - 1] + counts[t - 2] + counts[t - 3];
            w[t] = judge(std::span(counts).first(t + 1), {}, 52).value().p_rise <= 0.005 && recent >= 5;
            w1[t] = verdicts[t].p_high <= 0.005 && recent >= 5;
        }
        count(theirs, truth_of, r, from), count(farringtons, truth_of, f, from), count(watched, truth_of, w, from), count(regimes, truth_of, w1, from);
    }
    std::puts("| Detector | Outbreaks found | Mean delay | Alarms a quiet week |\n|---|---|---|---|");
    say("R farringtonFlexible, nbPlugin, alpha 0.005", theirs);
    say("Farrington corrected, alpha 0.005", farringtons);
    say("As watched (Farrington once settled), 0.005", watched);
    say("Default detector for changing regimes alone, 0.005", regimes);
}

// ---- regimes

struct Walked {
    std::vector<bool> alarm;
    std::vector<double> upper;   // NaN: not judged
};

Walked ours(const std::vector<double>& counts) {
    const auto verdicts = walk_forward({counts, 12}).value();
    Walked out{std::vector<bool>(counts.size()), std::vector<double>(counts.size(), NAN)};
    for (std::size_t t = 4; t < counts.size(); ++t) {
        if (!verdicts[t].assessed) continue;
        out.upper[t] = count_quantile(0.995, verdicts[t].expected, 1 + verdicts[t].overdispersion * verdicts[t].expected);
        out.alarm[t] = verdicts[t].p_high < 0.005 && counts[t] + counts[t - 1] + counts[t - 2] + counts[t - 3] >= 5;
    }
    return out;
}

Walked reference(const std::vector<double>& counts, std::size_t from) {
    FarringtonOptions options;
    options.mode = Mode::as_r;
    options.baseline.blocks = 1, options.baseline.half_window = 1, options.baseline.recent_left_out = 1;
    Walked out{std::vector<bool>(counts.size()), std::vector<double>(counts.size(), NAN)};
    for (std::size_t t = from; t < counts.size(); ++t) {
        const auto verdict = farrington({counts, 12}, t, options);
        if (!verdict || verdict->alarm == Alarm::not_assessed) continue;
        out.alarm[t] = verdict->alarm == Alarm::yes;
        out.upper[t] = verdict->upper;
    }
    return out;
}

double sum(const std::vector<double>& counts, std::size_t from, std::size_t to) {
    double out = 0;
    for (std::size_t t = from; t < std::min(to, counts.size()); ++t) out += counts[t];
    return out;
}

struct Score {
    int onsets = 0, warned = 0, months = 0, not_judged = 0, false_runs = 0, blind = 0, absurd = 0;
    double lead = 0;
    std::vector<int> first;   // month of the first warning of each onset, or -1
};

// A warning of an onset: within three months before and five after. An alarm is false when what followed in half a year was
// not half as much again as the year before. Blind: a bound of more than three times the largest count of the last two
// years; absurd: a bound below a tenth of the last year's mean, of at least ten.
void score(const std::vector<double>& counts, const std::vector<std::size_t>& onsets, const Walked& w, std::size_t from, Score& out) {
    for (const std::size_t onset : onsets) {
        ++out.onsets;
        int first = -1;
        for (std::size_t t = onset >= 3 + from ? onset - 3 : from; t < std::min(onset + 6, counts.size()); ++t)
            if (w.alarm[t] && first < 0) first = static_cast<int>(t);
        out.first.push_back(first);
        if (first >= 0) ++out.warned, out.lead += first - static_cast<double>(onset);
    }
    for (std::size_t t = from; t < counts.size(); ++t) {
        ++out.months;
        const double year = sum(counts, t - 12, t) / 12, largest = *std::max_element(counts.begin() + static_cast<std::ptrdiff_t>(t - 24), counts.begin() + static_cast<std::ptrdiff_t>(t));
        if (std::isnan(w.upper[t])) {
            ++out.not_judged;
            continue;
        }
        out.blind += w.upper[t] > 3 * std::max(largest, 5.0);
        out.absurd += year >= 10 && w.upper[t] < year / 10;
        if (w.alarm[t] && t + 6 <= counts.size()) out.false_runs += sum(counts, t, t + 6) / 6 < 1.5 * year;
    }
}

void say(const char* what, const char* who, const Score& s) {
    std::printf("| %s | %s | %d of %d | %+.1f | %.1f | %.1f | %.1f | %.1f |\n", what, who, s.warned, s.onsets, s.warned > 0 ? s.lead / s.warned : NAN, 100.0 * s.false_runs / s.months, 100.0 * s.blind / s.months,
                100.0 * s.absurd / s.months, 100.0 * s.not_judged / s.months);
}

void compare(const char* what, const std::vector<std::vector<double>>& all, const std::vector<std::vector<std::size_t>>& onsets, std::size_t from) {
    Score mine, theirs;
    for (std::size_t i = 0; i < all.size(); ++i) {
        score(all[i], onsets[i], ours(all[i]), from, mine);
        score(all[i], onsets[i], reference(all[i], from), from, theirs);
    }
    say(what, "default", mine), say(what, "reference", theirs);
    int earlier = 0, same = 0, later = 0;
    for (std::size_t k = 0; k < mine.first.size(); ++k) {
        const int a = mine.first[k], b = theirs.first[k];
        if (a < 0 && b < 0) continue;
        if (b < 0 || (a >= 0 && a < b)) ++earlier;
        else if (a == b) ++same;
        else ++later;
    }
    std::printf("<!-- %s: first warning by the default earlier %d, same %d, later or only by the reference %d -->\n", what, earlier, same, later);
}

// The half year from t holds three times the half year before and fifty more, and none of the twelve months before t does.
std::vector<std::size_t> hindsight(const std::vector<double>& counts, std::size_t from) {
    std::vector<std::size_t> out;
    for (std::size_t t = from; t + 6 <= counts.size(); ++t) {
        if (!out.empty() && t < out.back() + 12) continue;
        if (sum(counts, t, t + 6) >= 3 * sum(counts, t - 6, t) + 50 && counts[t] > 1.5 * sum(counts, t - 6, t) / 6) out.push_back(t);
    }
    return out;
}

void regimes() {
    std::puts("| Series | Detector | Onsets warned of | Months from onset | False alarms | Blind | Absurd | Not judged |\n|---|---|---|---|---|---|---|---|");
    std::map<std::string, std::vector<double>> routes, groups;
    const auto rows = cells(THREATLAS_SOURCE_DIR "/examples/see/data/frontex_monthly_detections.csv");
    for (std::size_t r = 1; r < rows.size(); ++r) {
        const auto t = static_cast<std::size_t>((std::stoi(rows[r][3].substr(0, 4)) - 2009) * 12 + std::stoi(rows[r][3].substr(5)) - 1);
        for (auto* at : {&routes[rows[r][0]], &groups[rows[r][0] + "|" + rows[r][2]]}) at->resize(180, 0), (*at)[t] += std::stod(rows[r][4]);
    }
    constexpr std::size_t kFrom = 62;   // where the reference has its history
    for (const auto& [name, all] : {std::pair{"Frontex routes", &routes}, std::pair{"Frontex routes x citizenship groups", &groups}}) {
        std::vector<std::vector<double>> series;
        std::vector<std::vector<std::size_t>> onsets;
        for (const auto& [key, counts] : *all) {
            if (sum(counts, 0, 180) < 500) continue;
            series.push_back(counts), onsets.push_back(hindsight(counts, kFrom));
        }
        compare((std::string(name) + " (" + std::to_string(series.size()) + ")").c_str(), series, onsets, kFrom);
    }
    struct World {
        const char* name;
        double (*mean)(std::size_t);
        std::vector<std::size_t> onsets;
    };
    const World worlds[] = {{"Nothing happens", [](std::size_t) { return 50.0; }, {}},
                            {"Surge x8 for a year, later x4", [](std::size_t t) { return t >= 80 && t < 92 ? 400.0 : t >= 140 ? 200.0 : 50.0; }, {80, 140}},
                            {"Collapse to a tenth, later x6", [](std::size_t t) { return t >= 130 ? 30.0 : t >= 80 ? 5.0 : 50.0; }, {130}},
                            {"Step x3", [](std::size_t t) { return t >= 100 ? 150.0 : 50.0; }, {100}},
                            {"Rise x4 over two years", [](std::size_t t) { return 50 * (1 + 3 * std::clamp((static_cast<double>(t) - 90) / 24, 0.0, 1.0)); }, {93}}};
    for (const World& world : worlds) {
        std::vector<std::vector<double>> series;
        for (std::uint64_t s = 0; s < 200; ++s) {
            core::Random random(5, s);
            std::vector<double> counts(180);
            for (std::size_t t = 0; t < counts.size(); ++t) counts[t] = static_cast<double>(random.poisson(world.mean(t) * random.gamma(10) / 10));
            series.push_back(std::move(counts));
        }
        compare(world.name, series, std::vector<std::vector<std::size_t>>(200, world.onsets), kFrom);
    }
}

}  // namespace

int main(int argc, char** argv) {
    const std::string what = argc > 1 ? argv[1] : "";
    if (what == "speed") speed();
    else if (what == "detection") detection();
    else if (what == "regimes") regimes();
    else if (what == "null") null();
    else if (what == "instructions" && argc == 4) {
        core::set_threads(1);
        panel_seconds(panel(std::stoul(argv[3])), std::string(argv[2]) == "avx2" ? Instructions::avx2 : Instructions::portable);
    } else return std::fprintf(stderr, "usage: bench_early_warning speed | detection | regimes | null | instructions <portable|avx2> <series>\n"), 2;
}
