#include "store/embedded_store.hpp"

#include <algorithm>

#include "core/hash.hpp"
#include "core/json.hpp"
#include "core/text.hpp"
#include "store/accounts/accounts.hpp"
#include "store/audit_chain.hpp"
#include "store/checkpoints.hpp"
#include "store/collections.hpp"
#include "store/consents.hpp"
#include "store/erasure.hpp"
#include "store/review.hpp"
#include "store/desk.hpp"
#include "store/dossiers.hpp"
#include "store/idempotency.hpp"
#include "store/engine_key.hpp"
#include "store/peers.hpp"
#include "store/postgres/segments.hpp"
#include "store/records.hpp"
#include "store/rights.hpp"
#include "store/seal.hpp"
#include "store/segment_reader.hpp"
#include "store/snapshot_loader.hpp"
#include "store/store.hpp"
#include "store/submission_writer.hpp"
#include "store/texts.hpp"

namespace threatlas::store {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;

std::string with_list(std::string text, const std::string& title,
                      const std::vector<std::string>& items) {
    if (items.empty()) return text;
    text += " " + title;
    for (const std::string& item : items) text += " " + item;
    return text;
}

class EmbeddedStore final : public Store, public Searchable {
  public:
    explicit EmbeddedStore(std::shared_ptr<Engine> engine) : engine_(std::move(engine)), collections_(engine_) {}

    Result<std::unique_ptr<Submission>> begin(const model::Reader& writer,
                                              const SubmissionInfo& info) override {
        THREATLAS_CHECK(clearance_of(writer));
        if (info.id.empty() || info.source.empty())
            return fail(ErrorCode::bad_input, "a submission needs a content hash and a source");
        const std::lock_guard guard(engine_->mutex);
        THREATLAS_TRY(const bool early, has_submission(engine_->database, info.id));
        if (early) {
            THREATLAS_TRY(const auto withdrawn, load_withdrawals(engine_->database));
            THREATLAS_CHECK(still_there(info.id));
            if (gone(withdrawn, info.id, {}))
                return fail(ErrorCode::conflict, "this file was taken in and withdrawn; 'threatlas submissions restore " + info.id.substr(0, 12) + "' brings it back");
            return nullptr;
        }
        THREATLAS_TRY(WriterLock lock, WriterLock::take(*engine_, "another ingest is running; try again when it is done"));
        THREATLAS_TRY(const bool late, has_submission(engine_->database, info.id));
        if (late) return nullptr;
        THREATLAS_CHECK(sweep(*engine_));
        return std::make_unique<SubmissionWriter>(engine_, std::move(lock), writer, info);
    }

    Result<Snapshot> snapshot(const model::Reader& reader, const SnapshotQuery& query) override {
        std::vector<SubmissionPart> parts;
        std::optional<Sight> sight;
        postgres::Scratch passing;
        {
            const std::lock_guard guard(engine_->mutex);
            THREATLAS_TRY(sight, sight_of(*engine_, reader));
            const postgres::ActingFor acting(engine_->database, reader, *sight);
            std::optional<Transaction> view;  // of all of it at one moment; the embedded engine's files never change
            if (engine_->remote()) {
                THREATLAS_TRY(passing, postgres::Scratch::make());
                THREATLAS_TRY(Transaction begun, Transaction::begin_reading(engine_->database));
                view.emplace(std::move(begun));
            }
            THREATLAS_TRY(auto stored, load_submissions(engine_->database));
            THREATLAS_TRY(const auto withdrawals, load_withdrawals(engine_->database));
            for (StoredSubmission& each : stored) {
                if (!may_know(*sight, each) || gone(withdrawals, each.info.id, query.as_of)) continue;
                SubmissionPart part;
                THREATLAS_TRY(part.claims, load_claims(engine_->database, each.info.id));
                if (!each.segment.empty() && !engine_->remote()) part.path = engine_->segment(each.segment);
                part.stored = std::move(each);
                if (engine_->remote() && !part.stored.segment.empty()) THREATLAS_CHECK(postgres::get_segment(engine_->database, part, passing.path()));
                parts.push_back(std::move(part));
            }
        }
        THREATLAS_TRY(Snapshot snapshot, load_snapshot(parts, query, *sight));
        std::string object = "snapshot " + snapshot.hash + " as of " + core::iso(snapshot.as_of) +
                             " rows " + std::to_string(snapshot.size()) + " claims " +
                             std::to_string(snapshot.claims.size()) + " submissions " +
                             std::to_string(snapshot.submissions.size());
        object = with_list(std::move(object), "without members", query.leave_out_members);
        object = with_list(std::move(object), "without places", query.leave_out_places);
        if (!query.with_judgements) object += " without judgements";
        THREATLAS_CHECK(record("read", reader, object));
        return snapshot;
    }

