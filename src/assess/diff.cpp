#include "assess/diff.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace threatlas::assess {
namespace {

const ThreatResult* find(const Assessment& a, const std::string& threat) {
    for (const ThreatResult& each : a.ranking)
        if (each.threat == threat) return &each;
    return nullptr;
}

std::map<std::string, double> cells_of(const ThreatResult& threat) {
    std::map<std::string, double> out;
    for (const CriterionResult& each : threat.criteria) out[each.criterion] = each.score.mean;
    return out;
}

// What the figures of an assessment say, as the grid the model reads. A grade enters as its mean and
// standard deviation: its interval is not kept in a figure.
Grid grid_of(const Assessment& assessment, const Run& run) {
    Grid out = run.measured.grid;
    out.evidence.clear();
    out.raters.clear();
    const auto& c = run.catalogue;
    const auto index = [](const auto& list, const std::string& id) {
        return std::find_if(list.begin(), list.end(), [&](const auto& each) { return each.id == id; }) - list.begin();
    };
    for (const Figure& f : assessment.figures) {
        const auto t = static_cast<std::size_t>(index(c.threats, f.threat)), k = static_cast<std::size_t>(index(c.criteria, f.criterion));
        if (t == c.threats.size() || k == c.criteria.size() || !(f.score.sd > 0) || f.basis == "imputed") continue;
        Evidence e;
        e.threat = t;
        e.criterion = k;
        e.basis = f.basis == "judged" ? Basis::judged : Basis::measured;
        e.mean = f.score.mean;
        e.sd = f.score.sd;
        e.figure = f.id;
        for (std::size_t m = 0; m < c.members.size(); ++m)
            if (f.member.empty() ? !f.place.empty() && c.members[m].country == f.place : c.members[m].id == f.member) {
                e.member = static_cast<int>(m);
                out.evidence.push_back(e);
            }
        if (e.member < 0 && f.place.empty() && f.member.empty()) out.evidence.push_back(e);
    }
    return out;
}

}  // namespace

namespace {

// What made the difference can be told from the two manifests when only one of them differs: the
// evidence, or the way it was read (method, catalogue, seed, draws).
bool same_evidence(const Assessment& a, const Assessment& b) { return a.manifest.snapshot_hash == b.manifest.snapshot_hash; }
bool same_reading(const Assessment& a, const Assessment& b) {
    const Manifest &x = a.manifest, &y = b.manifest;
    return x.method == y.method && x.catalogue_hash == y.catalogue_hash && x.seed == y.seed && x.draws == y.draws;
}

}  // namespace

std::map<std::string, double> weights_of(const Assessment& a) {
    // phi = w (x - mean): the ratio of the two sums over threats is w, whatever the rounding.
    std::map<std::string, double> mean, above, below, out;
    const auto n = static_cast<double>(a.ranking.size());
    for (const ThreatResult& t : a.ranking)
        for (const CriterionResult& c : t.criteria) mean[c.criterion] += c.score.mean / n;
    for (const ThreatResult& t : a.ranking)
        for (const CriterionResult& c : t.criteria) {
            above[c.criterion] += std::abs(c.attribution);
            below[c.criterion] += std::abs(c.score.mean - mean[c.criterion]);
        }
    for (const auto& [id, x] : below) out[id] = x > 0 ? above[id] / x : 0;
    return out;
}

