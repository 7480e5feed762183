#include "publish/text/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "publish/format.hpp"
#include "publish/svg/scale.hpp"
#include "publish/text/english.hpp"

namespace threatlas::publish::text {
namespace {

namespace en = english;

std::string counted(long n) {
    static constexpr const char* kWords[] = {"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"};
    return n < 10 ? kWords[n] : std::to_string(n);
}

std::string capital(std::string words) {
    if (!words.empty() && words[0] >= 'a' && words[0] <= 'z') words[0] = static_cast<char>(words[0] - 32);
    return words;
}

// A trend that was stated has no slope of its own.
bool recorded(const assess::Trend& trend) { return trend.percent_per_year.q05 != 0 || trend.percent_per_year.q95 != 0; }

bool assessed(const assess::Trend& trend) { return !trend.word.empty() && trend.word != "not assessed"; }

std::string place_name(const assess::Figure& f, const model::Catalogue& catalogue) {
    const auto* country = catalogue.country(f.place);
    return country != nullptr ? country->name : f.place;
}

// ' from 2014 to 2020': what the value rests on, which may be the last part of the series.
std::string span(const assess::Figure& f) { return f.from.empty() || f.from == f.to ? "" : fmt::format(en::kFromTo, f.from, f.to); }

// 'Burglary, change a year' -> 'burglary'.
std::string measure_name(const assess::Figure& f) { return in_sentence(f.title.substr(0, f.title.rfind(", change a year"))); }

}  // namespace

std::string in_sentence(const std::string& title) {
    std::string out = title;
    if (out.size() > 1 && out[1] >= 'a' && out[1] <= 'z' && out[0] >= 'A' && out[0] <= 'Z') out[0] = static_cast<char>(out[0] + 32);
    return out;
}

std::string listed(const std::vector<std::string>& items) {
    std::string out;
    for (std::size_t i = 0; i < items.size(); ++i) out += (i == 0 ? "" : i + 1 == items.size() ? en::kAnd : ", ") + items[i];
    return out;
}

std::string unit_words(const std::string& unit, const model::Catalogue& catalogue) {
    if (unit == "per_100k") return en::kPer100k;
    for (const auto& each : catalogue.units)
        if (each.id == unit && !each.title.empty()) return each.title;
    std::string out = unit;
    std::replace(out.begin(), out.end(), '_', ' ');
    return out;
}

std::string ranking_finding(const assess::Assessment& a) {
    const auto in_band = [&](int band) { return std::count_if(a.ranking.begin(), a.ranking.end(), [&](const auto& t) { return t.band == band; }); };
    const long first = in_band(1), second = in_band(2);
    if (a.ranking.empty()) return "";
    if (first == 1) return a.ranking.front().title + (second == 0 ? "" : fmt::format(en::kOneLeads, counted(second), second == 1 ? en::kFollows : en::kNotApart));
    return capital(fmt::format(en::kTopNotApart, counted(first))) + (second > 0 ? fmt::format(en::kRestFollow, counted(static_cast<long>(a.ranking.size()) - first)) : "");
}

std::string probably(double p, const model::Catalogue& catalogue, const std::string& yardstick) {
    const model::YardstickWord* best = nullptr;
    double distance = 9;
    for (const auto& y : catalogue.yardsticks) {
        if (y.yardstick != yardstick) continue;
        // In a gap between two words the one nearer to even: no more is claimed than is known.
        const double away = p >= y.low && p <= y.high ? 0 : 1 + std::abs((p < y.low ? y.low : y.high) - p) + ((p > 0.5 ? p < y.low : p > y.high) ? 1 : 0);
        if (away < distance) distance = away, best = &y;
    }
    if (best == nullptr) return fmt::format(en::kItIsWord, percent(p));
    const std::string word = fmt::format("{} ({:.0f}–{:.0f}\u2009%)", best->word, 100 * best->low, 100 * best->high);
    const bool noun = best->word.ends_with("chance") || best->word.ends_with("possibility");
    return noun ? fmt::format(en::kThereIsWord, word) : fmt::format(en::kItIsWord, word);
}

std::string trend_sentence(const assess::ThreatResult& t, const model::Catalogue& catalogue, const assess::Figure* figure) {
    if (!assessed(t.trend)) return en::kTrendNotAssessed;
    const bool up = t.trend.p_rising >= 0.5, counted = recorded(t.trend);
    std::string out = capital(probably(up ? t.trend.p_rising : 1 - t.trend.p_rising, catalogue)) + " " + (counted ? (up ? en::kItRises : en::kItFalls) : (up ? en::kItRisesStated : en::kItFallsStated));
    if (counted && figure != nullptr) out += span(*figure) + fmt::format(en::kOfMeasure, measure_name(*figure));
    const auto& v = t.trend.percent_per_year;
    if (counted) out += fmt::format(en::kAYear, number(std::round(v.q50)), number(std::round(v.q05)), number(std::round(v.q95)));
    return out + ".";
}

std::vector<std::string> trend_sentences(const std::vector<const assess::ThreatResult*>& threats, const model::Catalogue& catalogue) {
    struct Group {
        std::string words;
        bool up, counted;
        double least;
        std::vector<std::string> titles;
    };
    std::vector<Group> groups;
    std::vector<std::string> silent, out;
    for (const auto* t : threats) {
        if (!assessed(t->trend)) {
            silent.push_back(in_sentence(t->title));
            continue;
        }
        const bool up = t->trend.p_rising >= 0.5, counted = recorded(t->trend);
        const double p = up ? t->trend.p_rising : 1 - t->trend.p_rising;
        const std::string words = probably(p, catalogue);
        auto found = std::find_if(groups.begin(), groups.end(), [&](const Group& g) { return g.words == words && g.up == up && g.counted == counted; });
        if (found == groups.end()) found = groups.insert(groups.end(), {words, up, counted, p, {}});
        found->least = std::min(found->least, p);
        found->titles.push_back(in_sentence(t->title));
    }
    // The surest first; what rises before what falls, what is counted before what is stated.
    std::stable_sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) { return a.words == b.words ? std::pair(!a.up, !a.counted) < std::pair(!b.up, !b.counted) : a.least > b.least; });
    for (const Group& g : groups) {
        const std::string words = capital(g.words), titles = listed(g.titles);
        if (g.counted) out.push_back(g.up ? fmt::format(en::kRecordedRising, words, titles) : fmt::format(en::kRecordedFalling, words, titles));
        else out.push_back(g.up ? fmt::format(en::kStatedRising, words, titles) : fmt::format(en::kStatedFalling, words, titles));
    }
    if (!silent.empty()) out.push_back(fmt::format(en::kTrendsSilent, listed(silent)));
    return out;
}

