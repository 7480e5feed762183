#include "serve/uploads/uploads.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>

#include "core/text.hpp"
#include "model/json_codec.hpp"
#include "serve/jobs/jobs.hpp"

namespace threatlas::serve {
namespace {

namespace fs = std::filesystem;
using core::ErrorCode;
using core::fail;
using core::Result;

std::string iso(std::int64_t seconds) {
    const std::time_t at = seconds;
    std::tm parts{};
    gmtime_r(&at, &parts);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text.data();
}

int hex(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; }

bool our_id(const std::string& id) {
    return id.size() == 33 && id[0] == 'u' && std::all_of(id.begin() + 1, id.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

tl::unexpected<core::Error> lost(const std::string& doing) { return fail(ErrorCode::unavailable, doing + ": " + std::strerror(errno)); }

Result<void> write_bytes(int to, const char* bytes, std::size_t size) {
    while (size > 0) {
        const ssize_t n = ::write(to, bytes, size);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return lost("the upload cannot be kept");
        bytes += n, size -= static_cast<std::size_t>(n);
    }
    return {};
}

// The body to a new file of mode 0600.
Result<void> spill(const net::Request& request, const std::string& path) {
    const int to = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (to < 0) return lost("the upload cannot be kept");
    const auto copy = [&]() -> Result<void> {
        if (!request.spooled) return write_bytes(to, request.body.data(), request.body.size());
        const int from = ::open(request.spooled->path().c_str(), O_RDONLY | O_CLOEXEC);
        if (from < 0) return lost("the upload cannot be read again");
        std::vector<char> buffer(std::size_t{1} << 18);
        Result<void> done;
        for (;;) {
            const ssize_t n = ::read(from, buffer.data(), buffer.size());
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) done = lost("the upload cannot be read again");
            if (n <= 0) break;
            done = write_bytes(to, buffer.data(), static_cast<std::size_t>(n));
            if (!done) break;
        }
        ::close(from);
        return done;
    }();
    const bool kept = copy && ::fsync(to) == 0;
    ::close(to);
    if (!kept) ::unlink(path.c_str());
    if (!copy) return copy;
    return kept ? Result<void>{} : lost("the upload cannot be kept");
}

core::json::object reject_json(const store::Reject& each) {
    return {{"row", each.row}, {"column", each.column}, {"verdict", each.verdict}, {"reason", each.reason}, {"original", each.original}};
}

}  // namespace

Result<UploadName> upload_name(std::string_view header) {
    std::string name;
    for (std::size_t i = 0; i < header.size(); ++i) {
        if (header[i] == '%' && i + 2 < header.size() && hex(header[i + 1]) >= 0 && hex(header[i + 2]) >= 0) {
            name += static_cast<char>(hex(header[i + 1]) * 16 + hex(header[i + 2]));
            i += 2;
        } else {
            name += header[i];
        }
    }
    if (const auto slash = name.find_last_of("/\\"); slash != std::string::npos) name.erase(0, slash + 1);
    if (!core::is_utf8(name)) return fail(ErrorCode::bad_input, "the file's name is not UTF-8: send it percent-encoded in X-Filename");
    std::string clean;
    for (const char c : name)
        if (static_cast<unsigned char>(c) >= 32 && c != 127) clean += c;
    name = std::string(core::trim(clean));
    const std::string lower = core::lower_ascii(name);
    static constexpr std::array<std::string_view, 11> kKnown{".csv.gz", ".tsv.gz", ".txt.gz", ".jsonl.gz", ".ndjson.gz", ".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".xlsx"};
    for (const auto ending : kKnown) {
        if (!lower.ends_with(ending)) continue;
        std::string stem = name.substr(0, name.size() - ending.size());
        std::size_t end = std::min<std::size_t>(stem.size(), 140);
        while (end > 0 && end < stem.size() && (static_cast<unsigned char>(stem[end]) & 0xC0) == 0x80) --end;
        stem.resize(end);
        while (!stem.empty() && stem.front() == '.') stem.erase(0, 1);
        return UploadName{(stem.empty() ? "upload" : stem) + std::string(ending), std::string(ending)};
    }
    if (name.empty()) return UploadName{"upload.csv", ".csv"};
    return fail(ErrorCode::bad_input, "a table is .csv, .tsv, .txt, .xlsx or .jsonl (text also .gz), not '" + name + "'");
}

Uploads::Uploads(UploadOptions options) : options_(std::move(options)) {
    if (!options_.clock) options_.clock = [] { return static_cast<std::int64_t>(std::time(nullptr)); };
    std::error_code ignored;
    fs::create_directories(options_.folder, ignored);
    fs::permissions(options_.folder, fs::perms::owner_all, ignored);
    sweep();
}

std::string Uploads::path(const Upload& upload) const { return options_.folder + "/" + upload.id + upload.extension; }

std::vector<Upload> Uploads::all() const {
    std::vector<Upload> out;
    std::error_code error;
    for (const auto& each : fs::directory_iterator(options_.folder, error)) {
        const std::string name = each.path().filename().string();
        if (name.size() != 38 || !name.ends_with(".json") || !our_id(name.substr(0, 33))) continue;
        const auto text = core::read_file(each.path().string());
        if (!text) continue;
        const auto value = core::parse_json(*text, name);
        Upload upload;
        if (value && model::from_json(*value, upload, name) && upload.id + ".json" == name) out.push_back(std::move(upload));
    }
    std::sort(out.begin(), out.end(), [](const Upload& a, const Upload& b) { return std::tie(b.created, b.id) < std::tie(a.created, a.id); });
    return out;
}

Result<Upload> Uploads::add(const model::Reader& who, const std::string& header, const net::Request& request) {
    THREATLAS_TRY(const UploadName name, upload_name(header));
    Upload out{random_id('u'), name.file, name.extension, who.person, who.organisation, iso(options_.clock()), iso(options_.clock() + options_.keep_seconds), request.spooled ? request.spooled->bytes() : request.body.size()};
    if (out.bytes == 0) return fail(ErrorCode::bad_input, "the file is empty");
    sweep();
    const std::lock_guard guard(mutex_);
    std::uint64_t bytes = out.bytes;
    std::size_t files = 1;
    for (const auto& each : all())
        if (each.organisation == who.organisation) bytes += each.bytes, ++files;
    if (bytes > options_.quota || files > options_.most)
        return fail(ErrorCode::not_allowed, "your organisation's uploads would exceed " + std::to_string(options_.quota >> 20) + " MiB or " + std::to_string(options_.most) + " files: delete some first");
    THREATLAS_CHECK(spill(request, path(out)));
    if (const auto noted = core::write_file(note(out.id), core::write_json(model::to_json(out))); !noted) {
        std::error_code ignored;
        fs::remove(path(out), ignored);
        return tl::unexpected<core::Error>(noted.error());
    }
    ::chmod(note(out.id).c_str(), 0600);
    return out;
}

Result<Upload> Uploads::find(const model::Reader& reader, const std::string& id) const {
    // Another's upload is not there: its name alone tells something.
    const auto missing = [&] { return fail(ErrorCode::not_found, "there is no upload '" + id + "'; it may have expired"); };
    if (!our_id(id)) return missing();
    const auto text = core::read_file(note(id));
    if (!text) return missing();
    THREATLAS_TRY(const auto value, core::parse_json(*text, "upload"));
    Upload out;
    THREATLAS_CHECK(model::from_json(value, out, "upload"));
    if (out.organisation != reader.organisation || out.expires < iso(options_.clock())) return missing();
    return out;
}

Result<std::vector<Upload>> Uploads::list(const model::Reader& reader) const {
    std::vector<Upload> out = all();
    const std::string now = iso(options_.clock());
    std::erase_if(out, [&](const Upload& each) { return each.organisation != reader.organisation || each.expires < now; });
    return out;
}

Result<void> Uploads::remove(const model::Reader& who, const std::string& id) {
    THREATLAS_TRY(const Upload upload, find(who, id));
    const std::lock_guard guard(mutex_);
    std::error_code error;
    for (const std::string& each : {path(upload), note(id), options_.folder + "/" + id + ".refused"}) fs::remove(each, error);
    return {};
}

std::size_t Uploads::sweep() {
    const std::lock_guard guard(mutex_);
    std::vector<std::string> kept, noted;
    const std::string now = iso(options_.clock());
    for (const auto& each : all()) {
        noted.push_back(each.id);
        if (each.expires >= now) kept.push_back(each.id);
    }
    std::size_t gone = 0;
    std::error_code error;
    std::vector<fs::path> files;
    for (const auto& each : fs::directory_iterator(options_.folder, error)) files.push_back(each.path());
    for (const auto& each : files) {
        const std::string name = each.filename().string();
        if (name.size() < 33 || !our_id(name.substr(0, 33)) || std::find(kept.begin(), kept.end(), name.substr(0, 33)) != kept.end()) continue;
        // A body that is just being written has no note yet: leave it an hour.
        struct stat info {};
        if (std::find(noted.begin(), noted.end(), name.substr(0, 33)) == noted.end() && ::stat(each.c_str(), &info) == 0 && std::time(nullptr) - info.st_mtime < 3600) continue;
        gone += fs::remove(each, error) ? 1 : 0;
    }
    return gone;
}

Result<void> Uploads::keep_refused(const Upload& upload, const core::json::object& mapping, const std::vector<store::Reject>& refused) const {
    core::json::array rows;
    for (const auto& each : refused) rows.push_back(reject_json(each));
    const std::string to = options_.folder + "/" + upload.id + ".refused";
    THREATLAS_CHECK(core::write_file(to, core::write_json(core::json::object{{"mapping", mapping}, {"refused", std::move(rows)}})));
    ::chmod(to.c_str(), 0600);
    return {};
}

Result<std::pair<core::json::object, std::vector<store::Reject>>> Uploads::refused(const Upload& upload) const {
    const auto text = core::read_file(options_.folder + "/" + upload.id + ".refused");
    if (!text) return fail(ErrorCode::not_found, "the upload was not checked yet: check it first");
    THREATLAS_TRY(auto value, core::parse_json(*text, "refused"));
    auto& object = value.as_object();
    std::pair<core::json::object, std::vector<store::Reject>> out{object.at("mapping").as_object(), {}};
    for (const auto& each : object.at("refused").as_array()) {
        const auto& row = each.as_object();
        const auto word = [&](const char* key) { return std::string(row.at(key).as_string()); };
        out.second.push_back({upload.file, row.at("row").to_number<std::uint64_t>(), word("column"), word("verdict"), word("reason"), word("original")});
    }
    return out;
}

}  // namespace threatlas::serve
