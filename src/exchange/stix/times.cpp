#include "exchange/stix/times.hpp"

#include "core/calendar.hpp"

namespace threatlas::exchange::stix {
namespace {

bool two(std::string_view text, std::size_t at, int below) {
    return text[at] >= '0' && text[at] <= '9' && text[at + 1] >= '0' && text[at + 1] <= '9' && (text[at] - '0') * 10 + (text[at + 1] - '0') < below;
}

}  // namespace

bool is_time(std::string_view text, int digits) {
    if (text.size() < 20 || text.back() != 'Z' || text[10] != 'T' || text[13] != ':' || text[16] != ':') return false;
    if (!core::parse_day(text.substr(0, 10)) || !two(text, 11, 24) || !two(text, 14, 60) || !two(text, 17, 60)) return false;
    const std::string_view rest = text.substr(19, text.size() - 20);
    if (rest.empty()) return true;
    if (rest.size() < 2 || rest[0] != '.' || rest.size() > static_cast<std::size_t>(digits) + 1) return false;
    return rest.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

std::optional<std::string> to_time(std::string_view text) {
    if (text.size() == 10 && core::parse_day(text)) return std::string(text) + "T00:00:00.000Z";
    if (!is_time(text, 30)) return std::nullopt;
    std::string out(text.substr(0, 19));
    std::string places(text.size() > 21 ? text.substr(20, text.size() - 21) : "");
    places.resize(3, '0');
    return out + '.' + places + 'Z';
}

}  // namespace threatlas::exchange::stix
