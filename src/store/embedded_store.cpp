#include "store/embedded_store.hpp"

#include <algorithm>

#include "core/hash.hpp"
#include "core/text.hpp"
#include "store/accounts/accounts.hpp"
#include "store/audit_chain.hpp"
#include "store/dossiers.hpp"
#include "store/engine_key.hpp"
#include "store/records.hpp"
#include "store/rights.hpp"
#include "store/seal.hpp"
#include "store/segment_reader.hpp"
#include "store/snapshot_loader.hpp"
#include "store/store.hpp"
#include "store/submission_writer.hpp"

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

class EmbeddedStore final : public Store {
  public:
    explicit EmbeddedStore(std::shared_ptr<Engine> engine) : engine_(std::move(engine)) {}

    Result<std::unique_ptr<Submission>> begin(const model::Reader& writer,
                                              const SubmissionInfo& info) override {
        THREATLAS_CHECK(clearance_of(writer));
        if (info.id.empty() || info.source.empty())
            return fail(ErrorCode::bad_input, "a submission needs a content hash and a source");
        const std::lock_guard guard(engine_->mutex);
        THREATLAS_TRY(const bool early, has_submission(engine_->database, info.id));
        if (early) {
            THREATLAS_TRY(const auto withdrawn, load_withdrawals(engine_->database));
            if (gone(withdrawn, info.id, {}))
                return fail(ErrorCode::conflict, "this file was taken in and withdrawn; 'threatlas submissions restore " + info.id.substr(0, 12) + "' brings it back");
            return nullptr;
        }
        THREATLAS_TRY(File lock,
                      File::lock(engine_->lock_file(),
                                 "another ingest is running; try again when it is done"));
        THREATLAS_TRY(const bool late, has_submission(engine_->database, info.id));
        if (late) return nullptr;
        THREATLAS_CHECK(sweep(*engine_));
        return std::make_unique<SubmissionWriter>(engine_, std::move(lock), writer, info);
    }

