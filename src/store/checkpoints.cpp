#include "store/checkpoints.hpp"

#include <sodium.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "core/hexadecimal.hpp"
#include "core/text.hpp"
#include "store/audit_chain.hpp"
#include "store/file_io.hpp"

namespace threatlas::store {
namespace {

using core::ErrorCode;
using core::fail;
using core::from_hexadecimal;
using core::hexadecimal;
using core::Result;

using PublicKey = std::array<unsigned char, crypto_sign_PUBLICKEYBYTES>;
using SecretKey = std::array<unsigned char, crypto_sign_SECRETKEYBYTES>;
using Signature = std::array<unsigned char, crypto_sign_BYTES>;

std::string signed_text(const Checkpoint& c) { return "threatlas audit 1\n" + std::to_string(c.entries) + "\n" + c.hash + "\n" + c.at + "\n"; }

struct Pair {
    PublicKey open{};
    SecretKey secret{};
    ~Pair() { sodium_memzero(secret.data(), secret.size()); }
};

// The key file holds the seed, as the key of encrypted fields: 64 hexadecimal digits, for its owner alone.
Result<void> open_or_create_key(const std::string& path, Pair& pair) {
    std::array<unsigned char, crypto_sign_SEEDBYTES> seed{};
    if (struct stat info{}; ::stat(path.c_str(), &info) == 0) {
        if ((info.st_mode & (S_IRWXO | S_IRWXG)) != 0) return fail(ErrorCode::not_allowed, "the key of the audit log may be read by others: chmod 600 " + path, {path, 0, ""});
        THREATLAS_TRY(const std::string text, core::read_file(path));
        if (!from_hexadecimal(core::trim(text), seed)) return fail(ErrorCode::bad_input, "the key file holds no key of 64 hexadecimal digits; put back the one this store was signed with", {path, 0, ""});
    } else {
        randombytes_buf(seed.data(), seed.size());
        THREATLAS_CHECK(write_secret(path, hexadecimal(seed) + "\n"));
    }
    crypto_sign_seed_keypair(pair.open.data(), pair.secret.data(), seed.data());
    sodium_memzero(seed.data(), seed.size());
    if (std::error_code ignored; !std::filesystem::exists(path + ".pub", ignored)) THREATLAS_CHECK(write_durably(path + ".pub", hexadecimal(pair.open) + "\n"));
    return {};
}

Result<std::vector<Checkpoint>> in_table(Database& database) {
    THREATLAS_TRY(Statement row, database.prepare("SELECT entries, hash, at, public_key, signature FROM checkpoints ORDER BY entries"));
    std::vector<Checkpoint> all;
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) return all;
        all.push_back({static_cast<std::uint64_t>(row.integer(0)), row.text(1), row.text(2), row.text(3), row.text(4)});
    }
}

Result<std::vector<Checkpoint>> in_file(const Engine& engine) {
    if (engine.remote()) return std::vector<Checkpoint>{};  // they are in the table alone
    const std::string path = engine.folder + "/audit.checkpoints";
    if (std::error_code ignored; !std::filesystem::exists(path, ignored)) return std::vector<Checkpoint>{};
    THREATLAS_TRY(const std::string text, core::read_file(path));
    return parse_checkpoints(text, path);
}

Result<void> fits(Database& database, const Checkpoint& c, const std::string& public_key, const std::string& whence) {
    const auto wrong = [&](const std::string& what) {
        return fail(ErrorCode::mismatch, "the checkpoint of " + c.at + " over " + std::to_string(c.entries) + " entries (" + whence + ") " + what + ". Keep this folder as it is for whoever looks into it", {whence, c.entries, ""});
    };
    PublicKey key{};
    Signature signature{};
    if (!from_hexadecimal(c.public_key, key) || !from_hexadecimal(c.signature, signature)) return wrong("holds no key and signature");
    if (c.public_key != public_key) return wrong("was signed with another key than the auditor's");
    const std::string text = signed_text(c);
    if (crypto_sign_verify_detached(signature.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size(), key.data()) != 0) return wrong("does not carry a valid signature");
    THREATLAS_TRY(Statement row, database.prepare("SELECT hash FROM audit WHERE number = $1"));
    THREATLAS_TRY(const bool there, row.bind(c.entries).step());
    if (!there) return wrong("speaks of entries the log does not have: it was cut or written anew");
    if (row.text(0) != c.hash) return wrong("does not fit the log: it was written anew since");
    return {};
}

}  // namespace

std::string audit_key_path(const std::string& store_folder) {
    if (const char* set = std::getenv("THREATLAS_AUDIT_KEY"); set != nullptr && *set != '\0') return set;
    std::filesystem::path folder(store_folder);
    if (!folder.has_filename()) folder = folder.parent_path();
    return folder.string() + ".audit-key";
}

std::string line_of(const Checkpoint& c) { return std::to_string(c.entries) + " " + c.hash + " " + c.at + " " + c.public_key + " " + c.signature + "\n"; }

