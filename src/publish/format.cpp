#include "publish/format.hpp"

#include <fmt/format.h>

#include <cmath>

namespace threatlas::publish {

std::string fixed(double value, int digits) {
    const std::string out = fmt::format("{:.{}f}", value, digits);
    return out.starts_with('-') && out.find_first_not_of("-0.") == std::string::npos ? out.substr(1) : out;   // no '-0.0'
}

std::string number(double value) {
    if (!std::isfinite(value)) return "–";
    const double size = std::abs(value);
    if (size < 100 && size != std::floor(size)) return fixed(value, size < 1 ? 2 : 1);
    std::string digits = fixed(size, 0), out;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i != 0 && (digits.size() - i) % 3 == 0 && digits.size() > 4) out += "\u2009";
        out += digits[i];
    }
    return (value < 0 && digits != "0" ? "−" : "") + out;
}

std::string signed_points(double value) {
    const std::string size = fixed(std::abs(value), 1);
    return size == "0.0" ? size : (value < 0 ? "−" : "+") + size;
}

std::string percent(double share) { return fixed(100 * share, 0) + "\u2009%"; }

std::string day_text(core::Day day) {
    static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const core::YearMonthDay d = core::split(day);
    return fmt::format("{} {} {}", d.day, kMonths[d.month - 1], d.year);
}

std::string escape(std::string_view text) {
    std::string out;
    for (const char c : text) switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: out += c;
        }
    return out;
}

}  // namespace threatlas::publish
