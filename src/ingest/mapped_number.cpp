#include <charconv>
#include <cmath>

#include "core/text.hpp"
#include "ingest/mapping.hpp"

namespace threatlas::ingest {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr bool digit(char c) { return c >= '0' && c <= '9'; }

// Length of a space at the front: ASCII, U+00A0, U+2009, U+202F; 0 when none.
std::size_t space(std::string_view text) {
    if (text.starts_with(' ')) return 1;
    if (text.starts_with("\xC2\xA0")) return 2;
    if (text.starts_with("\xE2\x80\x89") || text.starts_with("\xE2\x80\xAF")) return 3;
    return 0;
}

}  // namespace

Result<double> mapped_number(std::string_view text, const NumberRule& rule) {
    text = core::trim(text);
    if (!text.empty() && text.size() < 16) {  // plain digits: the common case
        std::uint64_t value = 0;
        const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error == std::errc{} && stop == text.data() + text.size()) return static_cast<double>(value);
    }
    const auto refuse = [&](const std::string& why) { return fail(ErrorCode::bad_input, "'" + std::string(text.substr(0, 80)) + "' is not a number here: " + why); };
    if (text.empty()) return refuse("it is blank");
    std::string plain;
    std::string_view rest = text;
    bool negative = false;
    if (rest.front() == '+' || rest.front() == '-') {
        negative = rest.front() == '-';
        rest.remove_prefix(1);
    } else if (rest.starts_with("\xE2\x88\x92")) {  // U+2212 minus
        negative = true;
        rest.remove_prefix(3);
    }
    std::size_t group = 0;
    bool grouped = false, decimal = false;
    const std::string habits = std::string("the mapping says decimal mark '") + rule.decimal + "' and " +
                               (rule.thousands.empty() ? std::string("no thousands separator") : "thousands separator '" + rule.thousands + "'");
    while (!rest.empty()) {
        const char c = rest.front();
        if (digit(c)) {
            plain += c;
            ++group;
            rest.remove_prefix(1);
        } else if (c == rule.decimal) {
            if (decimal) return refuse("two decimal marks; " + habits + "; they look swapped");
            if (grouped && group != 3) return refuse("a thousands separator does not stand before three digits; " + habits);
            decimal = true;
            plain += '.';
            group = 0;
            rest.remove_prefix(1);
        } else if (const std::size_t n = rule.thousands == " " ? space(rest) : (!rule.thousands.empty() && c == rule.thousands[0] ? 1 : 0); n != 0) {
            if (decimal) return refuse("a thousands separator after the decimal mark; " + habits + "; they look swapped");
            if (group == 0 || group > 3 || (grouped && group != 3)) return refuse("a thousands separator does not stand before three digits; " + habits);
            grouped = true;
            group = 0;
            rest.remove_prefix(n);
        } else if (c == '.' || c == ',') {
            return refuse(habits + ", but '" + c + "' occurs; they look swapped");
        } else {
            return refuse("only digits, sign and separators can stand in a number");
        }
    }
    if (grouped && !decimal && group != 3) return refuse("a thousands separator does not stand before three digits; " + habits + "; they look swapped");
    if (plain.empty() || !digit(plain.front()) || plain.back() == '.') return refuse("digits are missing");
    const auto value = core::parse_number(plain);
    if (!value || !std::isfinite(*value)) return refuse("it is out of range");
    return negative ? -*value : *value;
}

Result<core::YearMonthDay> formatted_date(std::string_view text, std::string_view format) {
    const std::string whole(text.substr(0, 80)), form(format);
    core::YearMonthDay out{0, 0, 0};
    const auto wrong = [&] { return fail(ErrorCode::bad_input, "'" + whole + "' is not of the form '" + form + "'"); };
    while (!format.empty()) {
        const char c = format.front();
        if (c != 'y' && c != 'm' && c != 'd') {
            if (text.empty() || text.front() != c) return wrong();
            text.remove_prefix(1);
            format.remove_prefix(1);
            continue;
        }
        std::size_t width = 0;
        while (width < format.size() && format[width] == c) ++width;
        format.remove_prefix(width);
        if (width > 4) return wrong();
        const std::size_t most = width == 1 ? 2 : width;
        std::size_t n = 0;
        int value = 0;
        while (n < most && n < text.size() && digit(text[n])) value = value * 10 + (text[n++] - '0');
        if (n == 0 || (width != 1 && n != width)) return wrong();
        text.remove_prefix(n);
        (c == 'y' ? out.year : c == 'm' ? out.month : out.day) = value;
    }
    // Trailing '.' is common in Croatian, Serbian and Montenegrin dates: '31.12.2023.'
    if (!text.empty() && text != ".") return wrong();
    return out;
}

}  // namespace threatlas::ingest
