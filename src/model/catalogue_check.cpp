#include "model/catalogue_check.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include "core/text.hpp"
#include "model/observation.hpp"

namespace threatlas::model {
namespace {

class Check {
  public:
    Check(const Catalogue& catalogue, const RecordLines& lines, std::vector<CatalogueProblem>& problems) : c_(catalogue), lines_(lines), problems_(problems) {}

    void run() {
        ids("areas", c_.areas);
        ids("codes", c_.codes);
        ids("countries", c_.countries);
        ids("criteria", c_.criteria);
        ids("drugs", c_.drugs);
        ids("indicators", c_.indicators);
        ids("lenses", c_.lenses);
        ids("members", c_.members);
        ids("profiles", c_.profiles);
        ids("routes", c_.routes);
        ids("sources", c_.sources);
        ids("threats", c_.threats);
        ids("whats", c_.whats);
        countries();
        criteria();
        indicators();
        references();
        threats();
        units();
        words();
    }

  private:
    // At the field's line; at the record's when the record does not have the field.
    void say(const std::string& list, std::size_t i, const std::string& field, std::string message) {
        const auto found = lines_.find(list + ".yaml");
        std::uint64_t line = 0;
        if (found != lines_.end() && i < found->second.size()) {
            const FieldLines& record = found->second[i];
            const auto own = record.fields.find(field);
            line = own != record.fields.end() ? own->second : record.line;
        }
        problems_.push_back({list + ".yaml", line, std::move(message)});
    }

    template <class T>
    void ids(const std::string& list, const std::vector<T>& items) {
        std::set<std::string> seen;
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (!seen.insert(items[i].id).second) say(list, i, "id", "the id '" + items[i].id + "' stands twice");
        }
    }

    void must(const std::string& list, std::size_t i, const char* field, bool known, const char* what, const std::string& id) {
        if (!known) say(list, i, field, std::string("there is no ") + what + " '" + id + "'");
    }

    // 'No parameter without a source.'
    void range(const std::string& list, std::size_t i, const std::string& name, double low, double high, const std::string& source, const std::string& source_field) {
        if (!(low <= high) || low < 0) say(list, i, name + "_low", name + ": the low end lies above the high end, or below zero");
        if ((low != 1 || high != 1) && source.empty()) say(list, i, source_field, name + " has no source: name one, or 'founders' assumption'");
    }

    void countries() {
        std::map<std::string, std::string> names;
        for (std::size_t i = 0; i < c_.countries.size(); ++i) {
            const Country& country = c_.countries[i];
            std::set<std::string> own{core::lower_ascii(country.id), core::lower_ascii(country.iso3), core::lower_ascii(country.name)};
            for (const std::string& alias : country.aliases) own.insert(core::lower_ascii(alias));
            own.erase("");
            for (const std::string& name : own) {
                const auto [at, fresh] = names.emplace(name, country.id);
                if (!fresh) say("countries", i, "aliases", "'" + name + "' is a name of " + at->second + " as well");
            }
            for (const auto& [year, count] : country.population)
                if (year.size() != 4 || !(count > 0)) say("countries", i, "population", "population of '" + year + "' is not a count of inhabitants in a year");
        }
    }

    void criteria() {
        double sum = 0;
        for (std::size_t i = 0; i < c_.criteria.size(); ++i) {
            const Criterion& criterion = c_.criteria[i];
            if (!std::isfinite(criterion.weight) || criterion.weight < 0) say("criteria", i, "weight", "the weight is not a number of 0 or more");
            if (criterion.source.empty()) say("criteria", i, "source", "the weight has no source: name one, or 'founders' assumption'");
            if (criterion.anchors.size() != 5) say("criteria", i, "anchors", "anchors: five words are wanted, for 0, 25, 50, 75 and 100");
            const auto& days = criterion.harm_days;
            if (!days.empty() && (days.size() != 5 || !(days.front() > 0) || std::adjacent_find(days.begin(), days.end(), std::greater_equal<>()) != days.end()))
                say("criteria", i, "harm_days", "harm_days: five rising numbers above 0 are wanted, for 0, 25, 50, 75 and 100");
            sum += criterion.weight;
        }
        if (!c_.criteria.empty() && !(std::abs(sum - 1) < 1e-6)) say("criteria", 0, "weight", "the weights sum to " + std::to_string(sum) + ", not to 1");
    }

