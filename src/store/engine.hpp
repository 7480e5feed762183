// What the parts of the embedded store share: the folder's paths, the database, the clock.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "store/database.hpp"
#include "store/file_io.hpp"
#include "store/postgres/connection.hpp"
#include "store/postgres/scratch.hpp"

namespace threatlas::store {

class FieldKey;

struct Engine {
    std::string folder;
    std::string key_file{};   // of the field key; empty: FieldKey::default_path(folder)
    std::shared_ptr<const FieldKey> key{};   // once read: ask field_key(engine)
    std::string address{};   // of a PostgreSQL store; then `folder` is the same without the password
    postgres::Scratch scratch{};  // for rows on their way in, of a PostgreSQL store
    Database database;
    std::function<std::string()> clock;
    std::function<std::int64_t()> micros;  // the same clock, in microseconds since 1970
    std::mutex mutex;  // held around every use of the database

    // What keys stand beside: the folder, or for a store at an address the name of its key file without the ending.
    std::string beside() const { return remote() && key_file.ends_with(".key") ? key_file.substr(0, key_file.size() - 4) : remote() ? key_file : folder; }
    bool remote() const { return !address.empty(); }
    std::string segments() const { return remote() ? scratch.path() : folder + "/segments"; }
    std::string segment(const std::string& hash) const { return segments() + "/" + hash + ".seg"; }
    std::string lock_file() const { return folder + "/writer.lock"; }
    std::string head_file() const { return folder + "/audit.head"; }
};

// The one writer's place, kept while it lives: a locked file, or an advisory lock on a connection of its own.
class WriterLock {
  public:
    WriterLock() = default;
    // conflict with the sentence when another has it.
    static core::Result<WriterLock> take(const Engine& engine, const std::string& sentence);
    core::Result<void> still_held() { return connection_ ? connection_->keeps_writer_lock() : core::Result<void>{}; }
    void close() { file_.close(), connection_.reset(); }

  private:
    File file_;
    std::unique_ptr<postgres::Connection> connection_;
};

}  // namespace threatlas::store
