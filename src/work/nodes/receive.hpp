// What comes from other nodes, handed to whoever knows its kind. When a receiver is called, it is certain: the object came
// over the feed of `from`, was addressed to this node's organisation, is signed by its author's node, and no later version of
// it was handed over before. An object may come twice (a kill between two steps) and in any order.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "model/catalogue.hpp"
#include "model/reader.hpp"
#include "store/store.hpp"

namespace threatlas::exchange::stix {
struct Carried;
}

namespace threatlas::work {

// Who sent it, and whose it is.
struct Peer {
    std::string organisation;        // whose feed it came over
    std::string author;              // whose node signed the record: `organisation`, save for what is passed on
    std::string address;             // of the peer's node
    bool passed_on() const { return author != organisation; }
};

// Idempotent and order-tolerant; refuses what `from` may not send. What an error means:
// unavailable, internal: ours, tried again later, and the feed waits; not_found: it speaks of something that has not come yet,
// set aside and tried again after what comes next; any other: set aside with the reason, for a person to see.
using Receive = std::function<core::Result<void>(const Peer& from, const exchange::stix::Carried& what)>;
// Posts again all that should have been sent; called before each round, so a kill between keeping and posting loses nothing.
using Outstanding = std::function<core::Result<void>()>;

class Receivers {
  public:
    void add(const std::string& kind, Receive receive) { receive_[kind] = std::move(receive); }
    void outstanding(Outstanding again) { outstanding_.push_back(std::move(again)); }
    const Receive* find(const std::string& kind) const {
        const auto it = receive_.find(kind);
        return it == receive_.end() ? nullptr : &it->second;
    }
    core::Result<void> post_again() const {
        for (const auto& each : outstanding_) THREATLAS_CHECK(each());
        return {};
    }

  private:
    std::map<std::string, Receive> receive_;
    std::vector<Outstanding> outstanding_;
};

// Everyone who receives, one line each (receivers.cpp). Keeps references.
Receivers receivers(store::Store& store, const model::Catalogue& catalogue);

// In whose name a receiver writes: the node's own, for the log.
model::Reader feed_reader(const Peer& from, const std::string& own_organisation, const std::string& kind);

}  // namespace threatlas::work
