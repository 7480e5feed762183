// The database, under the name it had while SQLite was the only engine.
#pragma once

#include "store/database.hpp"
