// Private matching as people and nodes do it: the own list, its published filter, questions to peers and answers to theirs.
//
//   holder: add -> publish (its own spellings evaluated under the epoch's key, a signed filter)
//   asker:  ask: canonical spellings, blinded -> the peer evaluates, with proof under its committed key -> looked up in the peer's filter, here
//
// The asker learns which of its own rows are on the peer's list; the holder that somebody asked, how many spellings, for which case and by
// which law. Every step is in the audit chain before it happens. No identifier is in a log, an error or an answer.
// See docs/HOWTO-matching.md, docs/ASSURANCE.md.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/calendar.hpp"
#include "core/result.hpp"
#include "exchange/matching/filter.hpp"
#include "model/catalogue.hpp"
#include "model/reader.hpp"
#include "store/matching.hpp"
#include "store/store.hpp"
#include "work/matching/records.hpp"

namespace threatlas::work::matching {

constexpr std::size_t kMostRows = 100'000;       // put on the list at once
constexpr std::size_t kMostAsked = 500;          // identifiers in one question

class Desk {
  public:
    // now: seconds since 1970; default: the system's. With a catalogue, a hit is a request of the contact desk as well (work/contact), which
    // carries what is said from then on.
    explicit Desk(store::Store& store, std::function<std::int64_t()> now = {}, const model::Catalogue* catalogue = nullptr);
    ~Desk();
    Desk(const Desk&) = delete;
    Desk& operator=(const Desk&) = delete;

    core::Result<Settings> settings();
    // By the node's keeper. bad_input for a quota or cap out of range.
    core::Result<void> set_up(const model::Reader& who, const Settings& settings);
    core::Result<Status> status(const model::Reader& who);
    core::Result<std::string> public_key();      // hexadecimal, of this node's signatures

    // The own list: contact points and analysts of the node's organisation, and who keeps the node.
    core::Result<Added> add(const model::Reader& who, const std::vector<Wanted>& rows, const std::string& source = {});
    core::Result<std::vector<store::MatchEntry>> entries(const model::Reader& who);
    core::Result<void> remove(const model::Reader& who, const std::string& id, const std::string& reason);
    // What came and went since, as a signed part; a new key when one is due or `rekey` is said. Cost: one evaluation a new spelling.
    core::Result<Published> publish(const model::Reader& who, bool rekey = false);

    core::Result<void> set_peer(const model::Reader& who, const store::MatchPeer& peer);
    core::Result<void> drop_peer(const model::Reader& who, const std::string& organisation);
    // The peer's commitment and the parts that are missing; whatever does not verify is refused and an alarm. unavailable, mismatch.
    core::Result<void> fetch(const model::Reader& who, const std::string& organisation);

    // Asks each peer. not_allowed without case reference or legal basis, for names alone (of a row: in `refused`), or past the own quota.
    // A peer that fails does not keep the others from answering.
    core::Result<Outcome> ask(const model::Reader& who, const Question& question);
    core::Result<std::vector<store::MatchQuery>> log(const model::Reader& who, std::size_t most = 1000);
    core::Result<std::vector<Quota>> quotas(const model::Reader& who, int days = 30);
    core::Result<std::vector<ContactRequest>> contacts(const model::Reader& who);
    core::Result<ContactRequest> close_contact(const model::Reader& who, const std::string& id, const std::string& text);
    // Contact requests that could not be sent are sent again.
    core::Result<void> outstanding(const model::Reader& who);
    core::Result<std::vector<Alarm>> alarms(const model::Reader& who);
    core::Result<Alarm> step_alarm(const model::Reader& who, const std::string& id, const std::string& action, const std::string& text);
    void on_alarm(std::function<void(const Alarm&)> call) { told_ = std::move(call); }

    // For peers' nodes; `who` is their account here, its organisation the party.
    core::Result<std::string> published(const model::Reader& who);               // the commitment, as signed
    core::Result<std::string> part(const model::Reader& who, std::int64_t epoch, std::int64_t serial);
    core::Result<Evaluated> evaluate(const model::Reader& who, const Evaluation& wanted);
    core::Result<void> receive(const model::Reader& who, const ContactRequest& request);

    // For sessions (sessions.hpp).
    core::Result<store::MatchPeer> peer(const std::string& organisation);   // not_found
    core::Result<exchange::matching::Sign> signer();
    core::Result<std::vector<store::MatchEntry>> whole_list(const model::Reader& who);
    model::Reader keeper(const model::Reader& who) const;   // the node itself, on behalf of a peer's account: so the log has both
    std::string today() const { return core::iso(core::Day{day()}); }

  private:
    friend class Asking;
    core::Result<store::Matching*> tables();
    core::Result<std::pair<exchange::matching::Sign, std::string>> signature();   // and the public key
    core::Result<std::vector<store::MatchPeer>> known_peers();                     // named for matching, and those of the node
    core::Result<exchange::matching::KeyPair> key_of(const store::MatchSeed& seed, const std::string& organisation);
    core::Result<std::shared_ptr<const exchange::matching::Filter>> filter_of(const std::string& organisation, const store::MatchPeer& peer);
    core::Result<void> raise(const model::Reader& who, Alarm alarm);
    core::Result<void> watch_served(const model::Reader& who, const store::MatchQuery& query, std::uint64_t most);
    core::Result<void> watch_asked(const model::Reader& who, const std::vector<exchange::identifiers::Identifier>& asked);
    core::Result<ContactRequest> open_contact(const model::Reader& who, const store::MatchPeer& peer, ContactRequest request);
    std::int32_t day() const { return static_cast<std::int32_t>(now_() / 86400); }

    store::Store& store_;
    std::function<std::int64_t()> now_;
    const model::Catalogue* catalogue_;
    std::function<void(const Alarm&)> told_;
    std::unique_ptr<store::Matching> tables_;
    std::mutex lock_;                            // around what is kept in memory
    struct Kept {
        std::string newest;                      // digest of the newest part in it
        std::shared_ptr<const exchange::matching::Filter> filter;
    };
    std::map<std::string, Kept> filters_;
};

// Whether a text that goes into logs names the identifier it is about.
bool names_it(std::string_view text, const exchange::identifiers::Identifier& identifier);
// A case reference and a legal basis, fit for a log. not_allowed when one is missing.
core::Result<void> fit_grounds(const std::string& case_reference, const std::string& legal_basis);
std::string signed_text(const Commitment& commitment);
core::Result<Commitment> read_commitment(std::string_view json);

}  // namespace threatlas::work::matching
