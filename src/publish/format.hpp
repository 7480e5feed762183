// Numbers, days and text as people read them, and escaping.
#pragma once

#include <string>
#include <string_view>

#include "core/calendar.hpp"

namespace threatlas::publish {

// Thousands by thin spaces; three significant digits above one, never more digits than matter: '764 033', '12.4'.
std::string number(double value);
std::string signed_points(double value);   // "+1.2", "−0.3", "0.0"
std::string percent(double share);        // 0.734 -> '73 %'
std::string day_text(core::Day day);      // '31 Dec 2023'
std::string escape(std::string_view text);// for HTML and SVG, text and attributes
std::string fixed(double value, int digits);

}  // namespace threatlas::publish
