// The store: observations, claims, submissions, rejects, assessments and the audit chain, in one
// folder. Every read takes a Reader and is audited. One writer at a time (conflict otherwise);
// readers are never blocked. Engine: SQLite for the records, immutable columnar segments (one per
// submission, content-hashed, written beside and renamed) for the observations; a submission is
// there when its SQLite transaction commits and not before, so a kill at any moment loses nothing
// and leaves nothing half-applied. See docs/adr/0005-store-engine.md.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/progress.hpp"
#include "core/result.hpp"
#include "model/claim.hpp"
#include "model/observation.hpp"
#include "model/reader.hpp"
#include "store/consent.hpp"
#include "store/rights.hpp"
#include "store/snapshot.hpp"

namespace threatlas::store {

class Accounts;
class Collections;
class Desk;
class Idempotency;

// A row refused or set aside, with its reason and original text.
struct Reject {
    std::string file;
    std::uint64_t row = 0;
    std::string column;
    std::string verdict;  // 'refused' or 'duplicate'
    std::string reason;
    std::string original; // the row as it stood (at most 8 KiB are kept)
};

// A submission that no longer counts: handed in by mistake, or for the wrong contributor. Its content
// stays, and is seen by who asks for what was known before that day.
struct Withdrawal {
    std::string submission;
    core::Day day{};
    std::string reason;
};

// When somebody has to say whether a submission is still needed.
struct Review {
    std::string submission;
    core::Day due{};
    std::string reason;    // of the last extension; empty: the first date
    static constexpr auto fields() {
        using T = Review;
        return std::make_tuple(model::field("submission", &T::submission, "content hash"), model::field("due", &T::due, "to be reviewed on"), model::field("reason", &T::reason, "why it was extended"));
    }
};

// A submission whose content is gone for good. Its counts stay, and this.
struct Erasure {
    std::string submission, at, reason;
    std::string segment;       // the name its observations had
    bool file_kept = true;     // whether its file name stays
    bool finished = false;     // false: a kill came between the record and the last overwritten file
};

struct AuditQuery {
    std::string person, organisation, action;  // exactly; empty: any
    std::string from, to;      // ISO, a day or a moment; both included
    std::string text;          // anywhere in object or purpose, whatever the case
    std::uint64_t after = 0;   // number of the last entry seen: only older ones come
    std::size_t limit = 100;
};

// The chain's length and end at a moment, signed: a chain rewritten later does not fit it.
struct Checkpoint {
    std::uint64_t entries = 0;
    std::string hash, at, public_key, signature;  // hexadecimal
};

// What the reads of a busy moment leave in the log.
struct AuditNote {
    model::Reader who;
    std::string action, object;
};

// What `audit verify` found; a mismatch is an error instead.
struct AuditProof {
    std::uint64_t entries = 0, checkpoints = 0, erased = 0;
    std::string signed_until;  // moment of the last checkpoint; empty: there is none
};

struct AuditEntry {
    std::uint64_t number = 0;
    std::string at;        // ISO 8601 UTC, from the store's clock
    std::string person, organisation, role, purpose;
    std::string action;    // read, ingest, withdraw, restore, erase, review, assess, follow, publish, disclose, exchange, checkpoint, migrate
    std::string object;    // what was touched: hashes, counts, ids; never content
    std::string previous, hash;  // hash = SHA-256(previous + the other fields, canonical JSON)
};

struct AuditPage {
    std::vector<AuditEntry> entries;  // newest first
    std::optional<std::uint64_t> next;       // 'after' of the next page
};

// One submission being written. Dropping it without commit() leaves the store as it was.
class Submission {
  public:
    virtual ~Submission() = default;
    virtual core::Result<void> add(const model::Observation& observation) = 0;
    virtual core::Result<void> add(const model::Claim& claim) = 0;
    virtual core::Result<void> reject(const Reject& reject) = 0;
    // Fills accepted/rejected/duplicates itself; rows comes from the caller.
    virtual core::Result<SubmissionInfo> commit(std::uint64_t rows) = 0;
};

struct StoredAssessment {
    std::string id, created_for, content_hash;  // id: 'see-2026-11-23-<first 8 of hash>'
    core::Day as_of{};
    std::string handling{};  // join of what it was made from, 'TLP:AMBER H1'; empty counts as strictest
    std::vector<std::string> originators{};  // whose marks bind it (Protection::owners)
};

// Something that is followed up: a signal. Its head never changes; what people did about it is appended.
struct DossierStep {
    std::string at, person, organisation;  // at: from the store's clock
    std::string action;                    // acknowledged, assessed, closed, again ...
    std::string json;
};
struct Dossier {
    std::string kind, id;                  // kind: 'signal'
    std::string handling;                  // TLP word and codes; empty counts as strictest
    std::string at;                        // from the store's clock
    std::string json;
    std::vector<DossierStep> steps;        // oldest first
    std::vector<std::string> originators{};  // whose marks bind it
    std::vector<std::string> audience{};     // organisations it is addressed to, who count as entitled (Sight::sees); empty: to nobody by name
};

struct SnapshotQuery {
    std::optional<core::Day> as_of;              // only what was known on that day
    std::vector<std::string> whats;              // empty: all
    std::vector<std::string> leave_out_members;  // for 'what if this member were silent': drops its
                                                 // rows and those of the country it reports for alone
    std::vector<std::string> leave_out_places;
    bool with_judgements = true;
};

struct StoreOptions {
    std::function<std::string()> clock;  // ISO 8601 UTC 'now'; defaults to the system's
    std::string key_file{};              // of the encrypted fields; empty: FieldKey::default_path(folder)
};

// Two texts to be compared with earlier ones: of what snapshots hold, and of what assessments there are.
struct StoreState {
    std::string rows, assessments;
    bool operator==(const StoreState&) const = default;
};

class Store {
  public:
    virtual ~Store() = default;

