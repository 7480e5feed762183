// Any bytes as a galaxy or a taxonomy: each word becomes an object that carries it.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "exchange/misp/vocabulary.hpp"
#include "exchange/stix/carry.hpp"
#include "exchange/stix/schema.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace threatlas;
    static const model::Catalogue catalogue = [] {
        model::Catalogue c;
        model::Code code;
        code.id = "tool.explosive", code.misp = {"misp-galaxy:financial-fraud=\"ATM Explosive Attack\"", "ransomware"};
        c.codes.push_back(code);
        return c;
    }();
    static const exchange::misp::Vocabulary vocabulary(catalogue);
    const auto words = exchange::misp::words_of({reinterpret_cast<const char*>(data), size}, "fuzz");
    if (!words) return 0;
    for (const auto& each : words->words) {
        const auto object = exchange::misp::to_stix(*words, each, vocabulary.of(each.tag), catalogue);
        const auto record = exchange::stix::carried(object);
        if (!record || record->record != each.record) std::abort();
        static_cast<void>(exchange::stix::against_schema(object, std::string_view(object.at("type").get_string())));
    }
    return 0;
}
