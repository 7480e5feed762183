#include <unicode/locid.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "core/calendar.hpp"
#include "core/text.hpp"
#include "work/preview.hpp"

namespace threatlas::work {
namespace {

using Words = std::vector<std::string_view>;

// Beginnings of heading names, folded to Latin letters without accents: English, Serbian and Croatian, Bulgarian and
// Macedonian, Greek, Romanian, Albanian, Turkish, Slovene, Hungarian, German.
const Words kDate{"date", "datum", "data", "imerominia", "emerominia", "tarih", "den", "day", "dan", "nap"};
const Words kYear{"year", "godin", "etos", "an", "anul", "vit", "yil", "leto", "ev", "jahr", "annee"};
const Words kMonth{"month", "mesec", "mjesec", "menas", "minas", "luna", "muaj", "ay", "honap", "monat"};
const Words kQuarter{"quarter", "kvartal", "trimest", "tremuj", "ceyrek", "tromesec", "tromjes"};
const Words kPeriod{"period", "time", "razdoblje", "perioada", "periudh", "donem"};
const Words kValue{"value", "count", "number", "broj", "broi", "arithmos", "numar", "numr", "sayi", "ukupno", "vkupno", "obsto", "obshto", "total", "cases", "offences", "slucaj", "slucaev", "sluchai", "quantity", "kolicin", "koliches", "posotita", "posoteta",
                   "cantitat", "sasi", "miktar", "amount", "iznos", "szam", "stevilo", "anzahl", "obs_value", "figure"};
const Words kPlace{"country", "drzav", "darzhav", "drzava", "durzav", "chora", "khora", "tara", "shtet", "vend", "ulke", "place", "geo", "territory", "orszag", "land", "zemlja", "zemja"};
const Words kWhat{"what", "offence", "offense", "crime", "krivicn", "krivichn", "prestap", "prestup", "prestu", "delo", "delikt", "egklim", "enklem", "infractiun", "veper", "vepra", "suc", "iccs", "type", "vrsta", "vid", "tip", "eidos", "substance", "drug", "drog",
                  "narkotik", "code", "kaznivo", "bunceselekm", "category"};
const Words kUnit{"unit", "jedinic", "edinic", "merna", "monada", "unitate", "njesi", "birim", "einheit", "mertekegyseg"};
const Words kId{"id", "case_id", "case id", "caseno", "predmet", "broj predmeta", "signatur", "nr cauz", "reference"};
const Words kMember{"member", "organisation", "organization", "sluzba", "contributor", "agency"};
const Words kMo{"modus", "mo", "nacin izvrsenja", "nacin", "nachin", "tropos", "menyra", "mod de operare"};

bool begins(const std::string& name, const Words& words) {
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
        if (word.size() <= 3) return name == word || name.starts_with(std::string(word) + " ") || name.starts_with(std::string(word) + "_");
        return name.starts_with(word) || name.find(" " + std::string(word)) != std::string::npos || name.find("_" + std::string(word)) != std::string::npos;
    });
}

// Of two folded words: shared pairs of letters (Dice). 1: the same.
double likeness(const std::string& a, const std::string& b) {
    if (a == b) return 1;
    if (a.size() < 2 || b.size() < 2) return 0;
    std::multiset<std::string> pairs;
    for (std::size_t i = 0; i + 1 < a.size(); ++i) pairs.insert(a.substr(i, 2));
    std::size_t shared = 0;
    for (std::size_t i = 0; i + 1 < b.size(); ++i)
        if (const auto at = pairs.find(b.substr(i, 2)); at != pairs.end()) pairs.erase(at), ++shared;
    return 2.0 * static_cast<double>(shared) / static_cast<double>(a.size() + b.size() - 2);
}

bool digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }); }

// 'd' for each digit, other marks as they are: '31.12.2023' -> 'dd.dd.dddd'.
std::string shape(std::string_view text) {
    std::string out;
    for (const char c : text) out += c >= '0' && c <= '9' ? 'd' : c;
    return out;
}

