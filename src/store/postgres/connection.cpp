#include "store/postgres/connection.hpp"

#include <libpq-fe.h>

#include <charconv>
#include <cstring>

namespace threatlas::store::postgres {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;

constexpr std::string_view kMark = "\xf4\x8f\xbf\xbd";  // U+10FFFD
// Two keys of ours among the advisory locks of the database: short transactions, and the one ingest.
constexpr const char* kShortLock = "SELECT pg_advisory_xact_lock(1414287444, 1)";
constexpr const char* kTryWriter = "SELECT pg_try_advisory_lock(1414287444, 2)";

struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
};
using Answer = std::unique_ptr<PGresult, Clear>;

// Bytes of the UTF-8 sequence at `at`, 0 when it is none that PostgreSQL takes.
std::size_t sequence(std::string_view s, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(s[at + i]); };
    const unsigned first = byte(0);
    if (first == 0) return 0;
    if (first < 0x80) return 1;
    const std::size_t size = first >= 0xc2 && first <= 0xdf ? 2 : first >= 0xe0 && first <= 0xef ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 0;
    if (size == 0 || at + size > s.size()) return 0;
    for (std::size_t i = 1; i < size; ++i)
        if ((byte(i) & 0xc0u) != 0x80u) return 0;
    if ((first == 0xe0 && byte(1) < 0xa0) || (first == 0xed && byte(1) > 0x9f) || (first == 0xf0 && byte(1) < 0x90) || (first == 0xf4 && byte(1) > 0x8f)) return 0;
    return size;
}

std::string trimmed(const char* text) {
    std::string out = text == nullptr ? "" : text;
    for (char& c : out)
        if (c == '\n') c = ' ';
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

}  // namespace

bool is_address(std::string_view where) { return where.starts_with("postgres://") || where.starts_with("postgresql://"); }

std::string without_password(const std::string& address) {
    std::string out = address;
    const std::size_t from = out.find("://");
    const std::size_t at = out.find('@');
    if (from != std::string::npos && at != std::string::npos && at < out.find_first_of("/?", from + 3)) {
        const std::size_t colon = out.find(':', from + 3);
        if (colon != std::string::npos && colon < at) out.erase(colon, at - colon);
    }
    const std::size_t query = out.find("password=");
    if (query != std::string::npos) out.erase(query, out.find('&', query) == std::string::npos ? std::string::npos : out.find('&', query) - query + 1);
    return out;
}

std::string to_text(std::string_view bytes) {
    constexpr const char* kHex = "0123456789abcdef";
    std::size_t good = 0;
    for (; good < bytes.size();) {  // nearly always the whole
        const std::size_t size = sequence(bytes, good);
        if (size == 0 || bytes.substr(good, size) == kMark) break;
        good += size;
    }
    std::string out(bytes.substr(0, good));
    while (good < bytes.size()) {
        std::size_t size = sequence(bytes, good);
        if (size != 0 && bytes.substr(good, size) != kMark) {
            out += bytes.substr(good, size);
        } else {
            size = std::max<std::size_t>(size, 1);
            for (const char c : bytes.substr(good, size)) {
                const auto value = static_cast<unsigned char>(c);
                out += kMark;
                out += kHex[value >> 4], out += kHex[value & 15];
            }
        }
        good += size;
    }
    return out;
}

std::string from_text(std::string_view text) {
    std::size_t mark = text.find(kMark);
    if (mark == std::string_view::npos) return std::string(text);
    std::string out;
    while (mark != std::string_view::npos) {
        out += text.substr(0, mark);
        unsigned value = 0;
        const std::string_view digits = text.substr(mark + kMark.size(), 2);
        std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
        out += static_cast<char>(value);
        text.remove_prefix(std::min(text.size(), mark + kMark.size() + 2));
        mark = text.find(kMark);
    }
    out += text;
    return out;
}

struct Connection::Handle {
    struct Finish {
        void operator()(PGconn* connection) const { PQfinish(connection); }
    };
    std::unique_ptr<PGconn, Finish> connection;
    std::string shown;  // address without password

    PGconn* get() const { return connection.get(); }