    Result<StoreState> state() override {
        const std::lock_guard guard(engine_->mutex);
        return content_state(engine_->database);
    }

    Result<std::vector<SubmissionInfo>> submissions(const model::Reader& reader) override {
        const std::lock_guard guard(engine_->mutex);
        THREATLAS_TRY(const Sight sight, sight_of(*engine_, reader));
        const postgres::ActingFor acting(engine_->database, reader, sight);
        THREATLAS_TRY(auto stored, load_submissions(engine_->database));
        std::vector<SubmissionInfo> seen;
        for (StoredSubmission& each : stored)
            if (may_know(sight, each)) seen.push_back(std::move(each.info));
        THREATLAS_CHECK(
            record_audit(*engine_, reader, "read", "submissions " + std::to_string(seen.size())));
        return seen;
    }

    Result<void> withdraw(const model::Reader& writer, const Withdrawal& withdrawal) override {
        if (core::trim(withdrawal.reason).empty()) return fail(ErrorCode::bad_input, "say why the submission is withdrawn");
        return change(writer, withdrawal.submission, "withdraw", withdraw_object(withdrawal), [&](const auto& before) -> Result<void> {
            THREATLAS_CHECK(still_there(withdrawal.submission));
            if (gone(before, withdrawal.submission, {})) return fail(ErrorCode::conflict, "the submission is withdrawn already");
            return insert_withdrawal(engine_->database, withdrawal);
        });
    }

    Result<void> restore(const model::Reader& writer, const std::string& submission) override {
        return change(writer, submission, "restore", "submission " + submission, [&](const auto& before) -> Result<void> {
            THREATLAS_CHECK(still_there(submission));
            if (!gone(before, submission, {})) return fail(ErrorCode::conflict, "the submission is not withdrawn");
            return delete_withdrawal(engine_->database, submission);
        });
    }

    Result<std::vector<Withdrawal>> withdrawals(const model::Reader& reader) override {
        const std::lock_guard guard(engine_->mutex);
        THREATLAS_TRY(const Sight sight, sight_of(*engine_, reader));
        THREATLAS_TRY(const auto stored, load_submissions(engine_->database));
        THREATLAS_TRY(auto all, load_withdrawals(engine_->database));
        std::erase_if(all, [&](const Withdrawal& each) {
            return std::none_of(stored.begin(), stored.end(), [&](const auto& s) { return s.info.id == each.submission && may_know(sight, s); });
        });
        THREATLAS_CHECK(record_audit(*engine_, reader, "read", "withdrawals " + std::to_string(all.size())));
        return all;
    }

    Result<std::vector<Reject>> rejects(const model::Reader& reader,
                                        const std::string& submission) override {
        const std::lock_guard guard(engine_->mutex);
        THREATLAS_TRY(const Sight sight, sight_of(*engine_, reader));
        THREATLAS_TRY(const auto stored, load_submissions(engine_->database));
        const auto found = std::find_if(stored.begin(), stored.end(), [&](const auto& each) {
            return each.info.id == submission && may_know(sight, each);
        });
        if (found == stored.end())
            return fail(ErrorCode::not_found, "there is no submission '" + submission + "'");
        // A refused row was never marked, so it is for its contributor and for the group's highest
        // clearance.
        if (!found->info.member.empty() && found->info.member != reader.organisation &&
            (sight.clearance() < kStrictest || !sight.regional()))
            return fail(ErrorCode::not_allowed, "refused rows of " + found->info.member +
                                                    " are for it and for TLP:RED readers of the working group");
        const postgres::ActingFor acting(engine_->database, reader, sight);
        THREATLAS_TRY(auto rows, load_rejects(*engine_, submission));
        THREATLAS_CHECK(
            record_audit(*engine_, reader, "read",
                         "rejects of " + submission + " rows " + std::to_string(rows.size())));
        return rows;
    }

