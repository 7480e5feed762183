#include "ingest/sources/euda_wastewater/euda_wastewater.hpp"

#include "core/text.hpp"
#include "ingest/sources/rows.hpp"

namespace threatlas::ingest::sources {
namespace {

class Wastewater final : public Importer {
  public:
    std::string source() const override { return "euda_wastewater"; }
    core::Day published() const override { return edition_day(2025, 3, 19); }

    core::Result<void> read(const std::string& path, const model::Catalogue& catalogue, Sink& sink) const override {
        FirstSeen seen;
        Countries countries(catalogue);
        return for_each_row(path, {"Year", "Metabolite", "Country", "City", "Daily mean"}, sink, [&](const auto& cells, const RowSource& table) -> core::Result<void> {
            const auto refuse = [&](const char* column, std::string reason) { return sink.set_aside("refused", table.row(), column, std::move(reason), table.original()); };
            const auto year = plain_year(cells[0]);
            if (!year) return refuse("Year", "'" + std::string(cells[0]) + "' is not a year");
            const model::Country* country = countries.find(cells[2]);
            if (country == nullptr) return refuse("Country", "unknown country '" + std::string(cells[2]) + "'");
            if (cells[3].empty()) return refuse("City", "no city is named");
            model::Observation o;
            o.what = "wastewater." + slug(cells[1]);
            if (catalogue.what(o.what) == nullptr) return refuse("Metabolite", "unknown code '" + o.what + "'");
            // A spreadsheet has turned 6.01 into a date, 06.01: as a number it is still 6.01.
            const auto load = core::parse_number(cells[4]);
            if (cells[4].empty()) {
                o.state = model::State::absent;
            } else if (!load || *load < 0) {
                return refuse("Daily mean", "'" + std::string(cells[4]) + "' is not a load");
            } else {
                o.value = o.upper = *load;
            }
            o.place = country->id;
            o.period = *year;
            o.unit = "mg_per_1000_per_day";
            o.nature = model::Nature::other;
            o.dims["city"] = std::string(cells[3]);
            o.known_at = known_at(year->end, 90, published());
            o.row = table.row();
            const std::string key = o.what + "|" + o.place + "|" + std::string(cells[0]) + "|" + std::string(cells[3]);
            return accept_once(seen, key, std::move(o), table, sink);
        });
    }
};

}  // namespace

std::unique_ptr<Importer> make_euda_wastewater() { return std::make_unique<Wastewater>(); }

}  // namespace threatlas::ingest::sources
