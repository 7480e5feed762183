#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "assess/simulate.hpp"
#include "core/json.hpp"
#include "core/random.hpp"
#include "core/text.hpp"
#include "model/observation.hpp"

namespace threatlas::assess {
namespace {

namespace json = core::json;

struct Place {
    std::string member, country;
};
struct Series {
    std::string what, unit, nature;
    double level = 0, slope = 0;      // log events a month and member; log change a month
    std::uint64_t rows = 0, events = 0, not_reported = 0, hidden = 0;
};
struct Names {
    std::vector<Place> members;
    std::vector<Series> series;
    std::vector<std::string> threats, areas, criteria;
    std::vector<std::string> criteria_lens;   // where a grade of the criterion is asked
};

std::string numbered(const char* word, std::size_t i) {
    const std::string digits = std::to_string(i + 1);
    return std::string(word) + "_" + (digits.size() < 2 ? "0" : "") + digits;
}

Names names_of(const SimulationOptions& o) {
    Names out;
    if (o.catalogue == nullptr) {
        for (std::size_t m = 0; m < o.members; ++m) out.members.push_back({numbered("member", m), numbered("country", m)});
        for (std::size_t t = 0; t < o.threats; ++t) {
            out.threats.push_back(numbered("threat", t));
            out.series.push_back({"sim." + out.threats.back(), "count", "reported_crime"});
        }
        for (std::size_t c = 0; c < o.criteria; ++c) out.criteria.push_back(numbered("criterion", c));
        out.areas.assign(out.threats.size(), "area_01");
        out.criteria_lens.assign(out.criteria.size(), "state_of_affairs");
        return out;
    }
    const model::Catalogue& c = *o.catalogue;
    for (const model::Member& m : c.members)
        if (o.members == 0 || out.members.size() < o.members) out.members.push_back({m.id, m.country});
    for (const model::Threat& t : c.threats) {
        if (o.threats != 0 && out.threats.size() == o.threats) break;
        out.threats.push_back(t.id);
        out.areas.push_back(t.area);
    }
    for (const model::Criterion& each : c.criteria) {
        out.criteria.push_back(each.id);
        const auto like = std::find_if(c.indicators.begin(), c.indicators.end(), [&](const auto& i) { return i.criterion == each.id; });
        out.criteria_lens.push_back(like == c.indicators.end() ? "state_of_affairs" : like->lens);
    }
    for (const model::What& w : c.whats)
        if (w.unit == "count" && std::any_of(w.threats.begin(), w.threats.end(), [&](const auto& t) { return std::find(out.threats.begin(), out.threats.end(), t) != out.threats.end(); })) out.series.push_back({w.id, w.unit, w.nature.empty() ? "other" : w.nature});
    return out;
}

std::string mapping_text() {
    return
        "# Reads observations.csv of this folder. The data are invented.\n"
        "mapping: 1\nid: simulated\ntitle: Simulated observations\nsource: member_statistics\nknown_after_days: 30\n"
        "format: {type: delimited, delimiter: ',', encoding: utf-8}\nnumbers: {decimal: '.'}\nabsent: [':']\n"
        "censored: {'<5': [1, 4]}\n"
        "columns:\n  place: {column: place}\n  member: {column: member}\n  what: {column: what}\n"
        "  period: {column: period, as: month, format: yyyy-mm}\n  value: {column: value}\n  unit: {column: unit}\n"
        "  nature: {column: nature}\n  dims: {district: {column: district}}\n";
}

// A file that is whole or absent: written beside its name, renamed at the end.
class Output {
  public:
    explicit Output(std::string path) : path_(std::move(path)), file_(path_ + ".part", std::ios::binary | std::ios::trunc) {}
    void add(const std::string& text) { file_.write(text.data(), static_cast<std::streamsize>(text.size())); }
    bool good() const { return file_.good(); }
    core::Result<void> finish() {
        file_.flush();
        const bool whole = file_.good();
        file_.close();
        std::error_code error;
        if (whole) std::filesystem::rename(path_ + ".part", path_, error);
        if (whole && !error) return {};
        std::filesystem::remove(path_ + ".part", error);
        return core::fail(core::ErrorCode::unavailable, "the file cannot be written (is the disk full or the folder read-only?)", {path_, 0, ""});
    }

