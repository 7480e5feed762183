#include "publish/text/future.hpp"

#include <fmt/format.h>

#include <cmath>

#include "publish/format.hpp"
#include "publish/text/english.hpp"
#include "publish/text/findings.hpp"

namespace threatlas::publish::text {
namespace {

namespace en = english;

std::string capital(std::string words) {
    if (!words.empty() && words[0] >= 'a' && words[0] <= 'z') words[0] = static_cast<char>(words[0] - 'a' + 'A');
    return words;
}

}  // namespace

std::string outlook_sentence(const assess::Outlook& o, const model::Catalogue& catalogue) {
    if (o.fan.empty()) return "";
    const bool months = o.kind == "months";
    const std::string period = months ? o.fan.back().period : o.fan.front().period;
    if (o.p_rise < 0) return fmt::format(en::kOutlookNoWord, number(o.next), period);
    const bool up = o.p_rise >= 0.5;
    const std::string word = capital(probably(up ? o.p_rise : 1 - o.p_rise, catalogue));
    std::string of;   // the largest parts
    std::vector<std::string> largest;
    for (std::size_t i = 0; i < o.parts.size() && i < 2; ++i) largest.push_back(number(std::round(o.parts[i].value)) + " " + in_sentence(o.parts[i].title.substr(o.parts[i].title.rfind(", ") == std::string::npos ? 0 : o.parts[i].title.rfind(", ") + 2)));
    if (!largest.empty()) of = fmt::format(en::kOutlookParts, listed(largest));
    if (months) return of.empty() ? fmt::format(en::kOutlookMonths, word, period, up ? en::kBringsMore : en::kFewer, number(o.last), number(o.next)) + "." : fmt::format(en::kOutlookMonths, word, period, up ? en::kBringsMore : en::kFewer, number(o.last), number(o.next)) + of + ".";
    return fmt::format(en::kOutlookYears, word, period, up ? en::kBringsMore : en::kFewer, number(o.last), number(o.next), number(o.next_low), number(o.next_high));
}

std::string outlook_change(const assess::Outlook& o, core::Day as_of) {
    if (o.fan.empty()) return "";
    const auto& first = o.fan.front();
    std::string out = fmt::format(en::kOutlookChange, first.period, number(first.at(0.10)), number(first.at(0.90)));
    const auto ends = core::parse_interval(first.period);
    if (ends && ends->end < as_of) out += " " + fmt::format(en::kOutlookPassed, o.history.empty() ? "" : o.history.back().period);
    return out;
}

}  // namespace threatlas::publish::text