    Result<void> save_assessment(const model::Reader& writer, const StoredAssessment& entry,
                                 std::string_view json) override {
        THREATLAS_CHECK(clearance_of(writer));
        StoredAssessment marked = entry;
        marked.handling = text(parse_marking(entry.handling));
        if (entry.id.empty() || entry.id == "latest")
            return fail(ErrorCode::bad_input, "an assessment needs an id other than 'latest'");
        const std::lock_guard guard(engine_->mutex);
        THREATLAS_TRY(Transaction transaction, Transaction::begin(engine_->database));
        THREATLAS_TRY(const bool fresh, insert_assessment(engine_->database, marked, json));
        if (!fresh) return {};
        THREATLAS_TRY(
            const AuditEntry audited,
            append_audit(*engine_, writer, "assess",
                         assess_object(marked, handling_rank(marked.handling), core::sha256(json))));
        THREATLAS_CHECK(transaction.commit());
        return note_audit_head(*engine_, audited);
    }

    Result<std::vector<StoredAssessment>> assessments(const model::Reader& reader) override {
        const std::lock_guard guard(engine_->mutex);
        THREATLAS_TRY(const Sight sight, sight_of(*engine_, reader));
        const postgres::ActingFor acting(engine_->database, reader, sight);
        THREATLAS_TRY(auto all, load_assessments(engine_->database));
        std::erase_if(all, [&](const auto& e) { return !sight.sees(parse_marking(e.handling), e.originators); });
        THREATLAS_CHECK(
            record_audit(*engine_, reader, "read", "assessments " + std::to_string(all.size())));
        return all;
    }

    Result<std::string> assessment(const model::Reader& reader, const std::string& id) override {
        const std::lock_guard guard(engine_->mutex);
        THREATLAS_TRY(const Sight sight, sight_of(*engine_, reader));
        THREATLAS_TRY(auto found, load_assessment(engine_->database, id));
        if (!sight.sees(found.marking, found.originators))
            return fail(ErrorCode::not_allowed, "assessment '" + found.id + "' rests on rows marked " + text(found.marking) +
                                                    ", which this reader may not see for this purpose; ask for its public edition");
        if (engine_->remote()) {   // once more, as the database lets this reader see it
            const postgres::ActingFor acting(engine_->database, reader, sight);
            THREATLAS_TRY(found, load_assessment(engine_->database, found.id));
        }
        THREATLAS_CHECK(record_audit(*engine_, reader, "read", "assessment " + found.id));
        return std::move(found.json);
    }

    Result<bool> open_dossier(const model::Reader& writer, const Dossier& head) override {
        THREATLAS_CHECK(clearance_of(writer));
        if (head.kind == kConsentKind) return fail(ErrorCode::bad_usage, "a consent is recorded by give_consent");
        if (head.kind.empty() || head.id.empty()) return fail(ErrorCode::bad_input, "what is followed up needs a kind and an id");
        const std::lock_guard guard(engine_->mutex);
        return open_dossier_locked(writer, head);
    }

    Result<bool> open_dossier_locked(const model::Reader& writer, const Dossier& head) {
        THREATLAS_TRY(Transaction transaction, Transaction::begin(engine_->database));
        Dossier stamped = head;
        stamped.at = engine_->clock();
        THREATLAS_TRY(const bool fresh, insert_dossier(engine_->database, stamped));
        if (!fresh) return false;
        THREATLAS_TRY(const AuditEntry audited, append_audit(*engine_, writer, "follow", open_object(stamped)));
        THREATLAS_CHECK(transaction.commit());
        THREATLAS_CHECK(note_audit_head(*engine_, audited));
        return true;
    }

    Result<void> add_step(const model::Reader& writer, const std::string& kind, const std::string& id, const std::string& action, std::string_view json) override {
        if (kind == kConsentKind) return fail(ErrorCode::bad_usage, "a consent is taken back by revoke_consent");
        const std::lock_guard guard(engine_->mutex);
        return add_step_locked(writer, kind, id, action, json);
    }

