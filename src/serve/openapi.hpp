// The OpenAPI 3.1 document, from the routes themselves and the model's field lists: it can say nothing else than
// what is served.
#pragma once

#include <functional>
#include <string>

#include "core/json.hpp"
#include "serve/route.hpp"

namespace threatlas::serve {

// open: whether a stranger may ask for it. Records become components by their names, wherever a route's schema
// contains one. Cost: milliseconds; ask once.
core::json::object openapi(const Routes& routes, const std::string& version, const std::function<bool(const Route&)>& open);

}  // namespace threatlas::serve
