#include "store/engine_key.hpp"

#include <filesystem>

namespace threatlas::store {
namespace {

using core::ErrorCode;
using core::fail;

// What every store with this key has noted: says nothing of the key.
std::string proof_of(const FieldKey& key) { return key.index("proof", "threatlas field key"); }

core::Result<std::string> noted_proof(Engine& engine) {
    THREATLAS_TRY(Statement row, engine.database.prepare("SELECT proof FROM field_key WHERE one = 1"));
    THREATLAS_TRY(const bool there, row.step());
    return there ? row.text(0) : std::string();
}

}  // namespace

core::Result<std::shared_ptr<const FieldKey>> field_key(Engine& engine) {
    if (engine.key) return engine.key;
    const std::string path = engine.key_file.empty() ? FieldKey::default_path(engine.folder) : engine.key_file;
    THREATLAS_TRY(std::string proof, noted_proof(engine));
    std::error_code ignored;
    if (!proof.empty() && !std::filesystem::exists(path, ignored))
        return fail(ErrorCode::not_found, "the key file of this store is not there, and without it names and other encrypted fields cannot be read: put it back from its copy, or name it with --key-file", {path, 0, ""});
    THREATLAS_TRY(const FieldKey key, FieldKey::open_or_create(path));
    if (proof.empty()) {
        THREATLAS_CHECK(engine.database.run("INSERT INTO field_key (one, proof) VALUES (1, $1) ON CONFLICT DO NOTHING", proof_of(key)));
        THREATLAS_TRY(proof, noted_proof(engine));
    }
    if (proof != proof_of(key)) return fail(ErrorCode::mismatch, "this key file belongs to another store: name the right one with --key-file", {path, 0, ""});
    engine.key = std::make_shared<const FieldKey>(key);
    return engine.key;
}

}  // namespace threatlas::store