    Result<void> add_step_locked(const model::Reader& writer, const std::string& kind, const std::string& id, const std::string& action, std::string_view json) {
        THREATLAS_TRY(const Sight sight, sight_of(*engine_, writer));
        THREATLAS_TRY(Transaction transaction, Transaction::begin(engine_->database));
        THREATLAS_TRY(const DossierRow row, find_dossier(engine_->database, kind, id));
        if (!sight.sees(row.marking, row.originators, row.audience, subject_of(id))) return fail(ErrorCode::not_allowed, kind + " '" + id + "' is above this reader's clearance");
        const DossierStep step{engine_->clock(), writer.person, writer.organisation, action, std::string(json)};
        THREATLAS_CHECK(insert_step(engine_->database, row, step));
        THREATLAS_TRY(const AuditEntry audited, append_audit(*engine_, writer, "follow", step_object({.kind = kind, .id = id, .handling = {}, .at = {}, .json = {}, .steps = {}}, static_cast<std::size_t>(row.steps) + 1, step)));
        THREATLAS_CHECK(transaction.commit());
        return note_audit_head(*engine_, audited);
    }

    Result<std::vector<Dossier>> dossiers(const model::Reader& reader, const std::string& kind) override {
        return dossiers_of(reader, kind, {});
    }

    Result<std::vector<Dossier>> dossiers_of(const model::Reader& reader, const std::string& kind, const std::string& subject) override {
        const std::lock_guard guard(engine_->mutex);
        THREATLAS_TRY(const Sight sight, sight_of(*engine_, reader));
        const postgres::ActingFor acting(engine_->database, reader, sight);
        THREATLAS_TRY(auto all, load_dossiers(engine_->database, kind, nullptr, subject));
        std::erase_if(all, [&](const Dossier& each) { return (!subject.empty() && each.id != subject && subject_of(each.id) != subject) || !sight.sees(parse_marking(each.handling), each.originators, each.audience, subject_of(each.id)); });
        THREATLAS_CHECK(record_audit(*engine_, reader, "read", subject.empty() ? kind + "s " + std::to_string(all.size()) : kind + " " + subject + ", versions " + std::to_string(all.size())));
        return all;
    }

    Result<std::vector<TextHit>> find(const model::Reader& reader, const TextQuery& query) override {
        const std::lock_guard guard(engine_->mutex);
        THREATLAS_TRY(const Sight sight, sight_of(*engine_, reader));
        THREATLAS_TRY(auto found, find_texts(*engine_, reader, sight, query));
        THREATLAS_CHECK(record_audit(*engine_, reader, "read", "texts found " + std::to_string(found.size()) + " of " + core::join(query.kinds, " ") + (query.heads.empty() ? "" : " " + core::join(query.heads, " "))));
        return found;
    }

    Result<Accounts*> accounts() override {
        const std::lock_guard guard(engine_->mutex);
        if (!accounts_) {
            THREATLAS_TRY(const auto key, field_key(*engine_));
            accounts_ = std::make_unique<Accounts>(engine_, *key);
        }
        return accounts_.get();
    }

    Collections& collections() override { return collections_; }

    Result<Idempotency*> idempotency() override {
        const std::lock_guard guard(engine_->mutex);
        if (!idempotency_) {
            THREATLAS_TRY(const auto key, field_key(*engine_));
            idempotency_ = std::make_unique<Idempotency>(engine_, *key);
        }
        return idempotency_.get();
    }

    Result<Peers*> peers() {
        const std::lock_guard guard(engine_->mutex);
        if (!peers_) {
            THREATLAS_TRY(const auto key, field_key(*engine_));
            peers_ = std::make_unique<Peers>(engine_, *key);
        }
        return peers_.get();
    }

    Result<Desk*> desk() override {
        const std::lock_guard guard(engine_->mutex);
        if (!desk_) {
            THREATLAS_TRY(const auto key, field_key(*engine_));
            desk_ = std::make_unique<Desk>(engine_, *key);
        }
        return desk_.get();
    }

    Result<void> audit(const model::Reader& who, const std::string& action,
                       const std::string& object) override {
        THREATLAS_CHECK(clearance_of(who));
        return record(action, who, object);
    }

    Result<std::vector<AuditEntry>> audit_entries(const model::Reader& reader) override {
        THREATLAS_CHECK(may_audit(reader));
        const std::lock_guard guard(engine_->mutex);
        THREATLAS_CHECK(record_audit(*engine_, reader, "read", "audit log"));
        return read_audit(*engine_);
    }

    Result<std::uint64_t> verify_audit(const model::Reader& reader) override {
        THREATLAS_TRY(const AuditProof proof, prove_audit(reader, {}, {}));
        return proof.entries;
    }

