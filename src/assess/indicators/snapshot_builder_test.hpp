// For tests: a snapshot and a small catalogue made in memory.
#pragma once

#include <map>
#include <string>

#include "core/text.hpp"
#include "model/catalogue.hpp"
#include "store/snapshot.hpp"

namespace threatlas::assess::indicators {

class SnapshotBuilder {
  public:
    SnapshotBuilder() { code(""); }

    SnapshotBuilder& add(const model::Observation& o) {
        auto& c = snapshot_.columns;
        c.what.push_back(code(o.what)), c.member.push_back(code(o.member)), c.place.push_back(code(o.place)), c.unit.push_back(code(o.unit));
        c.dims.push_back(code(store::pack_dims(o.dims))), c.flags.push_back(code(o.flags)), c.evaluation.push_back(code(o.evaluation));
        c.handling.push_back(code(o.handling)), c.source.push_back(code(o.source)), c.submission.push_back(code(o.submission)), c.file.push_back(code(o.file));
        c.begin.push_back(o.period.begin.number), c.end.push_back(o.period.end.number), c.known_at.push_back(o.known_at.number);
        c.value.push_back(o.value), c.upper.push_back(o.state == model::State::censored ? o.upper : o.value);
        c.state.push_back(static_cast<std::uint8_t>(o.state)), c.nature.push_back(static_cast<std::uint8_t>(o.nature));
        c.statement.push_back(static_cast<std::uint8_t>(o.statement)), c.row.push_back(++rows_);
        return *this;
    }
    SnapshotBuilder& year(const std::string& what, const std::string& place, int year, double value, const std::map<std::string, std::string>& dims = {}) {
        return add(yearly(what, place, year, value, dims));
    }
    static model::Observation yearly(const std::string& what, const std::string& place, int year, double value, const std::map<std::string, std::string>& dims = {}) {
        model::Observation o;
        o.what = what, o.place = place, o.period = core::year_interval(year), o.value = value, o.unit = "count", o.dims = dims;
        o.nature = model::Nature::reported_crime, o.source = "published", o.file = "file.csv", o.submission = "s1";
        return o;
    }
    SnapshotBuilder& claim(const model::Claim& claim) { return snapshot_.claims.push_back(claim), *this; }
    store::Snapshot done() const { return snapshot_; }

  private:
    std::uint32_t code(const std::string& text) {
        const auto [found, fresh] = codes_.try_emplace(text, static_cast<std::uint32_t>(snapshot_.dictionary.size()));
        if (fresh) snapshot_.dictionary.push_back(text);
        return found->second;
    }
    store::Snapshot snapshot_;
    std::map<std::string, std::uint32_t> codes_;
    std::uint64_t rows_ = 1;
};

// Two countries, one of them shared by two organisations; one threat; criteria scale and trend.
inline model::Catalogue small_catalogue() {
    model::Catalogue c;
    for (const char* id : {"AL", "BA"}) {
        model::Country country;
        country.id = id, country.name = id, country.role = "member_country", country.population = {{"2010", 2e6}};
        c.countries.push_back(country);
    }
    c.members = {{"al_asp", "Albania", "", "AL"}, {"ba_fbih", "Federation", "", "BA"}, {"ba_rs", "Republika Srpska", "", "BA"}};
    c.areas = {{"property", "Property", ""}};
    model::Threat threat;
    threat.id = "property.theft", threat.area = "property", threat.title = "Theft";
    c.threats = {threat};
    for (const char* id : {"scale", "trend", "cross_border_reach"}) {
        model::Criterion criterion;
        criterion.id = id;
        c.criteria.push_back(criterion);
    }
    c.units = {{"kg", "kilograms", "kg", 1, 1, "", ""}, {"g", "grams", "kg", 0.001, 0.001, "", "by definition"},
               {"tablet.mdma", "tablet", "g", 0.05, 0.2, "mdma", "assumed"}};
    c.grades = {{"grade", "high", 60, 100, "", ""}, {"trend", "rising", 55, 95, "", ""}, {"role", "transit", 45, 95, "", ""},
                {"4x4.source", "X", 1.5, 2.5, "", ""}, {"4x4.information", "4", 1, 1, "", ""}};
    model::Source source;
    source.id = "published", source.publisher = "Statistics office";
    c.sources = {source};
    return c;
}

inline model::Indicator small_indicator(const std::string& measure) {
    model::Indicator i;
    i.id = "theft." + measure, i.threat = "property.theft", i.lens = "state_of_affairs", i.criterion = measure == "trend" ? "trend" : "scale";
    i.measure = measure, i.whats = {"theft"}, i.scope = "country", i.unit = measure == "trend" ? "%/year" : "per_100k";
    i.window_years = measure == "trend" ? 8 : 3;
    i.anchors = measure == "trend" ? std::vector<double>{-20, -5, 0, 5, 20} : std::vector<double>{0, 10, 50, 100, 200};
    return i;
}

}  // namespace threatlas::assess::indicators
