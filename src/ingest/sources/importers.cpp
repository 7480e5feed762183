// Every importer this program has. One line each: no static registration, so none is dropped by a linker.
#include "ingest/ingest.hpp"
#include "ingest/questionnaire.hpp"
#include "ingest/sources/euda_wastewater/euda_wastewater.hpp"
#include "ingest/sources/eurostat_crime/eurostat_crime.hpp"
#include "ingest/sources/fiu_goaml/fiu_goaml.hpp"
#include "ingest/sources/frontex/frontex.hpp"
#include "ingest/sources/ransomwhere/ransomwhere.hpp"
#include "ingest/sources/sepca_2019/sepca_2019.hpp"
#include "ingest/sources/unodc_cts/unodc_cts.hpp"
#include "ingest/sources/unodc_firearms/unodc_firearms.hpp"
#include "ingest/sources/unodc_glotip/unodc_glotip.hpp"
#include "ingest/sources/unodc_seizures/unodc_seizures.hpp"

namespace threatlas::ingest {

std::vector<std::unique_ptr<Importer>> make_importers() {
    std::vector<std::unique_ptr<Importer>> all;
    all.push_back(sources::make_euda_wastewater());
    all.push_back(sources::make_eurostat_crime());
    all.push_back(sources::make_fiu_goaml());
    all.push_back(sources::make_frontex());
    all.push_back(make_questionnaire_importer());
    all.push_back(sources::make_ransomwhere());
    all.push_back(sources::make_sepca_2019());
    all.push_back(sources::make_unodc_cts());
    all.push_back(sources::make_unodc_firearms());
    all.push_back(sources::make_unodc_glotip());
    all.push_back(sources::make_unodc_seizures());
    return all;
}

}  // namespace threatlas::ingest