    Result<AuditProof> prove_audit(const model::Reader& reader, const std::string& public_key, const std::vector<Checkpoint>& kept) override {
        THREATLAS_CHECK(may_audit(reader));
        const std::lock_guard guard(engine_->mutex);
        THREATLAS_TRY(const std::uint64_t entries, check_audit(*engine_));
        THREATLAS_TRY(AuditProof proof, check_checkpoints(*engine_, public_key, kept));
        THREATLAS_CHECK(check_records(*engine_));
        THREATLAS_TRY(const auto erased, load_erasures(engine_->database));
        proof.entries = entries, proof.erased = erased.size();
        THREATLAS_CHECK(record_audit(*engine_, reader, "read", "audit log verified to entry " + std::to_string(entries)));
        return proof;
    }

    Result<void> audit_all(std::span<const AuditNote> notes) override {
        for (const AuditNote& each : notes) THREATLAS_CHECK(clearance_of(each.who));
        const std::lock_guard guard(engine_->mutex);
        return record_audit(*engine_, notes);
    }

    Result<AuditPage> search_audit(const model::Reader& reader, const AuditQuery& query) override {
        THREATLAS_CHECK(may_audit(reader));
        std::string object = "audit log searched";
        for (const auto& [name, value] : {std::pair{"person", &query.person}, {"organisation", &query.organisation}, {"action", &query.action}, {"from", &query.from}, {"to", &query.to}, {"text", &query.text}})
            if (!value->empty()) object += " " + std::string(name) + " '" + *value + "'";
        const std::lock_guard guard(engine_->mutex);
        THREATLAS_TRY(AuditPage page, find_audit(*engine_, query));
        THREATLAS_CHECK(record_audit(*engine_, reader, "read", object));
        return page;
    }

    Result<Checkpoint> checkpoint(const model::Reader& writer) override {
        THREATLAS_CHECK(may_audit(writer));
        const std::lock_guard guard(engine_->mutex);
        THREATLAS_CHECK(check_audit(*engine_));
        return make_checkpoint(*engine_, writer);
    }

    Result<void> erase(const model::Reader& writer, const std::string& submission, const std::string& reason, bool with_file_name) override {
        if (core::trim(reason).empty()) return fail(ErrorCode::bad_input, "say why the submission is erased");
        const std::lock_guard guard(engine_->mutex);
        THREATLAS_TRY(const WriterLock lock, WriterLock::take(*engine_, "an ingest is running; try again when it is done"));
        THREATLAS_CHECK(may_change(writer, submission, "erased"));
        AuditEntry audited;
        {
            THREATLAS_TRY(Transaction transaction, Transaction::begin(engine_->database));
            THREATLAS_TRY(const Erasure erasure, erase_content(*engine_, submission, reason, with_file_name));
            THREATLAS_TRY(const std::string object, erase_object(engine_->database, erasure));
            THREATLAS_TRY(audited, append_audit(*engine_, writer, "erase", object));
            THREATLAS_CHECK(transaction.commit());
        }
        THREATLAS_CHECK(note_audit_head(*engine_, audited));
        return finish_erasures(*engine_);
    }

    Result<std::vector<Erasure>> erasures(const model::Reader& reader) override {
        const std::lock_guard guard(engine_->mutex);
        THREATLAS_TRY(const Sight sight, sight_of(*engine_, reader));
        THREATLAS_TRY(const auto stored, load_submissions(engine_->database));
        THREATLAS_TRY(auto all, load_erasures(engine_->database));
        std::vector<Erasure> out;
        for (const StoredSubmission& each : stored)
            if (const auto found = all.find(each.info.id); found != all.end() && may_know(sight, each)) out.push_back(std::move(found->second));
        THREATLAS_CHECK(record_audit(*engine_, reader, "read", "erasures " + std::to_string(out.size())));
        return out;
    }

    Result<std::vector<Review>> reviews(const model::Reader& reader) override {
        const std::lock_guard guard(engine_->mutex);
        THREATLAS_TRY(const Sight sight, sight_of(*engine_, reader));
        THREATLAS_TRY(const auto stored, load_submissions(engine_->database));
        THREATLAS_TRY(auto all, load_reviews(engine_->database));
        std::erase_if(all, [&](const Review& each) { return std::none_of(stored.begin(), stored.end(), [&](const auto& s) { return s.info.id == each.submission && may_know(sight, s); }); });
        THREATLAS_CHECK(record_audit(*engine_, reader, "read", "review dates " + std::to_string(all.size())));
        return all;
    }

