// UNODC surveys of one layout: crime trends, trafficking in persons, firearms; see README.md.
#pragma once

#include <memory>

#include "ingest/ingest.hpp"

namespace threatlas::ingest::sources {

std::unique_ptr<Importer> make_unodc_crime_trends();  // CTS
std::unique_ptr<Importer> make_unodc_glotip();         // GLOTIP
std::unique_ptr<Importer> make_unodc_firearms();       // IAFQ

}  // namespace threatlas::ingest::sources
