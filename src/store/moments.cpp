// Moments of the exchange, as text and as microseconds.
#include <array>
#include <charconv>
#include <cstdio>

#include "core/calendar.hpp"
#include "store/collections.hpp"

namespace threatlas::store {
namespace {

constexpr std::int64_t kSecond = 1'000'000, kDay = 86400 * kSecond;

}  // namespace

std::string moment_text(std::int64_t micros) {
    const std::int64_t days = (micros >= 0 ? micros : micros - kDay + 1) / kDay, rest = micros - days * kDay;
    std::array<char, 32> tail{};
    std::snprintf(tail.data(), tail.size(), "T%02d:%02d:%02d.%06dZ", static_cast<int>(rest / (3600 * kSecond)), static_cast<int>(rest / (60 * kSecond) % 60), static_cast<int>(rest / kSecond % 60), static_cast<int>(rest % kSecond));
    return core::iso(core::Day{static_cast<std::int32_t>(days)}) + tail.data();
}

std::optional<std::int64_t> moment_of(std::string_view text) {
    // 'YYYY-MM-DDThh:mm:ss', decimals, 'Z'
    if (text.size() < 20 || text.size() > 64 || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text.back() != 'Z') return std::nullopt;
    const auto two = [&](std::size_t at) { return text[at] < '0' || text[at] > '9' || text[at + 1] < '0' || text[at + 1] > '9' ? 99 : (text[at] - '0') * 10 + (text[at + 1] - '0'); };
    const auto day = core::parse_day(text.substr(0, 10));
    const int hours = two(11), minutes = two(14), seconds = two(17);
    if (!day || hours > 23 || minutes > 59 || seconds > 60) return std::nullopt;
    std::int64_t micros = 0;
    if (text.size() > 20) {
        const std::string_view decimals = text.substr(20, text.size() - 21);
        if (text[19] != '.' || decimals.empty() || decimals.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
        for (std::size_t i = 0; i < 6; ++i) micros = micros * 10 + (i < decimals.size() ? decimals[i] - '0' : 0);
    }
    return static_cast<std::int64_t>(day->number) * kDay + (hours * 3600 + minutes * 60 + std::min(seconds, 59)) * kSecond + micros;
}

}  // namespace threatlas::store
