// The collection of this node's own, in which objects from elsewhere are kept as they came: `library`.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "model/reader.hpp"
#include "store/collections.hpp"
#include "store/store.hpp"

namespace threatlas::work {

// Made at the first need; read and written by the working group, who sees in it what the markings allow.
core::Result<store::Collection> library(store::Store& store, const model::Reader& who);
// The newest version of each, as far as the reader may have them, in the order of coming.
core::Result<void> each_of_library(store::Store& store, const model::Reader& reader, const std::function<core::Result<void>(const store::ExchangedObject&)>& each);

}  // namespace threatlas::work
