// What private matching keeps: the own watch-list and what was asked (encrypted under the field key), filters as published and as
// fetched from peers, what was used of quotas. Every change and read is in the audit chain, without content.
// Secret seeds lie beside the store, like the field key: <store>.matching.key, 0600; who has the database alone can try no identifier.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "model/fields.hpp"
#include "model/reader.hpp"
#include "store/field_key.hpp"

namespace threatlas::store {

struct Engine;
class Store;

// One identifier of the own list. `value` is canonical; the rest is for people.
struct MatchEntry {
    std::string id;                                   // 'W-' and 16 hexadecimal digits
    std::string kind, value, country, born;
    std::string case_reference, note, handling = "TLP:AMBER";
    std::string organisation, person, at;             // who put it there, when
    bool published = false, removed = false;          // removed: not yet taken out of the published filter
    static constexpr auto fields() {
        using T = MatchEntry;
        using model::field;
        return std::make_tuple(field("id", &T::id, "id"), field("kind", &T::kind, "phone, plate, vin, iban, passport, imei, wallet, company or person"), field("value", &T::value, "in its one spelling"), field("country", &T::country, "ISO 3166 alpha-2, where it belongs to one"),
            field("born", &T::born, "birth date of a person"), field("case_reference", &T::case_reference, "case it belongs to"), field("note", &T::note, "note"), field("handling", &T::handling, "TLP word and codes"), field("organisation", &T::organisation, "whose list"),
            field("person", &T::person, "who put it there"), field("at", &T::at, "when"), field("published", &T::published, "in the published filter"), field("removed", &T::removed, "taken off, still in the published filter until the next publication"));
    }
};

// A published file. own: organisation is empty.
struct MatchPart {
    std::string organisation;
    std::uint32_t epoch = 0, serial = 0;
    bool base = true;
    std::int32_t day = 0;
    std::string digest;                               // SHA-256 of bytes, hexadecimal
    std::string bytes;                                // as they were signed; empty in a list
    std::uint64_t size = 0;
};

// One query, as either side has it.
struct MatchQuery {
    std::string id, side;                             // side: asked or served
    std::string party;                                // the other organisation
    std::string at, person, case_reference, legal_basis;
    std::uint32_t epoch = 0;
    std::uint64_t identifiers = 0, evaluations = 0, hits = 0;   // identifiers and hits: of what was asked alone
    std::string state;                                // sent, done, refused, failed
    static constexpr auto fields() {
        using T = MatchQuery;
        using model::field;
        return std::make_tuple(field("id", &T::id, "id"), field("side", &T::side, "asked: by us; served: to a peer"), field("party", &T::party, "the other organisation"), field("at", &T::at, "when"), field("person", &T::person, "who asked, on our side; of a peer: the account it came by"),
            field("case_reference", &T::case_reference, "case"), field("legal_basis", &T::legal_basis, "legal basis"), field("epoch", &T::epoch, "key it was asked under"), field("identifiers", &T::identifiers, "identifiers asked (asked)"),
            field("evaluations", &T::evaluations, "spellings evaluated: what the quota counts"), field("hits", &T::hits, "identifiers found (asked)"), field("state", &T::state, "sent, done, refused or failed"));
    }
};

struct MatchUsage {
    std::string side, party;
    std::int32_t day = 0;
    std::uint64_t evaluations = 0, queries = 0, refused = 0;
};

// How a peer's node is reached. token: of our account there.
struct MatchPeer {
    std::string organisation, address, public_key, token, authorities, certificate, key;
};

struct MatchSeed {
    std::uint32_t epoch = 0;
    std::array<unsigned char, 32> bytes{};
    ~MatchSeed();   // wipes it
};

class Matching {
  public:
    // Of an open store, which outlives it; errors as Store::accounts().
    static core::Result<std::unique_ptr<Matching>> of(Store& store);

