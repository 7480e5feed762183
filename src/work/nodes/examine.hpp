// One object of a feed: whose it is, whether it may come this way, and who takes it.
#pragma once

#include "core/json.hpp"
#include "core/result.hpp"
#include "exchange/stix/carry.hpp"
#include "store/peers.hpp"
#include "work/nodes/receive.hpp"

namespace threatlas::work {

struct FeedContext {
    store::Peers& peers;
    const store::StoredPeer& peer;
    std::string own, own_key;         // our organisation and its public key
    const Receivers& receivers;
};

// Fills `arrival` with what is certain of it, and its state: done, older or aside (with code and reason). An error is ours: it
// has to come again.
core::Result<void> take_in(const FeedContext& context, const core::json::value& object, store::Arrival& arrival);

}  // namespace threatlas::work
