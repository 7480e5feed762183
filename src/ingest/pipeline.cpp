#include <sys/stat.h>

#include <filesystem>
#include <optional>

#include "core/hash.hpp"
#include "ingest/ingest.hpp"
#include "ingest/mapped_rows.hpp"
#include "ingest/mapping.hpp"
#include "ingest/recorder.hpp"

namespace threatlas::ingest {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

std::string base_name(const std::string& path) { return std::filesystem::path(path).filename().string(); }

std::uint64_t file_size(const std::string& path) {
    struct stat info {};
    return ::stat(path.c_str(), &info) == 0 ? static_cast<std::uint64_t>(info.st_size) : 0;
}

// The same bytes read another way are another submission. A file is read twice, so it must be one.
Result<std::string> content_id(const std::string& path, const std::string& reader) {
    std::error_code error;
    const auto kind = std::filesystem::status(path, error).type();
    if (kind == std::filesystem::file_type::directory) return fail(ErrorCode::bad_usage, "this is a folder: name the files in it", {path, 0, ""});
    if (kind == std::filesystem::file_type::fifo || kind == std::filesystem::file_type::character || kind == std::filesystem::file_type::socket)
        return fail(ErrorCode::bad_usage, "this is a pipe or a device: save what comes out of it to a file, and hand that in", {path, 0, ""});
    THREATLAS_TRY(const std::string bytes, core::sha256_file(path));
    return core::sha256(bytes + "\n" + reader);
}

Result<std::string> member_of(const std::string& stated, const Options& options, const model::Catalogue& catalogue, const std::string& path) {
    if (!stated.empty() && !options.member.empty() && stated != options.member)
        return fail(ErrorCode::bad_usage, "the mapping is for member '" + stated + "', the command says '" + options.member + "'", {path, 0, ""});
    const std::string member = stated.empty() ? options.member : stated;
    if (!member.empty() && catalogue.member(member) == nullptr)
        return fail(ErrorCode::bad_usage, "the catalogue has no member '" + member + "'", {path, 0, ""});
    return member;
}

// The day all was known. day 0 when nobody says and rows have their own.
Result<core::Day> known_day(std::optional<core::Day> by_file, const Options& options, const std::string& path) {
    if (by_file && options.known_at != core::Day{} && *by_file != options.known_at)
        return fail(ErrorCode::bad_usage, "the mapping says known_at: " + core::iso(*by_file) + ", the command says --known-at " + core::iso(options.known_at) + ": change one of them", {path, 0, ""});
    const core::Day day = by_file ? *by_file : options.known_at;
    if (options.today != core::Day{} && day > options.today)
        return fail(ErrorCode::bad_usage, core::iso(day) + " lies in the future: nothing is known before it is", {path, 0, ""});
    return day;
}

// Published figures are already public; a member's own are not, and must not come in under their name.
Result<void> fits_source(const model::Source& source, const std::string& member, const std::string& path) {
    if (member.empty() || source.contributed || !source.already_public) return {};
    return fail(ErrorCode::bad_usage, "'" + source.id + "' is a published source, and '" + member + "' is a member: what a member hands in has the source 'member_statistics' (or another with contributed: true)", {path, 0, ""});
}

// What was said the first time stands: the same bytes for another member or another day are a mistake.
Result<Outcome> already_there(store::Store& store, const model::Reader& writer, const store::SubmissionInfo& info, const Options& options, const std::string& path) {
    Outcome out;
    out.info = info;
    out.already_there = true;
    THREATLAS_TRY(const auto known, store.submissions(writer));
    for (const auto& each : known)
        if (each.id == info.id) out.info = each;
    const std::string how = "; if that was wrong, 'threatlas submissions withdraw " + out.info.id.substr(0, 12) + "' and hand in a corrected copy";
    if (out.info.member != info.member)
        return fail(ErrorCode::conflict, "this file is in the store already, for " + (out.info.member.empty() ? std::string("no member") : "member '" + out.info.member + "'") + how, {path, 0, ""});
    if (options.known_at != core::Day{} && out.info.known_at != options.known_at)
        return fail(ErrorCode::conflict, "this file is in the store already, known since " + core::iso(out.info.known_at) + how, {path, 0, ""});
    if (options.rejects != nullptr) {
        THREATLAS_TRY(const auto rejects, store.rejects(writer, info.id));
        for (const auto& each : rejects) THREATLAS_CHECK(options.rejects->add(each));
    }
    return out;
}

// Begins, lets `read` fill the recorder, and commits: nothing is stored unless all of it is.
template <class Read>
Result<Outcome> record(store::Store* store, const model::Reader& writer, const model::Catalogue& catalogue, const store::SubmissionInfo& info,
                       std::optional<core::Day> edition, const std::string& path, const Options& options, core::Progress& progress, Read&& read) {
    const model::Source* source = catalogue.source(info.source);
    if (source == nullptr)
        return fail(ErrorCode::bad_input, "the catalogue has no source '" + info.source + "': add it to sources.yaml with its publisher, licence and evaluation", {path, 0, ""});
    THREATLAS_CHECK(fits_source(*source, info.member, path));
    std::unique_ptr<store::Submission> submission;
    if (!options.dry_run) {
        store::SubmissionInfo kept = info;
        kept.review_after_years = source->review_after_years;
        THREATLAS_TRY(submission, store->begin(writer, kept));
        if (!submission) return already_there(*store, writer, info, options, path);
    }
    Recorder recorder(catalogue, info, submission.get(), options.rejects, progress);
    recorder.total_bytes(file_size(path));
    recorder.listen(options.refused, options.accepted);
    if (edition) recorder.override_edition(*edition);
    THREATLAS_CHECK(read(recorder));
    if (options.dry_run && store != nullptr) {
        THREATLAS_TRY(const auto known, store->submissions(writer));
        for (const auto& each : known)
            if (each.id == info.id) recorder.note("this very file is in the store already");
    }
    if (recorder.info().rows == 0)
        return fail(ErrorCode::bad_input, "there are headings and no row: is it the right file, and was it filled in?", {path, 0, ""});
    THREATLAS_CHECK(core::go_on(progress));
    Outcome out = recorder.finish();
    if (submission) {
        THREATLAS_TRY(out.info, submission->commit(out.info.rows));
    }
    return out;
}

}  // namespace