Result<std::vector<Checkpoint>> parse_checkpoints(const std::string& text, const std::string& file) {
    std::vector<Checkpoint> all;
    std::uint64_t number = 0;
    for (const std::string& line : core::split(text, '\n')) {
        ++number;
        if (core::trim(line).empty()) continue;
        const auto parts = core::split(line, ' ');
        const auto entries = parts.size() == 5 ? core::parse_number(parts[0]) : std::nullopt;
        if (!entries || *entries < 1 || *entries > 9e15) return fail(ErrorCode::bad_input, "this line is no checkpoint: a count, a hash, a moment, a key and a signature", {file, number, ""});
        all.push_back({static_cast<std::uint64_t>(*entries), parts[1], parts[2], parts[3], parts[4]});
    }
    return all;
}

Result<std::string> read_public_key(const std::string& path) {
    THREATLAS_TRY(const std::string text, core::read_file(path));
    std::string key(core::trim(text));
    if (PublicKey bytes{}; !from_hexadecimal(key, bytes)) return fail(ErrorCode::bad_input, "the file holds no public key of 64 hexadecimal digits", {path, 0, ""});
    return key;
}

Result<Checkpoint> make_checkpoint(Engine& engine, const model::Reader& writer) {
    if (sodium_init() < 0) return fail(ErrorCode::internal, "libsodium does not start");
    Pair pair;
    THREATLAS_CHECK(open_or_create_key(audit_key_path(engine.beside()), pair));
    Checkpoint c;
    c.public_key = hexadecimal(pair.open);
    AuditEntry entry;
    {
        THREATLAS_TRY(Transaction transaction, Transaction::begin(engine.database));
        // Its own entry is under the signature, so that a checkpoint that goes missing is missed.
        THREATLAS_TRY(entry, append_audit(engine, writer, "checkpoint", "signed with " + c.public_key));
        c.entries = entry.number, c.hash = entry.hash, c.at = entry.at;
        Signature signature{};
        const std::string text = signed_text(c);
        crypto_sign_detached(signature.data(), nullptr, reinterpret_cast<const unsigned char*>(text.data()), text.size(), pair.secret.data());
        c.signature = hexadecimal(signature);
        THREATLAS_CHECK(engine.database.run("INSERT INTO checkpoints (entries, hash, at, public_key, signature) VALUES ($1, $2, $3, $4, $5)", c.entries, c.hash, c.at, c.public_key, c.signature));
        THREATLAS_CHECK(transaction.commit());
    }
    THREATLAS_CHECK(note_audit_head(engine, entry));
    // All of them, so that a line that a kill left out is there again.
    THREATLAS_TRY(const auto all, in_table(engine.database));
    std::string lines;
    for (const Checkpoint& each : all) lines += line_of(each);
    if (!engine.remote()) THREATLAS_CHECK(write_durably(engine.folder + "/audit.checkpoints", lines));
    return c;
}

Result<AuditProof> check_checkpoints(Engine& engine, const std::string& public_key, const std::vector<Checkpoint>& kept) {
    if (sodium_init() < 0) return fail(ErrorCode::internal, "libsodium does not start");
    THREATLAS_TRY(const auto table, in_table(engine.database));
    THREATLAS_TRY(const auto file, in_file(engine));
    AuditProof proof;
    std::map<std::uint64_t, std::string> by_entries;
    for (const Checkpoint& each : table) by_entries[each.entries] = line_of(each);
    // A kill may come between the table and the file: the file may lack the newest, and nothing else.
    for (const Checkpoint& each : file)
        if (by_entries[each.entries] != line_of(each)) return fail(ErrorCode::mismatch, "the checkpoint over " + std::to_string(each.entries) + " entries is in audit.checkpoints and not, or otherwise, in the store", {engine.folder, each.entries, ""});
    if (!engine.remote() && table.size() > file.size() + 1) return fail(ErrorCode::mismatch, "audit.checkpoints lacks checkpoints that the store has", {engine.folder, 0, ""});
    THREATLAS_TRY(Statement noted, engine.database.prepare("SELECT number FROM audit WHERE action = 'checkpoint'"));
    for (;;) {
        THREATLAS_TRY(const bool more, noted.step());
        if (!more) break;
        if (!by_entries.contains(static_cast<std::uint64_t>(noted.integer(0)))) return fail(ErrorCode::mismatch, "the checkpoint of entry " + noted.text(0) + " is in the log and no longer in the store", {engine.folder, static_cast<std::uint64_t>(noted.integer(0)), ""});
    }
    if (table.empty() && kept.empty()) return proof;
    std::string key = public_key;
    if (key.empty()) {
        THREATLAS_TRY(key, read_public_key(audit_key_path(engine.beside()) + ".pub"));
    }
    for (const Checkpoint& each : table) THREATLAS_CHECK(fits(engine.database, each, key, "store"));
    for (const Checkpoint& each : kept) THREATLAS_CHECK(fits(engine.database, each, key, "copy kept elsewhere"));
    proof.checkpoints = table.size();
    if (!table.empty()) proof.signed_until = table.back().at;
    return proof;
}

}  // namespace threatlas::store
