#include "ingest/recorder.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "core/json.hpp"
#include "core/text.hpp"

namespace threatlas::ingest {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

const core::Interval kSane{core::year_interval(1990).begin, core::year_interval(2100).end};

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

Recorder::Recorder(const model::Catalogue& catalogue, store::SubmissionInfo info, store::Submission* submission, RejectsFile* rejects, core::Progress& progress)
    : catalogue_(catalogue), info_(std::move(info)), submission_(submission), progress_(progress), rejects_(rejects), source_(catalogue.source(info_.source)) {
    info_.rows = info_.accepted = info_.rejected = info_.duplicates = 0;
    for (const auto& each : catalogue.whats) whats_.emplace(each.id, &each);
    for (const auto& each : catalogue.units) units_.insert(each.id);
    for (const auto& each : catalogue.countries) places_.insert(each.id);
    for (const auto& each : catalogue.members) members_.insert(each.id);
}

// 'scheme:XY', both letters in the catalogue's grades; 'unevaluated'; or a word of the scheme 'evaluation'.
std::optional<Recorder::Refusal> Recorder::check_words(const std::string& evaluation, const std::string& handling) const {
    const auto graded = [this](const std::string& scheme, const std::string& word) {
        return std::any_of(catalogue_.grades.begin(), catalogue_.grades.end(), [&](const auto& g) { return g.scheme == scheme && g.word == word; });
    };
    const auto colon = evaluation.find(':');
    const bool known = colon == std::string::npos || evaluation.size() < colon + 3
                           ? graded("evaluation", evaluation)
                           : graded(evaluation.substr(0, colon) + ".source", evaluation.substr(colon + 1, 1)) && graded(evaluation.substr(0, colon) + ".information", evaluation.substr(colon + 2));
    if (!evaluation.empty() && evaluation != "unevaluated" && !known)
        return Refusal{"evaluation", "unknown evaluation '" + evaluation + "': write '4x4:B2', 'admiralty:C3', or leave it blank"};
    for (const auto& part : core::split(handling, ' '))
        if (!part.empty() && std::none_of(catalogue_.handling.begin(), catalogue_.handling.end(), [&](const auto& h) { return h.code == part || "TLP:" + h.code == part; }))
            return Refusal{"handling", "unknown handling code '" + part + "'"};
    return std::nullopt;
}

std::string Recorder::wrong_words(const std::string& evaluation, const std::string& handling) const {
    const auto refusal = check_words(evaluation, handling);
    return refusal ? refusal->reason : std::string();
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
    if (!members_.contains(c.organisation) && c.organisation != info_.source)
        return Refusal{"organisation", "unknown organisation '" + c.organisation + "': the catalogue's members judge, by their id"};
    if (!info_.member.empty() && c.organisation != info_.member)
        return Refusal{"organisation", "'" + c.organisation + "' judges, but '" + info_.member + "' hands it in"};
    if (!one_of(c.scope, {"", "region", "europe", "western_europe"}) && !members_.contains(c.scope))
        return Refusal{"scope", "unknown scope '" + c.scope + "': write region, europe, western_europe or a member's id"};
    if (const auto wrong = check_words(c.evaluation, c.handling)) return wrong;
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

Result<void> Recorder::take(model::Observation& o, const RowSource& row, const HeadingOf& heading_of) {
    THREATLAS_CHECK(go_on());
    if (o.source != info_.source) o.source = info_.source;
    if (o.file != info_.file) o.file = info_.file;
    if (o.submission != info_.id) o.submission = info_.id;
    if (o.member.empty() && !info_.member.empty()) o.member = info_.member;
    if (source_ != nullptr && o.evaluation == "unevaluated" && source_->evaluation != o.evaluation) o.evaluation = source_->evaluation;
    if (o.known_at == core::Day{} || (edition_ && o.known_at == *edition_)) o.known_at = info_.known_at;
    if (const auto refusal = check(o)) return set_aside("refused", o.row, heading_of(refusal->field), refusal->reason, row.original());
    ++info_.accepted;
    if (accepted_) accepted_(o);
    return submission_ != nullptr ? submission_->add(o) : Result<void>{};
}

// An importer's fields are named as its columns, or the reason says which one it is.
Result<void> Recorder::refuse(const Refusal& refusal, const RowSource& row, std::uint64_t number) {
    const auto& headings = row.headings();
    const bool named = std::find(headings.begin(), headings.end(), refusal.field) != headings.end();
    return set_aside("refused", number, named ? refusal.field : "", refusal.reason, row.original());
}

Result<void> Recorder::accept(model::Observation observation, const RowSource& row) {
    return take(observation, row, [&](std::string_view field) {
        const auto& headings = row.headings();
        return std::find(headings.begin(), headings.end(), field) != headings.end() ? std::string(field) : std::string();
    });
}

Result<void> Recorder::accept(model::Claim claim, const RowSource& row) {
    THREATLAS_CHECK(go_on());
    claim.source = info_.source;
    claim.file = info_.file;
    claim.submission = info_.id;
    if (claim.handling.empty()) claim.handling = source_ != nullptr ? source_->handling : "TLP:AMBER";
    if (source_ != nullptr && claim.evaluation == "unevaluated") claim.evaluation = source_->evaluation;
    if (claim.known_at == core::Day{} || (edition_ && claim.known_at == *edition_)) claim.known_at = info_.known_at;
    if (const auto* criterion = catalogue_.criterion(claim.criterion); criterion != nullptr) claim.criterion = criterion->id;  // of an alias
    if (const auto refusal = check(claim)) return refuse(*refusal, row, claim.row);
    const auto [first, fresh] = claim_rows_.emplace(claim.id, claim.row);
    if (!fresh) return refuse({"id", "the id '" + claim.id + "' was used by row " + std::to_string(first->second)}, row, claim.row);
    ++info_.accepted;
    return submission_ != nullptr ? submission_->add(claim) : Result<void>{};
}

Result<void> Recorder::set_aside(std::string_view verdict, std::uint64_t row, std::string_view column, std::string reason, std::string_view original) {
    THREATLAS_CHECK(go_on());
    ++(verdict == "duplicate" ? info_.duplicates : info_.rejected);
    const store::Reject reject{info_.file, row, std::string(column), std::string(verdict), std::move(reason), shortened(original)};
    if (first_.size() < 20) first_.push_back(reject);
    if (refused_) refused_(reject);
    if (rejects_ != nullptr) THREATLAS_CHECK(rejects_->add(reject));
    return submission_ != nullptr ? submission_->reject(reject) : Result<void>{};
}

void Recorder::rows_read(std::uint64_t rows, std::uint64_t bytes) {
    info_.rows = rows;
    progress_.step("ingest " + info_.file, bytes, total_bytes_);
}

void Recorder::note(std::string text) { notes_.push_back(std::move(text)); }

Outcome Recorder::finish() const {
    Outcome out;
    out.info = info_;
    out.first_rejects = first_;
    out.notes = notes_;
    return out;
}

}  // namespace threatlas::ingest