    // Creates an empty store; conflict when the folder already holds one.
    static core::Result<std::unique_ptr<Store>> create(const std::string& folder, const StoreOptions& = {});
    // Opens and migrates forward; not_found when there is none; bad_input when it is newer than we know.
    static core::Result<std::unique_ptr<Store>> open(const std::string& folder, const StoreOptions& = {});

    // Begins a submission. conflict when another writer is active. When the same content (info.id)
    // is already there, returns a null pointer: nothing to do.
    virtual core::Result<std::unique_ptr<Submission>> begin(const model::Reader& writer, const SubmissionInfo& info) = 0;

    virtual core::Result<Snapshot> snapshot(const model::Reader& reader, const SnapshotQuery& query) = 0;
    // For whoever keeps what was read: differs when it may have changed. Says nothing of content, so it is not
    // audited. Cost: some tens of microseconds.
    virtual core::Result<StoreState> state() = 0;
    virtual core::Result<std::vector<SubmissionInfo>> submissions(const model::Reader& reader) = 0;
    // From `day` on the submission's rows and judgements are in no snapshot. not_found for an unknown id;
    // conflict when it is withdrawn already; bad_input without a reason. Audited, as is its undoing.
    virtual core::Result<void> withdraw(const model::Reader& writer, const Withdrawal& withdrawal) = 0;
    virtual core::Result<void> restore(const model::Reader& writer, const std::string& submission) = 0;
    virtual core::Result<std::vector<Withdrawal>> withdrawals(const model::Reader& reader) = 0;
    // The content is gone: observations overwritten and unlinked, judgements, refused rows and the rows of it
    // that stored assessments and signals carry taken out; with_file_name: its name as well. Counts, the
    // erasure and the log stay. By its contributor or the working group; conflict when erased already or
    // while an ingest runs. unavailable when another process still reads: the rest is done at the next opening.
    virtual core::Result<void> erase(const model::Reader& writer, const std::string& submission, const std::string& reason, bool with_file_name = false) = 0;
    virtual core::Result<std::vector<Erasure>> erasures(const model::Reader& reader) = 0;
    // By day. extend: bad_input without a reason or for a day not later than the present one.
    virtual core::Result<std::vector<Review>> reviews(const model::Reader& reader) = 0;
    virtual core::Result<void> extend_review(const model::Reader& writer, const Review& review) = 0;

