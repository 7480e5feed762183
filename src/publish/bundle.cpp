#include "publish/bundle.hpp"

#include <zlib.h>

#include <algorithm>
#include <filesystem>

#include "core/hash.hpp"
#include "core/json.hpp"
#include "core/text.hpp"
#include "model/catalogue.hpp"
#include "model/json_codec.hpp"

namespace threatlas::publish {
namespace {

namespace fs = std::filesystem;
namespace json = core::json;
using core::ErrorCode;

core::Result<void> write_gz(const std::string& path, std::string_view text) {
    gzFile file = gzopen(path.c_str(), "wb6");
    if (file == nullptr) return core::fail(ErrorCode::unavailable, "the file cannot be created", {path, 0, ""});
    bool whole = true;
    for (; whole && !text.empty(); text.remove_prefix(std::min<std::size_t>(text.size(), 1 << 20)))
        whole = gzwrite(file, text.data(), static_cast<unsigned>(std::min<std::size_t>(text.size(), 1 << 20))) > 0;
    if (gzclose(file) != Z_OK || !whole) return core::fail(ErrorCode::unavailable, "the file cannot be written (is the disk full?)", {path, 0, ""});
    return {};
}

core::Result<std::string> read_gz(const std::string& path) {
    constexpr std::size_t kMost = std::size_t{4} << 30;  // a bundle is hostile input: no endless inflation
    gzFile file = gzopen(path.c_str(), "rb");
    if (file == nullptr) return core::fail(ErrorCode::not_found, "the file cannot be opened", {path, 0, ""});
    std::string text, part(1 << 20, '\0');
    int count = 0;
    while ((count = gzread(file, part.data(), static_cast<unsigned>(part.size()))) > 0 && text.size() < kMost) text.append(part, 0, static_cast<std::size_t>(count));
    const bool good = gzclose(file) == Z_OK && count == 0;
    if (!good) return core::fail(ErrorCode::bad_input, "the file is truncated or damaged", {path, 0, ""});
    return text;
}

// All regular files below a folder, relative and sorted.
std::vector<std::string> files_below(const fs::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.is_regular_file()) names.push_back(fs::relative(entry.path(), folder).generic_string());
    std::sort(names.begin(), names.end());
    return names;
}

core::Result<json::object> hashes(const fs::path& folder) {
    json::object out;
    for (const std::string& name : files_below(folder)) {
        if (name == "manifest.json") continue;
        THREATLAS_TRY(const std::string hash, core::sha256_file((folder / name).string()));
        out[name] = hash;
    }
    return out;
}

core::Result<json::value> read_json(const fs::path& path) {
    THREATLAS_TRY(const std::string text, core::read_file(path.string()));
    return core::parse_json(text, path.string());
}

core::Result<store::Snapshot> read_snapshot(const fs::path& folder) {
    THREATLAS_TRY(const std::string csv, read_gz((folder / "observations.csv.gz").string()));
    THREATLAS_TRY(store::Snapshot snapshot, snapshot_from_csv(csv, (folder / "observations.csv.gz").string()));
    THREATLAS_TRY(const json::value claims, read_json(folder / "claims.json"));
    THREATLAS_CHECK(model::from_json(claims, snapshot.claims, "claims"));
    THREATLAS_TRY(const json::value submissions, read_json(folder / "submissions.json"));
    THREATLAS_CHECK(model::from_json(submissions, snapshot.submissions, "submissions"));
    return snapshot;
}

}  // namespace