    tl::unexpected<core::Error> error(const PGresult* result) const {
        const char* state = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
        const std::string code = state == nullptr ? "" : state;
        const char* primary = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
        const std::string detail = trimmed(primary != nullptr ? primary : PQerrorMessage(get()));
        const std::string_view group = std::string_view(code).substr(0, 2);
        if (code.empty() || group == "08" || group == "57" || code == "25006" || PQstatus(get()) != CONNECTION_OK)
            return fail(ErrorCode::unavailable, "the connection to the database was lost; nothing of what was being written is kept, try again (" + detail + ")", {shown, 0, ""});
        if (group == "53" || group == "58") return fail(ErrorCode::unavailable, "the database cannot write or is out of means; the disk may be full (" + detail + ")", {shown, 0, ""});
        if (group == "23") return fail(ErrorCode::conflict, "the record exists already (" + detail + ")", {shown, 0, ""});
        if (code == "40001" || code == "40P01" || code == "55P03") return fail(ErrorCode::conflict, "the store is busy; try again", {shown, 0, ""});
        if (code == "42501") return fail(ErrorCode::not_allowed, "the database's own rights refuse this (" + detail + "); docs/HOWTO-postgres.md says which role may do what", {shown, 0, ""});
        if (code == "42P01" || code == "42703" || code == "42883")
            return fail(ErrorCode::mismatch, "the store's tables are not as they were made; restore it from a copy (" + detail + ")", {shown, 0, ""});
        return fail(ErrorCode::internal, "database: " + detail + (code.empty() ? "" : " [" + code + "]"), {shown, 0, ""});
    }
};

struct Connection::Rows {
    Answer answer;
    int row = -1;
};

namespace {

class PostgresStatement final : public engine::Statement {
  public:
    PostgresStatement(Connection& connection, std::string sql) : connection_(connection), sql_(std::move(sql)) {}
    void reset() override { rows_.reset(), values_.clear(); }
    void bind(int number, std::int64_t value) override { put(number, std::to_string(value)); }
    void bind(int number, std::string_view value) override { put(number, to_text(value)); }
    Result<bool> step() override {
        if (!rows_) {
            THREATLAS_TRY(rows_, connection_.query(sql_, values_));
        }
        if (rows_->row + 1 >= PQntuples(rows_->answer.get())) {
            rows_->row = PQntuples(rows_->answer.get());
            return false;
        }
        ++rows_->row;
        return true;
    }
    std::string text(int column) const override {
        if (!here() || PQgetisnull(rows_->answer.get(), rows_->row, column) != 0) return {};
        return from_text({PQgetvalue(rows_->answer.get(), rows_->row, column), static_cast<std::size_t>(PQgetlength(rows_->answer.get(), rows_->row, column))});
    }
    std::int64_t integer(int column) const override {
        if (!here() || PQgetisnull(rows_->answer.get(), rows_->row, column) != 0) return 0;
        const char* const text = PQgetvalue(rows_->answer.get(), rows_->row, column);
        std::int64_t value = 0;
        std::from_chars(text, text + std::strlen(text), value);
        return value;
    }

  private:
    bool here() const { return rows_ && rows_->row >= 0 && rows_->row < PQntuples(rows_->answer.get()); }
    void put(int number, std::string value) {
        values_.resize(std::max(values_.size(), static_cast<std::size_t>(number)));
        values_[static_cast<std::size_t>(number) - 1] = std::move(value);
    }
    Connection& connection_;
    std::string sql_;
    std::vector<std::string> values_;
    std::unique_ptr<Connection::Rows> rows_;
};

bool reads_only(std::string_view sql) {
    const std::size_t from = sql.find_first_not_of(" \n\t(");
    return from != std::string_view::npos && sql.substr(from, 6) == "SELECT";
}

}  // namespace

