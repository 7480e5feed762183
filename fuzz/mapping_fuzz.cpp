// Any bytes as a mapping; and as a number and a date under every habit.
#include <cstdint>
#include <string_view>

#include "ingest/mapping.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    static_cast<void>(threatlas::ingest::parse_mapping(text, "fuzz"));
    for (const char decimal : {'.', ','})
        for (const char* thousands : {"", ".", ",", " ", "'"}) static_cast<void>(threatlas::ingest::mapped_number(text, {decimal, thousands}));
    for (const char* format : {"dd.mm.yyyy", "yyyy-mm", "m/d/yyyy"}) static_cast<void>(threatlas::ingest::formatted_date(text, format));
    return 0;
}