core::Result<void> write_bundle(const std::string& folder, const store::Snapshot& snapshot, const std::string& catalogue_folder, const assess::Options& options,
                                const std::string& assessment_json) {
    const fs::path part = folder + ".part";
    std::error_code error;
    fs::remove_all(part, error);
    fs::create_directories(part / "catalogue", error);
    if (error) return core::fail(ErrorCode::unavailable, "the folder cannot be created: " + error.message(), {folder, 0, ""});
    for (const auto& entry : fs::directory_iterator(catalogue_folder)) {
        if (!entry.is_regular_file()) continue;
        fs::copy_file(entry.path(), part / "catalogue" / entry.path().filename(), error);
        if (error) return core::fail(ErrorCode::unavailable, "the catalogue cannot be copied: " + error.message(), {folder, 0, ""});
    }
    THREATLAS_CHECK(write_gz((part / "observations.csv.gz").string(), observations_csv(snapshot)));
    THREATLAS_CHECK(core::write_file((part / "claims.json").string(), core::write_json(model::to_json(snapshot.claims), 1)));
    THREATLAS_CHECK(core::write_file((part / "submissions.json").string(), core::write_json(model::to_json(snapshot.submissions), 1)));
    THREATLAS_CHECK(core::write_file((part / "assessment.json").string(), assessment_json));
    if (options.previous != nullptr) THREATLAS_CHECK(core::write_file((part / "previous.json").string(), assess::to_json_text(*options.previous)));

    THREATLAS_TRY(json::object files, hashes(part));
    const json::value manifest{{"format", 1},
                               {"files", std::move(files)},
                               {"seed", std::to_string(options.seed)},
                               {"draws", options.draws},
                               {"title", options.title},
                               {"judgements", options.judgements},
                               {"left_out", model::to_json(options.left_out)},
                               {"as_of", core::iso(snapshot.as_of)},
                               {"snapshot_hash", snapshot.hash}};
    THREATLAS_CHECK(core::write_file((part / "manifest.json").string(), core::write_json(manifest, 2)));
    fs::remove_all(folder, error);
    fs::rename(part, folder, error);
    if (error) return core::fail(ErrorCode::unavailable, "the bundle cannot be put in place: " + error.message(), {folder, 0, ""});
    return {};
}

core::Result<Verification> verify_bundle(const std::string& folder, core::Progress& progress) {
    const fs::path root = folder;
    if (!fs::exists(root / "manifest.json")) return core::fail(ErrorCode::not_found, "this is not a bundle: it has no manifest.json", {folder, 0, ""});
    THREATLAS_TRY(const json::value manifest, read_json(root / "manifest.json"));
    const auto text_of = [&](const char* key) -> std::string {
        const auto* value = manifest.is_object() ? manifest.get_object().if_contains(key) : nullptr;
        return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
    };
    THREATLAS_TRY(const json::object found, hashes(root));
    const auto* wanted = manifest.is_object() ? manifest.get_object().if_contains("files") : nullptr;
    if (wanted == nullptr || !wanted->is_object()) return core::fail(ErrorCode::bad_input, "the manifest lists no files", {folder, 0, ""});
    for (const auto& each : wanted->get_object()) {
        const auto* hash = found.if_contains(each.key());
        if (hash == nullptr) return core::fail(ErrorCode::bad_input, "the bundle lacks " + std::string(each.key()), {folder, 0, ""});
        if (*hash != each.value()) return core::fail(ErrorCode::mismatch, std::string(each.key()) + " was changed after the bundle was made", {folder, 0, ""});
    }
    for (const auto& each : found)
        if (!wanted->get_object().contains(each.key())) return core::fail(ErrorCode::mismatch, std::string(each.key()) + " was added after the bundle was made", {folder, 0, ""});

    THREATLAS_TRY(store::Snapshot snapshot, read_snapshot(root));
    snapshot.hash = text_of("snapshot_hash");
    THREATLAS_TRY(snapshot.as_of, core::parse_day(text_of("as_of")));
    THREATLAS_TRY(const model::Catalogue catalogue, model::load_catalogue((root / "catalogue").string()));
    assess::Options options;
    options.title = text_of("title");
    try {
        options.seed = std::stoull(text_of("seed"));
        options.draws = manifest.at("draws").to_number<int>();
        options.judgements = manifest.at("judgements").as_bool();
    } catch (const std::exception&) {
        return core::fail(ErrorCode::bad_input, "the manifest lacks seed, draws or judgements", {folder, 0, ""});
    }
    if (options.draws < 100 || options.draws > 10'000'000) return core::fail(ErrorCode::bad_input, "the manifest asks for an impossible number of draws", {folder, 0, ""});
    THREATLAS_CHECK(model::from_json(manifest.at("left_out"), options.left_out, "left_out"));
    assess::Assessment previous;
    if (fs::exists(root / "previous.json")) {
        THREATLAS_TRY(const std::string text, core::read_file((root / "previous.json").string()));
        THREATLAS_TRY(previous, assess::from_json_text(text, "previous.json"));
        options.previous = &previous;
    }
    THREATLAS_TRY(const assess::Assessment again, assess::assess(snapshot, catalogue, options, progress));
    THREATLAS_TRY(const std::string stored, core::read_file((root / "assessment.json").string()));
    const std::string rerun = assess::to_json_text(again);
    Verification result{stored == rerun, core::sha256(stored), core::sha256(rerun), {}};
    result.notes.push_back(std::to_string(found.size()) + " files carry the hash of the manifest");
    return result;
}

}  // namespace threatlas::publish
