// Makes and opens the folder of a store: its modes, its schema, the start of its audit chain.
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>

#include "store/audit_chain.hpp"
#include "store/collections.hpp"
#include "store/embedded_store.hpp"
#include "store/erasure.hpp"
#include "store/migrations.hpp"
#include "store/postgres/segments.hpp"
#include "store/refused_text.hpp"
#include "store/review.hpp"
#include "store/store.hpp"

namespace threatlas::store {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;

std::string system_clock() {
    const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    std::tm parts{};
    gmtime_r(&now, &parts);
    char text[32];
    const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return {text, size};
}

// The schema brought up to date, with its audit entry, in the caller's transaction's place.
Result<void> bring_up_to_date(Engine& engine, bool fresh) {
    THREATLAS_TRY(Transaction transaction, Transaction::begin(engine.database));
    THREATLAS_TRY(const int version, schema_version(engine.database));
    if (fresh && version > 0)
        return fail(ErrorCode::conflict, "there is a store here already", {engine.folder, 0, ""});
    if (!fresh && version == 0)
        return fail(ErrorCode::not_found, "there is no store here; make one with 'threatlas init'",
                    {engine.folder, 0, ""});
    if (version == newest_schema()) return {};
    THREATLAS_CHECK(migrate(engine.database, newest_schema()));
    if (engine.remote()) THREATLAS_CHECK(postgres::set_up(engine.database));
    // Before the commit, so that there is no moment at which the chain has entries and no note.
    if (version < 2) THREATLAS_CHECK(start_audit_head(engine));
    THREATLAS_CHECK(seal_old_originals(engine));
    THREATLAS_CHECK(set_missing_reviews(engine));
    const model::Reader program{"threatlas", "threatlas", model::Role::administrator, "TLP:RED",
                                "administration: migration"};
    THREATLAS_TRY(const AuditEntry entry,
                  append_audit(engine, program, "migrate",
                               "schema " + std::to_string(version) + " to " +
                                   std::to_string(newest_schema())));
    THREATLAS_CHECK(transaction.commit());
    if (!fresh) (void)engine.database.forget();  // what was encrypted just now stood in the clear before
    return note_audit_head(engine, entry);
}

// Users of the machine who are neither owner nor of the group get at nothing, whatever the umask
// was and also when the folder was made by hand or by an earlier version. What belongs to another
// stays.
void shut_out_others(const std::string& folder) {
    namespace fs = std::filesystem;
    std::error_code ignored;
    for (const char* name : {"", "/segments", "/threatlas.db", "/threatlas.db-wal",
                             "/threatlas.db-shm", "/writer.lock", "/audit.head", "/audit.checkpoints"})
        if (fs::exists(folder + name, ignored))
            fs::permissions(folder + name, fs::perms::others_all, fs::perm_options::remove,
                            ignored);
}

Result<std::shared_ptr<Engine>> make_engine(const std::string& folder, const StoreOptions& options,
                                            bool create) {
    auto engine = std::make_shared<Engine>();
    engine->folder = folder;
    engine->key_file = options.key_file;
    engine->clock = options.clock ? options.clock : system_clock;
    engine->micros = [] { return static_cast<std::int64_t>(std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count()); };
    if (options.clock) engine->micros = [clock = options.clock] { return moment_of(clock()).value_or(0); };
    if (postgres::is_address(folder)) {
        engine->address = folder;
        THREATLAS_TRY(engine->database, Database::open(folder, create));
        engine->folder = engine->database.file();
        if (engine->key_file.empty() && std::getenv("THREATLAS_KEY_FILE") == nullptr) engine->key_file = "threatlas-postgres.key";
        THREATLAS_TRY(engine->scratch, postgres::Scratch::make());
        return engine;
    }
    THREATLAS_TRY(engine->database, Database::open(folder + "/threatlas.db", create));
    return engine;
}

}  // namespace

Result<WriterLock> WriterLock::take(const Engine& engine, const std::string& sentence) {
    WriterLock lock;
    if (engine.remote()) {
        THREATLAS_TRY(lock.connection_, postgres::Connection::open(engine.address));
        THREATLAS_CHECK(lock.connection_->take_writer_lock(sentence));
        return lock;
    }
    THREATLAS_TRY(lock.file_, File::lock(engine.lock_file(), sentence));
    return lock;
}

Result<std::unique_ptr<Store>> Store::create(const std::string& folder,
                                             const StoreOptions& options) {
    if (postgres::is_address(folder)) {
        THREATLAS_TRY(auto engine, make_engine(folder, options, true));
        THREATLAS_CHECK(bring_up_to_date(*engine, true));
        return make_embedded_store(std::move(engine));
    }
    std::error_code error;
    namespace fs = std::filesystem;
    const bool made = fs::create_directories(folder, error);
    fs::create_directories(folder + "/segments", error);
    constexpr fs::perms kOwn = fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec;
    if (!error) fs::permissions(folder + "/segments", kOwn, error);
    if (!error && made) fs::permissions(folder, kOwn, error);
    if (error)
        return fail(ErrorCode::unavailable, "the store's folder cannot be made: " + error.message(),
                    {folder, 0, ""});
    THREATLAS_TRY(auto engine, make_engine(folder, options, true));
    THREATLAS_CHECK(bring_up_to_date(*engine, true));
    shut_out_others(folder);
    return make_embedded_store(std::move(engine));
}

Result<std::unique_ptr<Store>> Store::open(const std::string& folder, const StoreOptions& options) {
    THREATLAS_TRY(auto engine, make_engine(folder, options, false));
    THREATLAS_TRY(const int version, schema_version(engine->database));
    if (version > newest_schema())
        return fail(ErrorCode::bad_input,
                    "the store has schema " + std::to_string(version) + ", this program knows " +
                        std::to_string(newest_schema()) + "; use a newer threatlas",
                    {folder, 0, ""});
    if (version < newest_schema()) {
        THREATLAS_CHECK(bring_up_to_date(*engine, false));
        if (!engine->remote()) shut_out_others(folder);
    }
    // What a killed erasure left; another reader's business must not keep this one out.
    (void)finish_erasures(*engine);
    return make_embedded_store(std::move(engine));
}

}  // namespace threatlas::store
