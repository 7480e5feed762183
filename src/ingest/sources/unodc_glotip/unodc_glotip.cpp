#include "ingest/sources/unodc_glotip/unodc_glotip.hpp"

#include "ingest/sources/rows.hpp"
#include "ingest/sources/unodc_survey.hpp"

namespace threatlas::ingest::sources {

std::unique_ptr<Importer> make_unodc_glotip() { return make_unodc_survey({"unodc_glotip", "glotip", "txtVALUE", edition_day(2023, 1, 24)}); }

}  // namespace threatlas::ingest::sources
