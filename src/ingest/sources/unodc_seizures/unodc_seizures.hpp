// UNODC individual drug seizures; see README.md beside this file.
#pragma once

#include <memory>

#include "ingest/ingest.hpp"

namespace threatlas::ingest::sources {

std::unique_ptr<Importer> make_unodc_seizures();

}  // namespace threatlas::ingest::sources
