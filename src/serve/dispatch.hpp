// From a request to its route's answer: match, who is asking, may they, is the change really theirs, handle,
// and whatever went wrong as a problem. The one way in: no handler runs without passing here.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "serve/net/message.hpp"
#include "serve/route.hpp"

namespace threatlas::serve {

// Who is asking and what they may: the doorkeeper's part (serve/access).
struct Door {
    // An empty account: a stranger. An error: unavailable alone.
    std::function<core::Result<Caller>(const net::Request&)> authenticate;
    std::function<bool(const Route&)> open_to_strangers;
    // Sets the purpose the caller reads for; not_allowed, in words, when the rights table says no.
    std::function<core::Result<void>(const Route&, const net::Request&, Caller&)> allow;
    // A change, done once for its Idempotency-Key; none: just done.
    std::function<core::Result<net::Response>(const net::Request&, const Caller&, const std::function<core::Result<net::Response>()>&)> once{};
    // Before a whole list or file leaves: notes it, or says why not. none: not noted.
    std::function<core::Result<void>(const Route&, const net::Request&, const Caller&)> disclose{};
};

// Requests that are answered by the same table in another manner: under other paths, with errors of their own form.
struct Dialect {
    std::function<std::optional<std::string>(const net::Request&)> path{};   // by which it is looked up; none: not of this dialect
    std::function<void(const net::Request&, net::Response&)> finish{};
};

struct Handled {   // for metrics and the log
    const Route* route = nullptr;   // null: none matched
    int status = 0;
    double seconds = 0;
    std::uint64_t bytes = 0;        // of the body; 0 for what is streamed
    std::string defect{};           // what was thrown, or why something inside is not to be had; for the log alone
};

class Dispatcher {
  public:
    // others: what is no route's (the dashboard's files); asked for GET and HEAD outside /api/.
    Dispatcher(Routes routes, Door door, net::Handler others, std::function<void(const net::Request&, const Handled&)> handled, Dialect dialect = {});
    ~Dispatcher();
    net::Response operator()(const net::Request& request) const;
    // The same for routes with an answer in memory; status 0 when it is not there and has to be asked for properly.
    net::Response quick(const net::Request& request) const;
    const Routes& routes() const;

  private:
    struct Table;
    void finished(const net::Request& request, net::Response& response, const Handled& handled) const;
    net::Response answer(const net::Request& request, const std::string* path_of_dialect, const Route*& matched, std::string& defect) const;
    net::Response routed(const net::Request& request, const Route& route, std::map<std::string, std::string> path, bool known_caller, Caller caller, std::string& defect) const;
    std::unique_ptr<Table> table_;
    Door door_;
    net::Handler others_;
    std::function<void(const net::Request&, const Handled&)> handled_;
    Dialect dialect_;
};

// A strong ETag of a body.
std::string etag_of(std::string_view body);
// Whether If-None-Match names it (weak comparison, as RFC 9110 asks).
bool etag_matches(std::string_view if_none_match, std::string_view etag);

}  // namespace threatlas::serve
