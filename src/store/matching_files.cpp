// Seeds beside the store, and filters in it.
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <filesystem>

#include "core/text.hpp"
#include "core/hexadecimal.hpp"
#include "store/file_io.hpp"
#include "store/matching_rows.hpp"

namespace threatlas::store {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;
namespace fs = std::filesystem;

std::string seed_file(const Engine& engine) { return engine.beside() + ".matching.key"; }
std::string next_file(const Engine& engine) { return seed_file(engine) + ".next"; }

Result<void> only_owner(const std::string& path) {
    struct stat info{};
    if (::stat(path.c_str(), &info) != 0) return system_error(errno, "the key file cannot be read", path);
    if ((info.st_mode & (S_IRWXO | S_IRWXG)) != 0) return fail(ErrorCode::not_allowed, "the key of private matching may be read by others: chmod 600 " + path, {path, 0, ""});
    return {};
}

Result<MatchSeed> read_seed(const std::string& path) {
    THREATLAS_CHECK(only_owner(path));
    THREATLAS_TRY(std::string text, core::read_file(path));
    MatchSeed out;
    const std::string_view line = core::trim(text);
    const auto space = line.find(' ');
    const auto number = std::from_chars(line.data(), line.data() + std::min(space, line.size()), out.epoch);
    const bool good = space != std::string_view::npos && number.ec == std::errc() && number.ptr == line.data() + space && core::from_hexadecimal(line.substr(space + 1), out.bytes);
    sodium_memzero(text.data(), text.size());
    if (!good) return fail(ErrorCode::bad_input, "the key file of private matching holds no key: put back its copy, or re-key", {path, 0, ""});
    return out;
}

// What the file system keeps below is not reached (docs/ASSURANCE.md).
void overwrite(const std::string& path) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (file < 0) return;
    struct stat info{};
    if (::fstat(file, &info) == 0) {
        const std::string zeros(static_cast<std::size_t>(info.st_size), '0');
        static_cast<void>(::write(file, zeros.data(), zeros.size()));
        ::fsync(file);
    }
    ::close(file);
}

std::string sealed_context(const MatchPart& part) { return "match_parts.sealed " + part.organisation + " " + std::to_string(part.epoch) + " " + std::to_string(part.serial); }

Result<void> insert_part(Database& database, const FieldKey& key, const MatchPart& part) {
    if (part.base) THREATLAS_CHECK(database.run("DELETE FROM match_parts WHERE organisation = $1", part.organisation));
    return database.run("INSERT INTO match_parts (organisation, epoch, serial, base, day, digest, size, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING", part.organisation, std::int64_t{part.epoch}, std::int64_t{part.serial}, part.base ? 1 : 0, std::int64_t{part.day},
                        part.digest, static_cast<std::uint64_t>(part.bytes.size()), key.seal(sealed_context(part), part.bytes));
}

Result<void> insert_commitment(Database& database, const std::string& organisation, const std::string& commitment) {
    return database.run("INSERT INTO match_commitments (organisation, body) VALUES ($1, $2) ON CONFLICT (organisation) DO UPDATE SET body = excluded.body", organisation, commitment);
}

Result<std::int64_t> own_epoch(Database& database) {
    THREATLAS_TRY(Statement row, database.prepare("SELECT COALESCE(MAX(epoch), 0) FROM match_parts WHERE organisation = ''"));
    THREATLAS_CHECK(row.step());
    return row.integer(0);
}

MatchPart part_of(const Statement& row) { return {row.text(0), static_cast<std::uint32_t>(row.integer(1)), static_cast<std::uint32_t>(row.integer(2)), row.integer(3) != 0, static_cast<std::int32_t>(row.integer(4)), row.text(5), "", static_cast<std::uint64_t>(row.integer(6))}; }

constexpr const char* kColumns = "SELECT organisation, epoch, serial, base, day, digest, size, sealed FROM match_parts";

}  // namespace

MatchSeed::~MatchSeed() { sodium_memzero(bytes.data(), bytes.size()); }

Result<std::optional<MatchSeed>> Matching::seed() {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(const std::int64_t epoch, own_epoch(engine_->database));
    if (epoch == 0) return std::optional<MatchSeed>();
    std::error_code ignored;
    // A kill between the publication and the change of files: the published epoch decides.
    if (const std::string next = next_file(*engine_); fs::exists(next, ignored)) {
        THREATLAS_TRY(const MatchSeed waiting, read_seed(next));
        if (waiting.epoch == epoch) {
            overwrite(seed_file(*engine_));
            if (std::rename(next.c_str(), seed_file(*engine_).c_str()) != 0) return system_error(errno, "the new key cannot be put in place", next);
            THREATLAS_CHECK(sync_folder(fs::absolute(next).parent_path().string()));
        }
    }
    if (!fs::exists(seed_file(*engine_), ignored)) return fail(ErrorCode::not_found, "the key of the published filter is not there: put back its copy, or 'threatlas match publish --rekey'", {seed_file(*engine_), 0, ""});
    THREATLAS_TRY(const MatchSeed out, read_seed(seed_file(*engine_)));
    if (out.epoch != epoch) return fail(ErrorCode::mismatch, "the key of private matching is of another epoch than the published filter: put back the right one, or 'threatlas match publish --rekey'", {seed_file(*engine_), 0, ""});
    return std::optional(out);
}

