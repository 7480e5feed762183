// Routes of the nodes.
#pragma once

#include "serve/route.hpp"

namespace threatlas::serve {

class Office;

Routes nodes_routes(Office& office);

}  // namespace threatlas::serve
