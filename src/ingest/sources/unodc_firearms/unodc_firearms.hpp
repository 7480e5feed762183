// UNODC Illicit Arms Flows Questionnaire; see README.md beside this file.
#pragma once

#include <memory>

#include "ingest/ingest.hpp"

namespace threatlas::ingest::sources {

std::unique_ptr<Importer> make_unodc_firearms();

}  // namespace threatlas::ingest::sources
