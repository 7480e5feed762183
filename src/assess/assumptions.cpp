#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <set>

#include "assess/indicators/assumptions.hpp"
#include "assess/indicators/figures.hpp"
#include "assess/results.hpp"
#include "core/parallel.hpp"

namespace threatlas::assess {
namespace {

constexpr std::size_t kDraws = 1536;

// Score of a value through five anchors; beyond the outer ones it stays at 0 or 100.
double score_of(double value, const std::vector<double>& anchors) {
    if (anchors.size() < 2) return 50;
    const bool up = anchors.front() < anchors.back();
    const double step = 100 / static_cast<double>(anchors.size() - 1);
    for (std::size_t i = 0; i < anchors.size(); ++i) {
        const bool before = up ? value <= anchors[i] : value >= anchors[i];
        if (!before) continue;
        if (i == 0) return 0;
        const double width = anchors[i] - anchors[i - 1];
        const double part = std::abs(width) > 0 ? (value - anchors[i - 1]) / width : 1;
        return step * (static_cast<double>(i - 1) + part);
    }
    return 100;
}

// One assumption at one end: what becomes of evidence i, in points.
using Shift = std::function<double(std::size_t)>;

struct Case {
    Assumption record;
    Shift low, high;
    std::function<std::vector<double>(bool)> ranks;   // instead of shifts, when it is not about evidence
};

class Response {
  public:
    explicit Response(const Run& run) : run_(run), s_(ranking::lay_out(run.measured.grid)), plain_(cells({}, 1, s_)) {
        weights_.assign(run.draw_weights.begin(), run.draw_weights.begin() + static_cast<std::ptrdiff_t>(draws() * s_.criteria));
    }
    std::size_t draws() const { return std::min(kDraws, run_.scores.draws); }

    std::vector<double> ranks(const Shift& shift, double grading = 1) const { return ranks_of(cells(shift, grading, s_)); }
    std::vector<double> ranks_with_weights(const std::vector<double>& centre) const {
        return score(ranking::cell_draws(run_.posterior, draws(), ranking::Unknown::predicted), ranking::draw_weights(moved_to(centre), draws(), run_.options.seed));
    }
    std::vector<double> ranks_with_member_weights(const std::vector<double>& weight) const {
        Grid grid = run_.measured.grid;
        grid.member_weight = weight;
        return ranks_of(cells({}, 1, ranking::lay_out(grid)));
    }
    // Other evidence for some cells, the rest as it is; judgements as the model understood them.
    std::vector<double> ranks_with_evidence(const std::vector<Evidence>& measured_again, const std::function<bool(std::size_t)>& replaced) const {
        Grid grid = run_.measured.grid;
        std::vector<double> said = run_.posterior.latent;
        for (std::size_t i = 0; i < said.size(); ++i)
            if (const Evidence& e = grid.evidence[i]; e.rater >= 0) said[i] -= run_.posterior.severity_mean[static_cast<std::size_t>(e.rater)];
        std::size_t kept = 0;
        for (std::size_t i = 0; i < grid.evidence.size(); ++i)
            if (!replaced(i)) grid.evidence[kept] = grid.evidence[i], said[kept++] = said[i];
        grid.evidence.resize(kept), said.resize(kept);
        for (const Evidence& e : measured_again) grid.evidence.push_back(e), said.push_back(e.mean);
        return ranks_of(expected(grid, said));
    }
    // The model run again, shortly, on the same evidence but for the grades.
    std::vector<double> ranks_with_grades(const std::vector<Evidence>& grades) const {
        Grid grid = run_.measured.grid;
        std::erase_if(grid.evidence, [](const Evidence& e) { return e.is_grade; });
        grid.evidence.insert(grid.evidence.end(), grades.begin(), grades.end());
        const ranking::Posterior p = ranking::fit(grid, {.seed = run_.options.seed, .kept = 150, .keep_members = false});
        const std::size_t used = std::min(p.draws, run_.scores.draws);   // few were asked for
        std::vector<float> weights(run_.draw_weights.begin(), run_.draw_weights.begin() + static_cast<std::ptrdiff_t>(used * s_.criteria));
        return ranking::expected_ranks(ranking::score_draws(ranking::cell_draws(p, used, ranking::Unknown::predicted), weights, s_.threats, s_.criteria));
    }
    // Measurements known better or worse: the standard deviation of evidence i becomes sd(i).
    std::vector<double> ranks_with_sd(const Shift& sd) const { return ranks_of(cells({}, 1, s_, sd)); }
    std::vector<double> ranks_with_gaps_moved(double points) const {
        std::vector<double> moved = plain_;
        for (std::size_t k = 0; k < moved.size(); ++k)
            if (run_.posterior.known_share[k] <= 0) moved[k] += points;
        return ranks_of(moved);
    }
    std::vector<double> ranks_with_kappa(double factor) const {
        auto centres = run_.centres;
        for (auto& each : centres) each.kappa *= factor;
        const auto weights = ranking::draw_weights(centres, draws(), run_.options.seed);
        return score(ranking::cell_draws(run_.posterior, draws(), ranking::Unknown::predicted), weights);
    }

