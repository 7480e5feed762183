// A TAXII 2.1 client for servers that may be slow, wrong or hostile: every answer is limited and checked before anything
// of it is used, and every long way can be gone on with where it stopped.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/json.hpp"
#include "core/result.hpp"
#include "exchange/http/client.hpp"
#include "exchange/taxii/envelope.hpp"

namespace threatlas::exchange::taxii {

// Sent to the address that was named and to no other.
struct Login {
    std::string user{}, password{};   // HTTP Basic
    std::string token{};              // or Bearer
    http::Trust trust{};              // or a certificate of ours
};

struct ClientLimits {
    std::size_t page_bytes = std::size_t{64} << 20, page_objects = 50'000;
    std::size_t pages = 10'000;                            // of one poll: then it is gone on with at the next
    std::chrono::milliseconds deadline{60'000};            // of one request
    std::chrono::milliseconds status{60'000};              // for a status to become complete
    std::size_t envelope_objects = 500;
};

struct Discovery {
    std::string title, description, contact, preferred;    // preferred: the default root
    std::vector<std::string> api_roots;                    // absolute
};
struct RootInfo {
    std::string title, description;
    std::vector<std::string> versions;
    std::int64_t max_content_length = 0;
};
struct CollectionInfo {
    std::string id, title, description, alias, url;
    bool can_read = false, can_write = false;
    std::vector<std::string> media_types;
};

struct Page {
    const std::vector<SentObject>& objects;   // those with a fault among them: not to be used
    std::string added_first, added_last;      // as the server says
    std::string state;                        // to be kept once the page is: the next poll goes on after it
};
using Sink = std::function<core::Result<void>(const Page& page)>;

struct Polled {
    std::size_t pages = 0, objects = 0, faulty = 0;
    bool more = false;             // the limit of pages came first
    std::string state, first_fault;
};

struct Pushed {
    std::size_t envelopes = 0, sent = 0, successes = 0, pendings = 0;
    std::vector<std::pair<std::string, std::string>> failures;   // id and what the server says
};

class Client {
  public:
    explicit Client(Login login, ClientLimits limits = {});

    core::Result<Discovery> discover(const std::string& url);
    core::Result<RootInfo> root(const std::string& url);
    core::Result<std::vector<CollectionInfo>> collections(const std::string& root_url);

    // From `state` on ("": from the beginning), page by page; each goes to the sink whole. What the sink does not want
    // ends it. filters: 'match[type]' and so on, the same at each poll of one state. bad_input: the server breaks the
    // protocol: too large, no JSON, another media type, 'more' without end.
    core::Result<Polled> poll(const std::string& collection_url, const std::string& state, const http::Headers& filters, const Sink& sink);

    // Objects, each as JSON text, in envelopes of at most max_content_length and in order. done: how many of them need not be
    // sent again. What the server refuses is in `failures`.
    core::Result<Pushed> push(const std::string& collection_url, std::span<const std::string> objects, std::int64_t max_content_length, const std::function<core::Result<void>(std::size_t done)>& done = {});

  private:
    core::Result<http::Answer> ask(http::Ask request);
    core::Result<core::json::object> get(const std::string& url);
    core::Result<void> wait_for(const std::string& root_url, const std::string& id, Pushed& into);

    Login login_;
    ClientLimits limits_;
    std::string origin_;           // of the first address asked: the login is for it
    http::Client http_;
};

// Parts of the above that read a stranger's words.
core::Result<Discovery> read_discovery(std::string_view json, const std::string& url);
core::Result<RootInfo> read_root(std::string_view json);
core::Result<std::vector<CollectionInfo>> read_collections(std::string_view json, const std::string& root_url);
struct StatusInfo {
    std::string id, status;
    std::size_t total = 0, successes = 0, pendings = 0;
    std::vector<std::pair<std::string, std::string>> failures;
};
core::Result<StatusInfo> read_status(std::string_view json);
// 'the server says: title: description (403)' of an error resource, or of whatever came instead; one line, at most 300 bytes.
std::string read_error(int status, std::string_view body);

struct PollState {
    std::string added_after;       // of the last object had
    std::string next, since;       // a cursor, and the 'added_after' of the pages it belongs to
    bool operator==(const PollState&) const = default;
};
core::Result<PollState> read_state(std::string_view text);
std::string write_state(const PollState& state);

}  // namespace threatlas::exchange::taxii
