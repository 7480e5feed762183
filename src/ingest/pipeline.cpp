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

// The same bytes read another way are another submission.
Result<std::string> content_id(const std::string& path, const std::string& reader) {
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

// Begins, lets `read` fill the recorder, and commits: nothing is stored unless all of it is.
template <class Read>
Result<Outcome> record(store::Store& store, const model::Reader& writer, const model::Catalogue& catalogue, const store::SubmissionInfo& info,
                       std::optional<core::Day> edition, const std::string& path, const Options& options, core::Progress& progress, Read&& read) {
    if (catalogue.source(info.source) == nullptr)
        return fail(ErrorCode::bad_input, "the catalogue has no source '" + info.source + "': add it to sources.yaml with its publisher, licence and evaluation", {path, 0, ""});
    std::unique_ptr<store::Submission> submission;
    if (!options.dry_run) {
        THREATLAS_TRY(submission, store.begin(writer, info));
        if (!submission) {
            Outcome out;
            out.info = info;
            out.already_there = true;
            THREATLAS_TRY(const auto known, store.submissions(writer));
            for (const auto& each : known)
                if (each.id == info.id) out.info = each;
            return out;
        }
    }
    Recorder recorder(catalogue, info, submission.get(), progress);
    recorder.total_bytes(file_size(path));
    if (edition) recorder.override_edition(*edition);
    if (!options.rejects_csv.empty() && !options.dry_run) THREATLAS_CHECK(recorder.open_rejects(options.rejects_csv));
    THREATLAS_CHECK(read(recorder));
    THREATLAS_TRY(Outcome out, recorder.finish());
    if (submission) {
        THREATLAS_TRY(out.info, submission->commit(out.info.rows));
    }
    return out;
}

}  // namespace

Result<Outcome> ingest_file(store::Store& store, const model::Reader& writer, const model::Catalogue& catalogue, const Importer& importer,
                            const std::string& path, const Options& options, core::Progress& progress) {
    store::SubmissionInfo info;
    THREATLAS_TRY(info.id, content_id(path, importer.source()));
    THREATLAS_TRY(info.member, member_of("", options, catalogue, path));
    info.source = importer.source();
    info.file = base_name(path);
    info.mapping = importer.source();
    const bool stated = options.known_at != core::Day{};
    info.known_at = stated ? options.known_at : importer.published();
    if (info.known_at == core::Day{})
        return fail(ErrorCode::bad_usage, "say since when this is known (--known-at): the importer '" + importer.source() + "' has no edition of its own", {path, 0, ""});
    // A later edition read by today's importer: rows that carry the shipped edition's day get its day.
    const std::optional<core::Day> edition = stated && importer.published() != core::Day{} ? std::optional(importer.published()) : std::nullopt;
    return record(store, writer, catalogue, info, edition, path, options, progress, [&](Recorder& recorder) { return importer.read(path, catalogue, recorder); });
}

Result<Outcome> ingest_mapped(store::Store& store, const model::Reader& writer, const model::Catalogue& catalogue, const std::string& mapping_path,
                              const std::string& path, const Options& options, core::Progress& progress) {
    THREATLAS_TRY(const Mapping mapping, load_mapping(mapping_path));
    store::SubmissionInfo info;
    THREATLAS_TRY(info.id, content_id(path, mapping.content));
    THREATLAS_TRY(info.member, member_of(mapping.member, options, catalogue, mapping_path));
    info.source = mapping.source;
    info.file = base_name(path);
    info.mapping = mapping.id;
    if (mapping.known_at) info.known_at = *mapping.known_at;
    else if (options.known_at != core::Day{}) info.known_at = options.known_at;
    else if (!mapping.known_after_days)
        return fail(ErrorCode::bad_input, "it is not said since when these figures are known: give known_at or known_after_days in the mapping, or --known-at", {mapping_path, 0, ""});
    return record(store, writer, catalogue, info, std::nullopt, path, options, progress,
                  [&](Recorder& recorder) { return read_mapped(mapping, catalogue, path, recorder); });
}

}  // namespace threatlas::ingest
