// What the parts of the embedded store share: the folder's paths, the database, the clock.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "store/database.hpp"

namespace threatlas::store {

class FieldKey;

struct Engine {
    std::string folder;
    std::string key_file{};   // of the field key; empty: FieldKey::default_path(folder)
    std::shared_ptr<const FieldKey> key{};   // once read: ask field_key(engine)
    Database database;
    std::function<std::string()> clock;
    std::mutex mutex;  // held around every use of the database

    std::string segments() const { return folder + "/segments"; }
    std::string segment(const std::string& hash) const { return segments() + "/" + hash + ".seg"; }
    std::string lock_file() const { return folder + "/writer.lock"; }
    std::string head_file() const { return folder + "/audit.head"; }
};

}  // namespace threatlas::store