Connection::Connection(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
Connection::~Connection() = default;

Result<std::unique_ptr<Connection>> Connection::open(const std::string& address) {
    auto handle = std::make_unique<Handle>();
    handle->shown = without_password(address);
    std::unique_ptr<Connection> connection(new Connection(std::move(handle)));
    connection->address_ = address;
    connection->settings_.whole = true;  // until someone is acted for
    THREATLAS_CHECK(connection->connect());
    return connection;
}

Result<void> Connection::connect() {
    holds_lock_ = false;
    depth_ = 0;
    // A writer must reach the primary, whichever of the hosts that is now. What the address says itself wins.
    const char* const keys[] = {"target_session_attrs", "connect_timeout", "keepalives_idle", "client_encoding", "application_name", "dbname", nullptr};
    const char* const values[] = {"read-write", "10", "30", "UTF8", "threatlas", address_.c_str(), nullptr};
    handle_->connection.reset(PQconnectdbParams(keys, values, 1));
    if (handle_->get() == nullptr || PQstatus(handle_->get()) != CONNECTION_OK)
        return fail(ErrorCode::unavailable, "the database does not answer: see that it runs and that the address is right (" + trimmed(handle_->get() == nullptr ? "out of memory" : PQerrorMessage(handle_->get())) + ")",
                    {handle_->shown, 0, ""});
    PQsetNoticeProcessor(handle_->get(), [](void*, const char*) {}, nullptr);
    return command("SET standard_conforming_strings = on; SET lock_timeout = '60s'; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET extra_float_digits = 3");
}

bool Connection::lost() const { return PQstatus(handle_->get()) != CONNECTION_OK; }

Result<void> Connection::command(const std::string& sql) {
    const Answer answer(PQexec(handle_->get(), sql.c_str()));
    const ExecStatusType status = PQresultStatus(answer.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY) return handle_->error(answer.get());
    return {};
}

Result<void> Connection::begin(bool writing) {
    if (depth_ > 0) return fail(ErrorCode::internal, "a transaction within a transaction");
    const auto quoted = [&](const std::string& text) {
        char* const literal = PQescapeLiteral(handle_->get(), text.c_str(), text.size());
        std::string out = literal == nullptr ? "''" : literal;
        PQfreemem(literal);
        return out;
    };
    const auto start = [&]() -> Result<void> {
        std::string sql = writing ? "BEGIN;" : "BEGIN ISOLATION LEVEL REPEATABLE READ;";
        const std::pair<const char*, std::string> all[] = {{"organisation", settings_.organisation}, {"role", settings_.role}, {"clearance", settings_.clearance}, {"codes", settings_.codes},
                                                           {"purpose", settings_.purpose}, {"consents", settings_.consents}, {"whole", settings_.whole ? "on" : ""}};
        for (const auto& [name, value] : all) sql += "SET LOCAL app." + std::string(name) + " = " + quoted(value) + ";";
        if (writing) sql += kShortLock;
        return command(sql);
    };
    auto begun = start();
    if (!begun && lost()) {  // nothing had begun: once more, on a new connection
        THREATLAS_CHECK(connect());
        begun = start();
    }
    if (!begun) {
        if (!lost()) (void)command("ROLLBACK");
        return begun;
    }
    depth_ = 1;
    return {};
}

Result<void> Connection::commit() {
    depth_ = 0;
    const Answer answer(PQexec(handle_->get(), "COMMIT"));
    if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK) {
        if (lost())
            return fail(ErrorCode::unavailable, "the connection to the database was lost at the very end: whether it was kept shows when you look; doing it again does no harm", {handle_->shown, 0, ""});
        return handle_->error(answer.get());
    }
    // A transaction in which something failed 'commits' by rolling back.
    if (std::strcmp(PQcmdStatus(answer.get()), "COMMIT") != 0) return fail(ErrorCode::internal, "the transaction had failed before it was to be committed", {handle_->shown, 0, ""});
    return {};
}

void Connection::roll_back() {
    depth_ = 0;
    if (!lost()) (void)command("ROLLBACK");
}

Result<void> Connection::run(std::string_view sql) {
    if (depth_ > 0) return command(std::string(sql));
    THREATLAS_CHECK(begin(true));
    if (auto done = command(std::string(sql)); !done) {
        roll_back();
        return done;
    }
    return commit();
}

Result<std::unique_ptr<engine::Statement>> Connection::prepare(std::string_view sql) { return std::make_unique<PostgresStatement>(*this, std::string(sql)); }

