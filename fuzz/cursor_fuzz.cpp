// Any bytes as a cursor: TAXII's 'next', sealed under a key of zeros, and that of the API's lists. The first byte says which.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "serve/api/cursor.hpp"
#include "serve/taxii/next.hpp"

namespace serve = threatlas::serve;

namespace {

void next(std::string_view text) {
    const threatlas::store::FieldKey key;
    const auto number = serve::taxii::read_next(key, "taxii next fuzz", text);
    if (!number) return;
    // One that opens is of the corpus: it serves here alone, and as it is alone.
    if (serve::taxii::read_next(key, "taxii next other", text)) std::abort();
    std::string changed(text);
    for (std::size_t i = 0; i < changed.size(); ++i) {
        changed[i] = static_cast<char>(changed[i] ^ 2);
        if (serve::taxii::read_next(key, "taxii next fuzz", changed)) std::abort();
        changed[i] = text[i];
    }
    if (*serve::taxii::read_next(key, "taxii next fuzz", serve::taxii::write_next(key, "taxii next fuzz", *number)) != *number) std::abort();
}

void page(std::string_view text) {
    const auto cursor = serve::api::read_cursor(text);
    if (!cursor) return;
    const std::string written = serve::api::write_cursor(*cursor);
    if (written.size() > 4096) return;   // escapes made it longer than is read
    const auto again = serve::api::read_cursor(written);
    if (!again || again->sort != cursor->sort || serve::api::write_cursor(*again) != written) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    data[0] % 2 == 0 ? next(text) : page(text);
    return 0;
}
