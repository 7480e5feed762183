#include "exchange/taxii/query.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "core/calendar.hpp"
#include "core/text.hpp"

namespace threatlas::exchange::taxii {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr std::size_t kMostValues = 200;

tl::unexpected<core::Error> wrong(const std::string& name, const std::string& why) { return fail(ErrorCode::bad_usage, "the filter '" + name + "' " + why); }

Result<std::vector<std::string>> list_of(const std::string& name, const std::string& value) {
    std::vector<std::string> out;
    for (const std::string& each : core::split(value, ',')) {
        std::string one(core::trim(each));
        if (one.empty() || one.size() > 300) return wrong(name, "holds an empty or an endless value");
        if (std::find(out.begin(), out.end(), one) == out.end()) out.push_back(std::move(one));
        if (out.size() > kMostValues) return wrong(name, "holds more than " + std::to_string(kMostValues) + " values");
    }
    return out;
}

bool digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }); }

}  // namespace

bool is_timestamp(std::string_view text) {
    if (text.size() < 20 || text.size() > 64 || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text.back() != 'Z' || !core::parse_day(text.substr(0, 10))) return false;
    for (const auto& [at, most] : {std::pair{11, "23"}, std::pair{14, "59"}, std::pair{17, "60"}})
        if (!digits(text.substr(static_cast<std::size_t>(at), 2)) || text.substr(static_cast<std::size_t>(at), 2) > most) return false;
    return text.size() == 20 || (text[19] == '.' && digits(text.substr(20, text.size() - 21)));
}

bool is_stix_id(std::string_view text) {
    const std::size_t cut = text.find("--");
    if (cut == std::string_view::npos || cut == 0 || cut > 250 || text.size() != cut + 38) return false;
    if (!std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(cut), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; })) return false;
    for (std::size_t i = 0; i < 36; ++i) {
        const char c = text[cut + 2 + i];
        const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        if (hyphen ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))) return false;
    }
    return true;
}

Result<Query> read_query(const Parameters& parameters, const Known& known) {
    Query out;
    std::set<std::string_view> said;
    for (const auto& [name, value] : parameters) {
        const bool paging = name == "added_after" || name == "limit" || name == "next";
        const bool ours = (paging && known.paging) || (name == "match[id]" && known.ids) || (name == "match[type]" && known.types) || (name == "match[version]" && known.versions) || (name == "match[spec_version]" && known.spec_versions);
        if (!ours) continue;
        if (!said.insert(name).second) return wrong(name, "is said twice: give several values separated by ','");
        if (name == "added_after") {
            if (!is_timestamp(value)) return wrong(name, "is no timestamp: 2016-12-21T10:30:59.123456Z");
            out.added_after = value;
        } else if (name == "limit") {
            std::size_t limit = 0;
            if (!digits(value) || value.size() > 18 || std::from_chars(value.data(), value.data() + value.size(), limit).ec != std::errc() || limit == 0) return wrong(name, "is no whole number above 0");
            out.limit = limit;
        } else if (name == "next") {
            if (value.empty() || value.size() > 1000) return wrong(name, "is none that a page gave");
            out.next = value;
        } else if (name == "match[version]") {
            THREATLAS_TRY(const auto all, list_of(name, value));
            if (all.size() != core::split(value, ',').size()) return wrong(name, "says a version twice");
            for (const std::string& each : all) {
                if (each == "first") out.first = true;
                else if (each == "last") out.last = true;
                else if (each == "all") out.all = true;
                else if (is_timestamp(each)) out.versions.push_back(each);
                else return wrong(name, "is made of timestamps, 'first' and 'last', or is 'all'");
            }
            if (out.all && all.size() > 1) return wrong(name, "says 'all' and something else");
        } else {
            THREATLAS_TRY((name == "match[id]" ? out.ids : name == "match[type]" ? out.types : out.spec_versions), list_of(name, value));
        }
    }
    return out;
}

std::string Query::text() const {
    std::string out = "after=" + added_after;
    for (const auto& [name, list] : {std::pair{"id", &ids}, std::pair{"type", &types}, std::pair{"spec", &spec_versions}, std::pair{"version", &versions}}) {
        std::vector<std::string> sorted = *list;
        std::sort(sorted.begin(), sorted.end());
        out += "&" + std::string(name) + "=" + core::join(sorted, ",");
    }
    return out + (first ? "&first" : "") + (last ? "&last" : "") + (all ? "&all" : "");
}

}  // namespace threatlas::exchange::taxii
