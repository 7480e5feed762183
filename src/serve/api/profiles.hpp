// Routes of the profiles.
#pragma once

#include "serve/route.hpp"

namespace threatlas::serve {

class Office;

Routes profiles_routes(Office& office);

}  // namespace threatlas::serve
