// The dashboard's files, held by the program itself.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "serve/net/message.hpp"

namespace threatlas::serve {

struct Bytes {
    const char *begin = nullptr, *end = nullptr;
    std::string_view view() const { return begin == nullptr ? std::string_view{} : std::string_view(begin, static_cast<std::size_t>(end - begin)); }
};
struct WebFile {
    std::string_view path, type, etag;   // path: '/index.html'
    Bytes plain, packed;                 // packed: gzip, or none
};

// By path. Empty when the program was built without the dashboard.
const std::vector<WebFile>& web_files();

// A file; for an address without an ending the page itself, which finds its way by the address. Files with a hash
// in their name ('/assets/') may be kept for ever, all others are asked for each time.
net::Response web_answer(const net::Request& request);

}  // namespace threatlas::serve
