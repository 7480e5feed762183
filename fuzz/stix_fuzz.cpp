// Any bytes as STIX: what is cut into objects comes back byte for byte, and a record read from one is carried again.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "exchange/stix/carry.hpp"
#include "exchange/stix/look.hpp"
#include "exchange/stix/markings.hpp"
#include "exchange/stix/slices.hpp"
#include "exchange/stix/validate.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace threatlas::exchange::stix;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto all = slices(text, "fuzz");
    if (!all) return 0;
    std::vector<std::string> texts;
    bool sound = true;
    for (const auto& each : all->slices) {
        texts.emplace_back(each.text);
        const auto object = object_of(each, "fuzz");
        sound = sound && object.has_value();
        if (!object) continue;
        static_cast<void>(problems_of(*object));
        static_cast<void>(handling_of(*object));
        const auto record = carried(*object);
        if (!record) continue;
        const auto again = carried(carry(text_at(*object, "type"), *record));
        if (!again || again->record != record->record || again->id != record->id) std::abort();
    }
    const std::string written = bundle(texts);
    const auto back = slices(written, "back");
    if (!back || back->slices.size() != texts.size()) std::abort();
    for (std::size_t i = 0; i < texts.size(); ++i)
        if (back->slices[i].text != texts[i]) std::abort();
    if (sound && !texts.empty() && !validate(text, "fuzz")) std::abort();
    return 0;
}