  private:
    std::string path_;
    std::ofstream file_;
};

void append(std::string& out, std::uint64_t value) {
    char digits[20];
    int n = 0;
    do {
        digits[n++] = static_cast<char>('0' + value % 10);
        value /= 10;
    } while (value != 0);
    while (n > 0) out += digits[--n];
}

core::Result<void> write_observations(const SimulationOptions& o, Names& names, const std::string& path, core::Progress& progress) {
    const auto months = static_cast<std::size_t>(o.years) * 12;
    const std::size_t block = names.members.size() * names.series.size();
    // Enough districts that months x members x codes x districts reach the rows asked for.
    const double expected = std::max(1e-6, (1 - o.missing) * o.coverage);
    const auto districts = static_cast<std::size_t>(std::max(1.0, std::ceil(static_cast<double>(o.observations) / (expected * static_cast<double>(block * months)))));
    core::Random plan(o.seed, core::stream_id("simulate/plan"));
    for (Series& s : names.series) {
        s.level = 2 + plan.normal();
        s.slope = 0.01 * plan.normal();
    }
    std::vector<bool> reports(block);
    for (std::size_t k = 0; k < block; ++k) reports[k] = plan.uniform() < o.coverage;
    std::vector<double> member_level(names.members.size());
    for (double& x : member_level) x = 0.4 * plan.normal();

    Output file(path);
    file.add("place,member,what,period,value,unit,nature,district\n");
    std::string text, head;
    std::uint64_t rows = 0;
    for (std::size_t month = 0; month < months && rows < o.observations; ++month) {
        const std::size_t number = month % 12 + 1;
        const std::string period = std::to_string(o.first_year + static_cast<int>(month / 12)) + (number < 10 ? "-0" : "-") + std::to_string(number);
        const double season = 0.15 * std::sin(6.283185307179586 * static_cast<double>(number) / 12);
        for (std::size_t k = 0; k < block && rows < o.observations; ++k) {
            if (!reports[k]) continue;
            const std::size_t m = k / names.series.size();
            Series& s = names.series[k % names.series.size()];
            core::Random random(o.seed, core::stream_id("simulate/rows"), month * block + k);
            const double mean = s.level + member_level[m] + s.slope * static_cast<double>(month) + season;
            const double missing = o.informative_missing ? std::clamp(o.missing * std::exp(mean - 2), 0.0, 0.95) : o.missing;
            head = names.members[m].country + "," + names.members[m].member + "," + s.what + "," + period + ",";
            for (std::size_t d = 0; d < districts && rows < o.observations; ++d) {
                const double scatter = o.heavy_tails ? 0.5 * random.student_t(3) : 0.3 * random.normal();
                const std::uint64_t events = random.poisson(std::exp(std::clamp(mean + scatter, -20.0, 12.0)));
                if (random.uniform() < missing) {
                    s.not_reported += events;
                    continue;
                }
                text += head;
                if (events >= 1 && events <= 4 && random.uniform() < o.small_counts) {
                    text += "<5";
                    ++s.hidden;
                } else {
                    append(text, events);
                }
                text += ',' + s.unit + ',' + s.nature + ",d";
                append(text, d + 1);
                text += '\n';
                s.events += events;
                ++s.rows;
                ++rows;
            }
            if (text.size() > (std::size_t{1} << 20)) {
                file.add(text);
                text.clear();
                progress.step("simulated rows", rows, o.observations);
                if (!file.good()) return file.finish();
            }
        }
    }
    file.add(text);
    progress.step("simulated rows", rows, o.observations);
    return file.finish();
}

// The judgements of each member, and the truth they were made from.
json::object write_grades(const SimulationOptions& o, const Names& names, std::string& csv) {
    RegionOptions region;
    region.threats = names.threats.size();
    region.criteria = names.criteria.size();
    region.members = names.members.size();
    region.areas = 1;
    region.coverage = o.coverage;
    region.weight_alpha = o.weight_alpha;
    region.heavy_tails = o.heavy_tails;
    region.informative_missing = o.informative_missing;
    region.harsh = o.harsh;
    region.only_grades = true;
    region.seed = o.seed;
    const SyntheticRegion truth = synthetic_region(region);
    csv = "id,threat,lens,criterion,kind,value,statement,scope,organisation,dated,q10,q50,q90,evaluation,handling\n";
    const char* words[] = {"low", "medium", "high", "very_high"};
    std::size_t number = 0;
    const std::string dated = std::to_string(o.first_year + o.years) + "-01-15";
    for (const Evidence& e : truth.grid.evidence) {
        const std::string& member = names.members[static_cast<std::size_t>(e.member)].member;
        csv += "G" + std::to_string(++number) + "," + names.threats[e.threat] + "," + names.criteria_lens[e.criterion] + "," + names.criteria[e.criterion] + ",grade," +
               words[static_cast<std::size_t>(e.low / 25)] + ",simulated grade," + member + "," + member + "," + dated + ",,,,unevaluated,TLP:CLEAR\n";
    }
    json::object weights, scores, severity;
    for (std::size_t c = 0; c < names.criteria.size(); ++c) weights[names.criteria[c]] = truth.weights[c];
    for (std::size_t t = 0; t < names.threats.size(); ++t) scores[names.threats[t]] = truth.scores[t];
    for (std::size_t m = 0; m < names.members.size(); ++m) severity[names.members[m].member] = truth.severity[m];
    std::vector<std::size_t> order(names.threats.size());
    for (std::size_t t = 0; t < order.size(); ++t) order[t] = t;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return truth.scores[a] > truth.scores[b]; });
    json::array gravest;
    for (const std::size_t t : order) gravest.push_back(json::value(names.threats[t]));
    return {{"weights", std::move(weights)}, {"scores", std::move(scores)}, {"severity", std::move(severity)}, {"order", std::move(gravest)}};
}

}  // namespace

