// MISP core format, JSON: events with attributes, objects, tags and galaxy clusters. What this program does not read of an event stays
// in it and is given back.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/json.hpp"
#include "core/result.hpp"

namespace threatlas::exchange::misp {

struct Attribute {
    std::string uuid, type, category, value, comment, timestamp, object, relation;   // object: name of the object it stands in; relation: as what
    bool to_ids = false;
    std::vector<std::string> tags{};
    bool operator==(const Attribute&) const = default;
};

struct Object {
    std::string uuid, name, meta_category, description;
    std::vector<Attribute> attributes{};
    bool operator==(const Object&) const = default;
};

struct Event {
    std::string uuid, info, date;         // date: YYYY-MM-DD
    int threat_level = 4;                 // 1 high, 2 medium, 3 low, 4 undefined
    int analysis = 0;                     // 0 initial, 1 ongoing, 2 completed
    int distribution = 0;                 // 0 organisation, 1 community, 2 connected communities, 3 all, 4 sharing group
    std::string timestamp;                // seconds since 1970
    std::string organisation, organisation_uuid;   // Orgc: who made it
    bool published = false;
    std::vector<std::string> tags{};      // machine tags, of galaxy clusters too
    std::vector<Attribute> attributes{};
    std::vector<Object> objects{};
    bool operator==(const Event&) const = default;
};

// As MISP takes them: {"Event": {...}}.
core::json::object to_json(const Event& event);
// From {"Event": {...}} or the inner object. bad_input without uuid or info, and for what has not its form.
core::Result<Event> from_json(const core::json::object& object);

// The events of a file: one, a list, or {"response": [...]}, each as its inner object. bad_input for anything else.
core::Result<std::vector<core::json::object>> events_of(std::string_view text, std::string_view source);

// Takes out what names persons: attributes of the category Person, objects of the meta-category person, with
// everything in them. Returns how many.
std::size_t without_persons(core::json::object& event);

// 'TLP:AMBER H1' of tags 'tlp:amber' and 'threatlas:handling="H1"'; "" without a tlp tag or with one that is not known.
std::string handling_of(const std::vector<std::string>& tags);
std::vector<std::string> handling_tags(std::string_view handling);
int distribution_of(std::string_view handling);

}  // namespace threatlas::exchange::misp
