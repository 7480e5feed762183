// Two versions side by side; the words alone; and a profile read back.
#include <fmt/format.h>

#include <cmath>
#include <map>

#include "core/text.hpp"
#include "model/json_codec.hpp"
#include "publish/format.hpp"
#include "publish/profiles/profile.hpp"

namespace threatlas::publish {
namespace {

using core::ErrorCode;
using core::fail;

std::string value_of(const assess::Figure& f) { return number(f.value.q50) + " " + f.unit + " (" + number(f.value.q05) + " to " + number(f.value.q95) + ")"; }

// By key, the first of each.
template <class List, class Key>
auto by_key(const List& list, const Key& key) {
    std::map<std::string, const typename List::value_type*> out;
    for (const auto& each : list) out.emplace(key(each), &each);
    return out;
}

template <class List, class Key, class Text>
void compare(std::vector<ProfileChange>& out, const std::string& section, const List& before, const List& after, const Key& key, const Text& text) {
    const auto old = by_key(before, key), fresh = by_key(after, key);
    for (const auto& each : after) {
        const auto found = old.find(key(each));
        if (found == old.end()) out.push_back({section, key(each), "added", "", text(each)});
        else if (text(*found->second) != text(each)) out.push_back({section, key(each), "changed", text(*found->second), text(each)});
    }
    for (const auto& each : before)
        if (!fresh.contains(key(each))) out.push_back({section, key(each), "gone", text(each), ""});
}

const std::vector<ProfileStatement>& statements(const AreaProfile& profile, const std::string& section) {
    static const std::vector<ProfileStatement> kNone;
    for (const auto& each : profile.sections)
        if (each.id == section) return each.statements;
    return kNone;
}

std::string counted(std::size_t n, const char* one, const char* many) { return std::to_string(n) + " " + (n == 1 ? one : many); }

}  // namespace

ProfileDiff compare_profiles(const AreaProfile& from, const AreaProfile& to) {
    ProfileDiff out{from.id, to.id, "", {}};
    for (const auto& [name, before, after] : {std::tuple{"assessment", from.assessment, to.assessment}, {"as_of", core::iso(from.as_of), core::iso(to.as_of)}, {"edition", from.edition, to.edition}, {"handling", from.handling, to.handling},
                                              {"originators", core::join(from.originators, ", "), core::join(to.originators, ", ")}})
        if (before != after) out.changes.push_back({"fields", name, "changed", before, after});
    for (const auto& [section, title] : kProfileSections)
        compare(out.changes, section, statements(from, section), statements(to, section), [](const auto& s) { return s.key; }, [](const auto& s) { return s.text; });
    compare(out.changes, "figures", from.figures, to.figures, [](const auto& f) { return f.basis == "judged" ? f.id : f.indicator + "/" + f.place; }, value_of);
    std::size_t added = 0, gone = 0, changed = 0, figures = 0;
    for (const auto& each : out.changes) {
        if (each.section == "figures") ++figures;
        else if (each.section != "fields") ++(each.kind == "added" ? added : each.kind == "gone" ? gone : changed);
    }
    if (added + gone + changed + figures == 0) out.summary = "Nothing it says has changed.";
    else out.summary = fmt::format("{} changed, {} new, {} gone; {} moved.", counted(changed, "statement", "statements"), added, gone, counted(figures, "figure", "figures"));
    return out;
}

std::string profile_text(const AreaProfile& profile) {
    std::string out = profile.title + ", version " + std::to_string(profile.version) + " (" + profile.edition + "), known on " + day_text(profile.as_of) + "\n" + profile.handling + "\n";
    for (const auto& section : profile.sections) {
        if (section.statements.empty()) continue;
        out += "\n" + section.title + "\n";
        for (const auto& each : section.statements) {
            out += std::string(each.nature == "gap" ? "  ? " : each.nature == "assessment" ? "  ~ " : "  - ") + each.text;
            if (!each.figures.empty()) out += " [" + each.figures.front() + (each.figures.size() > 1 ? " and " + std::to_string(each.figures.size() - 1) + " more" : "") + "]";
            out += "\n";
        }
    }
    return out;
}

core::Result<AreaProfile> read_profile(const core::json::value& value, const std::string& where) {
    AreaProfile out;
    THREATLAS_CHECK(model::from_json(value, out, where));
    const auto wrong = [&](const std::string& what) { return fail(ErrorCode::bad_input, where + ": " + what); };
    if (out.version < 1 || out.version > 1'000'000) return wrong("a profile has a version from 1");
    if (out.edition != "restricted" && out.edition != "public") return wrong("an edition is restricted or public");
    if (out.sections.size() > 20 || out.figures.size() > 2000 || out.threats.size() > 200 || out.outlooks.size() > 200 || out.signals.size() > 100) return wrong("it is longer than a profile can be");
    if (out.id != out.organisation + "." + out.area + "." + std::to_string(out.version)) return wrong("its id is not that of its organisation, area and version");
    std::size_t statements = 0;
    for (const auto& section : out.sections) {
        statements += section.statements.size();
        for (const auto& each : section.statements) {
            if (each.nature != "fact" && each.nature != "assessment" && each.nature != "gap") return wrong("a statement is a fact, an assessment or a gap");
            if (each.text.size() > 20'000 || each.figures.size() > 500) return wrong("a statement is too long");
        }
    }
    if (statements > 2000) return wrong("it is longer than a profile can be");
    for (const auto& f : out.figures) {
        if (f.id.empty() || f.id.size() > 64 || f.id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_") != std::string::npos) return wrong("a figure has an id such as F-0123456789");
        if (f.rows.size() > 50 || f.series.size() > 2000 || f.parts.size() > 500) return wrong("a figure is too long");
        for (const double x : {f.value.q05, f.value.q50, f.value.q95, f.score.q50})
            if (!std::isfinite(x)) return wrong("a figure holds no number");
    }
    for (const auto& o : out.outlooks)
        if (o.fan.size() > 500 || o.history.size() > 2000) return wrong("a forecast is too long");
    for (const auto& s : out.signals)
        if (s.signal.points.size() > 2000) return wrong("a signal is too long");
    return out;
}

}  // namespace threatlas::publish
