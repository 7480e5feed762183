// Where a page ended, sealed: nobody reads, makes or carries one to another question.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "store/field_key.hpp"

namespace threatlas::serve::taxii {

// context: root, collection, object, kind and filters; the cursor serves with the same alone.
std::string write_next(const store::FieldKey& key, std::string_view context, std::int64_t number);
core::Result<std::int64_t> read_next(const store::FieldKey& key, std::string_view context, std::string_view text);   // bad_usage for what is none

}  // namespace threatlas::serve::taxii