    Result<Snapshot> snapshot(const model::Reader& reader, const SnapshotQuery& query) override {
        THREATLAS_TRY(const int clearance, clearance_of(reader));
        std::vector<SubmissionPart> parts;
        {
            const std::lock_guard guard(engine_->mutex);
            THREATLAS_TRY(auto stored, load_submissions(engine_->database));
            THREATLAS_TRY(const auto withdrawals, load_withdrawals(engine_->database));
            for (StoredSubmission& each : stored) {
                if (each.mildest_handling > clearance || gone(withdrawals, each.info.id, query.as_of)) continue;
                SubmissionPart part;
                THREATLAS_TRY(part.claims, load_claims(engine_->database, each.info.id));
                if (!each.segment.empty()) part.path = engine_->segment(each.segment);
                part.stored = std::move(each);
                parts.push_back(std::move(part));
            }
        }
        THREATLAS_TRY(Snapshot snapshot, load_snapshot(parts, query, clearance));
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

    Result<std::vector<SubmissionInfo>> submissions(const model::Reader& reader) override {
        THREATLAS_TRY(const int clearance, clearance_of(reader));
        const std::lock_guard guard(engine_->mutex);
        THREATLAS_TRY(auto stored, load_submissions(engine_->database));
        std::vector<SubmissionInfo> seen;
        for (StoredSubmission& each : stored)
            if (each.mildest_handling <= clearance) seen.push_back(std::move(each.info));
        THREATLAS_CHECK(
            record_audit(*engine_, reader, "read", "submissions " + std::to_string(seen.size())));
        return seen;
    }

    Result<void> withdraw(const model::Reader& writer, const Withdrawal& withdrawal) override {
        THREATLAS_TRY(const int clearance, clearance_of(writer));
        if (core::trim(withdrawal.reason).empty()) return fail(ErrorCode::bad_input, "say why the submission is withdrawn");
        return change(writer, clearance, withdrawal.submission, "withdraw", withdraw_object(withdrawal), [&](const auto& before) -> Result<void> {
            if (gone(before, withdrawal.submission, {})) return fail(ErrorCode::conflict, "the submission is withdrawn already");
            return insert_withdrawal(engine_->database, withdrawal);
        });
    }

    Result<void> restore(const model::Reader& writer, const std::string& submission) override {
        THREATLAS_TRY(const int clearance, clearance_of(writer));
        return change(writer, clearance, submission, "restore", "submission " + submission, [&](const auto& before) -> Result<void> {
            if (!gone(before, submission, {})) return fail(ErrorCode::conflict, "the submission is not withdrawn");
            return delete_withdrawal(engine_->database, submission);
        });
    }

    Result<std::vector<Withdrawal>> withdrawals(const model::Reader& reader) override {
        THREATLAS_TRY(const int clearance, clearance_of(reader));
        const std::lock_guard guard(engine_->mutex);
        THREATLAS_TRY(const auto stored, load_submissions(engine_->database));
        THREATLAS_TRY(auto all, load_withdrawals(engine_->database));
        std::erase_if(all, [&](const Withdrawal& each) {
            return std::none_of(stored.begin(), stored.end(), [&](const auto& s) { return s.info.id == each.submission && s.mildest_handling <= clearance; });
        });
        THREATLAS_CHECK(record_audit(*engine_, reader, "read", "withdrawals " + std::to_string(all.size())));
        return all;
    }

    Result<std::vector<Reject>> rejects(const model::Reader& reader,
                                        const std::string& submission) override {
        THREATLAS_TRY(const int clearance, clearance_of(reader));
        const std::lock_guard guard(engine_->mutex);
        THREATLAS_TRY(const auto stored, load_submissions(engine_->database));
        const auto found = std::find_if(stored.begin(), stored.end(), [&](const auto& each) {
            return each.info.id == submission && each.mildest_handling <= clearance;
        });
        if (found == stored.end())
            return fail(ErrorCode::not_found, "there is no submission '" + submission + "'");
        // A refused row was never marked, so it counts as for its contributor and the highest
        // clearance.
        if (!found->info.member.empty() && found->info.member != reader.organisation &&
            clearance < kStrictest)
            return fail(ErrorCode::not_allowed, "refused rows of " + found->info.member +
                                                    " are for it and for TLP:RED readers");
        THREATLAS_TRY(auto rows, load_rejects(engine_->database, submission));
        THREATLAS_CHECK(
            record_audit(*engine_, reader, "read",
                         "rejects of " + submission + " rows " + std::to_string(rows.size())));
        return rows;
    }

    Result<void> save_assessment(const model::Reader& writer, const StoredAssessment& entry,
                                 std::string_view json) override {
        THREATLAS_CHECK(clearance_of(writer));
        if (entry.id.empty() || entry.id == "latest")
            return fail(ErrorCode::bad_input, "an assessment needs an id other than 'latest'");
        const std::lock_guard guard(engine_->mutex);
        THREATLAS_TRY(Transaction transaction, Transaction::begin(engine_->database));
        THREATLAS_TRY(const bool fresh, insert_assessment(engine_->database, entry, json));
        if (!fresh) return {};
        THREATLAS_TRY(
            const AuditEntry audited,
            append_audit(*engine_, writer, "assess",
                         assess_object(entry, handling_rank(entry.handling), core::sha256(json))));
        THREATLAS_CHECK(transaction.commit());
        return note_audit_head(*engine_, audited);
    }

    Result<std::vector<StoredAssessment>> assessments(const model::Reader& reader) override {
        THREATLAS_TRY(const int clearance, clearance_of(reader));
        const std::lock_guard guard(engine_->mutex);
        THREATLAS_TRY(auto all, load_assessments(engine_->database));
        std::erase_if(all, [&](const auto& e) { return handling_rank(e.handling) > clearance; });
        THREATLAS_CHECK(
            record_audit(*engine_, reader, "read", "assessments " + std::to_string(all.size())));
        return all;
    }

    Result<std::string> assessment(const model::Reader& reader, const std::string& id) override {
        THREATLAS_TRY(const int clearance, clearance_of(reader));
        const std::lock_guard guard(engine_->mutex);
        THREATLAS_TRY(auto found, load_assessment(engine_->database, id));
        if (found.handling > clearance)
            return fail(ErrorCode::not_allowed,
                        "assessment '" + found.id + "' rests on rows marked " +
                            std::string(handling_word(found.handling)) +
                            ", above this reader's clearance; ask for its public edition");
        THREATLAS_CHECK(record_audit(*engine_, reader, "read", "assessment " + found.id));
        return std::move(found.json);
    }

    Result<bool> open_dossier(const model::Reader& writer, const Dossier& head) override {
        THREATLAS_CHECK(clearance_of(writer));
        if (head.kind.empty() || head.id.empty()) return fail(ErrorCode::bad_input, "what is followed up needs a kind and an id");
        const std::lock_guard guard(engine_->mutex);
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
        THREATLAS_TRY(const int clearance, clearance_of(writer));
        const std::lock_guard guard(engine_->mutex);
        THREATLAS_TRY(Transaction transaction, Transaction::begin(engine_->database));
        THREATLAS_TRY(const DossierRow row, find_dossier(engine_->database, kind, id));
        if (row.handling > clearance) return fail(ErrorCode::not_allowed, kind + " '" + id + "' is above this reader's clearance");
        const DossierStep step{engine_->clock(), writer.person, writer.organisation, action, std::string(json)};
        THREATLAS_CHECK(insert_step(engine_->database, row, step));
        THREATLAS_TRY(const AuditEntry audited, append_audit(*engine_, writer, "follow", step_object({.kind = kind, .id = id, .handling = {}, .at = {}, .json = {}, .steps = {}}, static_cast<std::size_t>(row.steps) + 1, step)));
        THREATLAS_CHECK(transaction.commit());
        return note_audit_head(*engine_, audited);
    }

    Result<std::vector<Dossier>> dossiers(const model::Reader& reader, const std::string& kind) override {
        THREATLAS_TRY(const int clearance, clearance_of(reader));
        const std::lock_guard guard(engine_->mutex);
        THREATLAS_TRY(auto all, load_dossiers(engine_->database, kind));
        std::erase_if(all, [&](const Dossier& each) { return handling_rank(each.handling) > clearance; });
        THREATLAS_CHECK(record_audit(*engine_, reader, "read", kind + "s " + std::to_string(all.size())));
        return all;
    }

    Result<Accounts*> accounts() override {
        const std::lock_guard guard(engine_->mutex);
        if (!accounts_) {
            THREATLAS_TRY(const auto key, field_key(*engine_));
            accounts_ = std::make_unique<Accounts>(engine_, *key);
        }
        return accounts_.get();
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
        THREATLAS_CHECK(may_audit(reader));
        const std::lock_guard guard(engine_->mutex);
        THREATLAS_TRY(const std::uint64_t entries, check_audit(*engine_));
        THREATLAS_CHECK(check_records(*engine_));
        THREATLAS_CHECK(record_audit(*engine_, reader, "read",
                                     "audit log verified to entry " + std::to_string(entries)));
        return entries;
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
            const std::string path = engine_->segment(stored[i].segment);
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
    Result<void> change(const model::Reader& writer, int clearance, const std::string& submission, const std::string& action, const std::string& object, const Change& apply) {
        const std::lock_guard guard(engine_->mutex);
        THREATLAS_TRY(Transaction transaction, Transaction::begin(engine_->database));
        THREATLAS_TRY(const auto stored, load_submissions(engine_->database));
        if (std::none_of(stored.begin(), stored.end(), [&](const auto& each) { return each.info.id == submission && each.mildest_handling <= clearance; }))
            return fail(ErrorCode::not_found, "there is no submission '" + submission + "'");
        THREATLAS_TRY(const auto before, load_withdrawals(engine_->database));
        THREATLAS_CHECK(apply(before));
        THREATLAS_TRY(const AuditEntry audited, append_audit(*engine_, writer, action, object));
        THREATLAS_CHECK(transaction.commit());
        return note_audit_head(*engine_, audited);
    }
    static Result<void> may_audit(const model::Reader& reader) {
        THREATLAS_CHECK(clearance_of(reader));
        if (reader.role == model::Role::contributor)
            return fail(ErrorCode::not_allowed, "contributors do not read the audit log");
        return {};
    }
    Result<void> record(const std::string& action, const model::Reader& who,
                        const std::string& object) {
        const std::lock_guard guard(engine_->mutex);
        return record_audit(*engine_, who, action, object);
    }

    std::shared_ptr<Engine> engine_;
    std::unique_ptr<Accounts> accounts_;
};

}  // namespace

std::unique_ptr<Store> make_embedded_store(std::shared_ptr<Engine> engine) {
    return std::make_unique<EmbeddedStore>(std::move(engine));
}

}  // namespace threatlas::store