struct PeriodForm {
    std::string as, format;   // as in docs/HOWTO-mapping.md; as empty: none
};

// The form that nine in ten distinct cells have.
PeriodForm period_form(const std::vector<std::string>& cells) {
    std::map<std::string, std::size_t> shapes;
    std::size_t years = 0, first_over_12 = 0, second_over_12 = 0;
    for (const auto& cell : cells) {
        ++shapes[shape(cell)];
        if (cell.size() == 4 && digits(cell) && cell >= "1990" && cell <= "2100") ++years;
        if (cell.size() >= 5 && digits(cell.substr(0, 2)) && cell.substr(0, 2) > "12") ++first_over_12;
        if (cell.size() >= 5 && digits(cell.substr(3, 2)) && cell.substr(3, 2) > "12") ++second_over_12;
    }
    if (cells.empty()) return {};
    const auto most = [&](std::string_view wanted) {
        const auto found = shapes.find(std::string(wanted));
        return found != shapes.end() && 10 * found->second >= 9 * cells.size();
    };
    if (10 * years >= 9 * cells.size()) return {"year", ""};
    if (most("dddd-dd-dd")) return {"day", ""};
    if (most("dddd-dd")) return {"month", ""};
    for (const char mark : {'.', '/', '-'}) {
        const std::string m(1, mark);
        // American order only where a day over 12 shows it.
        if (most("dd" + m + "dd" + m + "dddd")) return {"day", second_over_12 > 0 && first_over_12 == 0 ? "mm" + m + "dd" + m + "yyyy" : "dd" + m + "mm" + m + "yyyy"};
        if (most("dd" + m + "dddd")) return {"month", "mm" + m + "yyyy"};
        if (most("dddd" + m + "dd")) return {"month", "yyyy" + m + "mm"};
        if (most("dddd" + m + "dd" + m + "dd")) return {"day", "yyyy" + m + "mm" + m + "dd"};
    }
    if (most("dd.dd.dddd.")) return {"day", "dd.mm.yyyy."};
    std::size_t short_days = 0;   // 1.12.2023
    for (const auto& cell : cells) {
        const auto parts = core::split(cell, '.');
        short_days += parts.size() == 3 && digits(parts[0]) && digits(parts[1]) && digits(parts[2]) && parts[0].size() <= 2 && parts[1].size() <= 2 && parts[2].size() == 4 ? 1 : 0;
    }
    if (10 * short_days >= 9 * cells.size()) return {"day", "d.m.yyyy"};
    std::size_t intervals = 0;   // 2019-Q2, 2019-W07
    for (const auto& cell : cells) intervals += core::parse_interval(cell).has_value() ? 1 : 0;
    if (10 * intervals >= 9 * cells.size()) return {"interval", ""};
    return {};
}

struct Habit {
    std::size_t numbers = 0;
    bool comma = false, point = false;         // as decimal marks
    std::string thousands;
};

// '1.234,50': what stands last of two marks is the decimal one; a single mark before exactly three digits may be either.
void look(std::string_view text, Habit& habit) {
    std::size_t commas = 0, points = 0, spaces = 0, figures = 0;
    for (const char c : text) {
        commas += c == ',' ? 1 : 0, points += c == '.' ? 1 : 0, spaces += c == ' ' || c == '\'' ? 1 : 0;
        figures += c >= '0' && c <= '9' ? 1 : 0;
    }
    if (figures == 0 || text.find_first_not_of("0123456789.,' -+") != std::string_view::npos || commas + points + spaces > 5) return;
    ++habit.numbers;
    const auto comma = text.rfind(','), point = text.rfind('.');
    if (commas > 0 && points > 0) {
        (comma > point ? habit.comma : habit.point) = true;
        habit.thousands = comma > point ? "." : ",";
    } else if (commas > 1 || points > 1) {
        (commas > 1 ? habit.point : habit.comma) = true;
        habit.thousands = commas > 1 ? "," : ".";
    } else if (commas == 1 && text.size() - comma - 1 != 3) {
        habit.comma = true;
    } else if (points == 1 && text.size() - point - 1 != 3) {
        habit.point = true;
    }
    if (spaces > 0) habit.thousands = " ";
}

