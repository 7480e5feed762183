#include "store/snapshot_loader.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <unordered_map>

#include "core/hash.hpp"
#include "core/parallel.hpp"
#include "model/json_codec.hpp"
#include "store/rights.hpp"
#include "store/segment_reader.hpp"
#include "store/segment_writer.hpp"
#include "store/supersede.hpp"

namespace threatlas::store {
namespace {

using core::Result;

struct ChunkPlan {
    std::size_t segment = 0, index = 0;  // index within its segment
    bool all = true;
    std::vector<std::uint32_t> kept;  // when not all
    std::size_t rows = 0, offset = 0;
    std::int32_t known_last = std::numeric_limits<std::int32_t>::min();
    std::vector<bool> used;    // words of the kept rows, when not all
    segment::Digest digest{};  // of kept
    Result<void> result;
};

struct SegmentPlan {
    Segment segment;
    std::size_t part = 0;  // index of the submission
    bool nothing = false, by_word = false, by_nature = false;
    bool by_originator = false;
    std::vector<std::uint8_t> owners_only, own;  // by word: a marking only for who gave it; a giver this reader is, or has the consent of
    std::vector<std::uint8_t> refused;  // Usage bits refused, per word
    std::size_t rows = 0;
    std::vector<std::uint32_t> to_code;
    std::uint32_t submission_code = 0;
};

class Loader {
  public:
    Loader(const std::vector<SubmissionPart>& parts, const SnapshotQuery& query, const Sight& sight)
        : parts_(parts),
          query_(query),
          sight_(sight),
          whats_(query.whats.begin(), query.whats.end()),
          members_(query.leave_out_members.begin(), query.leave_out_members.end()),
          places_(query.leave_out_places.begin(), query.leave_out_places.end()) {}

    Result<Snapshot> load() {
        THREATLAS_CHECK(plan());
        THREATLAS_CHECK(in_parallel([this](ChunkPlan& chunk) { return select(chunk); }));
        place();
        if (rows_ > std::numeric_limits<std::uint32_t>::max())
            return core::fail(core::ErrorCode::bad_usage,
                              "more than 4,294,967,295 rows in one snapshot; ask for fewer");
        merge_dictionaries();
        make_room();
        THREATLAS_CHECK(in_parallel([this](ChunkPlan& chunk) { return copy(chunk); }));
        superseded_ = superseded_rows(out_.columns, taken_by_code());
        claims_and_submissions();
        name();
        return std::move(out_);
    }

  private:
    using Set = std::set<std::string, std::less<>>;

    Result<void> plan();
    Result<void> in_parallel(const std::function<Result<void>(ChunkPlan&)>& work);
    Result<void> select(ChunkPlan& chunk) const;
    Result<void> copy(ChunkPlan& chunk);
    void place();
    void merge_dictionaries();
    void make_room();
    std::vector<std::uint64_t> taken_by_code() const;
    void claims_and_submissions();
    void name();
    void name_partial(core::Sha256& hash, std::size_t s, std::size_t& c) const;

