// Where a page ended, as text that says nothing to whoever carries it.
#pragma once

#include <string>
#include <string_view>

#include "core/json.hpp"
#include "core/result.hpp"

namespace threatlas::serve::api {

struct Cursor {
    std::string sort;            // how the list was sorted
    core::json::value value, key;// of the last item seen
};

std::string write_cursor(const Cursor& cursor);
core::Result<Cursor> read_cursor(std::string_view text);   // bad_input for what is none

}  // namespace threatlas::serve::api
