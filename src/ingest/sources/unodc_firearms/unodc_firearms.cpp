#include "ingest/sources/unodc_firearms/unodc_firearms.hpp"

#include "ingest/sources/rows.hpp"
#include "ingest/sources/unodc_survey.hpp"

namespace threatlas::ingest::sources {

std::unique_ptr<Importer> make_unodc_firearms() { return make_unodc_survey({"unodc_firearms", "iafq", "VALUE", edition_day(2022, 6, 1)}); }

}  // namespace threatlas::ingest::sources
