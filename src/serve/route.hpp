// One line of the API: what is asked, who may, what comes back. The OpenAPI document, the rights
// table's check and the dispatcher all read the same list of routes.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/json.hpp"
#include "core/result.hpp"
#include "model/reader.hpp"
#include "serve/net/message.hpp"

namespace threatlas::serve {

// Who is asking, after authentication.
struct Caller {
    model::Reader reader;
    std::string account;       // id of the person or token
    std::string session;       // id of the session; empty for a token or a certificate
    std::string csrf;          // what a change by cookie must repeat in X-CSRF-Token
    std::vector<std::string> scopes;   // of a token: 'read', 'write', 'ingest' ...; a person's session has them all: {"*"}
    bool machine = false;      // token, certificate, or name and password
    std::int64_t wait = 0;     // of a stranger: seconds nothing is tried, after too many failures
};

struct Call {
    const net::Request& request;
    const Caller& caller;      // of an open route: empty
    std::map<std::string, std::string> path;   // values of the pattern's {names}
};

struct Parameter {
    std::string name, meaning;
    core::json::object schema{{"type", "string"}};
    bool required = false;
};

struct Body {
    core::json::object schema{};
    std::string media = "application/json";
};

struct Route {
    std::string method;        // GET, POST, PUT, PATCH, DELETE
    std::string pattern;       // '/api/v1/assessments/{assessment}/threats/{threat}'
    std::string id;            // operationId, and its row in the rights table: 'threat_get'
    std::string summary;
    std::string tag;           // heading in the document: 'assessments'
    std::function<core::Result<net::Response>(const Call&)> handle;
    std::vector<Parameter> query{};
    Body takes{}, gives{};
    int status = 200;          // on success
    // The answer from memory, if it is there: asked on the event loop, so it takes microseconds and never waits.
    std::function<std::optional<net::Response>(const Call&)> quick{};
};

using Routes = std::vector<Route>;

}  // namespace threatlas::serve
