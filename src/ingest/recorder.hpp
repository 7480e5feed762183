// The Sink behind every ingest: checks each row against the catalogue, sets provenance and defaults,
// counts verdicts, stores, and writes the rejects file. Internal to the room.
#pragma once

#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "ingest/ingest.hpp"

namespace threatlas::ingest {

// A cell as a spreadsheet may open it: one that would start a formula (= + - @ TAB CR) gets a
// leading single quote; quoted as CSV needs.
std::string csv_cell(std::string_view text);

// Refused and repeated rows as CSV: file,row,column,verdict,reason,original. Written beside the
// target and renamed by finish(), so the file is whole or absent.
class RejectsFile {
  public:
    static core::Result<std::unique_ptr<RejectsFile>> create(const std::string& path);
    ~RejectsFile();
    RejectsFile(const RejectsFile&) = delete;
    RejectsFile& operator=(const RejectsFile&) = delete;
    core::Result<void> add(const store::Reject& reject);
    core::Result<void> finish();

  private:
    RejectsFile(std::string path, std::FILE* file) : path_(std::move(path)), file_(file) {}
    std::string path_;
    std::FILE* file_;
};

class Recorder final : public Sink {
  public:
    // submission may be null: a dry run. info.known_at must be set; override_known_at replaces the
    // day of rows that carry edition_day.
    Recorder(const model::Catalogue& catalogue, store::SubmissionInfo info, store::Submission* submission, core::Progress& progress);
    core::Result<void> open_rejects(const std::string& path);
    void override_edition(core::Day edition) { edition_ = edition; }

    core::Result<void> accept(model::Observation observation) override;
    core::Result<void> accept(model::Claim claim) override;
    core::Result<void> set_aside(std::string_view verdict, std::uint64_t row, std::string_view column, std::string reason, std::string_view original) override;
    void rows_read(std::uint64_t rows, std::uint64_t bytes) override;

    // The same as accept without a copy: completes the observation in place and leaves it so.
    // original is asked for only when the row is refused.
    core::Result<void> take(model::Observation& observation, const std::function<std::string()>& original);

    void total_bytes(std::uint64_t total) { total_bytes_ = total; }
    // Closes the rejects file and gives the counts.
    core::Result<Outcome> finish();
    const store::SubmissionInfo& info() const { return info_; }

  private:
    struct Refusal {
        std::string column, reason;
    };
    std::optional<Refusal> check(const model::Observation& observation);
    std::optional<Refusal> check(const model::Claim& claim);

    const model::Catalogue& catalogue_;
    store::SubmissionInfo info_;
    store::Submission* submission_;
    core::Progress& progress_;
    const model::Source* source_ = nullptr;
    std::unique_ptr<RejectsFile> rejects_;
    std::vector<store::Reject> first_;
    std::uint64_t total_bytes_ = 0;
    std::optional<core::Day> edition_;
    std::unordered_map<std::string, const model::What*> whats_;
    std::unordered_set<std::string> units_, places_, members_;
    std::string last_what_, last_unit_, last_place_, last_member_;
    const model::What* last_what_found_ = nullptr;
    std::unordered_map<std::string, std::uint64_t> claim_rows_;
};

}  // namespace threatlas::ingest
