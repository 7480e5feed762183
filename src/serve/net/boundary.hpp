// What is believed of a request's head, and what is refused. Without sockets, so that it can be fuzzed.
// Beast's types: for the .cpp files of this folder and the fuzz target only.
#pragma once

#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <optional>
#include <string>

#include "core/result.hpp"
#include "serve/net/server.hpp"

namespace threatlas::serve::net {

using Parser = boost::beast::http::request_parser<boost::beast::http::buffer_body>;

struct Refusal {
    int status = 400;
    std::string sentence;
};

// Limits of the parser itself.
void set_limits(Parser& parser, const Limits& limits);

// Whether a complete head may be acted on: one host, one way of stating the length, sizes, method.
std::optional<Refusal> refused_head(const Parser& parser, const Limits& limits);

// What a parse error is answered with; none: the peer went away, nobody is there to be told.
std::optional<Refusal> refused_parse(const boost::beast::error_code& error);

// The request of a head that was not refused: target taken apart, names of headers in lower case. bad_input.
core::Result<Request> request_of(const Parser& parser);

}  // namespace threatlas::serve::net
