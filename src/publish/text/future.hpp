// Sentences of forecasts.
#pragma once

#include <string>

#include "assess/assessment.hpp"
#include "model/catalogue.hpp"

namespace threatlas::publish::text {

// 'It is likely (55–75 %) that the twelve months to 2024-12 bring fewer than the twelve before: 381 319 then, about 288 000 expected.'
std::string outlook_sentence(const assess::Outlook& outlook, const model::Catalogue& catalogue);
// What would change it; and, where the periods forecast have passed unseen, that they have.
std::string outlook_change(const assess::Outlook& outlook, core::Day as_of);

}  // namespace threatlas::publish::text
