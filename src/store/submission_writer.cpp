#include "store/submission_writer.hpp"

#include <signal.h>  // NOLINT(modernize-deprecated-headers): ::kill is POSIX, and <csignal> need not declare it
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "core/text.hpp"
#include "store/audit_chain.hpp"
#include "store/postgres/segments.hpp"
#include "store/records.hpp"
#include "store/rights.hpp"
#include "store/refused_text.hpp"
#include "store/review.hpp"
#include "store/seal.hpp"

namespace threatlas::store {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr std::size_t kOriginalBytes = 8192;  // who hands it in has cut it already; this bounds the database
constexpr std::size_t kSpoolBytes = 1 << 20;

std::string segment_part(const Engine& engine) { return engine.segments() + "/ingest.seg.part"; }
std::string spool_part(const Engine& engine) { return engine.segments() + "/ingest.rejects.part"; }

void put(std::string& out, std::uint64_t number) {
    out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

void put(std::string& out, std::string_view text) {
    put(out, std::uint64_t{text.size()});
    out += text;
}

// Reads the spool back in pieces. It is our own file of this very run, so it is not checked like
// one from outside; a read error still shows.
class Spool {
  public:
    Spool(const File& file, std::uint64_t size) : file_(file), size_(size) {}
    Result<std::uint64_t> number() {
        std::uint64_t value = 0;
        THREATLAS_CHECK(take(&value, sizeof value));
        return value;
    }
    Result<std::string> text() {
        THREATLAS_TRY(const std::uint64_t size, number());
        std::string out(size, '\0');
        THREATLAS_CHECK(take(out.data(), out.size()));
        return out;
    }

  private:
    Result<void> take(void* into, std::size_t bytes) {
        if (buffer_.size() - used_ < bytes) {
            buffer_.erase(0, used_);
            used_ = 0;
            const std::uint64_t more =
                std::min<std::uint64_t>(size_ - at_, std::max(bytes, kSpoolBytes));
            const std::size_t have = buffer_.size();
            buffer_.resize(have + more);
            THREATLAS_CHECK(file_.read_at(at_, buffer_.data() + have, more));
            at_ += more;
            if (buffer_.size() < bytes)
                return fail(ErrorCode::internal, "the spool of refused rows ends too early",
                            {file_.path(), 0, ""});
        }
        std::memcpy(into, buffer_.data() + used_, bytes);
        used_ += bytes;
        return {};
    }

    const File& file_;
    std::uint64_t size_, at_ = 0;
    std::string buffer_;
    std::size_t used_ = 0;
};

}  // namespace

Result<void> sweep(Engine& engine) {
    std::error_code error;
    if (engine.remote()) {  // what is in passing is this process's alone
        for (const auto& entry : std::filesystem::directory_iterator(engine.segments(), error)) std::filesystem::remove(entry.path(), error);
        return {};
    }
    for (const auto& entry : std::filesystem::directory_iterator(engine.folder, error)) {
        // 'audit.head.<process>.part' of a process that is gone; a living one may be about to
        // rename its own.
        const std::filesystem::path& path = entry.path();
        if (path.extension() != ".part") continue;
        const std::string number = path.stem().extension().string();
        const auto process =
            number.size() > 1 ? core::parse_number(number.substr(1)) : std::nullopt;
        std::error_code ignored;
        if (process && ::kill(static_cast<pid_t>(*process), 0) != 0 && errno == ESRCH)
            std::filesystem::remove(path, ignored);
    }
    for (const auto& entry : std::filesystem::directory_iterator(engine.segments(), error)) {
        const std::filesystem::path& path = entry.path();
        bool orphan = path.extension() == ".part";
        if (path.extension() == ".seg") {
            THREATLAS_TRY(const bool named, has_segment(engine.database, path.stem().string()));
            orphan = !named;
        }
        std::error_code ignored;
        if (orphan) std::filesystem::remove(path, ignored);
    }
    if (error)
        return fail(ErrorCode::unavailable,
                    "the folder of segments cannot be read: " + error.message(),
                    {engine.segments(), 0, ""});
    return {};
}

SubmissionWriter::SubmissionWriter(std::shared_ptr<Engine> engine, WriterLock lock, model::Reader writer,
                                   SubmissionInfo info)
    : engine_(std::move(engine)),
      lock_(std::move(lock)),
      writer_(std::move(writer)),
      info_(std::move(info)) {
    info_.accepted = info_.rejected = info_.duplicates = 0;
}

SubmissionWriter::~SubmissionWriter() {
    segment_.reset();
    spool_.close();
    ::unlink(segment_part(*engine_).c_str());
    ::unlink(spool_part(*engine_).c_str());
}

Result<void> SubmissionWriter::open_segment() {
    if (failed_ || committed_) return fail(ErrorCode::conflict, "the submission is closed");
    THREATLAS_TRY(segment_, SegmentWriter::create(segment_part(*engine_)));
    return {};
}

Result<void> SubmissionWriter::add(const model::Observation& observation) {
    if (!segment_) THREATLAS_CHECK(open_segment());
    auto added = segment_->add(observation);
    if (added)
        ++info_.accepted;
    else
        failed_ = true;
    return added;
}

Result<void> SubmissionWriter::add(const model::Claim& claim) {
    if (failed_ || committed_) return fail(ErrorCode::conflict, "the submission is closed");
    claims_.push_back(claim);
    claims_.back().submission = info_.id;
    mildest_claim_ = std::min(mildest_claim_, handling_rank(claim.handling));
    claim_marks_.emplace(text(parse_marking(claim.handling)), originator_of(claim.organisation, claim.source));
    ++info_.accepted;
    return {};
}

Result<void> SubmissionWriter::reject(const Reject& reject) {
    if (failed_ || committed_) return fail(ErrorCode::conflict, "the submission is closed");
    if (reject.verdict != "refused" && reject.verdict != "duplicate")
        return fail(ErrorCode::internal,
                    "a row set aside is 'refused' or 'duplicate', not '" + reject.verdict + "'");
    ++(reject.verdict == "refused" ? info_.rejected : info_.duplicates);
    ++rejects_;
    put(spool_buffer_, reject.row);
    for (const std::string* text : {&reject.file, &reject.column, &reject.verdict, &reject.reason})
        put(spool_buffer_, *text);
    put(spool_buffer_, std::string_view(reject.original).substr(0, kOriginalBytes));
    return spool_buffer_.size() < kSpoolBytes ? Result<void>{} : flush_spool();
}

Result<void> SubmissionWriter::flush_spool() {
    auto written = [&]() -> Result<void> {
        if (spooled_ == 0) {
            THREATLAS_TRY(spool_, File::create(spool_part(*engine_)));
        }
        return spool_.write(spool_buffer_.data(), spool_buffer_.size());
    }();
    failed_ = failed_ || !written;
    spooled_ += spool_buffer_.size();
    spool_buffer_.clear();
    return written;
}

Result<void> SubmissionWriter::insert_rejects() {
    if (rejects_ == 0) return {};
    Spool spool(spool_, spooled_);
    THREATLAS_TRY(Statement insert, prepare_insert_reject(engine_->database));
    for (std::uint64_t i = 0; i < rejects_; ++i) {
        Reject reject;
        THREATLAS_TRY(reject.row, spool.number());
        for (std::string* text :
             {&reject.file, &reject.column, &reject.verdict, &reject.reason, &reject.original}) {
            THREATLAS_TRY(*text, spool.text());
        }
        THREATLAS_TRY(reject.original, seal_original(*engine_, info_.id, static_cast<std::int64_t>(i + 1), reject.original));
        THREATLAS_CHECK(insert_reject(insert, info_.id, i + 1, reject));
    }
    return {};
}

Result<SubmissionInfo> SubmissionWriter::commit(std::uint64_t rows) {
    if (failed_ || committed_) return fail(ErrorCode::conflict, "the submission is closed");
    info_.rows = rows;
    auto published = publish();
    if (published) {
        committed_ = true;
    } else {
        failed_ = true;
        const std::lock_guard guard(engine_->mutex);
        (void)sweep(*engine_);
    }
    segment_.reset();
    if (committed_) lock_.close();
    return published;
}

Result<SubmissionInfo> SubmissionWriter::publish() {
    Engine& engine = *engine_;
    if (!spool_buffer_.empty()) THREATLAS_CHECK(flush_spool());
    summary_.mildest_handling = segment_ || claims_.empty() ? kMildest : kStrictest;
    if (segment_) {
        THREATLAS_TRY(summary_, segment_->finish());
        if (::rename(segment_part(engine).c_str(), engine.segment(summary_.hash).c_str()) != 0)
            return system_error(errno, "the segment cannot be put in place", engine.segments());
        THREATLAS_CHECK(sync_folder(engine.segments()));
    }
    const int mildest = std::min(summary_.mildest_handling, mildest_claim_);

    const std::lock_guard guard(engine.mutex);
    THREATLAS_CHECK(lock_.still_held());
    THREATLAS_TRY(Transaction transaction, Transaction::begin(engine.database));
    StoredSubmission stored{info_, summary_.hash, mildest};
    stored.marks = summary_.marks;
    stored.marks.insert(claim_marks_.begin(), claim_marks_.end());
    if (engine.remote() && segment_) THREATLAS_CHECK(postgres::put_segment(engine.database, engine.segment(summary_.hash), summary_.hash));
    THREATLAS_CHECK(insert_submission(engine.database, stored));
    for (std::size_t i = 0; i < claims_.size(); ++i)
        THREATLAS_CHECK(insert_claim(engine.database, info_.id, i + 1, claims_[i]));
    THREATLAS_CHECK(insert_rejects());
    THREATLAS_CHECK(set_review(engine.database, {.submission = info_.id, .due = first_review(info_, segment_ == nullptr && !claims_.empty(), today_of(engine)), .reason = {}}));
    THREATLAS_TRY(const std::string object, ingest_object(engine, stored));
    THREATLAS_TRY(const AuditEntry entry, append_audit(engine, writer_, "ingest", object));
    THREATLAS_CHECK(transaction.commit());
    if (engine.remote()) ::unlink(engine.segment(summary_.hash).c_str());
    // From here on the submission is there; a note that cannot be written lags and is caught up.
    (void)note_audit_head(engine, entry);
    return info_;
}

}  // namespace threatlas::store
