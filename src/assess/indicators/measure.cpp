#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "assess/arising.hpp"
#include "assess/evidence.hpp"
#include "assess/indicators/assumptions.hpp"
#include "assess/indicators/context.hpp"
#include "assess/indicators/figures.hpp"
#include "assess/indicators/harm.hpp"
#include "assess/indicators/judgements.hpp"
#include "assess/indicators/series.hpp"
#include "core/parallel.hpp"

namespace threatlas::assess {
namespace indicators {
namespace {

constexpr std::array<std::string_view, 5> kOfPersons{"citizenship", "nationality", "ethnicity", "religion", "country_of_birth"};

// What a person is by birth is described where a source prints it; nothing is computed from it.
core::Result<void> check(const model::Indicator& indicator) {
    const auto refuse = [&](const std::string& why) {
        return core::fail(core::ErrorCode::not_allowed, "indicator '" + indicator.id + "' " + why + ": remove it from indicators.yaml");
    };
    for (const std::string_view trait : kOfPersons) {
        if (indicator.over == trait) return refuse("mixes over " + std::string(trait) + ", and nothing is computed from what a person is by birth");
        if (indicator.dims.contains(std::string(trait))) return refuse("selects on " + std::string(trait) + ", and nothing is computed from what a person is by birth");
    }
    if (indicator.anchors.size() < 2 && indicator.measure != "grade") return core::fail(core::ErrorCode::bad_input, "indicator '" + indicator.id + "' needs at least two anchors");
    return {};
}

struct Task {
    std::size_t indicator = 0;
    std::string place;
    bool extra = false;     // a regional trend beside the countries' own: shown, no evidence
    std::optional<Made> made;
};

std::vector<Task> tasks(const Context& context) {
    std::vector<Task> out;
    const auto& indicators = context.catalogue.indicators;
    for (std::size_t i = 0; i < indicators.size(); ++i) {
        if (indicators[i].scope == "region") {
            out.push_back({i, "", false, {}});
            continue;
        }
        std::set<std::uint32_t> given;
        for (const std::string& what : indicators[i].whats)
            for (const std::uint32_t row : context.snapshot.rows_of(what)) given.insert(context.snapshot.columns.place[row]);
        std::set<std::string> places;
        for (const std::uint32_t code : given) places.insert(context.snapshot.text(code));
        for (const auto& country : context.catalogue.countries)
            if (country.role != "partner" && places.contains(country.id) && place_matches(indicators[i], country.id)) out.push_back({i, country.id, false, {}});
        if (indicators[i].measure == "trend") out.push_back({i, "", true, {}});
    }
    return out;
}

template <class List>
std::size_t index_of(const List& list, const std::string& id) {
    std::size_t i = 0;
    while (i < list.size() && list[i].id != id) ++i;
    return i;
}

std::vector<double> member_weights(const Context& context) {
    std::vector<double> out;
    double sum = 0;
    for (const auto& member : context.catalogue.members) {
        const auto* country = context.catalogue.country(member.country);
        double people = 0;
        if (country != nullptr && !country->population.empty()) people = country->population.rbegin()->second;
        out.push_back(std::max(1.0, people) / static_cast<double>(context.members_of(member.country).size()));
        sum += out.back();
    }
    for (double& x : out) x /= sum;
    return out;
}

const char* word(double p_rising, double certain) {
    return p_rising >= certain ? "rising" : p_rising <= 1 - certain ? "falling" : "stable";
}

void measured_trend(Trend& trend, const Made& made, double certain) {
    trend = {word(made.p_rising, certain), made.p_rising, made.figure.value, made.figure.id};
}

}  // namespace
}  // namespace indicators

core::Result<Measured> measure(const store::Snapshot& snapshot, const model::Catalogue& catalogue, const Options& options) {
    using namespace indicators;
    for (const auto& indicator : catalogue.indicators) THREATLAS_CHECK(indicators::check(indicator));
    Context context(snapshot, catalogue, options);
    if (options.arising != nullptr) context.arising = *options.arising;
    else {
        THREATLAS_TRY(context.arising, arising(snapshot, catalogue));
    }
    Measured out;
    out.arising = context.arising;
    Grid& grid = out.grid;
    grid.threats = catalogue.threats.size(), grid.criteria = catalogue.criteria.size(), grid.members = catalogue.members.size();
    for (const auto& threat : catalogue.threats) grid.area_of_threat.push_back(index_of(catalogue.areas, threat.area));
    grid.member_weight = member_weights(context);
    out.trends.assign(grid.threats, Trend{"not assessed", 0.5, {}, ""});

    std::vector<Task> todo = tasks(context);
    core::parallel_for(todo.size(), [&](std::size_t i) { todo[i].made = make_figure(context, catalogue.indicators[todo[i].indicator], todo[i].place); });
    for (Task& task : todo) {
        if (!task.made) continue;
        const auto& indicator = catalogue.indicators[task.indicator];
        const std::size_t threat = index_of(catalogue.threats, indicator.threat), criterion = index_of(catalogue.criteria, indicator.criterion);
        if (threat == grid.threats || criterion == grid.criteria) continue;
        Made& made = *task.made;
        if (task.place.empty() && indicator.measure == "trend" && out.trends[threat].figure.empty()) measured_trend(out.trends[threat], made, context.assumed(kTrendCertain));
        Evidence e;
        e.threat = threat, e.criterion = criterion, e.mean = made.score_mean, e.sd = made.score_sd, e.figure = made.figure.id;
        if (task.place.empty()) {
            if (!task.extra) grid.evidence.push_back(e);
        } else {
            const auto& members = context.members_of(task.place);
            if (members.size() > 1) made.figure.note += std::string(made.figure.note.empty() ? "" : " ") + "This is a country figure, shared by its organisations.";
            // One country's figure is one piece of evidence, however many organisations share it.
            e.sd *= std::sqrt(static_cast<double>(members.size()));
            for (const int member : members) {
                // Left out, an organisation loses its part of what it shares with another.
                const auto& left_out = options.left_out;
                if (std::find(left_out.begin(), left_out.end(), catalogue.members[static_cast<std::size_t>(member)].id) != left_out.end()) continue;
                e.member = member;
                grid.evidence.push_back(e);
            }
            if (members.size() == 1) made.figure.member = catalogue.members[static_cast<std::size_t>(members.front())].id;
        }
        out.figures.push_back(std::move(made.figure));
    }

    std::set<std::string> raters;
    for (const auto& claim : snapshot.claims) raters.insert(claim.organisation);
    grid.raters.assign(raters.begin(), raters.end());
    struct Voices {
        double sum = 0, n = 0;
        std::string figure;
    };
    std::vector<Voices> voices(grid.threats);
    for (const auto& claim : snapshot.claims) {
        auto judged = judge(context, claim, grid.raters);
        if (!judged) continue;
        if (judged->evidence) grid.evidence.push_back(*judged->evidence);
        if (judged->is_trend) {
            Voices& voice = voices[index_of(catalogue.threats, claim.threat)];
            voice.sum += judged->p_rising, voice.n += 1;
            if (voice.figure.empty()) voice.figure = judged->figure.id;
        }
        out.figures.push_back(std::move(judged->figure));
    }
    // A scale of harm is no evidence of what happens: alone it makes no assessment.
    for (std::size_t t = 0; t < grid.threats && !grid.evidence.empty(); ++t)
        if (auto judged = harm(context, t)) {
            grid.evidence.push_back(*judged->evidence);
            out.figures.push_back(std::move(judged->figure));
        }
    for (std::size_t t = 0; t < grid.threats; ++t)
        if (out.trends[t].figure.empty() && voices[t].n > 0) {
            const double p = voices[t].sum / voices[t].n;
            out.trends[t] = {word(p, context.assumed(kTrendCertain)), p, {}, voices[t].figure};
        }
    return out;
}

}  // namespace threatlas::assess
