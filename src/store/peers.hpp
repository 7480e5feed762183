// The other nodes: whose card we hold, what was posted to them, what came from them and how far. Bodies and secrets are
// encrypted with the field key. What is decided about peers is in the audit log; where a round stands is not.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "core/result.hpp"
#include "model/fields.hpp"
#include "model/reader.hpp"
#include "store/field_key.hpp"

namespace threatlas::store {

class Store;
struct Engine;

struct OwnNode {
    std::string organisation, address, public_key, card;   // card: JSON, signed
};

struct StoredPeer {
    std::string organisation, address, public_key, card;
    std::string access = "{}";       // how we come in there: {"token": ..., "certificate": file ...}; encrypted
    std::string machine;             // id of their account here
    std::string made;
    bool removed = false;            // no more contact; what was exchanged stays
};

// Where the rounds with a peer stand. Moments are seconds since 1970 by our own clock.
struct PeerState {
    std::string organisation;
    std::string resume;              // of the TAXII client; empty: from the beginning
    std::int64_t contact = 0;        // last answer that was one; 0: never
    std::int64_t whole = 0;          // when the feed was last read to its end
    std::int64_t tried = 0, next = 0;    // last try; not before
    std::int64_t failures = 0;       // in a row
    std::string error;               // of the last try; empty: it went well
};

// Counted from what came.
struct PeerCounts {
    std::int64_t done = 0, aside = 0, highest = 0, missing = 0;   // missing: numbers below the highest that never came
    std::int64_t posted = 0, waiting = 0;                         // waiting: not yet in the feed
};

struct PostedObject {
    std::string peer;
    std::int64_t number = 0;
    std::string object, modified, body;
};

// What came: one row for each text, ever.
struct Arrival {
    std::string peer, hash;          // SHA-256 of the canonical text
    std::int64_t number = 0;         // in their feed; 0: not known
    std::string author, object, modified, kind;
    std::string state;               // done, older (a later version was here), aside
    std::string code, reason;        // of what is aside
    std::string at, body;
    std::int64_t tries = 0;
    static constexpr auto fields() {
        using T = Arrival;
        using model::field;
        return std::make_tuple(field("peer", &T::peer, "whose feed"), field("hash", &T::hash, "SHA-256"), field("number", &T::number, "in their feed; 0: not known"), field("author", &T::author, "whose record"), field("object", &T::object, "STIX id"),
            field("modified", &T::modified, "version"), field("kind", &T::kind, "kind of record"), field("state", &T::state, "done, older or aside"), field("code", &T::code, "why it is aside: error"), field("reason", &T::reason, "in words"), field("at", &T::at, "when it came"),
            field("body", &T::body, "its text"), field("tries", &T::tries, "how often it was handed over"));
    }
};

class Peers {
  public:
    Peers(std::shared_ptr<Engine> engine, FieldKey key) : engine_(std::move(engine)), key_(std::move(key)) {}

    core::Result<std::optional<OwnNode>> own();
    // Of the node's key: $THREATLAS_NODE_KEY, else '<folder>.node-key' beside the store.
    std::string key_path() const;
    // conflict when the store has another organisation already.
    core::Result<void> put_own(const model::Reader& who, const OwnNode& node);

    core::Result<std::vector<StoredPeer>> all();                                  // in the order of making, removed ones too
    core::Result<std::optional<StoredPeer>> find(const std::string& organisation);
    // New or changed; `what` for the log.
    core::Result<void> put(const model::Reader& who, const StoredPeer& peer, const std::string& what);

    core::Result<PeerState> state(const std::string& organisation);
    core::Result<void> put_state(const PeerState& state);
    core::Result<PeerCounts> counts(const std::string& organisation);

    // One more in the feed, once for each `hash`: sealed by `seal` under the number it gets, in one transaction with an
    // entry 'post'. Returns whether it is new. modified: of this version.
    using SealAs = std::function<core::Result<std::string>(std::int64_t number)>;
    core::Result<bool> post(const model::Reader& who, const std::string& peer, const std::string& object, const std::string& modified, const std::string& hash, const std::string& what, const SealAs& seal);
    // The version under which it was posted to anybody; and the latest of an object. Empty: none.
    core::Result<std::string> posted_as(const std::string& object, const std::string& hash);
    core::Result<std::string> latest_posted(const std::string& object);
    core::Result<std::vector<PostedObject>> waiting(const std::string& peer, std::size_t most);   // by number
    core::Result<void> in_feed(const std::string& peer, std::int64_t up_to);

    core::Result<std::optional<Arrival>> arrival(const std::string& peer, const std::string& hash);
    // The latest version of an author's object that was handed over, from whomever.
    core::Result<std::optional<Arrival>> latest(const std::string& author, const std::string& object);
    core::Result<void> put_arrival(const Arrival& arrival);                        // new, or in the place of the same hash
    // Aside, oldest first; peer empty: of all. bodies: with their texts.
    core::Result<std::vector<Arrival>> aside(const std::string& peer, std::size_t most, bool bodies);
    core::Result<std::pair<std::int64_t, std::int64_t>> aside_size(const std::string& peer);   // how many, bytes
    // A person has looked: it is not tried again. not_found.
    core::Result<void> drop_aside(const model::Reader& who, const std::string& peer, const std::string& hash, const std::string& reason);

  private:
    std::shared_ptr<Engine> engine_;
    FieldKey key_;
};

// Of an open store, which owns it. Opens the field key at first need, whose errors it gives.
core::Result<Peers*> peers_of(Store& store);

}  // namespace threatlas::store
