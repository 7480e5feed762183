// One connection to PostgreSQL. Lost connections: a read outside a transaction, and the beginning of a
// transaction, are tried once more on a new connection (also on another host of the address, after a
// failover); within a transaction the answer is unavailable, and the server has rolled it back.
// libpq is seen in connection.cpp alone.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "store/database.hpp"

namespace threatlas::store::postgres {

// Whether the text is the address of a PostgreSQL store.
bool is_address(std::string_view where);
// The address without its password, for messages and the audit log.
std::string without_password(const std::string& address);

// PostgreSQL's texts hold neither NUL nor bytes that are not UTF-8; what a stranger's file holds may. Such
// bytes are written as U+10FFFD and two hexadecimal digits, and that sign itself likewise: the
// way back gives the same bytes.
std::string to_text(std::string_view bytes);
std::string from_text(std::string_view text);

// What row-level rights go by; set in every transaction (docs/HOWTO-postgres.md).
struct Settings {
    std::string organisation, role, clearance, codes, purpose, consents;
    bool whole = false;  // the program's own bookkeeping: seals, duplicates, migrations
};

class Connection final : public engine::Connection {
  public:
    static core::Result<std::unique_ptr<Connection>> open(const std::string& address);
    ~Connection() override;

    core::Result<void> run(std::string_view sql) override;
    core::Result<std::unique_ptr<engine::Statement>> prepare(std::string_view sql) override;
    core::Result<void> begin(bool writing) override;
    core::Result<void> commit() override;
    void roll_back() override;
    core::Result<void> forget() override;  // nothing: VACUUM is the administrator's (docs/HOWTO-postgres.md)
    core::Result<bool> has_table(std::string_view name) override;
    std::string dialect(std::string_view step) const override;

    // Taken over by the next transaction (or statement outside one).
    void act_for(Settings settings);

    // Held until the connection ends; conflict with the sentence when another holds it.
    core::Result<void> take_writer_lock(const std::string& sentence);
    core::Result<void> keeps_writer_lock();  // unavailable when it was lost meanwhile

    // COPY. write: calls `fill` with a sink until it is done; read: hands out each message.
    using Sink = std::function<core::Result<void>(const char* bytes, std::size_t size)>;
    core::Result<void> copy_in(const std::string& sql, const std::function<core::Result<void>(const Sink&)>& fill);
    core::Result<void> copy_out(const std::string& sql, const Sink& take);

    // For statements of connection.cpp.
    struct Rows;
    core::Result<std::unique_ptr<Rows>> query(const std::string& sql, const std::vector<std::string>& values);

  private:
    struct Handle;
    explicit Connection(std::unique_ptr<Handle> handle);
    core::Result<void> connect();
    core::Result<void> command(const std::string& sql);
    bool lost() const;

    std::unique_ptr<Handle> handle_;
    std::string address_;
    Settings settings_;
    int depth_ = 0;          // within a transaction
    bool holds_lock_ = false;
};

}  // namespace threatlas::store::postgres
