// What has to be a file before it can be sent: a report.
#pragma once

#include <string>

#include "core/result.hpp"
#include "serve/net/message.hpp"

namespace threatlas::serve::api {

// Sends a file in pieces and removes it at the end. unavailable when it cannot be read.
core::Result<net::Response> send_once(const std::string& path, const std::string& content_type, const std::string& file_name);

// A path for such a file, in the system's temporary folder: mode 0600, empty.
core::Result<std::string> temporary_file();

}  // namespace threatlas::serve::api
