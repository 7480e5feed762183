// Duty hours of a desk, as people write them: '24/7', or 'Mo-Fr 08:00-16:00; Sa,Su 09:00-12:00', in a time zone by its
// name. An end before the beginning is on the next day.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace threatlas::work::contact {

struct DutyHours {
    bool always = false;
    struct Span {
        std::uint8_t days = 0;        // bit 0: Monday
        int from = 0, to = 0;         // minutes after midnight, to at most 1440; to <= from: until the next day
    };
    std::vector<Span> spans;
    // weekday: 0 Monday; minute after midnight.
    bool on(int weekday, int minute) const;
};

// bad_input with what is wrong. At most 20 spans.
core::Result<DutyHours> parse_duty_hours(std::string_view text);
// The zone must be one that ICU knows ('Europe/Belgrade', 'UTC').
core::Result<void> known_zone(const std::string& zone);
// Whether somebody is there at a moment (seconds since 1970).
core::Result<bool> on_duty(const DutyHours& hours, const std::string& zone, std::int64_t at);

}  // namespace threatlas::work::contact
