#include "store/sqlite.hpp"

#include <fcntl.h>
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

}  // namespace

int Statement::index(int number) const {
    // SQLite numbers '$n' by first appearance; the portable meaning is the number itself.
    std::string name(1, '$');
    name += std::to_string(number);
    return sqlite3_bind_parameter_index(handle_.get(), name.c_str());
}

void Statement::bind_one(int number, std::string_view value) {
    sqlite3_bind_text64(handle_.get(), index(number), value.data() == nullptr ? "" : value.data(),
                        value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

Result<bool> Statement::step() {
    const int code = sqlite3_step(handle_.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    auto error = sqlite_error(sqlite3_db_handle(handle_.get()), file_);
    sqlite3_reset(handle_.get());
    return error;
}

Result<void> Statement::run() {
    for (;;) {
        THREATLAS_TRY(const bool more, step());
        if (!more) return {};
    }
}

std::string Statement::text(int column) const {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(handle_.get(), column));
    if (bytes == nullptr) return {};
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

Result<Database> Database::open(const std::string& file, bool create) {
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
    Database database;
    database.file_ = file;
    sqlite3* handle = nullptr;
    const int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_FULLMUTEX | (create ? SQLITE_OPEN_CREATE : 0);
    const int code = sqlite3_open_v2(file.c_str(), &handle, flags, nullptr);
    database.handle_.reset(handle);
    if (code != SQLITE_OK) return sqlite_error(handle, file);
    sqlite3_busy_timeout(handle, 60'000);
    THREATLAS_CHECK(
        database.run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"));
    return database;
}

Result<void> Database::run(std::string_view sql) {
    if (sqlite3_exec(handle_.get(), std::string(sql).c_str(), nullptr, nullptr, nullptr) !=
        SQLITE_OK)
        return sqlite_error(handle_.get(), file_);
    return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
    Statement statement;
    statement.file_ = file_;
    sqlite3_stmt* handle = nullptr;
    if (sqlite3_prepare_v2(handle_.get(), sql.data(), static_cast<int>(sql.size()), &handle,
                           nullptr) != SQLITE_OK)
        return sqlite_error(handle_.get(), file_);
    statement.handle_.reset(handle);
    return statement;
}

Result<Transaction> Transaction::begin(Database& database) {
    THREATLAS_CHECK(database.run("BEGIN IMMEDIATE"));
    return Transaction(database);
}

Result<Transaction> Transaction::begin_reading(Database& database) {
    THREATLAS_CHECK(database.run("BEGIN"));
    return Transaction(database);
}

Transaction::~Transaction() {
    if (database_ != nullptr) (void)database_->run("ROLLBACK");
}

Result<void> Transaction::commit() {
    THREATLAS_CHECK(database_->run("COMMIT"));
    database_ = nullptr;
    return {};
}

}  // namespace threatlas::store
