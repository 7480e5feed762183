// UNODC Global Report on Trafficking in Persons; see README.md beside this file.
#pragma once

#include <memory>

#include "ingest/ingest.hpp"

namespace threatlas::ingest::sources {

std::unique_ptr<Importer> make_unodc_glotip();

}  // namespace threatlas::ingest::sources
