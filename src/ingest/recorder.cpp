#include "ingest/recorder.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <functional>
#include <set>

#include "core/json.hpp"
#include "core/text.hpp"

namespace threatlas::ingest {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr std::size_t kOriginalBytes = 4096;
const core::Interval kSane{core::year_interval(1990).begin, core::year_interval(2100).end};

std::string shorten(std::string_view text) {
    std::string out(text.substr(0, kOriginalBytes));
    while (!out.empty() && out.size() < text.size() && kOriginalBytes - out.size() < 4 && !core::is_utf8(out)) out.pop_back();
    return out;
}

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

std::string csv_cell(std::string_view text) {
    std::string out;
    if (!text.empty() && std::strchr("=+-@\t\r", text.front()) != nullptr && text.front() != '\0') out = "'";
    out += text;
    if (out.find_first_of(",\"\r\n;\t") == std::string::npos) return out;
    std::string quoted = "\"";
    for (const char c : out) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

Result<std::unique_ptr<RejectsFile>> RejectsFile::create(const std::string& path) {
    std::FILE* file = std::fopen((path + ".part").c_str(), "wb");
    if (file == nullptr) return fail(ErrorCode::unavailable, std::string("the rejects file cannot be written: ") + std::strerror(errno), {path, 0, ""});
    std::unique_ptr<RejectsFile> out(new RejectsFile(path, file));
    if (std::fputs("file,row,column,verdict,reason,original\n", file) < 0)
        return fail(ErrorCode::unavailable, std::string("the rejects file cannot be written: ") + std::strerror(errno), {path, 0, ""});
    return out;
}

RejectsFile::~RejectsFile() {
    if (file_ == nullptr) return;
    std::fclose(file_);
    std::remove((path_ + ".part").c_str());
}

Result<void> RejectsFile::add(const store::Reject& reject) {
    const std::string line = csv_cell(reject.file) + ',' + std::to_string(reject.row) + ',' + csv_cell(reject.column) + ',' +
                             csv_cell(reject.verdict) + ',' + csv_cell(reject.reason) + ',' + csv_cell(reject.original) + '\n';
    if (std::fwrite(line.data(), 1, line.size(), file_) != line.size())
        return fail(ErrorCode::unavailable, std::string("the rejects file cannot be written: ") + std::strerror(errno), {path_, 0, ""});
    return {};
}

Result<void> RejectsFile::finish() {
    const bool written = std::fflush(file_) == 0 && std::ferror(file_) == 0;
    const int why = errno;
    const bool closed = std::fclose(file_) == 0;
    file_ = nullptr;
    if (written && closed && std::rename((path_ + ".part").c_str(), path_.c_str()) == 0) return {};
    const int reason = written ? errno : why;
    std::remove((path_ + ".part").c_str());
    return fail(ErrorCode::unavailable, std::string("the rejects file cannot be written: ") + std::strerror(reason), {path_, 0, ""});
}

Recorder::Recorder(const model::Catalogue& catalogue, store::SubmissionInfo info, store::Submission* submission, core::Progress& progress)
    : catalogue_(catalogue), info_(std::move(info)), submission_(submission), progress_(progress), source_(catalogue.source(info_.source)) {
    info_.rows = info_.accepted = info_.rejected = info_.duplicates = 0;
    for (const auto& each : catalogue.whats) whats_.emplace(each.id, &each);
    for (const auto& each : catalogue.units) units_.insert(each.id);
    for (const auto& each : catalogue.countries) places_.insert(each.id);
    for (const auto& each : catalogue.members) members_.insert(each.id);
}

Result<void> Recorder::open_rejects(const std::string& path) {
    THREATLAS_TRY(rejects_, RejectsFile::create(path));
    return {};
}

std::optional<Recorder::Refusal> Recorder::check(const model::Observation& o) {
    if (last_what_found_ == nullptr || o.what != last_what_) {
        const auto found = whats_.find(o.what);
        if (found == whats_.end()) return Refusal{"what", "unknown code '" + o.what + "': the catalogue's list of things measured has no such entry"};
        last_what_ = o.what;
        last_what_found_ = found->second;
    }
    const std::string_view nature = model::name_of(o.nature);
    if (nature != last_what_found_->nature)
        return Refusal{"nature", "'" + o.what + "' is of nature '" + last_what_found_->nature + "', the row says '" + std::string(nature) + "'"};
    if (o.unit.empty()) return Refusal{"unit", "no unit is stated"};
    if (o.unit != last_unit_) {
        if (!units_.contains(o.unit)) return Refusal{"unit", "unknown unit '" + o.unit + "'"};
        last_unit_ = o.unit;
    }
    if (!o.place.empty() && o.place != last_place_) {
        if (!places_.contains(o.place)) return Refusal{"place", "unknown place '" + o.place + "'"};
        last_place_ = o.place;
    }
    if (!o.member.empty() && o.member != last_member_) {
        if (!members_.contains(o.member)) return Refusal{"member", "unknown member '" + o.member + "'"};
        last_member_ = o.member;
    }
    if (o.period.end <= o.period.begin) return Refusal{"period", "the period ends before it begins"};
    if (o.period.begin < kSane.begin || o.period.end > kSane.end)
        return Refusal{"period", "the period " + core::iso(o.period) + " lies outside 1990 to 2100"};
    if (o.state == model::State::measured || o.state == model::State::censored) {
        if (!std::isfinite(o.value) || !std::isfinite(o.upper)) return Refusal{"value", "the value is not a finite number"};
        if (o.value < 0) return Refusal{"value", "a figure below zero: a correction is given as the corrected figure, not as a difference"};
        if (o.upper < o.value) return Refusal{"value", "the upper end lies below the lower"};
    }
    return std::nullopt;
}

std::optional<Recorder::Refusal> Recorder::check(const model::Claim& c) {
    using model::ClaimKind;
    if (c.id.empty()) return Refusal{"id", "the claim has no number"};
    if (catalogue_.threat(c.threat) == nullptr) return Refusal{"threat", "unknown threat '" + c.threat + "'"};
    if (std::none_of(catalogue_.lenses.begin(), catalogue_.lenses.end(), [&](const auto& l) { return l.id == c.lens; }))
        return Refusal{"lens", "unknown lens '" + c.lens + "'"};
    if (catalogue_.criterion(c.criterion) == nullptr) return Refusal{"criterion", "unknown criterion '" + c.criterion + "'"};
    if (c.organisation.empty()) return Refusal{"organisation", "it is not said who judges"};
    if (c.dated < kSane.begin || c.dated >= kSane.end) return Refusal{"dated", "the day of the judgement is missing or lies outside 1990 to 2100"};
    switch (c.kind) {
        case ClaimKind::grade:
            if (!one_of(c.value, {"low", "medium", "high", "very_high"})) return Refusal{"value", "a grade is low, medium, high or very_high, not '" + c.value + "'"};
            break;
        case ClaimKind::trend:
            if (!one_of(c.value, {"falling", "stable", "rising"})) return Refusal{"value", "a trend is falling, stable or rising, not '" + c.value + "'"};
            break;
        case ClaimKind::role:
            if (c.value.empty()) return Refusal{"value", "no role is given"};
            break;
        case ClaimKind::modus_operandi:
            for (const auto& code : core::split(c.value, '|'))
                if (catalogue_.code(code) == nullptr) return Refusal{"value", "unknown modus operandi code '" + code + "'"};
            break;
        case ClaimKind::quantiles:
            if (!(c.q10 >= 0 && c.q10 <= c.q50 && c.q50 <= c.q90 && c.q90 <= 100))
                return Refusal{"q50", "quantiles are three numbers between 0 and 100 in rising order"};
            break;
        case ClaimKind::note: break;
    }
    return std::nullopt;
}

Result<void> Recorder::take(model::Observation& o, const std::function<std::string()>& original) {
    if (o.source != info_.source) o.source = info_.source;
    if (o.file != info_.file) o.file = info_.file;
    if (o.submission != info_.id) o.submission = info_.id;
    if (o.member.empty() && !info_.member.empty()) o.member = info_.member;
    if (source_ != nullptr && o.evaluation == "unevaluated" && source_->evaluation != o.evaluation) o.evaluation = source_->evaluation;
    if (o.known_at == core::Day{} || (edition_ && o.known_at == *edition_)) o.known_at = info_.known_at;
    if (const auto refusal = check(o)) return set_aside("refused", o.row, refusal->column, refusal->reason, original());
    ++info_.accepted;
    return submission_ != nullptr ? submission_->add(o) : Result<void>{};
}

Result<void> Recorder::accept(model::Observation observation) {
    return take(observation, [&] {
        return observation.what + " " + observation.place + " " + core::iso(observation.period) + " " + core::number_text(observation.value) + " " + observation.unit;
    });
}

Result<void> Recorder::accept(model::Claim claim) {
    claim.source = info_.source;
    claim.file = info_.file;
    claim.submission = info_.id;
    if (source_ != nullptr && claim.evaluation == "unevaluated") claim.evaluation = source_->evaluation;
    if (claim.known_at == core::Day{} || (edition_ && claim.known_at == *edition_)) claim.known_at = info_.known_at;
    const std::string original = claim.id + " " + claim.threat + " " + claim.lens + " " + claim.criterion + " " + claim.value + " " + claim.text;
    if (const auto* criterion = catalogue_.criterion(claim.criterion); criterion != nullptr) claim.criterion = criterion->id;  // of an alias
    if (const auto refusal = check(claim)) return set_aside("refused", claim.row, refusal->column, refusal->reason, original);
    const auto [first, fresh] = claim_rows_.emplace(claim.id, claim.row);
    if (!fresh) return set_aside("refused", claim.row, "id", "the id '" + claim.id + "' was used by row " + std::to_string(first->second), original);
    ++info_.accepted;
    return submission_ != nullptr ? submission_->add(claim) : Result<void>{};
}

Result<void> Recorder::set_aside(std::string_view verdict, std::uint64_t row, std::string_view column, std::string reason, std::string_view original) {
    ++(verdict == "duplicate" ? info_.duplicates : info_.rejected);
    const store::Reject reject{info_.file, row, std::string(column), std::string(verdict), std::move(reason), shorten(original)};
    if (first_.size() < 20) first_.push_back(reject);
    if (rejects_) THREATLAS_CHECK(rejects_->add(reject));
    return submission_ != nullptr ? submission_->reject(reject) : Result<void>{};
}

void Recorder::rows_read(std::uint64_t rows, std::uint64_t bytes) {
    info_.rows = rows;
    progress_.step("ingest " + info_.file, bytes, total_bytes_);
}

Result<Outcome> Recorder::finish() {
    if (rejects_) THREATLAS_CHECK(rejects_->finish());
    Outcome out;
    out.info = info_;
    out.first_rejects = first_;
    return out;
}

}  // namespace threatlas::ingest
