// The routes of the door, by subject; and what their handlers share.
#pragma once

#include <memory>
#include <string>

#include "core/json.hpp"
#include "model/catalogue.hpp"
#include "serve/access/authentication.hpp"
#include "serve/route.hpp"

namespace threatlas::serve::access {

Routes session_routes(std::shared_ptr<Access> access);    // sign in and out, setup, invitations taken, sessions
Routes account_routes(std::shared_ptr<Access> access);    // one's own password, second factor, settings
Routes people_routes(std::shared_ptr<Access> access, const model::Catalogue& catalogue);    // people, invitations made, organisations, rights
Routes machine_routes(std::shared_ptr<Access> access, const model::Catalogue& catalogue);   // tokens, certificates

// The body as an object. bad_input for anything else, or for a key that is not among those named.
core::Result<core::json::object> body_of(const net::Request& request, std::initializer_list<std::string_view> keys);
// bad_input when it is no text; empty when it is not there.
core::Result<std::string> text_of(const core::json::object& body, std::string_view key);
core::Result<std::string> required_text(const core::json::object& body, std::string_view key);
core::Result<std::optional<std::int64_t>> whole_of(const core::json::object& body, std::string_view key);
// {organisation, role, clearance}, over what was there. The organisation is a member of the catalogue, or 'regional'.
core::Result<store::Standing> standing_from(const core::json::object& body, const model::Catalogue& catalogue, store::Standing before);

std::string at_text(std::int64_t seconds);                // ISO 8601 UTC
core::json::object standing_json(const store::Standing& standing);
core::Result<core::json::object> session_json(Access& access, const Caller& caller);
core::json::object schema_of(std::initializer_list<std::pair<std::string_view, std::string_view>> fields, std::initializer_list<std::string_view> required = {});   // name, type

}  // namespace threatlas::serve::access
