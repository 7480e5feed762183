#include "ingest/sources/unodc_cts/unodc_cts.hpp"

#include "ingest/sources/rows.hpp"
#include "ingest/sources/unodc_survey.hpp"

namespace threatlas::ingest::sources {

std::unique_ptr<Importer> make_unodc_cts() { return make_unodc_survey({"unodc_cts", "cts", "VALUE", edition_day(2023, 7, 1)}); }

}  // namespace threatlas::ingest::sources
