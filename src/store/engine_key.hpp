// The field key of an open store: read or made at first need, and held against what the store was
// first encrypted with.
#pragma once

#include <memory>

#include "core/result.hpp"
#include "store/engine.hpp"
#include "store/field_key.hpp"

namespace threatlas::store {

// The caller holds engine.mutex (and may be within a transaction). A store that has encrypted fields does not
// get a new key when its file is gone: not_found. mismatch when the file is another store's.
core::Result<std::shared_ptr<const FieldKey>> field_key(Engine& engine);

}  // namespace threatlas::store
