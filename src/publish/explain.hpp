// One figure opened: value, distribution, formula, indicator and the rows behind it.
#pragma once

#include <string>

#include "assess/assessment.hpp"
#include "model/catalogue.hpp"

namespace threatlas::publish {

// What a source row says: '12', '1 to 4' when censored, or that it is absent or withheld; never a zero for those.
std::string row_value(const assess::EvidenceRow& row);

std::string explain_text(const assess::Assessment& assessment, const assess::Figure& figure, const model::Catalogue& catalogue, std::size_t most_rows = 40);

}  // namespace threatlas::publish
