// One submission being written: observations to a segment beside, refused rows to a spool file,
// claims in memory; all of it appears with one SQLite transaction.
#pragma once

#include <memory>

#include "store/engine.hpp"
#include "store/file_io.hpp"
#include "store/segment_writer.hpp"
#include "store/store.hpp"

namespace threatlas::store {

// Removes what no submission names: unfinished files, and segments of a run that was killed before
// its transaction. Only for the holder of the writer lock.
core::Result<void> sweep(Engine& engine);

class SubmissionWriter final : public Submission {
  public:
    SubmissionWriter(std::shared_ptr<Engine> engine, WriterLock lock, model::Reader writer,
                     SubmissionInfo info);
    ~SubmissionWriter() override;

    core::Result<void> add(const model::Observation& observation) override;
    core::Result<void> add(const model::Claim& claim) override;
    core::Result<void> reject(const Reject& reject) override;
    core::Result<SubmissionInfo> commit(std::uint64_t rows) override;

  private:
    core::Result<void> open_segment();
    core::Result<void> flush_spool();
    core::Result<SubmissionInfo> publish();
    core::Result<void> insert_rejects();

    std::shared_ptr<Engine> engine_;
    WriterLock lock_;
    File spool_;
    model::Reader writer_;
    SubmissionInfo info_;
    std::unique_ptr<SegmentWriter> segment_;
    SegmentSummary summary_;
    std::vector<model::Claim> claims_;
    std::string spool_buffer_;
    std::uint64_t spooled_ = 0, rejects_ = 0;
    int mildest_claim_ = 5;
    std::set<std::pair<std::string, std::string>> claim_marks_;
    bool failed_ = false, committed_ = false;
};

}  // namespace threatlas::store