    void indicators() {
        static const std::set<std::string> kMeasures{"rate", "quantity", "trend", "share", "mix_shift", "signals", "grade"};
        for (std::size_t i = 0; i < c_.indicators.size(); ++i) {
            const Indicator& x = c_.indicators[i];
            must("indicators", i, "unit", unit(x.unit), "unit", x.unit);
            must("indicators", i, "threat", c_.threat(x.threat) != nullptr, "threat", x.threat);
            must("indicators", i, "criterion", c_.criterion(x.criterion) != nullptr, "criterion", x.criterion);
            must("indicators", i, "lens", lens(x.lens), "lens", x.lens);
            must("indicators", i, "measure", kMeasures.contains(x.measure), "measure", x.measure);
            must("indicators", i, "scope", x.scope == "country" || x.scope == "region", "scope", x.scope);
            if (x.whats.empty()) say("indicators", i, "whats", "it reads nothing: name its whats");
            for (const std::string& id : x.whats) must("indicators", i, "whats", c_.what(id) != nullptr, "what", id);
            for (const std::string& id : x.sources) must("indicators", i, "sources", c_.source(id) != nullptr, "source", id);
            for (const char* trait : {"citizenship", "nationality", "ethnicity", "religion", "country_of_birth"})
                if (x.dims.contains(trait) || x.over == trait) say("indicators", i, x.over == trait ? "over" : "dims", std::string(trait) + " is descriptive: it is never an input of a score");
            range("indicators", i, "speaks_for", x.speaks_for_low, x.speaks_for_high, x.speaks_for_source, "speaks_for_source");
            if (x.speaks_for_high > 1) say("indicators", i, "speaks_for_high", "speaks_for: a share lies between 0 and 1");
            if (x.anchor_source.empty()) say("indicators", i, "anchor_source", "the anchors have no source: name one, or 'founders' assumption'");
            bool up = true, down = true;
            for (std::size_t k = 1; k < x.anchors.size(); ++k) {
                up = up && x.anchors[k] > x.anchors[k - 1];
                down = down && x.anchors[k] < x.anchors[k - 1];
            }
            if (x.anchors.size() != 5 || (!up && !down)) say("indicators", i, "anchors", "anchors: five values are wanted, strictly rising or strictly falling");
            if (!(x.anchor_spread >= 0 && x.anchor_spread < 1)) say("indicators", i, "anchor_spread", "anchor_spread should lie between 0 and 1");
            if (x.window_years < 1 || x.minimum_periods < 1) say("indicators", i, x.window_years < 1 ? "window_years" : "minimum_periods", "window_years and minimum_periods should be 1 or more");
        }
    }

    bool unit(const std::string& id) const {
        for (const Unit& each : c_.units)
            if (each.id == id) return true;
        return false;
    }

    bool lens(const std::string& id) const {
        for (const Lens& each : c_.lenses)
            if (each.id == id) return true;
        return false;
    }

    bool area(const std::string& id) const {
        for (const Area& each : c_.areas)
            if (each.id == id) return true;
        return false;
    }

    void references() {
        for (std::size_t i = 0; i < c_.members.size(); ++i) must("members", i, "country", c_.country(c_.members[i].country) != nullptr, "country", c_.members[i].country);
        for (std::size_t i = 0; i < c_.routes.size(); ++i)
            for (const std::string& id : c_.routes[i].path) must("routes", i, "path", c_.country(id) != nullptr, "country", id);
        for (std::size_t i = 0; i < c_.whats.size(); ++i)
            for (const std::string& id : c_.whats[i].threats) must("whats", i, "threats", c_.threat(id) != nullptr, "threat", id);
        for (std::size_t i = 0; i < c_.whats.size(); ++i) {
            Nature nature{};
            must("whats", i, "unit", unit(c_.whats[i].unit), "unit", c_.whats[i].unit);
            must("whats", i, "nature", from_name(c_.whats[i].nature, nature), "nature", c_.whats[i].nature);
        }
        for (std::size_t i = 0; i < c_.drugs.size(); ++i) must("drugs", i, "threat", c_.threat(c_.drugs[i].threat) != nullptr, "threat", c_.drugs[i].threat);
        for (std::size_t i = 0; i < c_.recommendations.size(); ++i)
            for (const std::string& id : c_.recommendations[i].threats) must("recommendations", i, "threats", c_.threat(id) != nullptr, "threat", id);
        for (std::size_t i = 0; i < c_.profiles.size(); ++i) {
            for (const auto& [id, weight] : c_.profiles[i].weights) {
                must("profiles", i, "weights", c_.criterion(id) != nullptr, "criterion", id);
                if (!std::isfinite(weight) || weight < 0) say("profiles", i, "weights", "the weight of " + id + " is not a number of 0 or more");
            }
            if (const std::string& member = c_.profiles[i].member; !member.empty()) {
                must("profiles", i, "member", c_.member(member) != nullptr, "member", member);
                if (c_.profiles[i].rule != "additive") say("profiles", i, "rule", "a member's own weights go with the additive rule");
            }
            if (c_.profiles[i].source.empty()) say("profiles", i, "source", "the profile has no source");
            double sum = 0;
            for (const auto& each : c_.profiles[i].weights) sum += each.second;
            if (!(std::abs(sum - 1) < 1e-6)) say("profiles", i, "weights", "the weights sum to " + std::to_string(sum) + ", not to 1");
            if (!(c_.profiles[i].concentration > 0)) say("profiles", i, "concentration", "the concentration should be above 0");
        }
    }

