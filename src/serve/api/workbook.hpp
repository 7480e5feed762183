// A list as a workbook.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/json.hpp"
#include "core/result.hpp"
#include "serve/net/message.hpp"

namespace threatlas::serve::api {

// One sheet, a row an item; written in constant memory to a file of its own and sent from there.
core::Result<net::Response> workbook(const std::function<bool(core::json::object& row)>& rows, const std::vector<std::string>& fields, const std::string& name);

// Sends a file in pieces and removes it at the end. unavailable when it cannot be read.
core::Result<net::Response> send_once(const std::string& path, const std::string& content_type, const std::string& file_name);

// A path for such a file, in the system's temporary folder: mode 0600, empty.
core::Result<std::string> temporary_file();

}  // namespace threatlas::serve::api
