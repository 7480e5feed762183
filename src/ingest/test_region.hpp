// For tests of this room: a folder that goes away, a catalogue of a few entries, and a store.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "core/result.hpp"
#include "ingest/ingest.hpp"

namespace threatlas::ingest::testing {

class Folder {
  public:
    Folder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "threatlas_ingest_XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    std::string operator/(const std::string& name) const { return path_ + "/" + name; }
    std::string write(const std::string& name, std::string_view content) const {
        std::ofstream(path_ + "/" + name, std::ios::binary) << content;
        return path_ + "/" + name;
    }

  private:
    std::string path_;
};

inline std::string slurp(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline model::Catalogue region() {
    model::Catalogue c;
    for (const auto& [id, iso3, name] : {std::tuple{"RS", "SRB", "Serbia"}, {"ME", "MNE", "Montenegro"}, {"MK", "MKD", "North Macedonia"}, {"BG", "BGR", "Bulgaria"}, {"XK", "XKX", "Kosovo*"}}) {
        model::Country country;
        country.id = id, country.iso3 = iso3, country.name = name;
        if (country.id == "MK") country.aliases = {"Macedonia"};
        if (country.id == "RS") country.aliases = {"Србија"};
        c.countries.push_back(country);
    }
    for (const auto& [id, country] : {std::pair{"rs_mup", "RS"}, {"me_up", "ME"}, {"mk_mvr", "MK"}, {"bg_mvr", "BG"}}) c.members.push_back({id, id, id, country});
    for (const auto& [id, nature, unit, threat] : {std::tuple{"iccs.ICCS05021", "reported_crime", "count", "property.vehicle_theft"}, {"iccs.ICCS0401", "reported_crime", "count", "property.robbery_cash"},
             {"iccs.ICCS0501", "reported_crime", "count", "property.burglary_dwelling"}, {"seizure.heroin", "seizure", "kg", "drugs.heroin"}, {"seizure.cocaine", "seizure", "kg", "drugs.cocaine"},
             {"ransom.payment", "loss", "USD", "cyber.ransomware"}}) {
        model::What what;
        what.id = id, what.nature = nature, what.unit = unit, what.threats = {threat};
        c.whats.push_back(what);
    }
    for (const char* id : {"count", "kg", "g", "USD"}) {
        model::Unit unit;
        unit.id = unit.base = id;
        if (unit.id == "g") unit.base = "kg", unit.factor_low = unit.factor_high = 0.001;
        c.units.push_back(unit);
    }
    for (const char* id : {"property.vehicle_theft", "property.robbery_cash", "cyber.ransomware", "drugs.cannabis"}) {
        model::Threat threat;
        threat.id = id;
        c.threats.push_back(threat);
    }
    for (const char* id : {"state_of_affairs", "future_trends", "modi_operandi", "local_market"}) c.lenses.push_back({id, id, id});
    for (const char* id : {"scale", "trend", "actor_capability", "impact_financial", "market_demand"}) {
        model::Criterion criterion;
        criterion.id = id;
        c.criteria.push_back(criterion);
    }
    for (const char* id : {"tool.electronic", "forgery.vin"}) {
        model::Code code;
        code.id = id;
        c.codes.push_back(code);
    }
    for (const char* id : {"member_statistics", "questionnaire"}) {
        model::Source source;
        source.id = id, source.already_public = false, source.handling = "TLP:AMBER", source.contributed = source.id == "member_statistics";
        c.sources.push_back(source);
    }
    for (const auto& [scheme, word] : {std::pair{"4x4.source", "B"}, {"4x4.information", "2"}, {"4x4.information", "3"}, {"4x4.source", "C"}}) {
        model::Grade grade;
        grade.scheme = scheme, grade.word = word;
        c.grades.push_back(grade);
    }
    for (const char* word : {"TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:RED"}) {
        model::Handling handling;
        handling.scheme = "tlp", handling.code = word;
        c.handling.push_back(handling);
    }
    return c;
}

inline model::Reader analyst() { return {"ana", "regional", model::Role::analyst, "TLP:RED H3", "assessment: test"}; }

// The value, or a failed test that shows the error.
template <class T>
T must(core::Result<T> result) {
    if (!result) {
        ADD_FAILURE() << core::describe(result.error());
        std::abort();
    }
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

}  // namespace threatlas::ingest::testing
