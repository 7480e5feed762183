// One lens of one threat: its charts, its judgements, or the empty frame that says what would help.
#pragma once

#include "publish/html/page.hpp"

namespace threatlas::publish::html {

void lens(Page& page, const assess::LensResult& lens, std::size_t most_charts);

}  // namespace threatlas::publish::html
