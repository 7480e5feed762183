#include "store/postgres/segments.hpp"

#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): ::mkdtemp is POSIX

#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>

#include "core/text.hpp"
#include "model/reader.hpp"
#include "store/postgres/connection.hpp"
#include "store/segment_reader.hpp"
#include "store/segment_writer.hpp"

namespace threatlas::store::postgres {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;

constexpr const char* kColumns = "segment, position, mark, what, member, place, unit, dims, flags, evaluation, handling, source, file, begin_day, end_day, known_at, state, nature, statement, row_number, value, upper";
constexpr std::int16_t kCount = 22;
constexpr std::string_view kHeader{"PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19};
constexpr std::size_t kPiece = 1 << 18;

template <class T>
void put(std::string& out, T value) {
    auto bits = static_cast<std::make_unsigned_t<T>>(value);
    char bytes[sizeof(T)];
    for (std::size_t i = sizeof(T); i-- > 0;) bytes[i] = static_cast<char>(bits & 0xffu), bits = static_cast<std::make_unsigned_t<T>>(sizeof(T) == 1 ? 0 : bits >> 8);
    out.append(bytes, sizeof bytes);
}
template <class T>
void field(std::string& out, T value) {
    put(out, static_cast<std::int32_t>(sizeof(T)));
    put(out, value);
}
void field(std::string& out, double value) { field(out, std::bit_cast<std::int64_t>(value)); }
void field(std::string& out, const std::string& text) {
    put(out, static_cast<std::int32_t>(text.size()));
    out += text;
}

template <class T>
T take(const char*& at) {
    std::make_unsigned_t<T> bits = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) bits = static_cast<std::make_unsigned_t<T>>(static_cast<std::uint64_t>(bits) << 8 | static_cast<unsigned char>(*at++));
    return static_cast<T>(bits);
}

// The columns of a chunk, decoded.
struct Decoded {
    std::array<std::vector<std::uint32_t>, segment::kTexts> texts;
    std::vector<std::int32_t> begin, end, known_at;
    std::vector<std::uint8_t> state, nature, statement;
    std::vector<std::uint64_t> row;
    std::vector<double> value, upper;

    void read(const Chunk& chunk, const std::vector<std::uint32_t>& own) {
        const std::size_t rows = chunk.rows;
        for (std::size_t c = 0; c < segment::kTexts; ++c) texts[c].resize(rows), decode_codes(chunk, static_cast<segment::Column>(c), nullptr, own, texts[c].data());
        const auto one = [&](auto& column, segment::Column which) { column.resize(rows), decode(chunk, which, nullptr, column.data()); };
        one(begin, segment::begin), one(end, segment::end), one(known_at, segment::known_at);
        one(state, segment::state), one(nature, segment::nature), one(statement, segment::statement);
        one(row, segment::row), one(value, segment::value), one(upper, segment::upper);
    }
};

// Numbers of the pairs of handling and originator: rights are decided once a pair, not once a row.
class Marks {
  public:
    explicit Marks(Database& database) : database_(database) {}
    Result<std::int32_t> number(const std::string& handling, const std::string& originator) {
        if (const auto known = known_.find({handling, originator}); known != known_.end()) return known->second;
        THREATLAS_TRY(Statement row, database_.prepare("SELECT number FROM marks WHERE handling = $1 AND originator = $2"));
        THREATLAS_TRY(bool there, row.bind(handling, originator).step());
        if (!there) {
            THREATLAS_CHECK(database_.run("INSERT INTO marks (number, handling, originator) VALUES ((SELECT COALESCE(MAX(number), 0) + 1 FROM marks), $1, $2)", handling, originator));
            THREATLAS_TRY(there, row.bind(handling, originator).step());
            if (!there) return fail(ErrorCode::internal, "a mark was written and is not there");
        }
        return known_.emplace(std::pair(handling, originator), static_cast<std::int32_t>(row.integer(0))).first->second;
    }

  private:
    Database& database_;
    std::map<std::pair<std::string, std::string>, std::int32_t> known_;
};

Settings settings_of(const model::Reader& reader) {
    Settings out;
    out.organisation = reader.organisation, out.role = model::name_of(reader.role);
    const std::size_t space = reader.clearance.find(' ');
    out.clearance = reader.clearance.substr(0, space);
    out.codes = space == std::string::npos ? "" : reader.clearance.substr(space + 1);
    out.purpose = reader.purpose;
    return out;
}

Settings own_settings() {
    Settings out;
    out.whole = true;
    return out;
}

}  // namespace

