#include "ingest/sources/unodc_seizures/unodc_seizures.hpp"

#include <cstdio>

#include "core/text.hpp"
#include "ingest/sources/rows.hpp"

namespace threatlas::ingest::sources {
namespace {

// Unit words of the file. What is not here is refused: a unit is never guessed.
const std::map<std::string, std::string, std::less<>> kUnits{
    {"Kilogram", "kg"}, {"Gram", "g"}, {"Litre", "l"}, {"Millilitre", "ml"}, {"Tablet", "tablet"}, {"Unit", "unit"}, {"Capsule", "capsule"}, {"Piece", "piece"}, {"Pill", "pill"},
    {"Blotting paper", "blotting_paper"}, {"Stamp", "stamp"}, {"Ampoule", "ampoule"}, {"Dose", "dose"}, {"Bottles", "bottles"}, {"Cubic Centimeter", "cubic_centimeter"}, {"Joint", "joint"}};

// The same seizure stands twice: in kilograms and in grams, or as 2,786 tablets and 2.786 kilograms.
// For the key only, a tablet counts as a gram. Seven digits: the file's amounts went through binary
// fractions ('0.7020000000000001').
std::string key_amount(double amount, const std::string& unit) {
    double scaled = amount;
    std::string base = unit;
    if (unit == "kg" || unit == "g" || unit == "tablet") base = "g", scaled *= unit == "kg" ? 1000 : 1;
    if (unit == "l" || unit == "ml" || unit == "cubic_centimeter") base = "ml", scaled *= unit == "l" ? 1000 : 1;
    char text[48];
    std::snprintf(text, sizeof text, "%.7g ", scaled);
    return text + base;
}

// 'Kapitan Andreevo BCP' and 'Kapitan Andreevo' are one place, 'BC Karasovići' and 'Karasovici' too;
// without a place, the administrative division stands for it. For the key only.
std::string key_place(std::string_view place, std::string_view admin) {
    if (place.empty()) return "in " + slug(core::fold_name(admin));
    std::string text = " " + slug(core::fold_name(place)) + " ";
    for (char& c : text)
        if (c == '_') c = ' ';
    for (const char* word : {" bcp ", " bc ", " border crossing point ", " border crossing ", " border "})
        for (std::size_t at = 0; (at = text.find(word)) != std::string::npos;) text.replace(at, std::string_view(word).size(), " ");
    return std::string(core::trim(text));
}

class Seizures final : public Importer {
  public:
    std::string source() const override { return "unodc_seizures"; }
    core::Day published() const override { return edition_day(2016, 12, 31); }

    core::Result<void> read(const std::string& path, const model::Catalogue& catalogue, Sink& sink) const override {
        std::map<std::string, std::string, std::less<>> drugs;
        for (const auto& drug : catalogue.drugs)
            for (const auto& alias : drug.aliases) drugs.emplace(core::lower_ascii(alias), drug.id);
        Countries countries(catalogue);
        std::map<std::string, std::uint64_t> seen;
        const std::vector<std::string> wanted{"COUNTRY", "ADMINISTRATIVE_DIVISION", "PLACE", "SEIZURE_DATE", "DRUG_NAME", "AMOUNT", "DRUG_UNIT", "HIDING_PLACE", "INSTALLATION", "TRANSPORT",
                                              "PRODUCING_COUNTRY", "DEPARTURE_COUNTRY", "DESTINATION_COUNTRY", "ROUTING"};
        return for_each_row(path, wanted, sink, [&](const auto& cells, const RowSource& table) -> core::Result<void> {
            const auto refuse = [&](const char* column, std::string reason) { return sink.set_aside("refused", table.row(), column, std::move(reason), table.original()); };
            const model::Country* country = countries.find(cells[0]);
            if (country == nullptr) return refuse("COUNTRY", "unknown country '" + std::string(cells[0]) + "'");
            const auto day = leading_day(cells[3]);
            if (!day) return refuse("SEIZURE_DATE", day.error().message);
            if (cells[4].empty()) return refuse("DRUG_NAME", "no drug is named");
            const auto drug = drugs.find(core::lower_ascii(cells[4]));
            if (drug == drugs.end()) return refuse("DRUG_NAME", "unknown drug '" + std::string(cells[4]) + "'");
            const auto amount = core::parse_number(cells[5]);
            if (!amount || *amount <= 0) return refuse("AMOUNT", "'" + std::string(cells[5]) + "' is not an amount");
            const auto unit = kUnits.find(cells[6]);
            if (unit == kUnits.end()) return refuse("DRUG_UNIT", cells[6].empty() ? "no unit is stated" : "unknown unit '" + std::string(cells[6]) + "'");

            const std::string key = country->id + "|" + core::iso(*day) + "|" + drug->second + "|" + key_place(cells[2], cells[1]) + "|" + key_amount(*amount, unit->second);
            const auto [first, fresh] = seen.emplace(key, table.row());
            if (!fresh)
                return sink.set_aside("duplicate", table.row(), "", "reports the seizure of row " + std::to_string(first->second) + " again (same country, day, place, drug and amount)", table.original());

            model::Observation o;
            o.what = "seizure." + drug->second;
            o.place = country->id;
            o.period = {*day, {day->number + 1}};
            o.value = o.upper = *amount;
            o.unit = unit->second;
            o.nature = model::Nature::seizure;
            o.known_at = known_at(o.period.end, 365, published());
            o.row = table.row();
            dimensions(cells, countries, o);
            return sink.accept(std::move(o), table);
        });
    }

  private:
    static void dimensions(const std::vector<std::string_view>& cells, Countries& countries, model::Observation& o) {
        const auto put = [&](const char* name, std::string value) {
            if (!value.empty() && value != "unknown") o.dims[name] = std::move(value);
        };
        const auto country = [&](std::string_view text) {
            const model::Country* found = countries.find(text);
            return found != nullptr ? found->id : slug(text);
        };
        put("admin", std::string(cells[1]));
        put("place_name", std::string(cells[2]));
        put("drug_name", slug(cells[4]));
        put("hiding_place", slug(cells[7]));
        put("installation", slug(cells[8]));
        put("transport", slug(cells[9]));
        put("producing", country(cells[10]));
        put("departure", country(cells[11]));
        put("destination", country(cells[12]));
        put("routing", slug(cells[13]));
    }
};

}  // namespace

std::unique_ptr<Importer> make_unodc_seizures() { return std::make_unique<Seizures>(); }

}  // namespace threatlas::ingest::sources