    // Leave to read or to pass on; recorded by its originator or the working group. Returns it with its id.
    virtual core::Result<Consent> give_consent(const model::Reader& writer, const Consent& consent) = 0;
    virtual core::Result<void> revoke_consent(const model::Reader& writer, const std::string& id, const std::string& reason) = 0;
    virtual core::Result<std::vector<Consent>> consents(const model::Reader& reader) = 0;
    // A reader's rights as of now, consents among them: for callers that show parts of what they read.
    virtual core::Result<Sight> sight(const model::Reader& reader) = 0;

    virtual core::Result<std::vector<Reject>> rejects(const model::Reader& reader, const std::string& submission) = 0;

    virtual core::Result<void> save_assessment(const model::Reader& writer, const StoredAssessment& entry, std::string_view json) = 0;
    // Those the reader's clearance allows.
    virtual core::Result<std::vector<StoredAssessment>> assessments(const model::Reader& reader) = 0;
    // not_allowed when it was made from rows above the reader's clearance.
    virtual core::Result<std::string> assessment(const model::Reader& reader, const std::string& id) = 0;  // JSON; id 'latest' allowed

    // False when a dossier of that kind and id is there already (it stays as it is).
    virtual core::Result<bool> open_dossier(const model::Reader& writer, const Dossier& head) = 0;
    // Stamped with the store's clock and the writer. not_found for an unknown id, not_allowed above the clearance.
    virtual core::Result<void> add_step(const model::Reader& writer, const std::string& kind, const std::string& id,
                                        const std::string& action, std::string_view json) = 0;
    // Those the reader's clearance allows, in the order of opening.
    virtual core::Result<std::vector<Dossier>> dossiers(const model::Reader& reader, const std::string& kind) = 0;
    // Those of one subject alone: ids 'N-1' and 'N-1.2', 'N-1.3'.
    virtual core::Result<std::vector<Dossier>> dossiers_of(const model::Reader& reader, const std::string& kind, const std::string& subject) = 0;

    // Who may come in. Owned by the store; opens the field key at first need, whose errors it gives.
    virtual core::Result<Accounts*> accounts() = 0;
    // Answers to changes, kept for a day. As accounts().
    virtual core::Result<Idempotency*> idempotency() = 0;
    // Subscriptions, contact points, webhooks, attachments, deliveries. As accounts().
    virtual core::Result<Desk*> desk() = 0;
    // What is exchanged by TAXII. Owned by the store.
    virtual Collections& collections() = 0;

    virtual core::Result<void> audit(const model::Reader& who, const std::string& action, const std::string& object) = 0;
    // Several entries in one transaction, in order: all or none.
    virtual core::Result<void> audit_all(std::span<const AuditNote> notes) = 0;
    // For auditors and administrators.
    virtual core::Result<AuditPage> search_audit(const model::Reader& reader, const AuditQuery& query) = 0;
    // Signs the present end of the chain with the key beside the store (made when there is none).
    virtual core::Result<Checkpoint> checkpoint(const model::Reader& writer) = 0;
    // As verify_audit, and every checkpoint. public_key: what it must be signed with (hexadecimal); empty: the
    // key file beside the store. kept: checkpoints from a copy of audit.checkpoints kept elsewhere.
    virtual core::Result<AuditProof> prove_audit(const model::Reader& reader, const std::string& public_key = {}, const std::vector<Checkpoint>& kept = {}) = 0;
    // For auditors and administrators.
    virtual core::Result<std::vector<AuditEntry>> audit_entries(const model::Reader& reader) = 0;
    // Recomputes the chain, and compares submissions, judgements, refused rows and assessments with
    // what the chain says of them, both ways; mismatch names what does not fit. Returns the count.
    virtual core::Result<std::uint64_t> verify_audit(const model::Reader& reader) = 0;
    // Re-hashes every segment; mismatch names the damaged one. Returns the bytes read.
    virtual core::Result<std::uint64_t> verify_segments(const model::Reader& reader, core::Progress& progress) = 0;
};

}  // namespace threatlas::store
