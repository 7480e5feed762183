// One lens of one threat: its charts, its judgements, or the empty frame that says what would help.
#pragma once

#include "publish/html/page.hpp"

namespace threatlas::publish::html {

struct Room {
    std::size_t charts = 1, statements = 2;
    std::size_t other_countries = 2;   // others than the members', for comparison
};
// first: the figure to be shown before the others of its lens, such as the one a sentence above cites. outlook: of the
// future-trends lens; may be null.
void lens(Page& page, const assess::LensResult& lens, const Room& room, const std::string& first, const assess::Outlook* outlook);

}  // namespace threatlas::publish::html
