// Any bytes as the JSON of a mapping, as a judgement's text, and as a table whose columns are guessed: what is
// guessed is a mapping that parses.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/json.hpp"
#include "core/text.hpp"
#include "work/checking.hpp"
#include "work/judging.hpp"
#include "work/preview.hpp"

namespace {

const threatlas::model::Catalogue& catalogue() {
    static const threatlas::model::Catalogue one = [] {
        threatlas::model::Catalogue c;
        threatlas::model::Country country;
        country.id = "RS", country.iso3 = "SRB", country.name = "Serbia";
        c.countries.push_back(country);
        threatlas::model::What what;
        what.id = "seizure.heroin", what.title = "Heroin seized", what.unit = "kg", what.nature = "seizure";
        c.whats.push_back(what);
        threatlas::model::Unit unit;
        unit.id = unit.base = "kg", unit.title = "kilogram";
        c.units.push_back(unit);
        return c;
    }();
    return one;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace threatlas;
    const std::string text(reinterpret_cast<const char*>(data), size);
    if (const auto value = core::parse_json(text, "fuzz"); value && value->is_object()) static_cast<void>(work::mapping_of(value->get_object()));
    static_cast<void>(work::taken_apart(text));
    if (!core::is_utf8(text)) return 0;
    work::Preview seen;
    seen.format.format = "delimited", seen.format.delimiter = ';';
    bool first = true;
    for (const auto& line : core::split(text, '\n')) {
        const auto cells = core::split(line, ';');
        if (first) {
            for (const auto& each : cells) seen.headings.emplace_back(core::trim(each));
            seen.columns.resize(cells.size()), seen.numbers.resize(cells.size());
        } else if (++seen.looked_at < 50) {
            for (std::size_t i = 0; i < cells.size() && i < seen.columns.size(); ++i)
                if (const auto cell = core::trim(cells[i]); !cell.empty() && cell.size() <= 200) seen.columns[i].emplace_back(cell);
        }
        first = false;
    }
    const work::Guess guess = work::guess_mapping(seen, catalogue(), "", "fuzz");
    static_cast<void>(work::mapping_of(guess.mapping));
    if (!core::parse_json(core::write_json(guess.mapping), "guess")) std::abort();
    return 0;
}
