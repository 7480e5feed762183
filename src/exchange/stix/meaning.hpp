// What objects from elsewhere say in the catalogue's codes: by the ids of ours, by what their references, labels, names
// and aliases say, and by what relates to them. Persons have no meaning here.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.hpp"
#include "exchange/misp/vocabulary.hpp"
#include "model/catalogue.hpp"

namespace threatlas::exchange::stix {

struct Says {
    std::vector<std::string> codes, threats, places;   // catalogue ids
};

// A modus operandi seen or used, as another organisation says it.
struct Seen {
    std::string object;          // id of the object that says so
    std::string code, text;
    std::string place;           // country, or empty
    std::string first, last;     // times as given, may be empty
    std::string dated;           // day: of the last sight, else of the object
    std::string handling;        // "" is the strictest
};

class Meaning {
  public:
    // Over the objects of one bundle, which refer to each other. Keeps pointers to both.
    Meaning(const model::Catalogue& catalogue, const std::vector<core::json::object>& objects);

    Says of(const core::json::object& object) const;
    // With the marking-definitions that came along.
    std::string handling_of(const core::json::object& object, std::string_view otherwise = {}) const;
    // By sightings of an attack-pattern that is one of our codes, and by 'uses' of one by a group, campaign, tool or malware. Nothing of their
    // free text is in it.
    std::vector<Seen> seen() const;

  private:
    const core::json::object* find(std::string_view id) const;
    Says own(const core::json::object& object) const;

    const model::Catalogue& catalogue_;
    misp::Vocabulary vocabulary_;
    std::map<std::string, std::string, std::less<>> codes_, threats_, countries_;   // STIX id -> catalogue id
    std::map<std::string, std::string, std::less<>> names_;                         // folded title or alias -> code
    std::map<std::string, const core::json::object*, std::less<>> objects_;
};

// An identity of an individual: kept out of whatever is scored, and not taken in unless asked for.
bool is_person(const core::json::object& object);

}  // namespace threatlas::exchange::stix
