#include "store/database.hpp"

#include "store/postgres/connection.hpp"
#include "store/sqlite_engine.hpp"

namespace threatlas::store {

core::Result<Database> Database::open(const std::string& where, bool create) {
    Database database;
    if (postgres::is_address(where)) {
        THREATLAS_TRY(auto connection, postgres::Connection::open(where));
        database.postgres_ = connection.get();
        database.handle_ = std::move(connection);
        database.where_ = postgres::without_password(where);
        return database;
    }
    database.where_ = where;
    THREATLAS_TRY(database.handle_, open_sqlite(where, create));
    return database;
}

}  // namespace threatlas::store
