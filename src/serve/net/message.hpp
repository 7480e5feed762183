// What a handler takes and gives: a request already checked by the HTTP layer, and a response it will
// send. Handlers are ordinary functions on a pool of workers; they may block.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/result.hpp"

namespace threatlas::serve::net {

using Headers = std::vector<std::pair<std::string, std::string>>;

// A body too long for memory; the file is removed with the last owner.
class Spooled {
  public:
    Spooled(std::string path, std::uint64_t bytes) : path_(std::move(path)), bytes_(bytes) {}
    Spooled(const Spooled&) = delete;
    Spooled& operator=(const Spooled&) = delete;
    ~Spooled();
    const std::string& path() const { return path_; }
    std::uint64_t bytes() const { return bytes_; }

  private:
    std::string path_;
    std::uint64_t bytes_;
};

struct Peer {
    std::string address;      // without the port
    bool secure = false;      // over TLS
    std::string certificate;  // SHA-256 of a verified client certificate, hexadecimal; empty: none
};

struct Request {
    std::string method;       // 'GET', upper case
    std::string path;         // percent-decoded once, UTF-8, begins with '/', no empty, '.' or '..' segment, no control character
    std::vector<std::pair<std::string, std::string>> query;  // decoded, in the order given
    Headers headers;          // names in lower case
    std::string body;         // empty when it was spooled
    std::shared_ptr<const Spooled> spooled;
    Peer peer;
    std::string id;           // of this request, for the log and for error answers

    std::string_view header(std::string_view lower_case_name) const;   // empty: not there
    std::optional<std::string> parameter(std::string_view name) const;  // the first of that name
    std::string_view cookie(std::string_view name) const;               // empty: not there
};

// Fills the next piece; false at the end (and the piece empty). Called on a worker, one call at a
// time, after the handler has returned; what it needs it must own. An error cuts the connection,
// for the status is sent already.
using Pieces = std::function<core::Result<bool>(std::string& piece)>;

struct Event {
    std::uint64_t id = 0;     // grows; sent as the event's id, so that a reader resumes after it
    std::string type, data;   // data: one line of JSON
};
// What a stream of server-sent events is drawn from: called when it opens and whenever Server::wake()
// was, with the id of the last event it has sent (at first the reader's Last-Event-ID, or none).
// Quick and safe to call from any thread.
struct Events {
    std::function<std::vector<Event>(std::optional<std::uint64_t> after)> since;
};

using Shared = std::shared_ptr<const std::string>;   // a body sent to many, never copied

struct Response {
    int status = 200;
    Headers headers;          // Content-Type at least; length, date, encoding and connection are set below
    std::variant<std::string, Shared, Pieces, Events> body;

    Response& with(std::string name, std::string value) {
        headers.emplace_back(std::move(name), std::move(value));
        return *this;
    }
};

Response text_response(int status, std::string text);
Response json_response(int status, std::string json);

using Handler = std::function<Response(const Request&)>;

}  // namespace threatlas::serve::net
