// Any bytes as MISP events: what is read is written and read the same, and persons are taken out once.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "exchange/misp/event.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace threatlas::exchange::misp;
    auto all = events_of({reinterpret_cast<const char*>(data), size}, "fuzz");
    if (!all) return 0;
    for (auto& each : *all) {
        if (const auto event = from_json(each)) {
            const auto again = from_json(to_json(*event));
            if (!again || *again != *event) std::abort();
            static_cast<void>(handling_of(event->tags));
        }
        without_persons(each);
        if (without_persons(each) != 0) std::abort();
    }
    return 0;
}
