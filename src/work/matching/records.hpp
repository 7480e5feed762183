// What private matching shows to people and sends to other nodes. Nothing here holds an identifier, save Wanted and what the own list shows.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "exchange/identifiers/identifier.hpp"
#include "model/fields.hpp"

namespace threatlas::work::matching {

using model::field;

struct Settings {
    std::string organisation;                    // whose node this is
    std::int64_t daily = 10'000;                 // evaluations a party and day, either side
    std::int64_t cap = std::int64_t{1} << 20;    // most spellings under one key; signed into every part
    std::int64_t rekey_days = 90;
    static constexpr auto fields() {
        using T = Settings;
        return std::make_tuple(field("organisation", &T::organisation, "whose node this is"), field("daily", &T::daily, "evaluations a party may ask for in a day"), field("cap", &T::cap, "most spellings that may be published under one key"), field("rekey_days", &T::rekey_days, "days until a new key"));
    }
};

// One row of what is put on the list, or asked.
struct Wanted {
    std::string kind, value, country, born;
    std::string case_reference, note, handling = "TLP:AMBER";
    static constexpr auto fields() {
        using T = Wanted;
        return std::make_tuple(field("kind", &T::kind, "phone, plate, vin, iban, passport, imei, wallet, company or person"), field("value", &T::value, "as it is written"), field("country", &T::country, "ISO 3166 alpha-2, where the value does not say it"), field("born", &T::born, "birth date of a person"),
            field("case_reference", &T::case_reference, "case it belongs to"), field("note", &T::note, "note"), field("handling", &T::handling, "TLP word and codes"));
    }
};

struct Refused {
    std::uint64_t row = 0;
    std::string column, reason;
    static constexpr auto fields() {
        using T = Refused;
        return std::make_tuple(field("row", &T::row, "row, from 1"), field("column", &T::column, "column"), field("reason", &T::reason, "what is wrong and what to do"));
    }
};

struct Remark {
    std::uint64_t row = 0;
    std::string text;
    static constexpr auto fields() { return std::make_tuple(field("row", &Remark::row, "row, from 1"), field("text", &Remark::text, "what is odd about it")); }
};

struct Added {
    std::uint64_t added = 0, known = 0;
    std::vector<Refused> refused;
    std::vector<Remark> warnings;
    static constexpr auto fields() {
        using T = Added;
        return std::make_tuple(field("added", &T::added, "identifiers new on the list"), field("known", &T::known, "were on it"), field("refused", &T::refused, "rows that are none"), field("warnings", &T::warnings, "rows to look at again"));
    }
};

// What a holder publishes beside the parts, signed: its key, so that all askers are answered under the same one.
struct PublishedPart {
    std::int64_t serial = 0, day = 0, bytes = 0;
    bool base = true;
    std::string digest;
    static constexpr auto fields() {
        using T = PublishedPart;
        return std::make_tuple(field("serial", &T::serial, "number of the part"), field("day", &T::day, "days since 1970"), field("bytes", &T::bytes, "size"), field("base", &T::base, "stands for everything before it"), field("digest", &T::digest, "SHA-256"));
    }
};
struct Commitment {
    std::string organisation;
    std::int64_t epoch = 0, values = 0, cap = 0, daily = 0;
    std::string public_key, key_id, day;
    std::vector<PublishedPart> parts;
    std::string signature;
    static constexpr auto fields() {
        using T = Commitment;
        return std::make_tuple(field("organisation", &T::organisation, "whose filter"), field("epoch", &T::epoch, "number of the key"), field("values", &T::values, "values in the filter"), field("cap", &T::cap, "most there may be under this key"), field("daily", &T::daily, "evaluations a party may ask for in a day"),
            field("public_key", &T::public_key, "what every answer proves to be of (ristretto255)"), field("key_id", &T::key_id, "its short name"), field("day", &T::day, "when it was published"), field("parts", &T::parts, "files, in order"), field("signature", &T::signature, "Ed25519, of the holder's node"));
    }
};

struct Published {
    std::int64_t epoch = 0, serial = 0, added = 0, removed = 0, values = 0, bytes = 0;
    bool base = false, changed = false;
    static constexpr auto fields() {
        using T = Published;
        return std::make_tuple(field("epoch", &T::epoch, "number of the key"), field("serial", &T::serial, "number of the part"), field("added", &T::added, "spellings added"), field("removed", &T::removed, "spellings removed"), field("values", &T::values, "values in all"), field("bytes", &T::bytes, "size of the part"),
            field("base", &T::base, "a whole filter, not an increment"), field("changed", &T::changed, "false: there was nothing to publish"));
    }
};

// A query of ours. Results name rows of what was asked, not what stood in them.
struct Question {
    std::vector<exchange::identifiers::Given> identifiers;
    std::vector<std::string> peers;              // empty: all
    std::string case_reference, legal_basis;
    static constexpr auto fields() {
        using T = Question;
        return std::make_tuple(field("identifiers", &T::identifiers, "what is asked"), field("peers", &T::peers, "organisations; empty: all peers"), field("case_reference", &T::case_reference, "case of one's own"), field("legal_basis", &T::legal_basis, "provision that allows the query"));
    }
};
struct PeerAnswer {
    std::string peer, query, state, problem;     // state: answered or failed
    std::int64_t evaluations = 0, left = 0;      // left: of the day's quota there
    std::vector<std::uint64_t> hits;             // rows
    std::string contact_request, contact_state;  // opened on a hit
    static constexpr auto fields() {
        using T = PeerAnswer;
        return std::make_tuple(field("peer", &T::peer, "organisation"), field("query", &T::query, "id of the query, in both logs"), field("state", &T::state, "answered or failed"), field("problem", &T::problem, "why it failed"), field("evaluations", &T::evaluations, "spellings evaluated"),
            field("left", &T::left, "of the day's quota there"), field("hits", &T::hits, "rows that are on its list"), field("contact_request", &T::contact_request, "opened on a hit"), field("contact_state", &T::contact_state, "sent, or waiting to be sent"));
    }
};
struct Outcome {
    std::vector<PeerAnswer> peers;
    std::vector<Refused> refused;
    std::vector<Remark> warnings;
    static constexpr auto fields() {
        using T = Outcome;
        return std::make_tuple(field("peers", &T::peers, "what each peer's answer means"), field("refused", &T::refused, "rows that were not asked"), field("warnings", &T::warnings, "rows to look at again"));
    }
};

// From node to node: an oblivious query and its answer (exchange/matching/voprf.hpp, base64).
struct Evaluation {
    std::string query, case_reference, legal_basis, message;
    static constexpr auto fields() {
        using T = Evaluation;
        return std::make_tuple(field("query", &T::query, "id, the asker's"), field("case_reference", &T::case_reference, "case of the asker"), field("legal_basis", &T::legal_basis, "provision that allows the query"), field("message", &T::message, "blinded elements, base64"));
    }
};
struct Evaluated {
    std::string message;
    std::int64_t left = 0;
    static constexpr auto fields() { return std::make_tuple(field("message", &Evaluated::message, "evaluated elements and proof, base64"), field("left", &Evaluated::left, "evaluations left of the day's quota")); }
};

// A hit becomes this on both sides, and nothing more: whose case, by which law; the rest is said from person to person.
struct ContactRequest {
    std::string id, query, asker, holder, case_reference, legal_basis, at, person;
    std::int64_t hits = 0;
    std::string state = "open";                  // waiting (to be sent), open, closed
    std::string request;                         // of the contact desk, which carries the talk; empty: there is none
    static constexpr auto fields() {
        using T = ContactRequest;
        return std::make_tuple(field("id", &T::id, "id"), field("query", &T::query, "query that found it"), field("asker", &T::asker, "who asked"), field("holder", &T::holder, "on whose list it is"), field("case_reference", &T::case_reference, "case of the asker"), field("legal_basis", &T::legal_basis, "provision the query rests on"),
            field("at", &T::at, "when"), field("person", &T::person, "who asked, known to the asker alone"), field("hits", &T::hits, "identifiers found"), field("state", &T::state, "waiting, open or closed"), field("request", &T::request, "request of the contact desk that carries the talk; empty: none"));
    }
};

struct Quota {
    std::string side, party, day;
    std::int64_t evaluations = 0, most = 0, queries = 0, refused = 0;
    static constexpr auto fields() {
        using T = Quota;
        return std::make_tuple(field("side", &T::side, "asked: by us; served: to the party"), field("party", &T::party, "the other organisation"), field("day", &T::day, "day, UTC"), field("evaluations", &T::evaluations, "spellings evaluated"), field("most", &T::most, "allowed in a day"), field("queries", &T::queries, "queries"),
            field("refused", &T::refused, "of them refused"));
    }
};

struct AlarmStep {
    std::string action, text, at, person;
    static constexpr auto fields() {
        using T = AlarmStep;
        return std::make_tuple(field("action", &T::action, "seen or closed"), field("text", &T::text, "what was found"), field("at", &T::at, "when"), field("person", &T::person, "who"));
    }
};
// Something looks like trying out a list. For contact points, directors and auditors.
struct Alarm {
    std::string id, rule, side, party, day, text, at, state = "open";   // rule: quota, volume, one_case, consecutive, proof
    std::vector<AlarmStep> steps;
    static constexpr auto fields() {
        using T = Alarm;
        return std::make_tuple(field("id", &T::id, "id"), field("rule", &T::rule, "quota, volume, one_case, consecutive or proof"), field("side", &T::side, "asked: people of ours; served: a peer"), field("party", &T::party, "the other organisation; of ours, the person"), field("day", &T::day, "day, UTC"), field("text", &T::text, "what was seen, in words"),
            field("at", &T::at, "when"), field("state", &T::state, "open, seen or closed"), field("steps", &T::steps, "what was done about it"));
    }
};

struct PeerState {
    std::string organisation, address, fetched;  // fetched: day of the newest part
    std::int64_t epoch = 0, values = 0;
    static constexpr auto fields() {
        using T = PeerState;
        return std::make_tuple(field("organisation", &T::organisation, "organisation"), field("address", &T::address, "its node"), field("fetched", &T::fetched, "day its filter is of; empty: none fetched yet"), field("epoch", &T::epoch, "number of its key"), field("values", &T::values, "values in its filter"));
    }
};
struct KindCount {
    std::string kind;
    std::int64_t entries = 0;
    static constexpr auto fields() { return std::make_tuple(field("kind", &KindCount::kind, "kind of identifier"), field("entries", &KindCount::entries, "entries")); }
};
struct Status {
    Settings settings;
    std::vector<KindCount> kinds;                // of the own list
    std::string public_key;                      // of this node's signatures: what a peer is told
    std::string published;                       // day; empty: never
    std::int64_t entries = 0, epoch = 0, serial = 0, values = 0, bytes = 0;
    std::string rekey_due;
    std::vector<PeerState> peers;
    std::int64_t open_alarms = 0, open_contacts = 0;
    static constexpr auto fields() {
        using T = Status;
        return std::make_tuple(field("settings", &T::settings, "organisation, quota, cap"), field("kinds", &T::kinds, "entries by kind"), field("public_key", &T::public_key, "Ed25519 key of this node's signatures, to be told to peers"), field("published", &T::published, "day the filter was published; empty: never"),
            field("entries", &T::entries, "entries on the list"), field("epoch", &T::epoch, "number of the key"), field("serial", &T::serial, "number of the newest part"), field("values", &T::values, "values in the published filter"), field("bytes", &T::bytes, "size of all parts"), field("rekey_due", &T::rekey_due, "day a new key is due"),
            field("peers", &T::peers, "peers and what we have of them"), field("open_alarms", &T::open_alarms, "alarms nobody has closed"), field("open_contacts", &T::open_contacts, "contact requests that are open"));
    }
};

}  // namespace threatlas::work::matching