Result<Outcome> ingest_file(store::Store* store, const model::Reader& writer, const model::Catalogue& catalogue, const Importer& importer,
                            const std::string& path, const Options& options, core::Progress& progress) {
    store::SubmissionInfo info;
    THREATLAS_TRY(info.id, content_id(path, importer.source()));
    THREATLAS_TRY(info.member, member_of("", options, catalogue, path));
    info.source = importer.source();
    info.file = options.name.empty() ? base_name(path) : options.name;
    info.mapping = importer.source();
    const bool stated = options.known_at != core::Day{};
    THREATLAS_TRY(info.known_at, known_day(std::nullopt, options, path));
    if (!stated) info.known_at = importer.published() != core::Day{} ? importer.published() : options.today;
    if (info.known_at == core::Day{})
        return fail(ErrorCode::bad_usage, "say since when this is known (--known-at): the importer '" + importer.source() + "' has no edition of its own", {path, 0, ""});
    // A later edition read by today's importer: rows that carry the shipped edition's day get its day.
    const std::optional<core::Day> edition = stated && importer.published() != core::Day{} ? std::optional(importer.published()) : std::nullopt;
    return record(store, writer, catalogue, info, edition, path, options, progress, [&](Recorder& recorder) { return importer.read(path, catalogue, recorder); });
}

Result<Outcome> ingest_mapped(store::Store* store, const model::Reader& writer, const model::Catalogue& catalogue, const std::string& mapping_path,
                              const std::string& path, const Options& options, core::Progress& progress) {
    THREATLAS_TRY(const Mapping mapping, load_mapping(mapping_path));
    store::SubmissionInfo info;
    THREATLAS_TRY(info.id, content_id(path, mapping.content));
    THREATLAS_TRY(info.member, member_of(mapping.member, options, catalogue, mapping_path));
    info.source = mapping.source;
    info.file = options.name.empty() ? base_name(path) : options.name;
    info.mapping = mapping.id;
    THREATLAS_TRY(info.known_at, known_day(mapping.known_at, options, mapping_path));
    if (info.known_at == core::Day{}) info.known_at = options.today;
    if (info.known_at == core::Day{} && !mapping.known_after_days)
        return fail(ErrorCode::bad_input, "it is not said since when these figures are known: give known_at or known_after_days in the mapping, or --known-at", {mapping_path, 0, ""});
    return record(store, writer, catalogue, info, std::nullopt, path, options, progress,
                  [&](Recorder& recorder) { return read_mapped(mapping, catalogue, path, recorder); });
}

}  // namespace threatlas::ingest
