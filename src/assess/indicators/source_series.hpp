// The yearly series that one source tells of one indicator.
#pragma once

#include "assess/indicators/series.hpp"

namespace threatlas::assess::indicators {

// rows: of one source, as matching_rows gives them. Otherwise as read_series.
Series read_source(const Context& context, const model::Indicator& indicator, const std::vector<std::string>& places, bool keep_groups, const std::vector<std::uint32_t>& rows);

}  // namespace threatlas::assess::indicators
