// Comparing whole lists for a joint operation: agreed by the directors of both members beforehand, once, for kinds, caps and a day; the asker
// learns which of its entries (intersection) or how many (cardinality) both have, the holder how many the asker brought.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "exchange/matching/bulk.hpp"
#include "work/matching/desk.hpp"

namespace threatlas::work::matching {

// What both directors sign. Its hash is in every hello of the protocol.
struct Terms {
    std::string id, kind = "intersection", asker, holder;   // kind: intersection or cardinality
    std::vector<std::string> kinds;                          // of identifiers
    std::int64_t asker_cap = 0, holder_cap = 0;              // most spellings each may bring
    std::string case_reference, legal_basis, until;          // until: last day it may run
    static constexpr auto fields() {
        using T = Terms;
        return std::make_tuple(field("id", &T::id, "id"), field("kind", &T::kind, "intersection: which; cardinality: how many"), field("asker", &T::asker, "who learns the result"), field("holder", &T::holder, "whose list it is compared with"), field("kinds", &T::kinds, "kinds of identifiers"),
            field("asker_cap", &T::asker_cap, "most spellings the asker may bring"), field("holder_cap", &T::holder_cap, "most spellings the holder may bring"), field("case_reference", &T::case_reference, "joint operation or case"), field("legal_basis", &T::legal_basis, "provision that allows it"), field("until", &T::until, "last day it may run"));
    }
};

struct Session {
    Terms terms;
    std::string state = "proposed";                          // proposed, agreed, refused, done, failed
    std::string asker_signature, holder_signature;           // Ed25519, of the nodes, given by a director
    std::string director, at, note;                          // of one's own side
    std::int64_t tries = 0, common = -1, peer_items = -1;    // common: known to the asker alone; -1: not known
    std::vector<std::string> entries;                        // of the own list that both have; asker, intersection
    static constexpr auto fields() {
        using T = Session;
        return std::make_tuple(field("terms", &T::terms, "what is agreed"), field("state", &T::state, "proposed, agreed, refused, done or failed"), field("asker_signature", &T::asker_signature, "of the asker's node, by a director"), field("holder_signature", &T::holder_signature, "of the holder's node, by a director"),
            field("director", &T::director, "who agreed, on this side"), field("at", &T::at, "when it was proposed"), field("note", &T::note, "why it was refused or failed"), field("tries", &T::tries, "times it was begun"), field("common", &T::common, "how many spellings both have; -1: not known here"),
            field("peer_items", &T::peer_items, "how many the other side brought; -1: not known"), field("entries", &T::entries, "own entries that both have"));
    }
};

// From node to node.
struct Offer {
    Terms terms;
    std::string signature;
    static constexpr auto fields() { return std::make_tuple(field("terms", &Offer::terms, "what is proposed"), field("signature", &Offer::signature, "of the node that signs")); }
};
struct BulkMessage {
    std::string run, message;                                // run: of one try, 32 hexadecimal digits; message: base64, empty when there is none
    static constexpr auto fields() { return std::make_tuple(field("run", &BulkMessage::run, "this try"), field("message", &BulkMessage::message, "base64; empty: none")); }
};

constexpr std::int64_t kMostTries = 3;

class Sessions {
  public:
    Sessions(store::Store& store, Desk& desk) : store_(store), desk_(desk) {}

    // By a director of the asker, who signs with it; sent to the holder's node. unavailable when it is not reached: nothing is kept.
    core::Result<Session> propose(const model::Reader& who, Terms terms);
    // By a director of the holder. conflict unless it is proposed.
    core::Result<Session> agree(const model::Reader& who, const std::string& id);
    core::Result<Session> refuse(const model::Reader& who, const std::string& id, const std::string& note);
    core::Result<std::vector<Session>> list(const model::Reader& who);      // newest first
    // The asker: both signatures verified, then the protocol. Cost: about 60 microseconds an item of either list.
    core::Result<Session> run(const model::Reader& who, const std::string& id);

    // For the peer's node.
    core::Result<void> receive(const model::Reader& who, const Offer& offer);
    core::Result<Offer> agreement(const model::Reader& who, const std::string& id);   // the holder's signature. conflict until it is given
    core::Result<BulkMessage> message(const model::Reader& who, const std::string& id, const BulkMessage& given);

  private:
    core::Result<Session> find(const model::Reader& who, const std::string& id);
    core::Result<void> step(const model::Reader& who, const std::string& id, const std::string& action, const Session& now, const std::string& line);
    core::Result<std::vector<std::string>> items(const model::Reader& who, const Terms& terms, std::int64_t cap, std::vector<std::string>* entries);
    core::Result<exchange::matching::BulkParty> begin(const model::Reader& who, const Terms& terms, bool asker, const std::string& run, std::vector<std::string> items);

    store::Store& store_;
    Desk& desk_;
    std::mutex lock_;
    struct Running {
        std::string run;
        std::unique_ptr<exchange::matching::BulkParty> party;
    };
    std::map<std::string, Running> running_;   // the holder's side, by session
};

}  // namespace threatlas::work::matching
