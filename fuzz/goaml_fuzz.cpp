// Any bytes as goAML: only counts come out, never below one and of whole reports.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ingest/sources/fiu_goaml/fiu_goaml.hpp"

namespace {

struct Sink final : threatlas::ingest::Sink {
    threatlas::core::Result<void> accept(threatlas::model::Observation o, const threatlas::ingest::RowSource&) override {
        if (o.value < 1 || o.value != std::floor(o.value)) std::abort();
        return {};
    }
    threatlas::core::Result<void> accept(threatlas::model::Claim, const threatlas::ingest::RowSource&) override { std::abort(); }
    threatlas::core::Result<void> set_aside(std::string_view, std::uint64_t, std::string_view, std::string, std::string_view original) override {
        if (!original.starts_with("report ")) std::abort();
        return {};
    }
    void rows_read(std::uint64_t, std::uint64_t) override {}
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace threatlas;
    static const model::Catalogue catalogue = [] {
        model::Catalogue c;
        model::Country country;
        country.id = "RS", country.iso3 = "SRB", country.name = "Serbia";
        c.countries.push_back(country);
        return c;
    }();
    Sink sink;
    static_cast<void>(ingest::sources::count_goaml({reinterpret_cast<const char*>(data), size}, catalogue, sink));
    return 0;
}
