// The TAXII 2.1 server (OASIS Standard, 10 June 2021): what its routes share, and how it speaks where the API speaks
// otherwise: any root may have a path of its own, addresses end with '/' or not, errors are TAXII's own.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "serve/dispatch.hpp"
#include "serve/route.hpp"
#include "store/audit_queue.hpp"
#include "store/collections.hpp"
#include "store/field_key.hpp"

namespace threatlas::serve::taxii {

struct Limits {
    std::size_t page = 1000, most_page = 10'000;          // objects, unless 'limit' says less; at most
    std::size_t page_bytes = std::size_t{8} << 20;        // of objects in a page: it ends sooner
    std::size_t objects = 50'000;                         // of one request
};

class Taxii {
  public:
    // key: seals the cursors, which therefore outlive a restart.
    Taxii(store::Store& store, store::FieldKey key, Limits limits = {});
    ~Taxii();   // writes what is left for the log

    // The API root an address lies under, and the discovery resource; read anew when a second has passed.
    std::optional<store::ApiRoot> root_of(std::string_view path);
    std::vector<store::ApiRoot> roots();
    store::ApiRoot discovery();

    store::Store& store() { return store_; }
    store::Collections& collections() { return store_.collections(); }
    const store::FieldKey& key() const { return key_; }
    const Limits& limits() const { return limits_; }

  private:
    std::shared_ptr<const std::vector<store::ApiRoot>> known();

    store::Store& store_;
    store::FieldKey key_;
    Limits limits_;
    std::shared_ptr<store::AuditQueue> reads_;
    std::mutex lock_;
    std::shared_ptr<const std::vector<store::ApiRoot>> roots_;
    std::chrono::steady_clock::time_point read_at_{};
};

Routes routes(std::shared_ptr<Taxii> taxii);
// For the dispatcher: which requests are TAXII's, and how they are answered when something is wrong.
Dialect dialect(std::shared_ptr<Taxii> taxii);

// Parts of routes().
struct Seat {                      // who asks, of which root and collection
    store::ApiRoot root;
    store::Collection collection;
};
core::Result<Seat> seat_of(Taxii& taxii, const Call& call);          // not_found for what the caller does not know of
core::Result<net::Response> get_objects(Taxii& taxii, const Call& call);
core::Result<net::Response> get_manifest(Taxii& taxii, const Call& call);
core::Result<net::Response> get_object(Taxii& taxii, const Call& call);
core::Result<net::Response> get_versions(Taxii& taxii, const Call& call);
core::Result<net::Response> delete_object(Taxii& taxii, const Call& call);
core::Result<net::Response> add_objects(Taxii& taxii, const Call& call);
net::Response taxii_response(int status, std::string body);
// A text as JSON, quotes and all.
void append_json(std::string& out, std::string_view text);

}  // namespace threatlas::serve::taxii
