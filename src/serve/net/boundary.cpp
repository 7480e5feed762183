#include "serve/net/boundary.hpp"

#include <boost/beast/core/error.hpp>
#include <boost/beast/http/error.hpp>
#include <iterator>

#include "core/text.hpp"
#include "serve/net/target.hpp"

namespace threatlas::serve::net {

namespace http = boost::beast::http;

void set_limits(Parser& parser, const Limits& limits) {
    parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes));
    parser.body_limit(limits.body);
}

std::optional<Refusal> refused_head(const Parser& parser, const Limits& limits) {
    const auto& head = parser.get();
    const auto count = [&](http::field field) { return head.count(field); };
    const bool old = head.version() < 11;
    if (head.version() != 10 && head.version() != 11) return Refusal{400, "only HTTP/1.1 is spoken here"};
    if (count(http::field::host) > 1 || (!old && count(http::field::host) == 0)) return Refusal{400, "a request names one host"};
    if (count(http::field::content_length) + count(http::field::transfer_encoding) > 1) return Refusal{400, "the length of the body is stated in more than one way"};
    if (old && count(http::field::transfer_encoding) > 0) return Refusal{400, "HTTP/1.0 knows no chunks"};
    if (count(http::field::transfer_encoding) == 1 && (!parser.chunked() || core::lower_ascii(std::string(head[http::field::transfer_encoding])) != "chunked")) return Refusal{501, "only chunked transfer is understood"};
    if (static_cast<std::size_t>(std::distance(head.begin(), head.end())) > limits.headers) return Refusal{431, "too many header lines"};
    if (head.target().size() > limits.target_bytes) return Refusal{414, "the address is too long"};
    if (head.method() == http::verb::unknown || head.method() == http::verb::connect || head.method() == http::verb::trace) return Refusal{501, "that method is not understood"};
    return std::nullopt;
}

std::optional<Refusal> refused_parse(const boost::beast::error_code& error) {
    const bool parsing = error.category() == http::make_error_code(http::error::bad_method).category();
    if (!parsing || error == http::error::end_of_stream || error == http::error::partial_message) return std::nullopt;
    if (error == http::error::header_limit || error == http::error::buffer_overflow) return Refusal{431, "the header is too long"};
    if (error == http::error::body_limit) return Refusal{413, "the body is larger than is taken here"};
    return Refusal{400, "the request cannot be read: " + error.message()};
}

core::Result<Request> request_of(const Parser& parser) {
    const auto& head = parser.get();
    THREATLAS_TRY(Target target, parse_target({head.target().data(), head.target().size()}));
    Request request;
    request.method = std::string(head.method_string());
    request.path = std::move(target.path), request.query = std::move(target.query);
    for (const auto& field : head) request.headers.emplace_back(core::lower_ascii(std::string(field.name_string())), std::string(field.value()));
    return request;
}

}  // namespace threatlas::serve::net