core::Result<void> write_simulation(const SimulationOptions& o, const std::string& folder, core::Progress& progress) {
    const auto share = [](double x) { return x >= 0 && x <= 1; };
    if (o.observations > 10'000'000) return core::fail(core::ErrorCode::bad_usage, "at most 10 million observations can be simulated");
    if (o.years < 1 || o.years > 200 || o.first_year < 1900 || o.first_year > 2100) return core::fail(core::ErrorCode::bad_usage, "years must be 1 to 200, from 1900 to 2100 on");
    if (!share(o.missing) || !share(o.small_counts) || !share(o.coverage) || o.missing >= 1 || o.coverage <= 0)
        return core::fail(core::ErrorCode::bad_usage, "missing (below 1), coverage (above 0) and small_counts are shares between 0 and 1");
    if (!(o.weight_alpha > 0) || !std::isfinite(o.harsh)) return core::fail(core::ErrorCode::bad_usage, "weight_alpha must be above 0 and harsh a number");
    Names names = names_of(o);
    if (names.members.empty() || names.threats.empty() || names.criteria.empty() || names.series.empty())
        return core::fail(core::ErrorCode::bad_usage, "a simulation needs members, threats, criteria and a code that counts events");
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) return core::fail(core::ErrorCode::unavailable, "the folder cannot be created: " + error.message(), {folder, 0, ""});
    const std::filesystem::path root = folder;
    THREATLAS_CHECK(write_observations(o, names, (root / "observations.csv").string(), progress));
    std::string csv;
    json::object truth = write_grades(o, names, csv);
    json::object totals;
    for (const Series& s : names.series)
        totals[s.what] = json::object{{"rows", s.rows}, {"events", s.events}, {"not_reported", s.not_reported}, {"written_as_less_than_5", s.hidden}, {"percent_per_year", 100 * (std::exp(12 * s.slope) - 1)}};
    truth["observations"] = std::move(totals);
    truth["seed"] = std::to_string(o.seed);
    THREATLAS_CHECK(core::write_file((root / "grades.csv").string(), csv));
    THREATLAS_CHECK(core::write_file((root / "mapping.yaml").string(), mapping_text()));
    return core::write_file((root / "truth.json").string(), core::write_json(truth, 1) + "\n");
}

}  // namespace threatlas::assess
