// Any bytes as each kind of identifier: an answer, and what is canonical stays so.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "exchange/identifiers/identifier.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace threatlas::exchange::identifiers;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto bar = text.find('|');
    const std::string value(text.substr(0, bar)), country(bar == std::string_view::npos ? "RS" : text.substr(bar + 1, 3));
    for (const auto& [kind, name] : threatlas::model::EnumNames<Kind>::names) {
        const auto once = canonical({std::string(name), value, country, kind == Kind::person ? "1980-02-01" : ""});
        if (!once) continue;
        const auto twice = canonical(given(*once));
        if (!twice || twice->value != once->value || twice->country != once->country || twice->spellings.front() != once->spellings.front()) std::abort();
        if (once->spellings.empty() || once->spellings.size() > kMostSpellings) std::abort();
    }
    return 0;
}
