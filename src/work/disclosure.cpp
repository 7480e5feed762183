#include "work/disclosure.hpp"

#include <filesystem>

#include "core/hash.hpp"

namespace threatlas::work {

namespace fs = std::filesystem;

core::Result<void> may_leave(store::Store& store, const model::Reader& who, const std::string& handling, const std::vector<std::string>& originators) {
    THREATLAS_TRY(const store::Sight sight, store.sight(who));
    return sight.may_disclose(store::parse_marking(handling), originators);
}

core::Result<void> assessment_may_leave(store::Store& store, const model::Reader& who, const std::string& id) {
    THREATLAS_TRY(const auto known, store.assessments(who));
    for (const auto& each : known)
        if (each.id == id) return may_leave(store, who, each.handling, each.originators);
    return core::fail(core::ErrorCode::not_found, "there is no assessment '" + id + "'");
}

core::Result<void> note_disclosure(store::Store& store, const model::Reader& who, const std::string& what, const std::string& path) {
    std::error_code error;
    const bool folder = fs::is_directory(path, error), file = fs::is_regular_file(path, error);
    const auto noted = [&]() -> core::Result<void> {
        std::string hash;
        if (folder || file) {  // else a device or a pipe: it cannot be read back
            THREATLAS_TRY(hash, core::sha256_file(folder ? path + "/manifest.json" : path));
            hash = std::string(folder ? " manifest" : "") + " SHA-256 " + hash;
        }
        const std::string where = fs::absolute(path, error).lexically_normal().string();
        return store.audit(who, "disclose", what + " to " + (error ? path : where) + hash);
    }();
    if (!noted && folder) fs::remove_all(path, error);
    if (!noted && file) fs::remove(path, error);
    return noted;
}

}  // namespace threatlas::work
