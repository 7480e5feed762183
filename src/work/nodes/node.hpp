// This node and its peers: its key and card, whom it knows, and how they come in.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/calendar.hpp"
#include "core/result.hpp"
#include "exchange/nodes/card.hpp"
#include "exchange/nodes/node_key.hpp"
#include "model/catalogue.hpp"
#include "model/reader.hpp"
#include "store/collections.hpp"
#include "store/peers.hpp"
#include "store/store.hpp"

namespace threatlas::work {

inline constexpr std::string_view kFeedRoot = "/taxii2/feeds/";   // the API root of the feeds of every node

// UUID of the collection at `own` for `peer`; the same on all nodes.
std::string feed_id(std::string_view own, std::string_view peer);
// In whose name the node itself acts: 'node' is no account's id.
model::Reader node_reader(const std::string& own_organisation, const std::string& purpose = "administration: feeds between nodes");

// Names the node, or changes its address and contact points. The key is made when there is none: a file for its owner
// alone, beside the store ($THREATLAS_NODE_KEY). bad_input for an organisation the catalogue lacks; conflict for another
// one than before; mismatch when the key is not the one of before.
core::Result<exchange::nodes::Card> init_node(store::Store& store, const model::Reader& who, const model::Catalogue& catalogue, const std::string& organisation, const std::string& address, std::vector<exchange::nodes::CardContact> contacts, core::Day today);
// not_found before init_node.
core::Result<exchange::nodes::Card> own_card(store::Store& store);
// not_found before init_node, or when its file is gone; mismatch when it is another's.
core::Result<exchange::nodes::NodeKey> node_key(store::Store& store);

// How we come in at a peer: what it gave us. Files are PEM.
struct PeerAccess {
    std::string token, certificate, key, authorities;
    static constexpr auto fields() {
        using T = PeerAccess;
        return std::make_tuple(model::field("token", &T::token, "token"), model::field("certificate", &T::certificate, "file of our certificate"), model::field("key", &T::key, "file of its key"), model::field("authorities", &T::authorities, "file: who signs their certificate"));
    }
};
struct AddedPeer {
    std::string organisation, fingerprint;   // of its key, to be compared by telephone
    std::string token;                       // for them to come in here, shown once; empty: they have one, or a certificate
    bool is_new = false, new_key = false;
};
// Makes a peer known, or takes its new card and access: its feed here, and an account that may read this feed, ask in private matching, and nothing else.
// certificate: SHA-256 of theirs, instead of a token. new_token: another token; the former ends. A card with another key
// than before is a conflict unless new_key says that somebody has compared it.
struct PeerWish {
    PeerAccess access{};
    std::string certificate{};
    bool new_token = false, new_key = false;
};
core::Result<AddedPeer> add_peer(store::Store& store, const model::Reader& who, const model::Catalogue& catalogue, const exchange::nodes::Card& card, const PeerWish& wish);
// No more contact; their account ends. What was exchanged stays. not_found.
core::Result<void> remove_peer(store::Store& store, const model::Reader& who, const std::string& organisation);

// A peer as one sees it.
struct PeerLine {
    std::string organisation, name, address, fingerprint;
    std::string state;              // in step, behind, failing, never reached, removed
    std::string contact, whole;     // last answer; last time to its end (ISO; empty: never)
    std::string next;               // not tried before
    std::string error;              // of the last try
    std::int64_t failures = 0, received = 0, aside = 0, missing = 0, posted = 0, waiting = 0;
    static constexpr auto fields() {
        using T = PeerLine;
        using model::field;
        return std::make_tuple(field("organisation", &T::organisation, "member id"), field("name", &T::name, "for people"), field("address", &T::address, "where it is"), field("fingerprint", &T::fingerprint, "of its key"),
            field("state", &T::state, "in step, behind, failing, never reached or removed"), field("contact", &T::contact, "last answer"), field("whole", &T::whole, "last read to the end"), field("next", &T::next, "not tried before"), field("error", &T::error, "of the last try"),
            field("failures", &T::failures, "in a row"), field("received", &T::received, "objects taken in"), field("aside", &T::aside, "objects set aside"), field("missing", &T::missing, "numbers that have not come"),
            field("posted", &T::posted, "objects for them"), field("waiting", &T::waiting, "of those, not yet in their feed"));
    }
};
core::Result<std::vector<PeerLine>> peer_lines(store::Store& store);

// Puts what was posted into the peer's feed; after a kill too. Idempotent.
core::Result<void> fill_feed(store::Store& store, const std::string& own_organisation, const std::string& peer);

std::string moment(std::int64_t seconds);   // ISO 8601 UTC; empty for 0

}  // namespace threatlas::work