    void threats() {
        for (std::size_t i = 0; i < c_.threats.size(); ++i) {
            const Threat& threat = c_.threats[i];
            must("threats", i, "area", area(threat.area), "area", threat.area);
            if (!threat.parent.empty()) must("threats", i, "parent", c_.threat(threat.parent) != nullptr, "threat", threat.parent);
            for (const std::string& id : threat.modi_operandi) must("threats", i, "modi_operandi", c_.code(id) != nullptr, "code", id);
            range("threats", i, "dark_figure", threat.dark_figure_low, threat.dark_figure_high, threat.dark_figure_source, "dark_figure_source");
            if (threat.dark_figure_low < 1) say("threats", i, "dark_figure_low", "dark_figure: there are at least as many events as recorded ones");
            if (threat.harm_days_low <= 0 || threat.harm_days_low == threat.harm_days_high) say("threats", i, "harm_days_low", "harm_days: two different numbers above 0 are wanted");
            range("threats", i, "harm_days", threat.harm_days_low, threat.harm_days_high, threat.harm_source, "harm_source");
            const Threat* above = c_.threat(threat.parent);
            for (std::size_t steps = 0; above != nullptr; above = c_.threat(above->parent))
                if (above == &threat || ++steps > c_.threats.size()) {
                    say("threats", i, "parent", "'" + threat.id + "' is its own parent, directly or round a circle");
                    break;
                }
        }
    }

    void units() {
        for (std::size_t i = 0; i < c_.units.size(); ++i) {
            const Unit& x = c_.units[i];
            range("units", i, "factor", x.factor_low, x.factor_high, x.source, "source");
            if (!(x.factor_low > 0)) say("units", i, "factor_low", "factor: one of it is more than 0 of its base");
            must("units", i, "base", unit(x.base), "unit", x.base);
            if (!x.drug.empty()) must("units", i, "drug", std::any_of(c_.drugs.begin(), c_.drugs.end(), [&](const Drug& each) { return each.id == x.drug; }), "drug", x.drug);
        }
    }

    void one_of(const std::string& list, std::size_t i, const char* field, const std::string& value, const std::vector<std::string>& known) {
        if (std::find(known.begin(), known.end(), value) == known.end()) say(list, i, field, std::string(field) + " '" + value + "' should be one of " + core::join(known, ", "));
    }

    template <class T, class Key>
    void twice(const std::string& list, const std::vector<T>& items, Key key) {
        std::set<std::string> seen;
        for (std::size_t i = 0; i < items.size(); ++i)
            if (const std::string word = key(items[i]); !seen.insert(word).second) say(list, i, "", std::string("'").append(word).append("' stands twice"));
    }

    void words() {
        for (std::size_t i = 0; i < c_.countries.size(); ++i) one_of("countries", i, "role", c_.countries[i].role, {"member_country", "territory", "neighbour", "partner"});
        for (std::size_t i = 0; i < c_.criteria.size(); ++i) one_of("criteria", i, "component", c_.criteria[i].component, {"threat", "vulnerability", "impact"});
        for (std::size_t i = 0; i < c_.profiles.size(); ++i) one_of("profiles", i, "rule", c_.profiles[i].rule, {"additive", "geometric", "product"});
        for (std::size_t i = 0; i < c_.routes.size(); ++i) one_of("routes", i, "kind", c_.routes[i].kind, {"migration", "drugs"});
        for (std::size_t i = 0; i < c_.handling.size(); ++i) one_of("handling", i, "scheme", c_.handling[i].scheme, {"tlp", "europol"});
        for (std::size_t i = 0; i < c_.yardsticks.size(); ++i) {
            const YardstickWord& x = c_.yardsticks[i];
            if (!(0 <= x.low && x.low <= x.high && x.high <= 1)) say("yardsticks", i, "low", "low and high should be probabilities, low first");
            if (x.source.empty()) say("yardsticks", i, "source", "the word has no source");
        }
        for (std::size_t i = 0; i < c_.grades.size(); ++i) {
            const Grade& x = c_.grades[i];
            if (!(0 <= x.low && x.low <= x.high && x.high <= 100)) say("grades", i, "low", "low and high should lie between 0 and 100, low first");
            if (x.source.empty()) say("grades", i, "source", "the word has no source: name one, or 'founders' assumption'");
        }
        // A unit may stand once in general and once for a drug.
        twice("units", c_.units, [](const Unit& x) { return x.drug.empty() ? x.id : x.id + " of " + x.drug; });
        twice("grades", c_.grades, [](const Grade& x) { return x.scheme + " " + x.word; });
        twice("yardsticks", c_.yardsticks, [](const YardstickWord& x) { return x.yardstick + " " + x.word; });
        twice("handling", c_.handling, [](const Handling& x) { return x.scheme + " " + x.code; });
        twice("recommendations", c_.recommendations, [](const Recommendation& x) { return std::to_string(x.number); });
    }

    const Catalogue& c_;
    const RecordLines& lines_;
    std::vector<CatalogueProblem>& problems_;
};

}  // namespace

void check_catalogue(const Catalogue& catalogue, const RecordLines& lines, std::vector<CatalogueProblem>& problems) { Check(catalogue, lines, problems).run(); }

}  // namespace threatlas::model
