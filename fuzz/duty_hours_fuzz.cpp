// Any text as duty hours: an error, or hours that answer for every minute of the week.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "work/contact/duty_hours.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto hours = threatlas::work::contact::parse_duty_hours({reinterpret_cast<const char*>(data), size});
    if (!hours) return 0;
    bool any = false;
    for (int day = 0; day < 7; ++day)
        for (int minute = 0; minute < 1440; ++minute) any = hours->on(day, minute) || any;
    if (!any) std::abort();
    return 0;
}
