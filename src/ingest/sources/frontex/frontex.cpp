#include "ingest/sources/frontex/frontex.hpp"

#include <algorithm>
#include <cmath>

#include "core/text.hpp"
#include "ingest/sources/rows.hpp"

namespace threatlas::ingest::sources {
namespace {

bool capitals(std::string_view text, std::size_t size) {
    return text.size() == size && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

class Frontex final : public Importer {
  public:
    std::string source() const override { return "frontex_detections"; }
    core::Day published() const override { return edition_day(2025, 6, 3); }

    core::Result<void> read(const std::string& path, const model::Catalogue& catalogue, Sink& sink) const override {
        std::map<std::string, std::string, std::less<>> routes;
        for (const auto& route : catalogue.routes)
            if (route.kind == "migration")
                for (const auto& alias : route.aliases) routes.emplace(slug(alias), route.id);
        FirstSeen seen;
        return for_each_row(path, {"route", "type", "nat", "t", "n"}, sink, [&](const auto& cells, const RowSource& table) -> core::Result<void> {
            const auto refuse = [&](const char* column, std::string reason) { return sink.set_aside("refused", table.row(), column, std::move(reason), table.original()); };
            // A route the catalogue does not name keeps its own name: it is counted, never dropped.
            std::string route = slug(cells[0]);
            if (route.empty()) return refuse("route", "no route is named");
            if (const auto known = routes.find(route); known != routes.end()) route = known->second;
            const std::string border = core::lower_ascii(cells[1]);
            if (border != "land" && border != "sea") return refuse("type", "the border is Land or Sea, not '" + std::string(cells[1]) + "'");
            // UNK is 'unknown' in this column, never a country.
            if (!capitals(cells[2], 3)) return refuse("nat", "'" + std::string(cells[2]) + "' is not a code of three capital letters");
            const auto month = core::parse_interval(cells[3]);
            if (!month || cells[3].size() != 7) return refuse("t", month ? "a month (YYYY-MM) is wanted" : month.error().message);
            const auto count = core::parse_number(cells[4]);
            if (!count || *count < 0 || *count != std::floor(*count)) return refuse("n", "'" + std::string(cells[4]) + "' is not a count");
            model::Observation o;
            o.what = "frontex.detections";
            o.period = *month;
            o.value = o.upper = *count;
            o.unit = "count";
            o.nature = model::Nature::detection;
            o.dims = {{"route", route}, {"border", border}, {"citizenship", std::string(cells[2])}};
            o.known_at = known_at(month->end, 45, published());
            o.row = table.row();
            const std::string key = route + "|" + border + "|" + std::string(cells[2]) + "|" + std::string(cells[3]);
            return accept_once(seen, key, std::move(o), table, sink);
        });
    }
};

}  // namespace

std::unique_ptr<Importer> make_frontex() { return std::make_unique<Frontex>(); }

}  // namespace threatlas::ingest::sources
