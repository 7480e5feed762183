// The coded statements of the source report; see README.md beside this file.
#pragma once

#include <memory>

#include "ingest/ingest.hpp"

namespace threatlas::ingest::sources {

std::unique_ptr<Importer> make_sepca_2019();

}  // namespace threatlas::ingest::sources