Result<MatchSeed> Matching::next_seed() {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(const std::int64_t epoch, own_epoch(engine_->database));
    MatchSeed out;
    out.epoch = static_cast<std::uint32_t>(epoch) + 1;
    randombytes_buf(out.bytes.data(), out.bytes.size());
    const std::string path = next_file(*engine_);
    overwrite(path);
    ::unlink(path.c_str());
    THREATLAS_CHECK(write_secret(path, std::to_string(out.epoch) + " " + core::hexadecimal(out.bytes) + "\n"));
    return out;
}

Result<void> Matching::publish(const model::Reader& who, const MatchPart& part, const std::string& commitment, const std::string& object) {
    const Result<void> kept = Work::audited(*this, who, [&](Database& database) -> Result<std::string> {
        {   // What it was made from is still what is published.
            THREATLAS_TRY(Statement row, database.prepare("SELECT epoch, serial FROM match_parts WHERE organisation = '' ORDER BY epoch DESC, serial DESC LIMIT 1"));
            THREATLAS_TRY(const bool there, row.step());
            const bool follows = !there || part.epoch == row.integer(0) + 1 || (part.epoch == row.integer(0) && part.serial == row.integer(1) + 1);
            if (!follows) return fail(ErrorCode::conflict, "somebody else has published meanwhile: look again");
        }
        THREATLAS_CHECK(insert_part(database, key_, part));
        THREATLAS_CHECK(insert_commitment(database, "", commitment));
        THREATLAS_CHECK(database.run("UPDATE match_entries SET published = 1 WHERE removed = 0"));
        THREATLAS_CHECK(database.run("UPDATE match_entries SET removed = 2, published = 0, sealed = '' WHERE removed = 1"));
        return object;
    });
    if (!kept) return tl::unexpected(kept.error());
    return seed().map([](const auto&) {});   // puts the new key in place
}

Result<void> Matching::keep(const model::Reader& who, const MatchPart& part) {
    return Work::audited(*this, who, [&](Database& database) -> Result<std::string> {
        THREATLAS_CHECK(insert_part(database, key_, part));
        return "filter of " + part.organisation + " taken: epoch " + std::to_string(part.epoch) + " serial " + std::to_string(part.serial) + " " + part.digest;
    });
}

Result<void> Matching::keep_commitment(const std::string& organisation, const std::string& commitment) {
    const std::lock_guard guard(engine_->mutex);
    return insert_commitment(engine_->database, organisation, commitment);
}

Result<std::vector<MatchPart>> Matching::parts(const std::string& organisation, bool with_bytes) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare(std::string(kColumns) + " WHERE organisation = $1 ORDER BY epoch, serial"));
    row.bind(organisation);
    std::vector<MatchPart> out;
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) return out;
        out.push_back(part_of(row));
        if (!with_bytes) continue;
        THREATLAS_TRY(out.back().bytes, key_.open(sealed_context(out.back()), row.text(7)));
    }
}

Result<std::optional<MatchPart>> Matching::part(const std::string& organisation, std::uint32_t epoch, std::uint32_t serial) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare(std::string(kColumns) + " WHERE organisation = $1 AND epoch = $2 AND serial = $3"));
    THREATLAS_TRY(const bool there, row.bind(organisation, std::int64_t{epoch}, std::int64_t{serial}).step());
    if (!there) return std::optional<MatchPart>();
    MatchPart out = part_of(row);
    THREATLAS_TRY(out.bytes, key_.open(sealed_context(out), row.text(7)));
    return std::optional(std::move(out));
}

Result<std::string> Matching::commitment(const std::string& organisation) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare("SELECT body FROM match_commitments WHERE organisation = $1"));
    THREATLAS_TRY(const bool there, row.bind(organisation).step());
    return there ? row.text(0) : std::string();
}

Result<std::array<unsigned char, 64>> Matching::signing_key() {
    const std::lock_guard guard(engine_->mutex);
    const std::string path = engine_->beside() + ".matching.sign";
    std::array<unsigned char, 32> seed{};
    std::error_code ignored;
    if (!fs::exists(path, ignored)) {
        randombytes_buf(seed.data(), seed.size());
        const auto made = write_secret(path, core::hexadecimal(seed) + "\n");
        if (!made && made.error().code != ErrorCode::conflict) return tl::unexpected(made.error());   // another program made it meanwhile
    }
    THREATLAS_CHECK(only_owner(path));
    THREATLAS_TRY(const std::string text, core::read_file(path));
    if (!core::from_hexadecimal(core::trim(text), seed)) return fail(ErrorCode::bad_input, "the key file holds no key of 64 hexadecimal digits; put back its copy", {path, 0, ""});
    std::array<unsigned char, 64> secret{};
    std::array<unsigned char, 32> open{};
    crypto_sign_seed_keypair(open.data(), secret.data(), seed.data());
    sodium_memzero(seed.data(), seed.size());
    return secret;
}

}  // namespace threatlas::store