Result<std::unique_ptr<Connection::Rows>> Connection::query(const std::string& sql, const std::vector<std::string>& values) {
    std::vector<const char*> pointers;
    for (const std::string& each : values) pointers.push_back(each.c_str());
    const auto ask = [&]() -> Result<std::unique_ptr<Rows>> {
        auto rows = std::make_unique<Rows>();
        rows->answer.reset(PQexecParams(handle_->get(), sql.c_str(), static_cast<int>(values.size()), nullptr, pointers.data(), nullptr, nullptr, 0));
        const ExecStatusType status = PQresultStatus(rows->answer.get());
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) return handle_->error(rows->answer.get());
        return rows;
    };
    if (depth_ > 0) return ask();
    const bool reading = reads_only(sql);
    for (int attempt = 0;; ++attempt) {
        THREATLAS_CHECK(begin(!reading));
        auto rows = ask();
        if (!rows) {
            const bool again = reading && lost() && attempt == 0;
            roll_back();
            if (again) continue;
            return rows;
        }
        THREATLAS_CHECK(commit());
        return rows;
    }
}

Result<void> Connection::forget() { return {}; }

Result<bool> Connection::has_table(std::string_view name) {
    auto row = PostgresStatement(*this, "SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND c.relname = $1 AND n.nspname = current_schema()");
    row.bind(1, name);
    return row.step();
}

// Texts compare byte by byte, as in the embedded engine, whatever the collation of the database.
std::string Connection::dialect(std::string_view step) const {
    std::string out(step);
    for (const std::string_view after : {" TEXT NOT NULL", " TEXT PRIMARY KEY"})
        for (std::size_t at = out.find(after); at != std::string::npos; at = out.find(after, at + after.size() + 12)) out.insert(at + 5, " COLLATE \"C\"");
    return out;
}

void Connection::act_for(Settings settings) { settings_ = std::move(settings); }

Result<void> Connection::take_writer_lock(const std::string& sentence) {
    Answer answer(PQexec(handle_->get(), kTryWriter));
    if (PQresultStatus(answer.get()) != PGRES_TUPLES_OK && lost()) {
        THREATLAS_CHECK(connect());
        answer.reset(PQexec(handle_->get(), kTryWriter));
    }
    if (PQresultStatus(answer.get()) != PGRES_TUPLES_OK) return handle_->error(answer.get());
    if (PQgetvalue(answer.get(), 0, 0)[0] != 't') return fail(ErrorCode::conflict, sentence, {handle_->shown, 0, ""});
    holds_lock_ = true;
    return {};
}

Result<void> Connection::keeps_writer_lock() {
    if (holds_lock_ && command("SELECT 1")) return {};
    return fail(ErrorCode::unavailable, "the connection that held the writer's place was lost; nothing is kept of what was being written, try again", {handle_->shown, 0, ""});
}

Result<void> Connection::copy_in(const std::string& sql, const std::function<Result<void>(const Sink&)>& fill) {
    {
        const Answer answer(PQexec(handle_->get(), sql.c_str()));
        if (PQresultStatus(answer.get()) != PGRES_COPY_IN) return handle_->error(answer.get());
    }
    const auto filled = fill([&](const char* bytes, std::size_t size) -> Result<void> {
        if (PQputCopyData(handle_->get(), bytes, static_cast<int>(size)) != 1) return handle_->error(nullptr);
        return {};
    });
    const int ended = PQputCopyEnd(handle_->get(), filled ? nullptr : "given up");
    Result<void> outcome = filled;
    if (outcome && ended != 1) outcome = handle_->error(nullptr);
    for (;;) {
        const Answer answer(PQgetResult(handle_->get()));
        if (!answer) break;
        if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK && filled) outcome = handle_->error(answer.get());
        if (lost()) break;
    }
    return outcome;
}

Result<void> Connection::copy_out(const std::string& sql, const Sink& take) {
    {
        const Answer answer(PQexec(handle_->get(), sql.c_str()));
        if (PQresultStatus(answer.get()) != PGRES_COPY_OUT) return handle_->error(answer.get());
    }
    Result<void> outcome;
    for (;;) {
        char* bytes = nullptr;
        const int size = PQgetCopyData(handle_->get(), &bytes, 0);
        if (size < 0) break;
        if (outcome) outcome = take(bytes, static_cast<std::size_t>(size));
        PQfreemem(bytes);
    }
    for (;;) {
        const Answer answer(PQgetResult(handle_->get()));
        if (!answer) break;
        if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK && outcome) outcome = handle_->error(answer.get());
        if (lost()) break;
    }
    return outcome;
}

}  // namespace threatlas::store::postgres
