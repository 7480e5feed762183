#include "work/contact/duty_hours.hpp"

#include <unicode/calendar.h>
#include <unicode/timezone.h>

#include <array>
#include <memory>

#include "core/text.hpp"

namespace threatlas::work::contact {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr int kDay = 24 * 60;
constexpr std::array<std::string_view, 7> kDays{"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"};

tl::unexpected<core::Error> odd(std::string_view part) { return fail(ErrorCode::bad_input, "duty hours are '24/7' or like 'Mo-Fr 08:00-16:00; Sa 09:00-12:00', not '" + std::string(part.substr(0, 60)) + "'"); }

int day_of(std::string_view text) {
    for (std::size_t i = 0; i < kDays.size(); ++i)
        if (text == kDays[i]) return static_cast<int>(i);
    return -1;
}

// 'Mo', 'Mo-Fr', 'Sa,Su', 'Fr-Mo'.
Result<std::uint8_t> days_of(std::string_view text) {
    unsigned out = 0;
    for (const auto& part : core::split(text, ',')) {
        const auto dash = part.find('-');
        const int first = day_of(std::string_view(part).substr(0, dash)), last = dash == std::string::npos ? first : day_of(std::string_view(part).substr(dash + 1));
        if (first < 0 || last < 0) return odd(text);
        for (int day = first;; day = (day + 1) % 7) {
            out |= 1U << day;
            if (day == last) break;
        }
    }
    return static_cast<std::uint8_t>(out);
}

// 'hh:mm', to 24:00.
int minute_of(std::string_view text) {
    const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : 100'000; };
    if (text.size() != 5 || text[2] != ':') return -1;
    const int hours = 10 * digit(0) + digit(1), minutes = 10 * digit(3) + digit(4);
    return hours > 24 || minutes > 59 || hours * 60 + minutes > kDay ? -1 : hours * 60 + minutes;
}

}  // namespace

bool DutyHours::on(int weekday, int minute) const {
    if (always) return true;
    for (const Span& each : spans) {
        const bool today = (each.days >> weekday & 1) != 0, yesterday = (each.days >> ((weekday + 6) % 7) & 1) != 0;
        if (each.to > each.from ? today && minute >= each.from && minute < each.to : (today && minute >= each.from) || (yesterday && minute < each.to)) return true;
    }
    return false;
}

Result<DutyHours> parse_duty_hours(std::string_view text) {
    DutyHours out;
    if (text.size() > 500) return odd(text);
    if (core::trim(text) == "24/7") {
        out.always = true;
        return out;
    }
    for (const auto& part : core::split(text, ';')) {
        const std::string_view span = core::trim(part);
        const auto space = span.find(' ');
        if (space == std::string_view::npos || out.spans.size() >= 20) return odd(text);
        const std::string_view hours = core::trim(span.substr(space + 1));
        if (hours.size() != 11 || hours[5] != '-') return odd(span);
        DutyHours::Span each;
        THREATLAS_TRY(each.days, days_of(span.substr(0, space)));
        each.from = minute_of(hours.substr(0, 5)), each.to = minute_of(hours.substr(6));
        if (each.from < 0 || each.to < 0 || each.from == kDay || each.from == each.to) return odd(span);
        out.spans.push_back(each);
    }
    return out;
}

Result<void> known_zone(const std::string& zone) {
    if (zone.size() <= 64) {
        const std::unique_ptr<icu::TimeZone> found(icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(zone)));
        if (found && *found != icu::TimeZone::getUnknown()) return {};
    }
    return fail(ErrorCode::bad_input, "there is no time zone '" + zone.substr(0, 64) + "'; write one such as Europe/Belgrade");
}

Result<bool> on_duty(const DutyHours& hours, const std::string& zone, std::int64_t at) {
    THREATLAS_CHECK(known_zone(zone));
    UErrorCode error = U_ZERO_ERROR;
    const std::unique_ptr<icu::Calendar> calendar(icu::Calendar::createInstance(icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(zone)), icu::Locale::getRoot(), error));
    if (U_FAILURE(error) || !calendar) return fail(ErrorCode::internal, "the calendar does not start");
    calendar->setTime(static_cast<double>(at) * 1000.0, error);
    const int weekday = (calendar->get(UCAL_DAY_OF_WEEK, error) + 5) % 7;   // Sunday is 1
    const int minute = calendar->get(UCAL_HOUR_OF_DAY, error) * 60 + calendar->get(UCAL_MINUTE, error);
    if (U_FAILURE(error)) return fail(ErrorCode::internal, "the calendar cannot tell the time");
    return hours.on(weekday, minute);
}

}  // namespace threatlas::work::contact