  private:
    // The centres, their mean moved there.
    std::vector<ranking::Centre> moved_to(const std::vector<double>& centre) const {
        if (run_.centres.size() == 1) return {{centre, run_.centres.front().kappa}};
        auto out = run_.centres;
        for (auto& each : out) {
            double sum = 0;
            for (std::size_t c = 0; c < centre.size(); ++c) sum += each.weights[c] = run_.weights[c] > 0 ? each.weights[c] * centre[c] / run_.weights[c] : 0;
            for (double& w : each.weights) w = sum > 0 ? w / sum : 1 / static_cast<double>(centre.size());
        }
        return out;
    }
    std::vector<double> cells(const Shift& shift, double grading, const ranking::Structure& s, const Shift& own_sd = {}) const {
        const Grid& grid = run_.measured.grid;
        ranking::SiteData sites{std::vector<double>(s.sites.size(), 0), std::vector<double>(s.sites.size(), 0)};
        for (std::size_t j = 0; j < s.sites.size(); ++j) {
            for (std::uint32_t k = s.sites[j].first; k < s.sites[j].last; ++k) {
                const std::size_t i = s.order[k];
                const Evidence& e = grid.evidence[i];
                const double sd = e.is_grade ? run_.posterior.spread.grading * s.noise_factor[i] * grading : own_sd ? own_sd(i) : e.sd;
                const double severity = e.rater >= 0 ? run_.posterior.severity_mean[static_cast<std::size_t>(e.rater)] : 0;
                const double said = run_.posterior.latent[i] - severity + (shift ? shift(i) : 0);
                sites.precision[j] += 1 / (sd * sd);
                sites.mean[j] += said / (sd * sd);
            }
            sites.mean[j] /= sites.precision[j];
        }
        return ranking::expected_cells(s, run_.posterior.spread, sites);
    }
    std::vector<double> ranks_of(std::vector<double> moved) const {
        for (std::size_t k = 0; k < moved.size(); ++k) moved[k] -= plain_[k];
        return score(ranking::cell_draws(run_.posterior, draws(), ranking::Unknown::predicted, moved), weights_);
    }
    std::vector<double> score(const std::vector<float>& drawn, const std::vector<float>& weights) const {
        return ranking::expected_ranks(ranking::score_draws(drawn, weights, s_.threats, s_.criteria));
    }

    std::vector<double> expected(const Grid& grid, const std::vector<double>& said) const {
        const ranking::Structure s = ranking::lay_out(grid);
        ranking::SiteData sites{std::vector<double>(s.sites.size(), 0), std::vector<double>(s.sites.size(), 0)};
        for (std::size_t j = 0; j < s.sites.size(); ++j) {
            for (std::uint32_t k = s.sites[j].first; k < s.sites[j].last; ++k) {
                const std::size_t i = s.order[k];
                const Evidence& e = grid.evidence[i];
                const double sd = e.is_grade ? run_.posterior.spread.grading * s.noise_factor[i] : e.sd;
                sites.precision[j] += 1 / (sd * sd);
                sites.mean[j] += said[i] / (sd * sd);
            }
            sites.mean[j] /= sites.precision[j];
        }
        return ranking::expected_cells(s, run_.posterior.spread, sites);
    }

