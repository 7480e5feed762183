// The measure 'signals': how many true signals of a threat were raised in the last twelve months.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "assess/indicators/context.hpp"
#include "core/random.hpp"

namespace threatlas::assess::indicators {

struct Signalled {
    std::vector<double> draws;           // each signal true with one less its q-value
    std::vector<std::uint32_t> rows;     // behind the signals, or, without any, of what was watched: ascending
    std::string formula, from, to;
};

// The indicator's `part` says which kinds count ('rise|drift', 'new|spread|surge'). False when none of its series
// was judged, or, for kinds of modi operandi, none of its rows is coded.
bool read_signals(const Context& context, const model::Indicator& indicator, core::Random& random, Signalled& out);

}  // namespace threatlas::assess::indicators
