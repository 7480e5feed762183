// The embedded engine of the database layer.
#include "store/sqlite_engine.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace threatlas::store {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;

tl::unexpected<core::Error> sqlite_error(sqlite3* handle, const std::string& file) {
    const int code = handle == nullptr ? SQLITE_NOMEM : sqlite3_errcode(handle) & 0xff;
    const std::string detail = handle == nullptr ? "out of memory" : sqlite3_errmsg(handle);
    switch (code) {
        case SQLITE_FULL:
        case SQLITE_IOERR:
            return fail(
                ErrorCode::unavailable,
                "the store cannot be written or read; the disk may be full (" + detail + ")",
                {file, 0, ""});
        case SQLITE_READONLY:
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return fail(ErrorCode::unavailable,
                        "the store's folder may not be written by this user; every read is "
                        "audited, so reading "
                        "needs that too (" +
                            detail + ")",
                        {file, 0, ""});
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return fail(ErrorCode::bad_input,
                        "the store is damaged; restore it from a copy (" + detail + ")",
                        {file, 0, ""});
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return fail(ErrorCode::conflict, "the store is busy; try again", {file, 0, ""});
        case SQLITE_CONSTRAINT:
            return fail(ErrorCode::conflict, "the record exists already (" + detail + ")",
                        {file, 0, ""});
        case SQLITE_ERROR:
            // Our statements are fixed and fit our schema, so the schema was changed by another.
            if (detail.starts_with("no such table") || detail.starts_with("no such column"))
                return fail(ErrorCode::mismatch,
                            "the store's tables are not as they were made; restore it from a copy "
                            "(" +
                                detail + ")",
                            {file, 0, ""});
            [[fallthrough]];
        default:
            return fail(ErrorCode::internal, "database: " + detail, {file, 0, ""});
    }
}

class SqliteStatement final : public engine::Statement {
  public:
    SqliteStatement(sqlite3_stmt* handle, std::string file) : handle_(handle), file_(std::move(file)) {}
    void reset() override { sqlite3_reset(handle_.get()); }
    void bind(int number, std::int64_t value) override { sqlite3_bind_int64(handle_.get(), index(number), value); }
    void bind(int number, std::string_view value) override {
        sqlite3_bind_text64(handle_.get(), index(number), value.data() == nullptr ? "" : value.data(), value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    }
    Result<bool> step() override {
        const int code = sqlite3_step(handle_.get());
        if (code == SQLITE_ROW) return true;
        if (code == SQLITE_DONE) return false;
        auto error = sqlite_error(sqlite3_db_handle(handle_.get()), file_);
        sqlite3_reset(handle_.get());
        return error;
    }
    std::string text(int column) const override {
        const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(handle_.get(), column));
        if (bytes == nullptr) return {};
        return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
    }
    std::int64_t integer(int column) const override { return sqlite3_column_int64(handle_.get(), column); }

  private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };
    int index(int number) const {
        // SQLite numbers '$n' by first appearance; the portable meaning is the number itself.
        std::string name(1, '$');
        name += std::to_string(number);
        return sqlite3_bind_parameter_index(handle_.get(), name.c_str());
    }

    std::unique_ptr<sqlite3_stmt, Finalize> handle_;
    std::string file_;
};

class SqliteConnection final : public engine::Connection {
  public:
    SqliteConnection(sqlite3* handle, std::string file) : handle_(handle), file_(std::move(file)) {}
    Result<void> run(std::string_view sql) override {
        if (sqlite3_exec(handle_.get(), std::string(sql).c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return sqlite_error(handle_.get(), file_);
        return {};
    }
    Result<std::unique_ptr<engine::Statement>> prepare(std::string_view sql) override {
        sqlite3_stmt* handle = nullptr;
        if (sqlite3_prepare_v2(handle_.get(), sql.data(), static_cast<int>(sql.size()), &handle, nullptr) != SQLITE_OK) return sqlite_error(handle_.get(), file_);
        return std::make_unique<SqliteStatement>(handle, file_);
    }
    Result<void> begin(bool writing) override { return run(writing ? "BEGIN IMMEDIATE" : "BEGIN"); }
    Result<void> commit() override { return run("COMMIT"); }
    void roll_back() override { (void)run("ROLLBACK"); }
    Result<void> forget() override {
        // Deleted content is overwritten in the pages (secure_delete); what the write-ahead file still holds
        // goes to the database and the file to nothing.
        THREATLAS_TRY(const auto row, prepare("PRAGMA wal_checkpoint(TRUNCATE)"));
        THREATLAS_TRY(const bool there, row->step());
        if (there && row->integer(0) != 0)
            return fail(ErrorCode::unavailable, "another process is reading the store, so its write-ahead file still holds what was erased; it goes when the store is opened next", {file_, 0, ""});
        return {};
    }
    Result<bool> has_table(std::string_view name) override {
        THREATLAS_TRY(const auto row, prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1"));
        row->bind(1, name);
        return row->step();
    }
    // Steps of migrations.cpp are written as SQLite takes them.
    std::string dialect(std::string_view step) const override { return std::string(step); }

  private:
    struct Close {
        void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
    };
    std::unique_ptr<sqlite3, Close> handle_;
    std::string file_;
};

}  // namespace

Result<std::unique_ptr<engine::Connection>> open_sqlite(const std::string& file, bool create) {
    std::error_code ignored;
    if (!create && !std::filesystem::exists(file, ignored))
        return fail(ErrorCode::not_found, "there is no store here; make one with 'threatlas init'",
                    {file, 0, ""});
    if (create) {
        // SQLite would give it 0644, and its companions the same. Only a file that is not there: to
        // close one that this process has open would drop SQLite's locks on it.
        const int made = ::open(file.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0640);
        if (made >= 0) (void)::fchmod(made, 0640), ::close(made);
    }
    sqlite3* handle = nullptr;
    const int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_FULLMUTEX | (create ? SQLITE_OPEN_CREATE : 0);
    const int code = sqlite3_open_v2(file.c_str(), &handle, flags, nullptr);
    auto connection = std::make_unique<SqliteConnection>(handle, file);
    if (code != SQLITE_OK) return sqlite_error(handle, file);
    sqlite3_busy_timeout(handle, 60'000);
    THREATLAS_CHECK(connection->run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;"));
    // Adding objects by the hundred thousand touches a thousand pages of indices, again and again: they stay in memory (32 MiB), and go
    // from the write-ahead file to their places together (32 MiB).
    THREATLAS_CHECK(connection->run("PRAGMA cache_size=-32768; PRAGMA wal_autocheckpoint=8192;"));
    return connection;
}

}  // namespace threatlas::store
