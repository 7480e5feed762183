// Who may do what at the door: one table, route x role, with the scope a token needs and the purposes that may be
// stated. docs/RIGHTS.md is the same table with the reasons; a test compares them, and fails for a route
// without a row. The store asks again, row by row, by the Reader.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.hpp"
#include "core/result.hpp"
#include "model/reader.hpp"
#include "serve/route.hpp"

namespace threatlas::serve::access {

enum class Reach : std::uint8_t { none, own, any };   // own: of the caller's own organisation

struct Right {
    std::string_view route;       // id of the route
    std::string_view scope;       // of a token: read, write, ingest, taxii, metrics, admin; 'any': whatever it has; 'person': no token at all; 'open': everybody, strangers too
    std::string_view by_role;     // one letter a role, in the order of model::Role: '-' none, 'o' own, 'a' any
    std::string_view purposes;    // words, or '*': all that the role may state

    Reach reach(model::Role role) const;
};

const std::vector<Right>& rights_table();
const Right* right_of(std::string_view route);   // null: no row, hence nobody

// not_allowed, in words. 'own' counts as allowed here: see own_only.
core::Result<void> may(std::string_view route, const Caller& caller);
// The caller sees and changes only what is of its own organisation: the handler narrows (allow() has refused another
// member named in the path or the query).
bool own_only(std::string_view route, const Caller& caller);

// What a role may read for; the first is its own when none is stated.
const std::vector<std::string_view>& purposes_of(model::Role role);
// Reader::purpose for this route: 'word' or 'word: free text' as the header states it, else the role's first that the route
// allows. not_allowed for a word that is none, or not this role's or route's.
core::Result<std::string> purpose_for(std::string_view route, model::Role role, std::string_view stated);

const std::vector<std::string_view>& scopes();   // that a token may have
core::json::array rights_json();                 // for GET /api/v1/rights
std::string rights_markdown();                   // the table of docs/RIGHTS.md

}  // namespace threatlas::serve::access