Result<void> put_segment(Database& database, const std::string& path, const std::string& hash) {
    Connection& connection = *database.postgres();
    {
        THREATLAS_TRY(Statement there, database.prepare("SELECT 1 FROM segments WHERE hash = $1"));
        THREATLAS_TRY(const bool same, there.bind(hash).step());
        if (same) return {};
    }
    THREATLAS_TRY(const Segment segment, Segment::open(path, hash));
    std::string chunks;
    for (const auto& chunk : segment.chunks()) chunks += (chunks.empty() ? "" : ",") + std::to_string(chunk.rows);
    THREATLAS_CHECK(database.run("INSERT INTO segments (number, hash, row_count, chunks) VALUES ((SELECT COALESCE(MAX(number), 0) + 1 FROM segments), $1, $2, $3)", hash, segment.rows(), chunks));
    THREATLAS_TRY(Statement numbered, database.prepare("SELECT number FROM segments WHERE hash = $1"));
    THREATLAS_CHECK(numbered.bind(hash).step());
    const std::int64_t number = numbered.integer(0);

    std::vector<std::string> words(segment.words());
    std::vector<std::uint32_t> own(segment.words());
    for (std::size_t i = 0; i < words.size(); ++i) words[i] = to_text(segment.word(i)), own[i] = static_cast<std::uint32_t>(i);
    // The marks first: no other statement may come while a COPY runs.
    Marks marks(database);
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::int32_t> mark_of;
    std::vector<std::uint8_t> buffer;
    Decoded d;
    const auto giver = [&](std::size_t i) { return words[d.texts[segment::member][i]].empty() ? d.texts[segment::source][i] : d.texts[segment::member][i]; };
    for (std::size_t c = 0; c < segment.chunks().size(); ++c) {
        THREATLAS_TRY(const Chunk chunk, segment.read(c, buffer));
        d.read(chunk, own);
        for (std::size_t i = 0; i < chunk.rows; ++i) {
            const std::pair key{d.texts[segment::handling][i], giver(i)};
            if (mark_of.contains(key)) continue;
            THREATLAS_TRY(mark_of[key], marks.number(std::string(segment.word(key.first)), std::string(segment.word(key.second))));
        }
    }
    // COPY does not write to tables with row-level rights, so it writes beside and the rows are moved.
    THREATLAS_CHECK(database.run("CREATE TEMP TABLE incoming (LIKE observations) ON COMMIT DROP"));
    const auto rows = [&](const Connection::Sink& sink) -> Result<void> {
        std::string out(kHeader);
        std::int32_t position = 0;
        for (std::size_t c = 0; c < segment.chunks().size(); ++c) {
            THREATLAS_TRY(const Chunk chunk, segment.read(c, buffer));
            d.read(chunk, own);
            std::pair<std::uint32_t, std::uint32_t> last{~0u, ~0u};
            std::int32_t mark = 0;
            for (std::size_t i = 0; i < chunk.rows; ++i) {
                if (const std::pair key{d.texts[segment::handling][i], giver(i)}; key != last) mark = mark_of.at(key), last = key;
                put(out, kCount);
                field(out, number), field(out, position++), field(out, mark);
                for (std::size_t t = 0; t < segment::kTexts; ++t) field(out, words[d.texts[t][i]]);
                field(out, d.begin[i]), field(out, d.end[i]), field(out, d.known_at[i]);
                field(out, std::int16_t{d.state[i]}), field(out, std::int16_t{d.nature[i]}), field(out, std::int16_t{d.statement[i]});
                field(out, static_cast<std::int64_t>(d.row[i])), field(out, d.value[i]), field(out, d.upper[i]);
                if (out.size() < kPiece) continue;
                THREATLAS_CHECK(sink(out.data(), out.size()));
                out.clear();
            }
        }
        put(out, std::int16_t{-1});
        return sink(out.data(), out.size());
    };
    THREATLAS_CHECK(connection.copy_in("COPY incoming (" + std::string(kColumns) + ") FROM STDIN (FORMAT binary)", rows));
    return database.run("INSERT INTO observations SELECT * FROM incoming");
}

