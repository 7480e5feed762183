// One figure opened: value, distribution, formula, indicator and the rows behind it.
#pragma once

#include <string>

#include "assess/assessment.hpp"
#include "model/catalogue.hpp"

namespace threatlas::publish {

std::string explain_text(const assess::Figure& figure, const model::Catalogue& catalogue, std::size_t most_rows = 40);

}  // namespace threatlas::publish