    Result<void> extend_review(const model::Reader& writer, const Review& review) override {
        if (core::trim(review.reason).empty()) return fail(ErrorCode::bad_input, "say why the submission is still needed");
        const std::lock_guard guard(engine_->mutex);
        THREATLAS_CHECK(may_change(writer, review.submission, "extended"));
        THREATLAS_TRY(Transaction transaction, Transaction::begin(engine_->database));
        THREATLAS_TRY(const auto all, load_reviews(engine_->database));
        const auto now = std::find_if(all.begin(), all.end(), [&](const Review& each) { return each.submission == review.submission; });
        if (now != all.end() && review.due <= now->due) return fail(ErrorCode::bad_input, "it is kept until " + core::iso(now->due) + " already; name a later day");
        THREATLAS_CHECK(set_review(engine_->database, review));
        THREATLAS_TRY(const AuditEntry audited, append_audit(*engine_, writer, "review", review_object(review)));
        THREATLAS_CHECK(transaction.commit());
        return note_audit_head(*engine_, audited);
    }

    Result<Consent> give_consent(const model::Reader& writer, const Consent& consent) override {
        THREATLAS_CHECK(clearance_of(writer));
        const std::lock_guard guard(engine_->mutex);
        THREATLAS_TRY(const Dossier head, consent_head(writer, consent, engine_->clock()));
        THREATLAS_TRY(const bool fresh, open_dossier_locked(writer, head));
        if (!fresh) return fail(ErrorCode::conflict, "this consent is recorded already");
        Consent out = consent;
        out.revoked = out.id == head.id && out.revoked, out.id = head.id;
        return out;
    }

    Result<void> revoke_consent(const model::Reader& writer, const std::string& id, const std::string& reason) override {
        THREATLAS_CHECK(clearance_of(writer));
        if (core::trim(reason).empty()) return fail(ErrorCode::bad_input, "say why the consent is taken back");
        const std::lock_guard guard(engine_->mutex);
        THREATLAS_TRY(const auto all, load_consents(engine_->database));
        THREATLAS_CHECK(may_revoke(writer, all, id));
        return add_step_locked(writer, kConsentKind, id, "revoked", core::write_json(core::json::object{{"reason", reason}}));
    }

    Result<std::vector<Consent>> consents(const model::Reader& reader) override {
        THREATLAS_CHECK(clearance_of(reader));
        const std::lock_guard guard(engine_->mutex);
        THREATLAS_TRY(auto all, load_consents(engine_->database));
        std::erase_if(all, [&](const Consent& each) { return reader.organisation != kRegional && reader.organisation != each.originator && reader.organisation != each.to; });
        THREATLAS_CHECK(record_audit(*engine_, reader, "read", "consents " + std::to_string(all.size())));
        return all;
    }

    Result<Sight> sight(const model::Reader& reader) override {
        const std::lock_guard guard(engine_->mutex);
        return sight_of(*engine_, reader);
    }

    Result<std::uint64_t> verify_segments(const model::Reader& reader,
                                          core::Progress& progress) override {
        THREATLAS_CHECK(clearance_of(reader));
        std::vector<StoredSubmission> stored;
        {
            const std::lock_guard guard(engine_->mutex);
            THREATLAS_TRY(stored, load_submissions(engine_->database));
        }
        std::uint64_t bytes = 0;
        std::vector<std::uint8_t> buffer;
        for (std::size_t i = 0; i < stored.size(); ++i) {
            progress.step("segments", i, stored.size());
            THREATLAS_CHECK(core::go_on(progress));
            if (stored[i].segment.empty()) continue;
            std::string path = engine_->segment(stored[i].segment);
            postgres::Scratch passing;
            if (engine_->remote()) {
                THREATLAS_TRY(passing, postgres::Scratch::make());
                SubmissionPart part;
                part.stored = stored[i];
                const std::lock_guard guard(engine_->mutex);
                THREATLAS_TRY(const Transaction view, Transaction::begin_reading(engine_->database));
                THREATLAS_CHECK(postgres::get_segment(engine_->database, part, passing.path()));
                if (!part.chunks.empty() || part.path.empty()) return fail(ErrorCode::mismatch, "rows of submission " + stored[i].info.id + " are missing from the database", {engine_->folder, 0, ""});
                path = part.path;
            }
            auto segment = Segment::open(path, stored[i].segment);
            if (!segment && segment.error().code == ErrorCode::unavailable)
                return tl::unexpected(segment.error());
            if (!segment) return fail(ErrorCode::mismatch, segment.error().message, {path, 0, ""});
            for (std::size_t chunk = 0; chunk < segment->chunks().size(); ++chunk)
                THREATLAS_CHECK(segment->read(chunk, buffer));
            bytes += segment->bytes();
        }
        progress.step("segments", stored.size(), stored.size());
        THREATLAS_CHECK(
            record("read", reader, "segments verified, bytes " + std::to_string(bytes)));
        return bytes;
    }

