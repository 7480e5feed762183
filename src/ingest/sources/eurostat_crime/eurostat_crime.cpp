#include "ingest/sources/eurostat_crime/eurostat_crime.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "ingest/sources/rows.hpp"

namespace threatlas::ingest::sources {
namespace {

constexpr const char* kKey = "freq,iccs,unit,geo\\TIME_PERIOD";

// '1234 b', ':', ': c'. false when it is none of these. Flags are letters after the value.
bool parse_cell(std::string_view cell, model::Observation& o) {
    const std::size_t space = cell.find(' ');
    const std::string_view number = cell.substr(0, space);
    const std::string_view flags = space == std::string_view::npos ? std::string_view{} : core::trim(cell.substr(space));
    if (!std::all_of(flags.begin(), flags.end(), [](char c) { return c >= 'a' && c <= 'z'; })) return false;
    o.flags = flags;
    o.value = o.upper = 0;
    if (number == ":") {
        o.state = flags.find('c') != std::string_view::npos ? model::State::withheld : model::State::absent;
        return true;
    }
    const auto value = core::parse_number(number);
    if (!value || *value < 0) return false;
    o.value = o.upper = *value;
    o.state = model::State::measured;
    return true;
}

class EurostatCrime final : public Importer {
  public:
    std::string source() const override { return "eurostat_crime"; }
    core::Day published() const override { return edition_day(2022, 7, 1); }

    core::Result<void> read(const std::string& path, const model::Catalogue& catalogue, Sink& sink) const override {
        TableOptions options;
        options.delimiter = '\t';
        THREATLAS_TRY(const auto table, open_table(path, options));
        const auto& headings = table->headings();
        if (headings.empty() || headings[0] != kKey)
            return core::fail(core::ErrorCode::bad_input, std::string("the first column should be headed '") + kKey + "'", {path, 1, headings.empty() ? "" : headings[0]});
        std::vector<core::Interval> years;
        for (std::size_t i = 1; i < headings.size(); ++i) {
            const auto year = core::parse_interval(headings[i]);
            if (!year || headings[i].size() != 4) return core::fail(core::ErrorCode::bad_input, "'" + headings[i] + "' is not a year", {path, 1, headings[i]});
            years.push_back(*year);
        }
        FirstSeen seen;
        std::vector<std::string_view> cells;
        std::uint64_t verdicts = 0;  // a row of this wide table holds one figure a year
        for (;;) {
            THREATLAS_TRY(const bool more, table->next(cells));
            if (!more) return {};
            model::Observation o;
            const auto refused = head(cells[0], catalogue, o);
            for (std::size_t i = 0; i < years.size(); ++i) {
                ++verdicts;
                if (!refused.empty() || !parse_cell(core::trim(cells[i + 1]), o)) {
                    const std::string why = refused.empty() ? "'" + std::string(core::trim(cells[i + 1])) + "' is neither a figure nor ':'" : refused;
                    THREATLAS_CHECK(sink.set_aside("refused", table->row(), headings[i + 1], why, table->original()));
                    continue;
                }
                o.period = years[i];
                o.known_at = known_at(o.period.end, 548, published());
                o.row = table->row();
                THREATLAS_CHECK(accept_once(seen, core::split(cells[0], ',').back() + "|" + o.what + "|" + headings[i + 1], o, *table, sink));
            }
            sink.rows_read(verdicts, table->bytes_read());
        }
    }

  private:
    // 'A,ICCS0101,NR,AL' -> what, unit, place; the reason when it is refused.
    static std::string head(std::string_view text, const model::Catalogue& catalogue, model::Observation& o) {
        const auto parts = core::split(core::trim(text), ',');
        if (parts.size() != 4 || parts[0] != "A") return "'" + std::string(text) + "' is not frequency A, code, unit and country";
        if (parts[2] != "NR" && parts[2] != "P_HTHAB") return "unknown unit '" + parts[2] + "'";
        const model::Country* country = catalogue.country(parts[3]);
        if (country == nullptr) return "unknown country '" + parts[3] + "'";
        // Parts of the United Kingdom are not the country: keep them apart by dimension.
        o.dims.clear();
        if (parts[3].starts_with("UK")) o.dims["part"] = parts[3];
        o.what = (parts[2] == "NR" ? "iccs." : "iccs_rate.") + parts[1];
        o.unit = parts[2] == "NR" ? "count" : "per_100k";
        o.place = country->id;
        o.nature = model::Nature::reported_crime;
        return {};
    }
};

}  // namespace

std::unique_ptr<Importer> make_eurostat_crime() { return std::make_unique<EurostatCrime>(); }

}  // namespace threatlas::ingest::sources
