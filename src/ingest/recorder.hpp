// The Sink behind every ingest: checks each row against the catalogue, sets provenance and defaults,
// counts verdicts, and stores. Internal to the room.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "ingest/ingest.hpp"

namespace threatlas::ingest {

class Recorder final : public Sink {
  public:
    // submission may be null: a dry run; rejects too. info.known_at must be set; override_edition replaces
    // the day of rows that carry the edition's.
    Recorder(const model::Catalogue& catalogue, store::SubmissionInfo info, store::Submission* submission, RejectsFile* rejects, core::Progress& progress);
    void override_edition(core::Day edition) { edition_ = edition; }

    core::Result<void> accept(model::Observation observation, const RowSource& row) override;
    core::Result<void> accept(model::Claim claim, const RowSource& row) override;
    core::Result<void> set_aside(std::string_view verdict, std::uint64_t row, std::string_view column, std::string reason, std::string_view original) override;
    void rows_read(std::uint64_t rows, std::uint64_t bytes) override;

    // The same as accept without a copy: completes the observation in place and leaves it so.
    // heading_of names the column that a field of the observation was read from, '' for none; asked
    // for, as the row's original text is, only when the row is refused.
    using HeadingOf = std::function<std::string(std::string_view field)>;
    core::Result<void> take(model::Observation& observation, const RowSource& row, const HeadingOf& heading_of);

    // Why an evaluation or handling words are unknown to the catalogue; '' when they are not.
    std::string wrong_words(const std::string& evaluation, const std::string& handling) const;
    void listen(std::function<void(const store::Reject&)> refused, std::function<void(const model::Observation&)> accepted) { refused_ = std::move(refused), accepted_ = std::move(accepted); }
    void total_bytes(std::uint64_t total) { total_bytes_ = total; }
    // What to mind although nothing was refused; said once.
    void note(std::string text);
    Outcome finish() const;
    const store::SubmissionInfo& info() const { return info_; }

  private:
    struct Refusal {
        std::string field, reason;
    };
    // Cancelled work is noticed within 4,096 figures.
    core::Result<void> go_on() { return (++asked_ & 4095U) == 0 ? core::go_on(progress_) : core::Result<void>{}; }
    core::Result<void> refuse(const Refusal& refusal, const RowSource& row, std::uint64_t number);
    std::optional<Refusal> check_words(const std::string& evaluation, const std::string& handling) const;
    std::optional<Refusal> check(const model::Observation& observation);
    std::optional<Refusal> check(const model::Claim& claim);

    const model::Catalogue& catalogue_;
    store::SubmissionInfo info_;
    store::Submission* submission_;
    core::Progress& progress_;
    RejectsFile* rejects_;
    const model::Source* source_ = nullptr;
    std::vector<std::string> notes_;
    std::function<void(const store::Reject&)> refused_;
    std::function<void(const model::Observation&)> accepted_;
    std::vector<store::Reject> first_;
    std::uint64_t total_bytes_ = 0, asked_ = 0;
    std::optional<core::Day> edition_;
    std::unordered_map<std::string, const model::What*> whats_;
    std::unordered_set<std::string> units_, places_, members_;
    std::string last_what_, last_unit_, last_place_, last_member_;
    const model::What* last_what_found_ = nullptr;
    std::unordered_map<std::string, std::uint64_t> claim_rows_;
};

}  // namespace threatlas::ingest
