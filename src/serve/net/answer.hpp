// The head of an answer as bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "serve/net/message.hpp"

namespace threatlas::serve::net {

struct Framing {
    std::optional<std::uint64_t> length;  // none: chunked, or until the connection ends when `until_close`
    bool until_close = false;
    bool keep_alive = true;
    std::string_view encoding{};          // 'gzip' or none
};

// Header values with a line break are left out: they would be another header.
std::string head_of(const Response& response, const Framing& framing, std::string_view date);
std::string_view reason_of(int status);
std::string http_date(std::int64_t seconds_since_1970);
std::string_view http_date_now();   // made once a second and thread; valid until the next call

// A piece as a chunk; `last` ends the body.
void append_chunk(std::string& out, std::string_view piece, bool last);

// A Content-Type that is worth compressing.
bool compressible(std::string_view content_type);
std::string_view header_of(const Response& response, std::string_view lower_case_name);

}  // namespace threatlas::serve::net