// Cells that are said to hold no figure.
const std::set<std::string> kAbsent{":", "...", "…", "n/a", "na", "..", "N/A", "null"};

class Guessing {
  public:
    Guessing(const Preview& preview, const model::Catalogue& catalogue) : preview_(preview), catalogue_(catalogue) {
        for (const auto& country : catalogue.countries) {
            places_.insert({core::fold_name(country.id), country.id}), places_.insert({core::fold_name(country.iso3), country.id}), places_.insert({core::fold_name(country.name), country.id});
            for (const char* language : {"sr", "sr_Latn", "hr", "bs", "sl", "bg", "mk", "el", "ro", "sq", "hu", "tr", "de"}) {
                icu::UnicodeString name;
                icu::Locale("", country.id.c_str()).getDisplayCountry(icu::Locale(language), name);
                std::string text;
                name.toUTF8String(text);
                places_.insert({core::fold_name(text), country.id});
            }
            for (const auto& alias : country.aliases) places_.insert({core::fold_name(alias), country.id});
        }
        for (const auto& what : catalogue.whats) names_.push_back({core::fold_name(what.id), what.id}), names_.push_back({core::fold_name(what.title), what.id});
        for (const auto& drug : catalogue.drugs) {
            if (catalogue.what("seizure." + drug.id) == nullptr) continue;
            names_.push_back({core::fold_name(drug.id), "seizure." + drug.id}), names_.push_back({core::fold_name(drug.title), "seizure." + drug.id});
            for (const auto& alias : drug.aliases) names_.push_back({core::fold_name(alias), "seizure." + drug.id});
        }
        for (const auto& threat : catalogue.threats) {
            std::vector<std::string> measured;
            for (const auto& what : catalogue.whats)
                if (std::find(what.threats.begin(), what.threats.end(), threat.id) != what.threats.end()) measured.push_back(what.id);
            if (measured.size() == 1) names_.push_back({core::fold_name(threat.title), measured.front()}), names_.push_back({core::fold_name(threat.id), measured.front()});
        }
        for (const auto& heading : preview.headings) folded_.push_back(core::fold_name(heading));
        used_.assign(preview.headings.size(), false);
        // A file of refused rows holds ours beside its own.
        for (std::size_t i = 0; i < folded_.size(); ++i) used_[i] = folded_[i].starts_with("threatlas_");
    }

    Guess run(const std::string& member, const std::string& id) {
        Guess out;
        core::json::object columns;
        out.mapping = {{"mapping", 1}, {"id", id}, {"source", own_source()}};
        if (!member.empty()) out.mapping["member"] = member;
        out.mapping["format"] = format_json(preview_.format);
        find_place(columns, out);
        find_period(columns, out);
        find_what(columns, out);
        find_unit(columns, out);
        find_id(columns);
        find_value(columns, out);
        out.mapping["columns"] = std::move(columns);
        return out;
    }

  private:
    std::string own_source() const {
        for (const auto& each : catalogue_.sources)
            if (each.contributed) return each.id;
        return "member_statistics";
    }
    std::optional<std::size_t> named(const Words& words) const {
        for (std::size_t i = 0; i < folded_.size(); ++i)
            if (!used_[i] && begins(folded_[i], words)) return i;
        return std::nullopt;
    }
    core::json::object column(std::size_t i) {
        used_[i] = true;
        return {{"column", preview_.headings[i]}};
    }
    // Share of a column's distinct cells for which the test holds.
    template <class Test>
    double share(std::size_t i, Test&& test) const {
        const auto& cells = preview_.columns[i];
        if (cells.empty()) return 0;
        return static_cast<double>(std::count_if(cells.begin(), cells.end(), test)) / static_cast<double>(cells.size());
    }
    template <class Test>
    std::optional<std::size_t> by_content(double least, Test&& test) const {
        std::optional<std::size_t> best;
        double most = least;
        for (std::size_t i = 0; i < preview_.columns.size(); ++i)
            if (!used_[i])
                if (const double is = share(i, test); is >= most && (!best || is > most)) best = i, most = is;
        return best;
    }