Result<void> get_segment(Database& database, SubmissionPart& part, const std::string& folder) {
    const std::string& hash = part.stored.segment;
    THREATLAS_TRY(Statement known, database.prepare("SELECT number, row_count, chunks FROM segments WHERE hash = $1"));
    THREATLAS_TRY(const bool there, known.bind(hash).step());
    if (!there) return fail(ErrorCode::mismatch, "the rows of submission " + part.stored.info.id + " are not in the database", {database.file(), 0, ""});
    const std::int64_t number = known.integer(0);
    const auto rows = static_cast<std::uint64_t>(known.integer(1));
    const std::string chunks = known.text(2);

    const std::string path = folder + "/" + std::to_string(number) + ".seg";
    THREATLAS_TRY(auto writer, SegmentWriter::create(path));
    model::Observation o;
    std::string dims;
    std::array<std::string*, segment::kTexts> texts{&o.what, &o.member, &o.place, &o.unit, &dims, &o.flags, &o.evaluation, &o.handling, &o.source, &o.file};
    bool begun = false;
    const auto take_row = [&](const char* bytes, std::size_t size) -> Result<void> {
        const auto broken = [&] { return fail(ErrorCode::mismatch, "the database sends rows of another form than were stored", {database.file(), 0, ""}); };
        const char* at = bytes;
        const char* const end = bytes + size;
        if (!begun) {
            if (size < kHeader.size()) return broken();
            begun = true, at += kHeader.size();
        }
        while (at < end) {
            if (end - at < 2) return broken();
            const auto count = take<std::int16_t>(at);
            if (count < 0) return {};
            if (count != kCount - 2) return broken();
            std::array<std::string_view, kCount - 2> fields;
            for (std::string_view& each : fields) {
                if (end - at < 4) return broken();
                const auto length = take<std::int32_t>(at);
                if (length < 0 || end - at < length) return broken();
                each = {at, static_cast<std::size_t>(length)};
                at += length;
            }
            std::size_t f = 0;
            const auto number_of = [&]<class T>(T) -> T {
                const char* from = fields[f].data();
                return fields[f++].size() == sizeof(T) ? take<T>(from) : T{};
            };
            const auto position = number_of(std::int32_t{});
            for (std::string* text : texts) {
                const std::string_view value = fields[f++];
                if (value.find("\xf4\x8f\xbf\xbd") == std::string_view::npos) text->assign(value);
                else *text = from_text(value);
            }
            o.period.begin.number = number_of(std::int32_t{}), o.period.end.number = number_of(std::int32_t{}), o.known_at.number = number_of(std::int32_t{});
            o.state = static_cast<model::State>(number_of(std::int16_t{})), o.nature = static_cast<model::Nature>(number_of(std::int16_t{})), o.statement = static_cast<model::Statement>(number_of(std::int16_t{}));
            o.row = static_cast<std::uint64_t>(number_of(std::int64_t{}));
            o.value = std::bit_cast<double>(number_of(std::int64_t{})), o.upper = std::bit_cast<double>(number_of(std::int64_t{}));
            part.positions.push_back(static_cast<std::uint32_t>(position));
            THREATLAS_CHECK(writer->add(o, dims));
        }
        return {};
    };
    THREATLAS_CHECK(database.postgres()->copy_out("COPY (SELECT position, what, member, place, unit, dims, flags, evaluation, handling, source, file, begin_day, end_day, known_at, state, nature, statement, row_number, value, upper "
                                                  "FROM observations WHERE segment = " + std::to_string(number) + " ORDER BY position) TO STDOUT (FORMAT binary)", take_row));
    if (part.positions.empty() && rows > 0) return {};  // nothing for this reader
    THREATLAS_TRY(const SegmentSummary summary, writer->finish());
    part.path = path;
    if (part.positions.size() == rows) {
        part.positions.clear();
        if (summary.hash != hash) return fail(ErrorCode::mismatch, "the rows of submission " + part.stored.info.id + " are not those that were stored: restore the database from a copy", {database.file(), 0, ""});
        return {};
    }
    for (const std::string& each : core::split(chunks, ',')) part.chunks.push_back(static_cast<std::uint32_t>(core::parse_number(each).value_or(0)));
    return {};
}

ActingFor::ActingFor(Database& database, const model::Reader& reader, const Sight& sight) : connection_(database.postgres()) {
    if (connection_ == nullptr) return;
    Settings settings = settings_of(reader);
    // Also of those who consented for one submission only: the store looks at which.
    for (const Consent& each : sight.consents()) settings.consents += (settings.consents.empty() ? "" : ",") + each.originator;
    connection_->act_for(std::move(settings));
}
ActingFor::~ActingFor() {
    if (connection_ != nullptr) connection_->act_for(own_settings());
}

Result<Scratch> Scratch::make() {
    std::error_code error;
    std::string pattern = (std::filesystem::temp_directory_path(error) / "threatlas-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) return system_error(errno, "no folder for rows in passing can be made", pattern);
    Scratch scratch;
    scratch.path_ = pattern;
    return scratch;
}
Scratch::~Scratch() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace threatlas::store::postgres
