// Any bytes as what a connection brings: head, target, cookies, body in pieces. No crash, no endless loop; what is
// taken keeps to what message.hpp promises of a path.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "serve/net/boundary.hpp"
#include "serve/net/gzip.hpp"

using namespace threatlas::serve::net;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace http = boost::beast::http;
    Limits limits;
    Parser parser;
    set_limits(parser, limits);
    parser.eager(false);
    boost::beast::error_code error;
    boost::asio::const_buffer rest(data, size);
    while (!parser.is_header_done() && rest.size() > 0) {
        const std::size_t used = parser.put(rest, error);
        if (error || used == 0) break;
        rest += used;
    }
    if (error) {
        static_cast<void>(refused_parse(error));
        return 0;
    }
    if (!parser.is_header_done() || refused_head(parser, limits)) return 0;
    const auto request = request_of(parser);
    if (!request) return 0;
    if (request->path.empty() || request->path.front() != '/' || request->path.find("/../") != std::string::npos || request->path.find("//") != std::string::npos || request->path.find('\0') != std::string::npos) std::abort();
    static_cast<void>(request->cookie("threatlas_session"));
    static_cast<void>(accepts_gzip(request->header("accept-encoding")));
    std::string block(512, '\0');
    while (!parser.is_done() && rest.size() > 0) {
        parser.get().body().data = block.data(), parser.get().body().size = block.size();
        const std::size_t used = parser.put(rest, error);
        if (error == http::error::need_buffer) error = {};
        if (error) return 0;
        if (parser.get().body().size > block.size()) std::abort();
        if (used == 0 && parser.get().body().size == block.size()) return 0;
        rest += used;
    }
    return 0;
}
