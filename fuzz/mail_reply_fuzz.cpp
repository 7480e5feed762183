// Any bytes as what an SMTP server says, whole and in two pieces: the same reply or the same refusal.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "exchange/mail/reply.hpp"

using threatlas::exchange::mail::ReplyReader;

namespace {

bool feed(ReplyReader& reader, std::string_view bytes) {
    while (!bytes.empty() && !reader.done()) {
        const auto taken = reader.take(bytes);
        if (!taken || *taken > bytes.size() || *taken == 0) return false;
        bytes.remove_prefix(*taken);
    }
    return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    ReplyReader whole, split;
    const bool good = feed(whole, text), same = feed(split, text.substr(0, size / 2)) && feed(split, split.done() ? std::string_view{} : text.substr(size / 2));
    if (good != same || whole.done() != split.done() || whole.reply().lines != split.reply().lines) std::abort();
    if (whole.done() && (whole.reply().code < 200 || whole.reply().code > 599)) std::abort();
    for (const char each : whole.reply().text())
        if (each < 32 || each > 126) std::abort();
    return 0;
}
