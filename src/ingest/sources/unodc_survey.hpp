// The layout that UNODC's surveys share (crime trends, trafficking, firearms): one figure a row, by
// country, indicator, dimension, category, sex, age, year and unit.
#pragma once

#include <memory>

#include "ingest/ingest.hpp"

namespace threatlas::ingest::sources {

struct SurveyLayout {
    const char* source;        // catalogue source id
    const char* prefix;        // of the codes: 'cts' gives cts.<indicator>.<category>, rates cts_rate....
    const char* value_column;  // heading of the figure
    core::Day edition;
};

std::unique_ptr<Importer> make_unodc_survey(SurveyLayout layout);

}  // namespace threatlas::ingest::sources
