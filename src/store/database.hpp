// A thin layer over the database, the same for both engines: handles that close themselves, numbered
// parameters ($1, $2 ...), errors as Result. SQL is portable; what an engine says otherwise stands in
// sqlite.cpp and in postgres/ alone. A database and its statements belong to one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "core/result.hpp"

namespace threatlas::model {
struct Reader;
}

namespace threatlas::store {

namespace engine {

// What an engine gives for one prepared statement.
class Statement {
  public:
    virtual ~Statement() = default;
    virtual void reset() = 0;
    virtual void bind(int number, std::int64_t value) = 0;
    virtual void bind(int number, std::string_view value) = 0;  // copied
    virtual core::Result<bool> step() = 0;
    virtual std::string text(int column) const = 0;
    virtual std::int64_t integer(int column) const = 0;
};

class Connection {
  public:
    virtual ~Connection() = default;
    virtual core::Result<void> run(std::string_view sql) = 0;
    virtual core::Result<std::unique_ptr<Statement>> prepare(std::string_view sql) = 0;
    virtual core::Result<void> begin(bool writing) = 0;
    virtual core::Result<void> commit() = 0;
    virtual void roll_back() = 0;
    virtual core::Result<void> forget() = 0;
    virtual core::Result<bool> has_table(std::string_view name) = 0;
    virtual std::string dialect(std::string_view step) const = 0;
};

}  // namespace engine

namespace postgres {
class Connection;
}

class Statement {
  public:
    // Binds $1, $2 ... in order. Texts are copied.
    template <class... Values>
    Statement& bind(const Values&... values) {
        handle_->reset();
        int number = 0;
        (bind_one(++number, values), ...);
        return *this;
    }
    // One more, after bind(): for lists whose length is known at run time alone.
    void put(int number, std::string_view value) { bind_one(number, value); }
    core::Result<bool> step() { return handle_->step(); }  // true: a row is there
    core::Result<void> run() {                             // steps to the end
        for (;;) {
            THREATLAS_TRY(const bool more, step());
            if (!more) return {};
        }
    }
    std::string text(int column) const { return handle_->text(column); }
    std::int64_t integer(int column) const { return handle_->integer(column); }

  private:
    friend class Database;
    explicit Statement(std::unique_ptr<engine::Statement> handle) : handle_(std::move(handle)) {}
    void bind_one(int number, std::int64_t value) { handle_->bind(number, value); }
    void bind_one(int number, std::uint64_t value) { handle_->bind(number, static_cast<std::int64_t>(value)); }
    void bind_one(int number, int value) { handle_->bind(number, std::int64_t{value}); }
    void bind_one(int number, std::string_view value) { handle_->bind(number, value); }

    std::unique_ptr<engine::Statement> handle_;
};

class Database {
  public:
    // A SQLite file: WAL, synchronous FULL, foreign keys on. not_found when it is absent and create
    // is false. Or an address 'postgres://...' ('postgresql://...'): unavailable when nobody answers.
    static core::Result<Database> open(const std::string& where, bool create);

    core::Result<void> run(std::string_view sql) { return handle_->run(sql); }  // one or more statements without parameters
    core::Result<Statement> prepare(std::string_view sql) {
        THREATLAS_TRY(auto handle, handle_->prepare(sql));
        return Statement(std::move(handle));
    }
    template <class... Values>
    core::Result<void> run(std::string_view sql, const Values&... values) {
        THREATLAS_TRY(Statement statement, prepare(sql));
        return statement.bind(values...).run();
    }
    core::Result<bool> has_table(std::string_view name) { return handle_->has_table(name); }
    // A step of the schema as this engine takes it.
    std::string dialect(std::string_view step) const { return handle_->dialect(step); }
    // After deletions: nothing of what was deleted stays in the files. unavailable while another reads.
    core::Result<void> forget() { return handle_->forget(); }
    const std::string& file() const { return where_; }  // the file, or the address without its password
    // The PostgreSQL connection, for what only that engine does (COPY, row-level rights); else null.
    postgres::Connection* postgres() const { return postgres_; }

  private:
    friend class Transaction;
    std::unique_ptr<engine::Connection> handle_;
    postgres::Connection* postgres_ = nullptr;
    std::string where_;
};

// Takes the write lock at once (waits up to a minute for another short one); rolled back unless
// committed.
class Transaction {
  public:
    static core::Result<Transaction> begin(Database& database) {
        THREATLAS_CHECK(database.handle_->begin(true));
        return Transaction(database);
    }
    // No lock: what is read is the database as it was at the first read.
    static core::Result<Transaction> begin_reading(Database& database) {
        THREATLAS_CHECK(database.handle_->begin(false));
        return Transaction(database);
    }
    Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction() {
        if (database_ != nullptr) database_->handle_->roll_back();
    }
    core::Result<void> commit() {
        THREATLAS_CHECK(database_->handle_->commit());
        database_ = nullptr;
        return {};
    }

  private:
    explicit Transaction(Database& database) : database_(&database) {}
    Database* database_;
};

}  // namespace threatlas::store
