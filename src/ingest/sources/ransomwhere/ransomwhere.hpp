// Ransomwhere payments; see README.md beside this file.
#pragma once

#include <memory>

#include "ingest/ingest.hpp"

namespace threatlas::ingest::sources {

std::unique_ptr<Importer> make_ransomwhere();

}  // namespace threatlas::ingest::sources