  private:
    static bool gone(const std::vector<Withdrawal>& all, const std::string& submission, const std::optional<core::Day>& as_of) {
        return std::any_of(all.begin(), all.end(), [&](const Withdrawal& each) { return each.submission == submission && (!as_of || each.day <= *as_of); });
    }
    // One change to the list of withdrawals, with its audit entry, in one transaction.
    template <class Change>
    Result<void> change(const model::Reader& writer, const std::string& submission, const std::string& action, const std::string& object, const Change& apply) {
        const std::lock_guard guard(engine_->mutex);
        THREATLAS_TRY(const Sight sight, sight_of(*engine_, writer));
        THREATLAS_TRY(Transaction transaction, Transaction::begin(engine_->database));
        THREATLAS_TRY(const auto stored, load_submissions(engine_->database));
        if (std::none_of(stored.begin(), stored.end(), [&](const auto& each) { return each.info.id == submission && may_know(sight, each); }))
            return fail(ErrorCode::not_found, "there is no submission '" + submission + "'");
        THREATLAS_TRY(const auto before, load_withdrawals(engine_->database));
        THREATLAS_CHECK(apply(before));
        THREATLAS_TRY(const AuditEntry audited, append_audit(*engine_, writer, action, object));
        THREATLAS_CHECK(transaction.commit());
        return note_audit_head(*engine_, audited);
    }
    Result<void> still_there(const std::string& submission) {
        THREATLAS_TRY(const auto erased, load_erasures(engine_->database));
        if (erased.contains(submission)) return fail(ErrorCode::conflict, "the submission was erased: " + erased.at(submission).reason + "; it cannot come back under the same content");
        return {};
    }
    // What its contributor or the working group may do with a submission they know of.
    Result<void> may_change(const model::Reader& writer, const std::string& submission, const std::string& done) {
        THREATLAS_TRY(const Sight sight, sight_of(*engine_, writer));
        THREATLAS_TRY(const auto stored, load_submissions(engine_->database));
        const auto found = std::find_if(stored.begin(), stored.end(), [&](const auto& each) { return each.info.id == submission && may_know(sight, each); });
        if (found == stored.end()) return fail(ErrorCode::not_found, "there is no submission '" + submission + "'");
        THREATLAS_CHECK(still_there(submission));
        if (!sight.regional() && found->info.member != writer.organisation) return fail(ErrorCode::not_allowed, "a submission is " + done + " by its contributor or by the working group");
        return {};
    }
    static Result<void> may_audit(const model::Reader& reader) {
        THREATLAS_CHECK(clearance_of(reader));
        if (reader.role != model::Role::auditor && reader.role != model::Role::administrator)
            return fail(ErrorCode::not_allowed, "the audit log is read by auditors and administrators");
        return {};
    }
    Result<void> record(const std::string& action, const model::Reader& who,
                        const std::string& object) {
        const std::lock_guard guard(engine_->mutex);
        return record_audit(*engine_, who, action, object);
    }

    std::shared_ptr<Engine> engine_;
    std::unique_ptr<Accounts> accounts_;
    std::unique_ptr<Idempotency> idempotency_;
    std::unique_ptr<Peers> peers_;
    Collections collections_;
    std::unique_ptr<Desk> desk_;
};

}  // namespace

Result<Peers*> peers_of(Store& store) { return dynamic_cast<EmbeddedStore&>(store).peers(); }

std::unique_ptr<Store> make_embedded_store(std::shared_ptr<Engine> engine) {
    return std::make_unique<EmbeddedStore>(std::move(engine));
}

}  // namespace threatlas::store
