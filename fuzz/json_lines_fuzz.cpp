// Any bytes as JSON lines: no crash, cells as many as headings.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ingest/json_lines.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    threatlas::ingest::TableOptions options;
    options.max_row_bytes = 1 << 16;
    auto table = threatlas::ingest::open_json_lines(threatlas::ingest::bytes_of(text), "fuzz", options);
    if (!table) return 0;
    std::vector<std::string_view> cells;
    for (;;) {
        const auto more = (*table)->next(cells);
        if (!more || !*more) break;
        if (cells.size() != (*table)->headings().size()) std::abort();
        for (std::size_t i = 0; i < cells.size(); ++i) static_cast<void>((*table)->is_number(i));
        static_cast<void>((*table)->original());
    }
    return 0;
}
