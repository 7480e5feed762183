// Any bytes as delimited text, in each encoding: no crash, no endless loop, cells as many as headings.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ingest/delimited.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const char* encoding : {"utf-8", "windows-1250", "windows-1251"}) {
        threatlas::ingest::TableOptions options;
        options.encoding = encoding;
        options.max_row_bytes = 1 << 16;
        auto table = threatlas::ingest::open_delimited(threatlas::ingest::bytes_of(text), "fuzz", options);
        if (!table) continue;
        std::vector<std::string_view> cells;
        for (;;) {
            const auto more = (*table)->next(cells);
            if (!more || !*more) break;
            if (cells.size() != (*table)->headings().size()) std::abort();
            static_cast<void>((*table)->original());
        }
    }
    return 0;
}
