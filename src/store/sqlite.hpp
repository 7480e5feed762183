// A thin layer over SQLite: handles that close themselves, numbered parameters ($1, $2 ...), errors
// as Result. SQL stays portable: no pragma, no rowid and no SQLite-only function outside
// sqlite.cpp.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace threatlas::store {

class Statement {
  public:
    // Binds $1, $2 ... in order. Texts are copied.
    template <class... Values>
    Statement& bind(const Values&... values) {
        sqlite3_reset(handle_.get());
        int number = 0;
        (bind_one(++number, values), ...);
        return *this;
    }
    core::Result<bool> step();  // true: a row is there
    core::Result<void> run();   // steps to the end
    std::string text(int column) const;
    std::int64_t integer(int column) const { return sqlite3_column_int64(handle_.get(), column); }

  private:
    friend class Database;
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };
    int index(int number) const;
    void bind_one(int number, std::int64_t value) {
        sqlite3_bind_int64(handle_.get(), index(number), value);
    }
    void bind_one(int number, std::uint64_t value) {
        bind_one(number, static_cast<std::int64_t>(value));
    }
    void bind_one(int number, int value) { bind_one(number, std::int64_t{value}); }
    void bind_one(int number, std::string_view value);

    std::unique_ptr<sqlite3_stmt, Finalize> handle_;
    std::string file_;
};

class Database {
  public:
    // WAL, synchronous FULL, foreign keys on. not_found when it is absent and create is false.
    static core::Result<Database> open(const std::string& file, bool create);

    core::Result<void> run(std::string_view sql);  // one or more statements without parameters
    core::Result<Statement> prepare(std::string_view sql);
    template <class... Values>
    core::Result<void> run(std::string_view sql, const Values&... values) {
        THREATLAS_TRY(Statement statement, prepare(sql));
        return statement.bind(values...).run();
    }
    const std::string& file() const { return file_; }

  private:
    struct Close {
        void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
    };
    std::unique_ptr<sqlite3, Close> handle_;
    std::string file_;
};

// Takes the write lock at once (waits up to a minute for another short one); rolled back unless
// committed.
class Transaction {
  public:
    static core::Result<Transaction> begin(Database& database);
    // No lock: what is read is the database as it was at the first read.
    static core::Result<Transaction> begin_reading(Database& database);
    Transaction(Transaction&& other) noexcept
        : database_(std::exchange(other.database_, nullptr)) {}
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();
    core::Result<void> commit();

  private:
    explicit Transaction(Database& database) : database_(&database) {}
    Database* database_;
};

}  // namespace threatlas::store
