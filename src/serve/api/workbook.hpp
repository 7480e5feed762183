// A list as a workbook, written while it is sent: rows are taken as the reader takes pieces, memory does not grow with them, and no
// file is made.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/json.hpp"
#include "serve/net/message.hpp"

namespace threatlas::serve::api {

// What is more than a sheet holds goes on in a further one with the same heading.
struct SheetLimits {
    std::uint64_t rows = 1048575;                        // beside the heading
    std::uint64_t bytes = std::uint64_t{2} << 30;        // of XML: an archive without its long form holds less than 4 GiB an entry
};

// A row an item; heading bold and frozen. `name` is the sheet's, the further ones are 'name 2' and so on.
net::Pieces workbook(std::function<bool(core::json::object& row)> rows, std::vector<std::string> fields, const std::string& name, SheetLimits limits = {});

}  // namespace threatlas::serve::api