    void find_place(core::json::object& columns, Guess& out) {
        const auto is_place = [&](const std::string& cell) { return places_.contains(core::fold_name(cell)); };
        auto at = named(kPlace);
        if (at && share(*at, is_place) < 0.2 && share(*at, [](const std::string& cell) { return core::parse_number(cell).has_value(); }) > 0.5) at.reset();
        for (std::size_t i = 0; !at && i < folded_.size(); ++i)   // 'kg' is a country too
            if (!used_[i] && !begins(folded_[i], kUnit) && !begins(folded_[i], kWhat) && share(i, is_place) >= 0.8) at = i;
        if (at) {
            core::json::object field = column(*at);
            core::json::object table;
            for (const auto& cell : preview_.columns[*at])
                if (!is_place(cell)) {
                    const std::string name = core::fold_name(cell);
                    double most = 0.75;
                    for (const auto& [known, id] : places_)
                        if (const double like = likeness(name, known); known.size() > 3 && like > most) most = like, table[cell] = id;
                    if (!table.contains(cell)) out.unsure.push_back("'" + cell + "' in '" + preview_.headings[*at] + "' is no country the catalogue knows");
                }
            if (!table.empty()) field["table"] = std::move(table), out.unsure.push_back("countries of '" + preview_.headings[*at] + "' were told by likeness: look at them");
            columns["place"] = std::move(field);
            return;
        }
        const model::Member* who = nullptr;
        if (const auto* member = out.mapping.if_contains("member")) who = catalogue_.member(std::string(member->get_string()));
        columns["place"] = who != nullptr ? who->country : "";
        out.unsure.push_back(who != nullptr ? "no column names a country: taken for all rows as " + who->country : "no column names a country: say which");
    }

    void find_period(core::json::object& columns, Guess& out) {
        const auto year = named(kYear), month = named(kMonth), quarter = named(kQuarter);
        const auto as = [&](std::size_t i, const PeriodForm& form) {
            core::json::object field = column(i);
            field["as"] = form.as;
            if (!form.format.empty()) field["format"] = form.format;
            columns["period"] = std::move(field);
            if (form.format == "dd/mm/yyyy" || form.format == "dd.mm.yyyy") return;
            if (form.format.starts_with("mm") && form.as == "day") out.unsure.push_back("dates of '" + preview_.headings[i] + "' look American (month first)");
        };
        // A column whose name and cells both say so; then one whose cells alone do.
        for (const Words* words : {&kDate, &kPeriod, &kMonth, &kYear})
            for (std::size_t i = 0; i < folded_.size(); ++i)
                if (!used_[i] && begins(folded_[i], *words))
                    if (const PeriodForm form = period_form(preview_.columns[i]); !form.as.empty() && !(form.as == "year" && (month || quarter))) return as(i, form);
        if (year && (month || quarter)) {
            core::json::object parts{{"year", column(*year)}};
            const std::size_t other = month ? *month : *quarter;
            core::json::object field = column(other);
            if (month && share(other, [](const std::string& cell) { return digits(cell); }) < 0.9) {
                field["table"] = months(other);
                out.unsure.push_back("months of '" + preview_.headings[other] + "': each needs its number");
            }
            parts[month ? "month" : "quarter"] = std::move(field);
            columns["period"] = std::move(parts);
            return;
        }
        for (std::size_t i = 0; i < folded_.size(); ++i)
            if (!used_[i])
                if (const PeriodForm form = period_form(preview_.columns[i]); !form.as.empty()) return as(i, form);
        out.unsure.push_back("no column holds periods: say which, and how they are written");
    }

