// The one implementation of Store, over an open engine.
#pragma once

#include <memory>

#include "store/engine.hpp"
#include "store/store.hpp"

namespace threatlas::store {

std::unique_ptr<Store> make_embedded_store(std::shared_ptr<Engine> engine);

}  // namespace threatlas::store
