// Eurostat crim_off_cat, the TSV of the bulk download; see README.md beside this file.
#pragma once

#include <memory>

#include "ingest/ingest.hpp"

namespace threatlas::ingest::sources {

std::unique_ptr<Importer> make_eurostat_crime();

}  // namespace threatlas::ingest::sources