const char* confidence(const assess::ThreatResult& t) { return t.imputed > 0.6 ? en::kLow : t.imputed > 0.35 ? en::kModerate : en::kHigh; }

const char* usual_confidence(const assess::Assessment& a) {
    const auto count = [&](const char* word) { return std::count_if(a.ranking.begin(), a.ranking.end(), [&](const auto& t) { return confidence(t) == word; }); };
    return std::max({en::kLow, en::kModerate, en::kHigh}, [&](const char* x, const char* y) { return count(x) < count(y); });
}

bool in_region(const std::string& place, const model::Catalogue& catalogue) {
    const auto* country = catalogue.country(place);
    return country != nullptr && (country->role == "member_country" || country->role == "territory");
}

std::string places_finding(const std::vector<const assess::Figure*>& figures, const model::Catalogue& catalogue) {
    if (figures.empty()) return "";
    if (figures.front()->measure == "trend") {
        const auto up = std::count_if(figures.begin(), figures.end(), [](const auto* f) { return f->value.q05 > 0; }), down = std::count_if(figures.begin(), figures.end(), [](const auto* f) { return f->value.q95 < 0; });
        return fmt::format(en::kUpDown, up, down, static_cast<long>(figures.size()) - up - down);
    }
    std::vector<std::string> top, own;
    for (const auto* f : figures) {
        auto& list = in_region(f->place, catalogue) ? own : top;
        if (list.size() < 2) list.push_back(place_name(*f, catalogue));
    }
    return own.empty() ? fmt::format(en::kHighestIn, listed(top)) : fmt::format(en::kAmongMembers, own.front());
}

std::string parts_finding(const assess::Figure& f, const model::Catalogue& catalogue) {
    const auto most = std::max_element(f.parts.begin(), f.parts.end(), [](const auto& a, const auto& b) { return a.value < b.value; });
    if (most == f.parts.end()) return f.title;
    const std::string name = svg::part_name(most->title.empty() ? most->id : most->title, catalogue);
    const std::string words = fmt::format(en::kMostOften, in_sentence(name), most->value <= 1 ? percent(most->value) : number(most->value));
    if (f.measure != "mix_shift") return words;
    return (f.value.q50 < 0.1 ? en::kLittleShift : f.value.q50 < 0.3 ? en::kSomeShift : en::kMuchShift) + words;   // Jensen-Shannon, 0 to 1 bit
}

std::string series_finding(const assess::Figure& f) {
    if (f.measure == "trend") {
        const auto whole = [](double v) { return number(std::round(v)); };
        return fmt::format(en::kChangeAYear, (std::round(f.value.q50) > 0 ? "+" : "") + whole(f.value.q50), span(f), whole(f.value.q05), whole(f.value.q95));
    }
    const auto last = std::find_if(f.series.rbegin(), f.series.rend(), [](const auto& p) { return std::isfinite(p.value); });
    if (last == f.series.rend()) return f.title;
    return fmt::format(en::kLastValue, number(last->value), last->period);
}

}  // namespace threatlas::publish::text
