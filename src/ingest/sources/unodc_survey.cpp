#include "ingest/sources/unodc_survey.hpp"

#include "core/text.hpp"
#include "ingest/sources/rows.hpp"

namespace threatlas::ingest::sources {
namespace {

class Survey final : public Importer {
  public:
    explicit Survey(SurveyLayout layout) : layout_(layout) {}
    std::string source() const override { return layout_.source; }
    core::Day published() const override { return layout_.edition; }

    core::Result<void> read(const std::string& path, const model::Catalogue& catalogue, Sink& sink) const override {
        FirstSeen seen;
        Countries countries(catalogue);
        const std::vector<std::string> wanted{"Iso3_code", "Indicator", "Dimension", "Category", "Sex", "Age", "Year", "Unit of measurement", layout_.value_column};
        return for_each_row(path, wanted, sink, [&](const auto& cells, const RowSource& table) -> core::Result<void> {
            const auto refuse = [&](const std::string& column, std::string reason) { return sink.set_aside("refused", table.row(), column, std::move(reason), table.original()); };
            const model::Country* country = countries.find(cells[0]);
            if (country == nullptr) return refuse("Iso3_code", "unknown country '" + std::string(cells[0]) + "'");
            const bool rate = cells[7] == "Rate per 100,000 population";
            if (!rate && cells[7] != "Counts") return refuse("Unit of measurement", "unknown unit '" + std::string(cells[7]) + "'");
            const auto year = plain_year(cells[6]);
            if (!year) return refuse("Year", "'" + std::string(cells[6]) + "' is not a year");
            model::Observation o;
            describe(cells, rate, o);
            const model::What* what = catalogue.what(o.what);
            if (what == nullptr || !model::from_name(what->nature, o.nature)) return refuse("Category", "unknown code '" + o.what + "'");
            if (!parse_count(cells[8], o.value, o.upper, o.state) || (rate && o.state != model::State::measured))
                return refuse(layout_.value_column, "'" + std::string(cells[8]) + (rate ? "' is not a rate" : "' is neither a figure nor '<5'"));
            o.place = country->id;
            o.period = *year;
            o.unit = rate ? "per_100k" : "count";
            o.known_at = known_at(year->end, 548, layout_.edition);
            o.row = table.row();
            std::string key = o.what + "|" + o.place + "|" + std::string(cells[6]);
            for (const auto& [name, value] : o.dims) key += "|" + name + "=" + value;
            return accept_once(seen, key, std::move(o), table, sink);
        });
    }

  private:
    // Citizenship and country of repatriation become dimensions, descriptive only; every other
    // category is part of the code.
    void describe(const std::vector<std::string_view>& cells, bool rate, model::Observation& o) const {
        const std::string dimension = slug(cells[2]);
        const auto stated = [](std::string_view text) { return text != "Total" && text != "na" && !text.empty(); };
        std::string code = slug(cells[3]);
        if (code.empty()) code = "unspecified";
        if (stated(cells[2])) o.dims["dimension"] = dimension;
        if (dimension == "by_citizenship" || dimension == "by_country_of_repatriation") {
            o.dims[dimension.substr(3)] = code;
            code = dimension;
        }
        if (stated(cells[4])) o.dims["sex"] = slug(cells[4]);
        if (stated(cells[5])) o.dims["age"] = slug(cells[5]);
        o.what = std::string(layout_.prefix) + (rate ? "_rate." : ".") + slug(cells[1]) + "." + code;
    }

    SurveyLayout layout_;
};

}  // namespace

std::unique_ptr<Importer> make_unodc_survey(SurveyLayout layout) { return std::make_unique<Survey>(layout); }

}  // namespace threatlas::ingest::sources