Change compare(const Assessment& before, const Assessment& after) {
    Change out;
    const auto w0 = weights_of(before), w1 = weights_of(after);
    const auto weight = [](const std::map<std::string, double>& w, const std::string& id) {
        const auto found = w.find(id);
        return found == w.end() ? 0.0 : found->second;
    };
    const bool by_data = same_reading(before, after);
    std::set<std::string> ids;
    for (const auto* a : {&before, &after})
        for (const ThreatResult& t : a->ranking) ids.insert(t.threat);
    for (const std::string& id : ids) {
        const ThreatResult *a = find(before, id), *b = find(after, id);
        ThreatChange one;
        one.threat = id;
        one.title = (b != nullptr ? b : a)->title;
        if (a != nullptr) one.rank_before = a->rank, one.score_before = a->score.mean;
        if (b != nullptr) one.rank_after = b->rank, one.score_after = b->score.mean;
        if (a != nullptr && b != nullptr) {
            const auto x0 = cells_of(*a), x1 = cells_of(*b);
            for (const auto& [criterion, value] : x1) {
                const double u = weight(w0, criterion), v = weight(w1, criterion), old = weight(x0, criterion);
                one.weights += (v - u) * (value + old) / 2;
                one.criteria.push_back({criterion, criterion, (u + v) / 2 * (value - old), 0, 0});
            }
            for (const auto& [criterion, old] : x0)
                if (!x1.contains(criterion)) one.weights -= weight(w0, criterion) * old / 2;
            (by_data ? one.data : one.method) = one.score_after - one.score_before - one.weights;
        }
        out.threats.push_back(std::move(one));
    }
    std::stable_sort(out.threats.begin(), out.threats.end(), [](const ThreatChange& x, const ThreatChange& y) {
        return std::abs(x.score_after - x.score_before) > std::abs(y.score_after - y.score_before);
    });
    const auto note = [&](const std::string& what, const std::string& x, const std::string& y) {
        if (x != y) out.notes.push_back(what + ": " + (x.empty() ? "none" : x) + " -> " + (y.empty() ? "none" : y));
    };
    const Manifest &m0 = before.manifest, &m1 = after.manifest;
    note("as of", core::iso(m0.as_of), core::iso(m1.as_of));
    note("catalogue", m0.catalogue_version + " " + m0.catalogue_hash.substr(0, 12), m1.catalogue_version + " " + m1.catalogue_hash.substr(0, 12));
    note("method", m0.method, m1.method);
    note("software", m0.software, m1.software);
    note("seed", std::to_string(m0.seed), std::to_string(m1.seed));
    note("draws", std::to_string(m0.draws), std::to_string(m1.draws));
    for (const auto& [id, file] : m1.inputs)
        if (!m0.inputs.contains(id)) out.notes.push_back("input added: " + file + " " + id.substr(0, 12));
    for (const auto& [id, file] : m0.inputs)
        if (!m1.inputs.contains(id)) out.notes.push_back("input gone: " + file + " " + id.substr(0, 12));
    if (!by_data && !same_evidence(before, after))
        out.notes.emplace_back("both the evidence and the way it is read differ: their points stand together under method; 'assess --previous' tells them apart");
    return out;
}

void add_change(const Assessment& previous, const Run& run, Assessment& assessment) {
    const Change change = compare(previous, assessment);
    std::map<std::string, double> by_method;   // the present reading of the previous figures, less then
    const bool only_reading = same_evidence(previous, assessment);
    if (!only_reading && !same_reading(previous, assessment)) {
        const Grid grid = grid_of(previous, run);
        const ranking::Posterior p = ranking::fit(grid, {.seed = run.options.seed, .kept = 250, .keep_members = false});
        const std::size_t n = grid.threats * grid.criteria;
        const std::vector<float> cells = ranking::cell_draws(p, p.draws, ranking::Unknown::predicted);
        const auto old_weights = weights_of(previous);
        for (std::size_t t = 0; t < grid.threats; ++t) {
            const ThreatResult* old = find(previous, run.catalogue.threats[t].id);
            if (old == nullptr) continue;
            double score = 0;
            for (std::size_t c = 0; c < grid.criteria; ++c) {
                double mean = 0;
                for (std::size_t i = 0; i < p.draws; ++i) mean += static_cast<double>(cells[i * n + t * grid.criteria + c]) / static_cast<double>(p.draws);
                const auto w = old_weights.find(run.catalogue.criteria[c].id);
                score += (w == old_weights.end() ? 0 : w->second) * mean;
            }
            by_method[old->threat] = score - old->score.mean;
        }
    }
    for (ThreatResult& each : assessment.ranking) {
        const auto found = std::find_if(change.threats.begin(), change.threats.end(), [&](const auto& c) { return c.threat == each.threat; });
        if (found == change.threats.end() || found->rank_before == 0) continue;
        each.previous_rank = found->rank_before;
        each.moved_by_weights = found->weights;
        const auto method = by_method.find(each.threat);
        if (only_reading) each.moved_by_method = found->score_after - found->score_before - found->weights;
        else each.moved_by_method = method == by_method.end() ? 0 : method->second;
        each.moved_by_data = found->score_after - found->score_before - found->weights - each.moved_by_method;
    }
}

}  // namespace threatlas::assess
