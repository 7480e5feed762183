// Any bytes as a workbook.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ingest/xlsx.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    threatlas::ingest::TableOptions options;
    options.max_row_bytes = 1 << 16;
    auto table = threatlas::ingest::open_xlsx_bytes({reinterpret_cast<const char*>(data), size}, "fuzz", options);
    if (!table) return 0;
    std::vector<std::string_view> cells;
    for (;;) {
        const auto more = (*table)->next(cells);
        if (!more || !*more) break;
        if (cells.size() != (*table)->headings().size()) std::abort();
        static_cast<void>((*table)->original());
    }
    return 0;
}