    // Names of months by their first letters, in the order of the region's languages.
    core::json::object months(std::size_t i) const {
        static const std::array<Words, 12> kMonths{{{"jan", "ian", "oca", "sij"}, {"feb", "feb", "shk", "sub", "velj", "phe", "fev"}, {"mar", "mart", "ozu"}, {"apr", "pri", "nis", "tra"}, {"maj", "mai", "may", "svi"}, {"jun", "iun", "ioun", "qer", "haz", "lip"},
                                                    {"jul", "iul", "ioul", "kor", "tem", "srp"}, {"aug", "avg", "aug", "gus", "agu", "kol"}, {"sep", "sht", "eyl", "ruj"}, {"okt", "oct", "tet", "eki", "lis"}, {"nov", "noe", "nen", "kas", "stu"}, {"dec", "dhj", "dek", "ara", "pro"}}};
        core::json::object out;
        for (const auto& cell : preview_.columns[i]) {
            const std::string name = core::fold_name(cell);
            for (std::size_t m = 0; m < 12; ++m)
                if (std::any_of(kMonths[m].begin(), kMonths[m].end(), [&](std::string_view word) { return name.starts_with(word); })) {
                    out[cell] = static_cast<std::int64_t>(m + 1);
                    break;
                }
        }
        return out;
    }

    std::optional<std::string> what_of(const std::string& cell, double least) const {
        const std::string name = core::fold_name(cell);
        std::optional<std::string> best;
        double most = least;
        for (const auto& [known, id] : names_)
            if (const double like = likeness(name, known); like > most) most = like, best = id;
        return best;
    }

    void find_what(core::json::object& columns, Guess& out) {
        auto at = by_content(0.5, [&](const std::string& cell) { return what_of(cell, 0.7).has_value(); });
        if (!at) at = named(kWhat);
        if (!at) {
            out.unsure.push_back("no column says what was measured: choose the code for all rows");
            return;
        }
        core::json::object field = column(*at), table;
        bool all_codes = true;
        for (const auto& cell : preview_.columns[*at]) {
            if (catalogue_.what(cell) != nullptr) continue;
            all_codes = false;
            if (const auto found = what_of(cell, 0.6)) {
                table[cell] = *found;
                units_.insert(catalogue_.what(*found)->unit);
            } else {
                out.unsure.push_back("which code '" + cell + "' in '" + preview_.headings[*at] + "' is");
            }
        }
        for (const auto& cell : preview_.columns[*at])
            if (const auto* what = catalogue_.what(cell)) {
                units_.insert(what->unit);
                if (!all_codes) table[cell] = cell;
            }
        if (!table.empty()) field["table"] = std::move(table);
        columns["what"] = std::move(field);
    }

    void find_unit(core::json::object& columns, Guess& out) {
        const auto is_unit = [&](const std::string& cell) { return std::any_of(catalogue_.units.begin(), catalogue_.units.end(), [&](const auto& each) { return each.id == cell; }); };
        auto at = by_content(0.8, is_unit);
        if (!at) at = named(kUnit);
        if (at) {
            core::json::object field = column(*at), table;
            for (const auto& cell : preview_.columns[*at]) {
                if (is_unit(cell)) continue;
                const std::string name = core::fold_name(cell);
                double most = 0.7;
                for (const auto& unit : catalogue_.units)
                    for (const auto& known : {core::fold_name(unit.id), core::fold_name(unit.title)})
                        if (const double like = likeness(name, known); like > most) most = like, table[cell] = unit.id;
                if (!table.contains(cell)) out.unsure.push_back("which unit '" + cell + "' is");
            }
            if (!table.empty()) {
                for (const auto& cell : preview_.columns[*at])
                    if (is_unit(cell)) table[cell] = cell;
                field["table"] = std::move(table);
            }
            columns["unit"] = std::move(field);
            return;
        }
        columns["unit"] = units_.size() == 1 ? *units_.begin() : "count";
        if (units_.size() != 1) out.unsure.push_back("no column says the unit: taken as count");
    }