    const std::vector<SubmissionPart>& parts_;
    const SnapshotQuery& query_;
    const Sight& sight_;
    Set whats_, members_, places_;
    std::vector<SegmentPlan> segments_;
    std::vector<ChunkPlan> chunks_;
    std::size_t rows_ = 0;
    std::vector<std::uint32_t> superseded_;
    Snapshot out_;
};

// Opens the segments and decides per segment which filters can touch it at all.
Result<void> Loader::plan() {
    constexpr auto kJudgement = static_cast<unsigned>(model::Nature::judgement);
    for (std::size_t p = 0; p < parts_.size(); ++p) {
        if (parts_[p].path.empty()) continue;
        SegmentPlan plan;
        plan.part = p;
        THREATLAS_TRY(plan.segment, Segment::open(parts_[p].path, parts_[p].positions.empty() ? parts_[p].stored.segment : ""));
        const Segment& segment = plan.segment;
        plan.refused.resize(segment.words());
        bool any_what = false;
        for (std::size_t code = 0; code < segment.words(); ++code) {
            const std::uint8_t usage = segment.usage(code);
            if (usage == 0) continue;
            const std::string_view word = segment.word(code);
            std::uint8_t refused = 0;
            if ((usage & segment::in_what) != 0 && !whats_.empty() && !whats_.contains(word))
                refused |= segment::in_what;
            if ((usage & segment::in_member) != 0 && members_.contains(word))
                refused |= segment::in_member;
            if ((usage & segment::in_place) != 0 && places_.contains(word))
                refused |= segment::in_place;
            if ((usage & segment::in_handling) != 0) {
                const Marking marking = parse_marking(word);
                if (!sight_.allows(marking, true)) {
                    refused |= segment::in_handling;
                } else if (!sight_.allows(marking, false)) {
                    if (!plan.by_originator) plan.owners_only.resize(segment.words());
                    plan.owners_only[code] = 1, plan.by_originator = true;
                }
            }
            any_what =
                any_what || ((usage & segment::in_what) != 0 && (refused & segment::in_what) == 0);
            plan.refused[code] = refused;
            plan.by_word = plan.by_word || refused != 0;
        }
        if (plan.by_originator) {
            plan.by_word = true;
            plan.own.resize(segment.words());
            for (std::size_t code = 0; code < segment.words(); ++code) plan.own[code] = sight_.entitled(segment.word(code), parts_[p].stored.info.id) ? 1 : 0;
        }
        plan.by_nature = !query_.with_judgements && segment.has_nature(kJudgement);
        plan.nothing = !any_what;
        for (std::size_t i = 0; !plan.nothing && i < segment.chunks().size(); ++i) {
            const auto& entry = segment.chunks()[i];
            if (query_.as_of && entry.known_first > query_.as_of->number) continue;
            ChunkPlan chunk;
            chunk.segment = segments_.size();
            chunk.index = i;
            chunk.rows = entry.rows;
            chunk.known_last = entry.known_last;
            chunk.all = !plan.by_word && !plan.by_nature &&
                        !(query_.as_of && entry.known_last > query_.as_of->number);
            chunks_.push_back(std::move(chunk));
        }
        segments_.push_back(std::move(plan));
    }
    return {};
}

Result<void> Loader::in_parallel(const std::function<Result<void>(ChunkPlan&)>& work) {
    core::parallel_for(chunks_.size(),
                       [&](std::size_t i) { chunks_[i].result = work(chunks_[i]); });
    for (const ChunkPlan& chunk : chunks_) THREATLAS_CHECK(chunk.result);
    return {};
}

// Which rows of a chunk the reader gets; only for chunks that some filter touches.
Result<void> Loader::select(ChunkPlan& chunk) const {
    if (chunk.all) return {};
    const SegmentPlan& plan = segments_[chunk.segment];
    std::vector<std::uint8_t> buffer;
    THREATLAS_TRY(const Chunk data, plan.segment.read(chunk.index, buffer));
    std::vector<std::uint8_t> refused(data.rows, 0);
    if (plan.by_word) {
        std::vector<std::uint32_t> own(plan.segment.words()), codes(data.rows);
        for (std::size_t code = 0; code < own.size(); ++code)
            own[code] = static_cast<std::uint32_t>(code);
        constexpr std::array<std::pair<segment::Column, std::uint8_t>, 4> kFiltered{
            {{segment::what, segment::in_what},
             {segment::member, segment::in_member},
             {segment::place, segment::in_place},
             {segment::handling, segment::in_handling}}};
        for (const auto& [column, bit] : kFiltered) {
            decode_codes(data, column, nullptr, own, codes.data());
            for (std::size_t i = 0; i < codes.size(); ++i)
                refused[i] = static_cast<std::uint8_t>(refused[i] | (plan.refused[codes[i]] & bit));
        }
    }
    if (plan.by_originator) {
        std::vector<std::uint32_t> own(plan.segment.words()), handlings(data.rows), members(data.rows), sources(data.rows);
        for (std::size_t code = 0; code < own.size(); ++code) own[code] = static_cast<std::uint32_t>(code);
        decode_codes(data, segment::handling, nullptr, own, handlings.data());
        decode_codes(data, segment::member, nullptr, own, members.data());
        decode_codes(data, segment::source, nullptr, own, sources.data());
        for (std::size_t i = 0; i < handlings.size(); ++i)
            if (plan.owners_only[handlings[i]] != 0 && plan.own[plan.segment.word(members[i]).empty() ? sources[i] : members[i]] == 0) refused[i] = 1;
    }
    if (plan.by_nature) {
        std::vector<std::uint8_t> natures(data.rows);
        decode(data, segment::nature, nullptr, natures.data());
        for (std::size_t i = 0; i < natures.size(); ++i)
            if (natures[i] == static_cast<std::uint8_t>(model::Nature::judgement)) refused[i] = 1;
    }
    std::vector<std::int32_t> known(data.rows);
    decode(data, segment::known_at, nullptr, known.data());
    chunk.known_last = std::numeric_limits<std::int32_t>::min();
    for (std::uint32_t i = 0; i < data.rows; ++i) {
        if (refused[i] != 0 || (query_.as_of && known[i] > query_.as_of->number)) continue;
        chunk.kept.push_back(i);
        chunk.known_last = std::max(chunk.known_last, known[i]);
    }
    chunk.rows = chunk.kept.size();
    if (chunk.rows == data.rows) {
        chunk.all = true;
        chunk.kept = {};
        return {};
    }
    chunk.digest = segment::digest(chunk.kept.data(), chunk.kept.size() * sizeof(std::uint32_t));
    // Words of refused rows must not reach the reader, so those of kept rows are noted.
    chunk.used.assign(plan.segment.words(), false);
    std::vector<std::uint32_t> own(plan.segment.words()), codes(chunk.rows);
    for (std::size_t code = 0; code < own.size(); ++code)
        own[code] = static_cast<std::uint32_t>(code);
    for (std::size_t c = 0; c < segment::kTexts; ++c) {
        decode_codes(data, static_cast<segment::Column>(c), &chunk.kept, own, codes.data());
        for (const std::uint32_t code : codes) chunk.used[code] = true;
    }
    return {};
}

void Loader::place() {
    for (ChunkPlan& chunk : chunks_) {
        chunk.offset = rows_;
        rows_ += chunk.rows;
        segments_[chunk.segment].rows += chunk.rows;
    }
}

void Loader::merge_dictionaries() {
    std::unordered_map<std::string_view, std::uint32_t> codes;
    std::size_t words = 1;
    for (const SegmentPlan& plan : segments_) words += plan.segment.words() + 1;
    out_.dictionary.reserve(words);  // the views in `codes` point into it: it must not move
    const auto code_of = [&](std::string_view word) {
        const auto known = codes.find(word);
        if (known != codes.end()) return known->second;
        const auto fresh = static_cast<std::uint32_t>(out_.dictionary.size());
        out_.dictionary.emplace_back(word);
        codes.emplace(out_.dictionary.back(), fresh);
        return fresh;
    };
    code_of("");
    for (std::size_t s = 0, c = 0; s < segments_.size(); ++s) {
        SegmentPlan& plan = segments_[s];
        const bool whole = plan.rows == plan.segment.rows();
        std::vector<bool> used(plan.segment.words(), whole);
        bool whole_chunk = false;
        for (; c < chunks_.size() && chunks_[c].segment == s; ++c) {
            whole_chunk = whole_chunk || (chunks_[c].all && !whole);
            if (chunks_[c].all) continue;
            for (std::size_t i = 0; i < used.size(); ++i)
                if (chunks_[c].used[i]) used[i] = true;
            chunks_[c].used = {};
        }
        // A whole chunk beside refused ones: as_of alone splits so, and every word of the segment
        // is then one the reader may see; rights and words are judged per row whenever they refuse
        // any.
        if (whole_chunk && !plan.by_word) used.assign(used.size(), true);
        plan.to_code.assign(plan.segment.words(), 0);
        if (plan.rows == 0) continue;
        for (std::size_t i = 0; i < used.size(); ++i)
            if (used[i]) plan.to_code[i] = code_of(plan.segment.word(i));
        plan.submission_code = code_of(parts_[plan.part].stored.info.id);
    }
}

void Loader::make_room() {
    Snapshot::Columns& c = out_.columns;
    std::vector<std::function<void()>> work;
    const auto add = [&](auto& column) {
        work.emplace_back([&column, this] { column.resize(rows_); });
    };
    add(c.value), add(c.upper), add(c.row);
    for (auto* column : {&c.what, &c.member, &c.place, &c.unit, &c.dims, &c.flags, &c.evaluation,
                         &c.handling, &c.source, &c.submission, &c.file})
        add(*column);
    for (auto* column : {&c.begin, &c.end, &c.known_at}) add(*column);
    for (auto* column : {&c.state, &c.nature, &c.statement}) add(*column);
    core::parallel_for(work.size(), [&](std::size_t i) { work[i](); });
}

Result<void> Loader::copy(ChunkPlan& chunk) {
    if (chunk.rows == 0) return {};
    const SegmentPlan& plan = segments_[chunk.segment];
    thread_local std::vector<std::uint8_t> buffer;
    THREATLAS_TRY(const Chunk data, plan.segment.read(chunk.index, buffer));
    const Kept kept = chunk.all ? nullptr : &chunk.kept;
    Snapshot::Columns& c = out_.columns;
    const std::size_t at = chunk.offset;
    const std::array<std::pair<segment::Column, std::vector<std::uint32_t>*>, segment::kTexts>
        texts{{{segment::what, &c.what},
               {segment::member, &c.member},
               {segment::place, &c.place},
               {segment::unit, &c.unit},
               {segment::dims, &c.dims},
               {segment::flags, &c.flags},
               {segment::evaluation, &c.evaluation},
               {segment::handling, &c.handling},
               {segment::source, &c.source},
               {segment::file, &c.file}}};
    for (const auto& [column, to] : texts)
        decode_codes(data, column, kept, plan.to_code, to->data() + at);
    std::fill_n(c.submission.data() + at, chunk.rows, plan.submission_code);
    decode(data, segment::begin, kept, c.begin.data() + at);
    decode(data, segment::end, kept, c.end.data() + at);
    decode(data, segment::known_at, kept, c.known_at.data() + at);
    decode(data, segment::state, kept, c.state.data() + at);
    decode(data, segment::nature, kept, c.nature.data() + at);
    decode(data, segment::statement, kept, c.statement.data() + at);
    decode(data, segment::row, kept, c.row.data() + at);
    decode(data, segment::value, kept, c.value.data() + at);
    decode(data, segment::upper, kept, c.upper.data() + at);
    return {};
}

std::vector<std::uint64_t> Loader::taken_by_code() const {
    std::vector<std::uint64_t> taken(out_.dictionary.size(), 0);
    for (const SegmentPlan& plan : segments_)
        if (plan.rows > 0) taken[plan.submission_code] = parts_[plan.part].stored.taken;
    return taken;
}

void Loader::claims_and_submissions() {
    std::vector<std::size_t> rows(parts_.size(), 0);
    std::size_t first = 0, gone = 0;
    for (const SegmentPlan& plan : segments_) {
        rows[plan.part] = plan.rows;
        for (; gone < superseded_.size() && superseded_[gone] < first + plan.rows; ++gone) --rows[plan.part], ++out_.replaced[parts_[plan.part].stored.info.id];
        first += plan.rows;
    }
    drop_rows(out_.columns, superseded_);
    std::int32_t known_last = 0;
    for (const ChunkPlan& chunk : chunks_)
        if (chunk.rows > 0) known_last = std::max(known_last, chunk.known_last);
    std::map<std::string, std::uint64_t> taken;
    for (std::size_t p = 0; p < parts_.size(); ++p) {
        taken[parts_[p].stored.info.id] = parts_[p].stored.taken;
        for (const model::Claim& claim : parts_[p].claims) {
            if (!query_.with_judgements || !sight_.sees(parse_marking(claim.handling), originator_of(claim.organisation, claim.source), claim.submission) ||
                members_.contains(claim.organisation))
                continue;
            if (query_.as_of && claim.known_at > *query_.as_of) continue;
            out_.claims.push_back(claim);
            known_last = std::max(known_last, claim.known_at.number);
        }
    }
    out_.claims = without_superseded(std::move(out_.claims), taken);
    for (std::size_t p = 0; p < parts_.size(); ++p) {
        const std::string& id = parts_[p].stored.info.id;
        const bool judges = std::any_of(out_.claims.begin(), out_.claims.end(), [&](const model::Claim& each) { return each.submission == id; });
        // A submission none of whose rows the reader sees is not mentioned: its name says something
        // too.
        if (rows[p] > 0 || judges)
            out_.submissions.push_back(parts_[p].stored.info);
    }
    out_.as_of = query_.as_of.value_or(core::Day{known_last});
}

// The same words for a segment of which the database gave some rows only: by the chunks of the whole.
void Loader::name_partial(core::Sha256& hash, std::size_t s, std::size_t& c) const {
    const SubmissionPart& part = parts_[segments_[s].part];
    std::vector<std::uint32_t> kept;  // places in the whole
    const auto& entries = segments_[s].segment.chunks();
    std::vector<std::size_t> first(entries.size() + 1, 0);
    for (std::size_t i = 0; i < entries.size(); ++i) first[i + 1] = first[i] + entries[i].rows;
    for (; c < chunks_.size() && chunks_[c].segment == s; ++c) {
        const ChunkPlan& chunk = chunks_[c];
        for (std::size_t i = 0; i < chunk.rows; ++i) kept.push_back(part.positions[first[chunk.index] + (chunk.all ? i : chunk.kept[i])]);
    }
    std::uint32_t begin = 0;
    auto at = kept.begin();
    for (std::size_t i = 0; i < part.chunks.size(); begin += part.chunks[i++]) {
        std::vector<std::uint32_t> own;
        for (; at != kept.end() && *at < begin + part.chunks[i]; ++at) own.push_back(*at - begin);
        if (own.empty()) continue;
        const bool all = own.size() == part.chunks[i];
        hash.add("chunk " + std::to_string(i) + (all ? " whole\n" : " rows " + hex(segment::digest(own.data(), own.size() * sizeof(std::uint32_t))) + "\n"));
    }
}

// The name of the content, from the names of its parts: two clones, or two filters, that end up
// with the same rows in the same order get the same name.
void Loader::name() {
    core::Sha256 hash;
    hash.add("threatlas snapshot 1\nas of " + core::iso(out_.as_of) + "\n");
    std::size_t c = 0;
    for (std::size_t s = 0; s < segments_.size(); ++s) {
        const SegmentPlan& plan = segments_[s];
        const bool partial = !parts_[plan.part].positions.empty();
        const bool whole = !partial && plan.rows == plan.segment.rows();
        if (plan.rows > 0)
            hash.add("segment " + parts_[plan.part].stored.segment + " of " + parts_[plan.part].stored.info.id +
                     (whole ? " whole\n" : " part\n"));
        if (partial) {
            name_partial(hash, s, c);
            continue;
        }
        for (; c < chunks_.size() && chunks_[c].segment == s; ++c) {
            const ChunkPlan& chunk = chunks_[c];
            if (plan.rows == 0 || whole || chunk.rows == 0) continue;
            hash.add("chunk " + std::to_string(chunk.index) +
                     (chunk.all ? " whole\n" : " rows " + hex(chunk.digest) + "\n"));
        }
    }
    if (!superseded_.empty()) hash.add("without rows " + hex(segment::digest(superseded_.data(), superseded_.size() * sizeof(std::uint32_t))) + "\n");
    for (const model::Claim& claim : out_.claims)
        hash.add("claim " + core::write_json(model::to_json(claim)) + "\n");
    for (const SubmissionInfo& info : out_.submissions)
        hash.add("submission " + core::write_json(model::to_json(info)) + "\n");
    out_.hash = hash.finish();
}

}  // namespace

Result<Snapshot> load_snapshot(const std::vector<SubmissionPart>& parts, const SnapshotQuery& query,
                               const Sight& sight) {
    return Loader(parts, query, sight).load();
}

}  // namespace threatlas::store
