// The questionnaire through which members give structured judgements (examples/questionnaire): CSV or
// XLSX with the columns id, threat, lens, criterion, kind, value, statement, scope, organisation,
// dated, q10, q50, q90, evaluation, handling. Further columns (area, comment) are let be; rows with
// neither a value, nor quantiles, nor a statement are unanswered questions and are passed over.
#pragma once

#include <memory>

#include "ingest/ingest.hpp"

namespace threatlas::ingest {

// Source id 'questionnaire'; no edition of its own: the day it is handed in is given with --known-at.
std::unique_ptr<Importer> make_questionnaire_importer();

}  // namespace threatlas::ingest
