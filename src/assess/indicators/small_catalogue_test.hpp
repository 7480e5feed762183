// For tests: a small catalogue made in memory.
#pragma once

#include <map>
#include <string>

#include "core/text.hpp"
#include "model/catalogue.hpp"
#include "store/snapshot_builder_test.hpp"

namespace threatlas::assess::indicators {

using store::SnapshotBuilder;

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
