#include "ingest/sources/eurostat_crime/eurostat_crime.hpp"

#include "core/text.hpp"
#include "ingest/sources/rows.hpp"

namespace threatlas::ingest::sources {
namespace {

constexpr const char* kKey = "freq,iccs,unit,geo\\TIME_PERIOD";

// '1234 b', ':', ': c'. false when it is none of these. Flags are letters after the value.
bool parse_cell(std::string_view cell, model::Observation& o) {
    std::size_t end = cell.size();
    while (end > 0 && cell[end - 1] >= 'a' && cell[end - 1] <= 'z') --end;
    const std::string_view number = core::trim(cell.substr(0, end));
    o.flags = cell.substr(end);
    o.value = o.upper = 0;
    if (number == ":") {
        o.state = o.flags.find('c') != std::string::npos ? model::State::withheld : model::State::absent;
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
            const auto year = plain_year(headings[i]);
            if (!year) return core::fail(core::ErrorCode::bad_input, "'" + headings[i] + "' is not a year", {path, 1, headings[i]});
            years.push_back(*year);
        }
        FirstSeen seen;
        Countries countries(catalogue);
        std::vector<std::string_view> cells;
        std::uint64_t verdicts = 0;  // a row of this wide table holds one figure a year
        for (;;) {
            THREATLAS_TRY(const bool more, table->next(cells));
            if (!more) return {};
            model::Observation o;
            std::string refused = head(cells[0], catalogue, countries, o);
            if (refused.empty() && table->ragged()) refused = "the row has another number of cells than the heading";
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
                const std::string part = o.dims.contains("part") ? o.dims.at("part") : o.place;
                THREATLAS_CHECK(accept_once(seen, part + "|" + o.what + "|" + headings[i + 1], o, *table, sink));
            }
            sink.rows_read(verdicts, table->bytes_read());
        }
    }

  private:
    // 'A,ICCS0101,NR,AL' -> what, unit, place; the reason when it is refused.
    static std::string head(std::string_view text, const model::Catalogue& catalogue, Countries& countries, model::Observation& o) {
        const auto parts = core::split(core::trim(text), ',');
        if (parts.size() != 4 || parts[0] != "A") return "'" + std::string(text) + "' is not frequency A, code, unit and country";
        if (parts[2] != "NR" && parts[2] != "P_HTHAB") return "unknown unit '" + parts[2] + "'";
        const model::Country* country = countries.find(parts[3]);
        if (country == nullptr) return "unknown country '" + parts[3] + "'";
        // UKC-L, UKM, UKN are parts of the United Kingdom, not the country: kept apart by dimension.
        o.dims.clear();
        if (parts[3].size() > 2) o.dims["part"] = parts[3];
        o.what = (parts[2] == "NR" ? "iccs." : "iccs_rate.") + parts[1];
        if (catalogue.what(o.what) == nullptr) return "unknown code '" + o.what + "'";
        o.unit = parts[2] == "NR" ? "count" : "per_100k";
        o.place = country->id;
        o.nature = model::Nature::reported_crime;
        return {};
    }
};

}  // namespace

std::unique_ptr<Importer> make_eurostat_crime() { return std::make_unique<EurostatCrime>(); }

}  // namespace threatlas::ingest::sources
