// Reports to a financial intelligence unit in goAML's XML, as counts; see README.md beside this file.
#pragma once

#include <memory>

#include "ingest/ingest.hpp"

namespace threatlas::ingest::sources {

// Source id 'fiu_goaml'; no edition of its own: the day it is handed in is given with --known-at, else today.
std::unique_ptr<Importer> make_fiu_goaml();

// For tests and fuzzing: the same over a text.
core::Result<void> count_goaml(std::string_view xml, const model::Catalogue& catalogue, Sink& sink);

}  // namespace threatlas::ingest::sources