    void find_id(core::json::object& columns) {
        const auto at = named(kId);
        // Each cell once, or it names something else.
        if (at && preview_.columns[*at].size() >= std::min<std::size_t>(preview_.looked_at, 200)) columns["id"] = column(*at);
    }

    void find_value(core::json::object& columns, Guess& out) {
        std::vector<Habit> habits(preview_.headings.size());
        for (std::size_t i = 0; i < habits.size(); ++i)
            for (const auto& cell : preview_.columns[i]) look(cell, habits[i]);
        const auto numeric = [&](std::size_t i) { return !used_[i] && !preview_.columns[i].empty() && 2 * habits[i].numbers >= preview_.columns[i].size(); };
        // One column a year: '2019', '2020' ...
        std::vector<std::size_t> years;
        for (std::size_t i = 0; i < habits.size(); ++i)
            if (numeric(i) && preview_.headings[i].size() == 4 && digits(preview_.headings[i]) && preview_.headings[i] >= "1990" && preview_.headings[i] <= "2100") years.push_back(i);
        Habit habit;
        const auto take = [&](std::size_t i) {
            habit.comma = habit.comma || habits[i].comma, habit.point = habit.point || habits[i].point;
            if (!habits[i].thousands.empty()) habit.thousands = habits[i].thousands;
            for (const auto& cell : preview_.columns[i])
                if (kAbsent.contains(cell)) absent_.insert(cell);
                else if (cell == "-") zero_ = true;
        };
        if (years.size() >= 2 && !columns.contains("period")) {
            core::json::array measures;
            for (const std::size_t i : years) {
                take(i);
                measures.push_back({{"value", column(i)}, {"period", std::stoi(preview_.headings[i])}});
            }
            out.mapping["measures"] = std::move(measures);
            std::erase_if(out.unsure, [](const std::string& each) { return each.starts_with("no column holds periods"); });
        } else {
            std::optional<std::size_t> at;
            for (std::size_t i = 0; i < habits.size() && !at; ++i)
                if (numeric(i) && begins(folded_[i], kValue)) at = i;
            for (std::size_t i = habits.size(); i-- > 0 && !at;)
                if (numeric(i)) at = i;
            if (at) {
                take(*at);
                columns["value"] = column(*at);
            } else if (columns.contains("id")) {
                columns["value"] = 1;
                out.unsure.push_back("no column holds figures: taken as a list of events, each counted once");
            } else {
                out.unsure.push_back("no column holds figures: say which");
            }
        }
        if (habit.comma && habit.point) out.unsure.push_back("some numbers have a decimal comma and some a point");
        if (habit.comma && habit.thousands == ",") habit.thousands.clear();
        if (habit.comma || !habit.thousands.empty()) {
            core::json::object numbers{{"decimal", habit.comma ? "," : "."}};
            if (!habit.thousands.empty()) numbers["thousands"] = habit.thousands;
            out.mapping["numbers"] = std::move(numbers);
        }
        core::json::array absent(absent_.begin(), absent_.end());
        if (!absent.empty()) out.mapping["absent"] = std::move(absent);
        if (zero_) out.unsure.push_back("a cell holds '-': say whether it means zero or no figure");
    }

    const Preview& preview_;
    const model::Catalogue& catalogue_;
    std::map<std::string, std::string> places_;               // folded name -> country
    std::vector<std::pair<std::string, std::string>> names_;  // folded name -> what
    std::vector<std::string> folded_;
    std::vector<bool> used_;
    std::set<std::string> units_, absent_;
    bool zero_ = false;
};

}  // namespace

Guess guess_mapping(const Preview& preview, const model::Catalogue& catalogue, const std::string& member, const std::string& id) { return Guessing(preview, catalogue).run(member, id); }

}  // namespace threatlas::work