    const Run& run_;
    ranking::Structure s_;
    std::vector<double> plain_;
    std::vector<float> weights_;
};

// Figures by evidence, and the value that a figure's score rests on.
struct Behind {
    const Figure* figure = nullptr;
    const model::Indicator* indicator = nullptr;
    const model::Threat* threat = nullptr;
    double anchor_scale = 1;   // anchors speak of recorded events, the value of all (figures.cpp)

    bool has_dark_figure() const {
        return indicator != nullptr && indicator->measure == "rate" && figure->nature != "conviction" && threat->dark_figure_high > 1;
    }
    // Mean score when the value and the anchors are multiplied, over the value's distribution.
    double score(double value_factor, double anchor_factor) const {
        constexpr std::array<std::pair<double Summary::*, double>, 5> kPoints{{{&Summary::q05, 0.15}, {&Summary::q25, 0.225}, {&Summary::q50, 0.25}, {&Summary::q75, 0.225}, {&Summary::q95, 0.15}}};
        std::vector<double> anchors = indicator->anchors;
        for (double& a : anchors) a *= anchor_scale * anchor_factor;
        double out = 0;
        for (const auto& [quantile, weight] : kPoints) out += weight * score_of(figure->value.*quantile * value_factor, anchors);
        return out;
    }
};

// Evidence whose value is multiplied: the shift of its score through the indicator's anchors.
Shift scaled(const std::vector<Behind>& behind, std::function<bool(const Behind&)> applies, double factor, bool anchors) {
    return [&behind, applies = std::move(applies), factor, anchors](std::size_t i) {
        const Behind& b = behind[i];
        if (b.indicator == nullptr || !applies(b)) return 0.0;
        return (anchors ? b.score(1, factor) : b.score(factor, 1)) - b.score(1, 1);
    };
}

void about_indicators(const Run& run, const std::vector<Behind>& behind, std::vector<Case>& cases) {
    for (const model::Indicator& indicator : run.catalogue.indicators) {
        const auto of = [id = indicator.id](const Behind& b) { return b.indicator->id == id; };
        if (std::none_of(behind.begin(), behind.end(), [&](const Behind& b) { return b.indicator != nullptr && of(b); })) continue;
        if (indicator.anchor_spread > 0 && indicator.anchors.size() > 1) {
            const double low = std::max(0.05, 1 - indicator.anchor_spread), high = 1 + indicator.anchor_spread;
            cases.push_back({{"anchors." + indicator.id, "Anchors of '" + indicator.title + "' (factor)", indicator.anchor_source, low, high, 0, ""},
                             scaled(behind, of, low, true), scaled(behind, of, high, true), {}});
        }
        if (indicator.speaks_for_low < indicator.speaks_for_high && indicator.speaks_for_low > 0 && (indicator.measure == "rate" || indicator.measure == "quantity")) {
            const double middle = std::sqrt(indicator.speaks_for_low * indicator.speaks_for_high);
            cases.push_back({{"speaks_for." + indicator.id, "Share of '" + indicator.title + "' that belongs to the threat", indicator.speaks_for_source, indicator.speaks_for_low, indicator.speaks_for_high, 0, ""},
                             scaled(behind, of, indicator.speaks_for_low / middle, false), scaled(behind, of, indicator.speaks_for_high / middle, false), {}});
        }
    }
    for (const model::Threat& threat : run.catalogue.threats) {
        // Trends and shares are ratios: the dark figure, taken as constant, leaves them as they are.
        const auto counted = [id = threat.id](const Behind& b) { return b.threat->id == id && b.has_dark_figure(); };
        if (threat.dark_figure_low < threat.dark_figure_high && threat.dark_figure_low > 0 &&
            std::any_of(behind.begin(), behind.end(), [&](const Behind& b) { return b.indicator != nullptr && counted(b); })) {
            const double middle = std::sqrt(threat.dark_figure_low * threat.dark_figure_high);
            cases.push_back({{"dark_figure." + threat.id, "Events per recorded event, " + threat.title, threat.dark_figure_source, threat.dark_figure_low, threat.dark_figure_high, 0, ""},
                             scaled(behind, counted, threat.dark_figure_low / middle, false), scaled(behind, counted, threat.dark_figure_high / middle, false), {}});
        }
    }
}  // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks): it loses sight of what a std::function in the list owns

// Harm moves to either end of its range.
void about_harm(const Run& run, std::vector<Case>& cases) {
    const Grid& grid = run.measured.grid;
    for (std::size_t i = 0; i < grid.evidence.size(); ++i) {
        const auto figure = std::find_if(run.measured.figures.begin(), run.measured.figures.end(), [&](const Figure& f) { return f.id == grid.evidence[i].figure; });
        if (figure == run.measured.figures.end() || figure->measure != "harm") continue;
        const model::Threat& threat = run.catalogue.threats[grid.evidence[i].threat];
        const auto to = [i](double points) { return [i, points](std::size_t at) { return at == i ? points : 0.0; }; };
        cases.push_back({{"harm." + threat.id, "Sentence days of one offence, " + threat.title, threat.harm_source, threat.harm_days_low, threat.harm_days_high, 0, ""},
                         to(figure->score.q05 - figure->score.mean), to(figure->score.q95 - figure->score.mean), {}});
    }
}

void about_grades(const Run& run, const std::map<std::string, const Figure*>& by_id, const Response& response, std::vector<Case>& cases) {
    const Grid& grid = run.measured.grid;
    // What a word means, not what it was widened to for one source: grades are told apart by word.
    std::map<std::string, std::vector<std::size_t>> words;
    for (std::size_t i = 0; i < grid.evidence.size(); ++i) {
        const auto figure = by_id.find(grid.evidence[i].figure);
        if (!grid.evidence[i].is_grade || figure == by_id.end() || figure->second->rows.empty()) continue;
        const auto dims = store::unpack_dims(figure->second->rows.front().dims);
        const auto value = dims.find("value");
        if (value != dims.end()) words[figure->second->measure + "." + value->second].push_back(i);
    }
    for (const auto& [word, indices] : words) {
        const std::string scheme = word.substr(0, word.find('.')), value = word.substr(word.find('.') + 1);
        for (const model::Grade& g : run.catalogue.grades) {
            if (g.scheme != scheme || g.word != value) continue;
            const auto moved = [&grid, of = std::set<std::size_t>(indices.begin(), indices.end())](double points) {
                return [of, points](std::size_t i) { return of.contains(i) ? points : 0.0; };
            };
            const double half = (g.high - g.low) / 2;
            cases.push_back({{"judgement." + word, "What the word '" + value + "' of a " + scheme + " stands for: its low or its high end", g.source, g.low, g.high, 0, ""}, moved(-half), moved(half), {}});
        }
    }
    for (std::size_t r = 0; r < grid.raters.size() && ranking::severity_told(grid); ++r) {
        const double mean = run.posterior.severity_mean[r], half = 1.645 * run.posterior.severity_sd[r];
        const auto by = [&grid, r](double points) {
            return [&grid, r, points](std::size_t i) { return grid.evidence[i].rater == static_cast<int>(r) ? points : 0.0; };
        };
        if (std::none_of(grid.evidence.begin(), grid.evidence.end(), [&](const Evidence& e) { return e.rater == static_cast<int>(r); })) continue;
        cases.push_back({{"severity." + grid.raters[r], "Grading habit of " + grid.raters[r] + " (points)", "estimated by the model", mean - half, mean + half, 0, ""}, by(half), by(-half), {}});
        cases.push_back({{"severity_uncorrected." + grid.raters[r], "Grades of " + grid.raters[r] + " taken as given (0) or corrected (1)", "METHOD 2b", 0, 1, 0, ""}, by(mean), by(0), {}});
    }
    if (words.empty()) return;
    cases.push_back({{"grading_noise", "Noise of a grade (factor)", "estimated by the model", 0.5, 2, 0, ""}, {}, {},
                     [&response](bool high) { return response.ranks({}, high ? 2 : 0.5); }});
}

// How far an indicator stands for its criterion, how far counts of detections for scale, and the least
// error: parts of the variance of a measurement, replaced by those of the low and the high end.
void about_widths(const Run& run, const std::vector<Behind>& behind, const Response& response, std::vector<Case>& cases) {
    const Grid& grid = run.measured.grid;
    const auto add = [&](const indicators::FixedAssumption& a, std::function<double(const Behind&, double sd, double to)> changed) {
        cases.push_back({{std::string(a.id), std::string(a.title), std::string(a.source), a.low, a.high, 0, ""}, {}, {}, [&grid, &behind, &response, &a, changed](bool high) {
                             return response.ranks_with_sd([&](std::size_t i) {
                                 const double sd = grid.evidence[i].sd;
                                 return behind[i].indicator == nullptr ? sd : changed(behind[i], sd, high ? a.high : a.low);
                             });
                         }});
    };
    const auto replaced = [](double sd, double value, double to) { return std::sqrt(std::max(sd * sd - value * value, 1.0) + to * to); };
    add(indicators::kProxySd, [replaced](const Behind&, double sd, double to) { return replaced(sd, indicators::kProxySd.value, to); });
    add(indicators::kEffortSd, [replaced](const Behind& b, double sd, double to) {
        const bool looked_for = indicators::found_by_looking(b.figure->nature) && b.indicator->criterion == "scale";
        return looked_for ? replaced(sd, indicators::kEffortSd.value, to) : sd;
    });
    add(indicators::kScoreSdFloor, [](const Behind&, double sd, double to) { return std::max(sd, to); });
}

// What enters the measuring itself: the indicators it touches are measured again at the low and the high
// end, with fewer draws.
void about_measuring(const Run& run, const std::vector<Behind>& behind, const Response& response, std::vector<Case>& cases) {
    using Measures = std::set<std::string>;
    const std::array<std::pair<const indicators::FixedAssumption*, Measures>, 6> touched{{
        {&indicators::kYearSd, {"rate"}}, {&indicators::kQuantityCv, {"quantity"}}, {&indicators::kIncompleteSd, {"rate", "quantity", "share"}},
        {&indicators::kIncompleteSlopeSd, {"trend"}}, {&indicators::kSlopePriorSd, {"trend"}}, {&indicators::kWholeYear, {"rate", "quantity", "trend"}}}};
    for (const auto& [assumption, measures] : touched)
        cases.push_back({{std::string(assumption->id), std::string(assumption->title), std::string(assumption->source), assumption->low, assumption->high, 0, ""}, {}, {},
                         [&run, &behind, &response, a = assumption, measures = measures](bool high) {
                             model::Catalogue some = run.catalogue;
                             std::erase_if(some.indicators, [&](const model::Indicator& each) { return !measures.contains(each.measure); });
                             Options options = run.options;
                             options.figure_draws = 400;
                             options.assumed[std::string(a->id)] = high ? a->high : a->low;
                             options.arising = &run.measured.arising;
                             auto measured = measure(run.snapshot, some, options);
                             if (!measured) return response.ranks({});
                             std::erase_if(measured->grid.evidence, [](const Evidence& e) { return e.basis != Basis::measured; });
                             return response.ranks_with_evidence(measured->grid.evidence, [&](std::size_t i) { return behind[i].indicator != nullptr && measures.contains(behind[i].indicator->measure); });
                         }});
}

// What a grade's source makes of its width.
void about_evaluations(const Run& run, const Response& response, std::vector<Case>& cases) {
    // When a trend is called rising or falling: it chooses a word and moves no rank.
    for (const indicators::FixedAssumption* assumption : {&indicators::kTrendWord, &indicators::kTrendCertain})
        cases.push_back({{std::string(assumption->id), std::string(assumption->title), std::string(assumption->source), assumption->low, assumption->high, 0, ""}, {}, {}, {}});
    for (const indicators::FixedAssumption* assumption : {&indicators::kUnevaluated, &indicators::kOtherScope})
        cases.push_back({{std::string(assumption->id), std::string(assumption->title), std::string(assumption->source), assumption->low, assumption->high, 0, ""}, {}, {},
                         [&run, &response, a = assumption](bool high) {
                             model::Catalogue none = run.catalogue;
                             none.indicators.clear();
                             Options options = run.options;
                             options.figure_draws = 400;
                             options.assumed[std::string(a->id)] = high ? a->high : a->low;
                             options.arising = &run.measured.arising;
                             auto judged = measure(run.snapshot, none, options);
                             if (!judged) return response.ranks({});
                             std::erase_if(judged->grid.evidence, [](const Evidence& e) { return !e.is_grade; });
                             return response.ranks_with_grades(judged->grid.evidence);
                         }});
}

void about_weights(const Run& run, const Response& response, std::vector<Case>& cases) {
    for (std::size_t c = 0; c < run.catalogue.criteria.size(); ++c) {
        const model::Criterion& criterion = run.catalogue.criteria[c];
        cases.push_back({{"weight." + criterion.id, "Weight of '" + criterion.title + "'", "catalogue, criteria.yaml: the working group's; half and double here", run.weights[c] / 2, run.weights[c] * 2, 0, ""}, {}, {},
                         [&run, &response, c](bool high) {
                             std::vector<double> weights = run.weights;
                             weights[c] *= high ? 2 : 0.5;
                             double sum = 0;
                             for (const double w : weights) sum += w;
                             for (double& w : weights) w /= sum;
                             return response.ranks_with_weights(weights);
                         }});
    }
}

}  // namespace

std::vector<Assumption> assumptions(const Run& run) {
    const Response response(run);
    std::map<std::string, const Figure*> by_id;
    for (const Figure& f : run.measured.figures) by_id[f.id] = &f;
    std::vector<Behind> behind(run.measured.grid.evidence.size());
    for (std::size_t i = 0; i < behind.size(); ++i) {
        const Evidence& e = run.measured.grid.evidence[i];
        const auto found = by_id.find(e.figure);
        if (found == by_id.end() || e.basis != Basis::measured) continue;
        behind[i] = {found->second, run.catalogue.indicator(found->second->indicator), &run.catalogue.threats[e.threat], 1};
        if (behind[i].has_dark_figure()) behind[i].anchor_scale = std::sqrt(behind[i].threat->dark_figure_low * behind[i].threat->dark_figure_high);
    }

    std::vector<Case> cases;
    about_indicators(run, behind, cases);
    about_harm(run, cases);
    about_grades(run, by_id, response, cases);
    about_widths(run, behind, response, cases);
    about_measuring(run, behind, response, cases);
    about_evaluations(run, response, cases);
    about_weights(run, response, cases);
    const double kappa = run.centres.front().kappa;
    cases.push_back({{"kappa", "Firmness of the weights (kappa of the Dirichlet)", "founders' assumption", kappa / 2, kappa * 2, 0, ""}, {}, {},
                     [&](bool high) { return response.ranks_with_kappa(high ? 2 : 0.5); }});
    cases.push_back({{"silence", "Unknown cells lie below or above what the model expects (points)", "founders' assumption: missing is uninformative given the model", -10, 10, 0, ""}, {}, {},
                     [&](bool high) { return response.ranks_with_gaps_moved(high ? 10 : -10); }});
    if (run.measured.grid.members > 1)
        cases.push_back({{"member_weights", "Members weigh by population (0) or all alike (1)", "founders' assumption", 0, 1, 0, ""}, {}, {}, [&](bool high) {
                             const std::size_t n = run.measured.grid.members;
                             return response.ranks_with_member_weights(high ? std::vector<double>(n, 1 / static_cast<double>(n)) : run.measured.grid.member_weight);
                         }});

    std::vector<Assumption> out(cases.size());
    core::parallel_for(cases.size(), [&](std::size_t i) {
        const Case& one = cases[i];
        const std::vector<double> low = one.ranks ? one.ranks(false) : response.ranks(one.low), high = one.ranks ? one.ranks(true) : response.ranks(one.high);
        out[i] = one.record;
        for (std::size_t t = 0; t < low.size(); ++t)
            if (const double move = std::abs(high[t] - low[t]); move > out[i].largest_rank_move) {
                out[i].largest_rank_move = move;
                out[i].moved_threat = run.catalogue.threats[t].id;
            }
    });
    std::stable_sort(out.begin(), out.end(), [](const Assumption& a, const Assumption& b) { return a.largest_rank_move > b.largest_rank_move; });
    return out;
}

}  // namespace threatlas::assess