    // ids, organisation, person and moment are stamped here. What is on the list already (same kind, value, country and birth date) is left as it
    // is and not counted. Returns the entries that are new. One transaction, one audit entry.
    core::Result<std::vector<MatchEntry>> add(const model::Reader& who, std::vector<MatchEntry> entries);
    // What the reader may see of the own list, by time. Audited with its count.
    core::Result<std::vector<MatchEntry>> entries(const model::Reader& who);
    // The program's own look at all of it, to publish: for no person's eyes. Audited all the same.
    core::Result<std::vector<MatchEntry>> all_entries(const model::Reader& who);
    core::Result<std::uint64_t> live(std::string_view kind = {});   // how many stand on it
    // not_found; conflict when it is taken off already.
    core::Result<void> remove(const model::Reader& who, const std::string& id, const std::string& reason);

    // The key's seed of the current epoch; none before the first publication. not_allowed for a file others may read, mismatch when it is
    // of another epoch than what is published.
    core::Result<std::optional<MatchSeed>> seed();
    // Draws one for the next epoch, written beside; it counts once publish() has it.
    core::Result<MatchSeed> next_seed();

    // Keeps the part with its commitment, marks the entries as published and forgets the content of those taken off. A base replaces all parts
    // before it; a new epoch replaces the key, and the old seed is overwritten.
    core::Result<void> publish(const model::Reader& who, const MatchPart& part, const std::string& commitment, const std::string& object);
    // Of a peer; whatever does not follow (a base, another epoch) replaces what was there. commitment: as signed.
    core::Result<void> keep(const model::Reader& who, const MatchPart& part);
    core::Result<void> keep_commitment(const std::string& organisation, const std::string& commitment);
    core::Result<std::vector<MatchPart>> parts(const std::string& organisation, bool with_bytes);   // in order
    core::Result<std::optional<MatchPart>> part(const std::string& organisation, std::uint32_t epoch, std::uint32_t serial);
    core::Result<std::string> commitment(const std::string& organisation);   // empty: none

    // Notes and counts in one transaction, before anything is evaluated or sent: not_allowed when it would pass `most` evaluations of the day, and
    // then counts the refusal (at the limit's own side too). `object` goes into the audit chain.
    core::Result<void> begin(const model::Reader& who, const MatchQuery& query, std::int32_t day, std::uint64_t most, const std::string& object);
    core::Result<void> finish(const model::Reader& who, const MatchQuery& query, const std::string& object);
    // A query that was not even begun: counted and in the log.
    core::Result<void> refuse(const model::Reader& who, const MatchQuery& query, std::int32_t day, const std::string& object);
    core::Result<std::vector<MatchQuery>> queries(const model::Reader& who, std::size_t most);   // newest first
    core::Result<bool> was_served(const std::string& party, const std::string& id);
    core::Result<std::vector<MatchUsage>> usage(std::int32_t from_day);                          // newest first
    // Evaluations of one case and party on one day.
    core::Result<std::uint64_t> evaluations_of_case(const std::string& side, const std::string& party, const std::string& case_reference, std::int32_t day);

    // Remembers what was asked by keyed hashes alone, for so many days; of `neighbours`, how many were asked before. What is remembered
    // can be compared, not read.
    core::Result<std::uint64_t> seen_before(std::span<const std::string> neighbours);
    core::Result<void> remember(std::span<const std::string> asked, std::int32_t day, std::int32_t days);
    // Adds to the person's count of the day, and returns it.
    core::Result<std::uint64_t> count_neighbours(const std::string& person, std::int32_t day, std::uint64_t more);

    core::Result<std::vector<MatchPeer>> peers();
    core::Result<void> set_peer(const model::Reader& who, const MatchPeer& peer);
    core::Result<void> drop_peer(const model::Reader& who, const std::string& organisation);   // not_found
    core::Result<std::string> setting(const std::string& name);                                 // empty: not set
    core::Result<void> set(const model::Reader& who, const std::string& name, const std::string& value);
    // Ed25519 seed of this node's signatures on filters, made at first need; beside the store, 0600.
    core::Result<std::array<unsigned char, 64>> signing_key();

  private:
    struct Work;
    Matching(std::shared_ptr<Engine> engine, FieldKey key) : engine_(std::move(engine)), key_(std::move(key)) {}
    std::shared_ptr<Engine> engine_;
    FieldKey key_;
};

}  // namespace threatlas::store
