// Requests to servers that may be slow, broken or hostile: HTTP/1.1 over TLS (plain on loopback alone), each with a
// deadline and a limit. Redirects are never followed, credentials go only to the address that was named.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "exchange/net/line.hpp"

namespace threatlas::exchange::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

using net::Trust;

struct Ask {
    std::string method = "GET";
    std::string url{};                // https://..., or http:// on 127.0.0.1, [::1] or localhost
    Headers headers{};                // Host, Content-Length and Connection are set here
    std::string body{};
    std::size_t most = std::size_t{16} << 20;        // bytes of the answer's body
    std::chrono::milliseconds deadline{30'000};      // for the whole of it
    net::Reachable reachable{};       // which addresses may be spoken to; none: any
};

struct Answer {
    int status = 0;
    Headers headers{};                // names in lower case
    std::string body{};
    std::string_view header(std::string_view lower_case_name) const;   // the first; empty: not there
};

struct Place {
    std::string host, port, path;     // path: with the query, begins with '/'
    bool tls = true;
    std::string origin() const;       // 'https://host:port'
};
// bad_input for another scheme, plain HTTP elsewhere than on loopback, credentials or what no address holds.
core::Result<Place> place_of(std::string_view url);
// `target` as it is when it is absolute, else on the origin of `base` ('/x') or beside it ('x/').
core::Result<std::string> resolve(std::string_view base, std::string_view target);

// Keeps the connection to the last origin open, and opens it anew when the other end has closed it meanwhile. For one
// thread at a time.
class Client {
  public:
    explicit Client(Trust trust = {});
    ~Client();
    Client(Client&&) noexcept;
    Client& operator=(Client&&) noexcept;

    // Any status is an answer. unavailable: not reached, not trusted, too slow, broken off; bad_input: more than `most`,
    // or no HTTP. A request whose answer broke off may have been carried out.
    core::Result<Answer> ask(const Ask& request);

  private:
    Trust trust_;
    std::string origin_;              // of the line
    std::unique_ptr<net::Line> line_;
};

// One request on a connection of its own.
core::Result<Answer> ask(const Ask& request, const Trust& trust = {});

// As in a query: everything but letters, digits and '-._~' escaped.
std::string escaped(std::string_view text);
// 'Basic ...' of RFC 7617.
std::string basic(std::string_view user, std::string_view password);

}  // namespace threatlas::exchange::http
