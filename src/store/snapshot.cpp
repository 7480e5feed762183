#include "store/snapshot.hpp"

#include <mutex>

namespace threatlas::store {
namespace {

void escape(std::string& out, std::string_view text) {
    for (const char c : text) {
        if (c == '%')
            out += "%25";
        else if (c == '=')
            out += "%3D";
        else if (c == ';')
            out += "%3B";
        else
            out += c;
    }
}

std::string unescape(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::string_view code = text.substr(i, 3);
        if (code == "%25")
            out += '%', i += 2;
        else if (code == "%3D")
            out += '=', i += 2;
        else if (code == "%3B")
            out += ';', i += 2;
        else
            out += text[i];
    }
    return out;
}

}  // namespace

std::string pack_dims(const std::map<std::string, std::string>& dims) {
    std::string out;
    for (const auto& [key, value] : dims) {
        if (!out.empty()) out += ';';
        escape(out, key);
        out += '=';
        escape(out, value);
    }
    return out;
}

std::map<std::string, std::string> unpack_dims(const std::string& packed) {
    std::map<std::string, std::string> dims;
    std::string_view rest = packed;
    while (!rest.empty()) {
        const std::string_view pair = rest.substr(0, rest.find(';'));
        rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
        const std::size_t equals = pair.find('=');
        if (equals == std::string_view::npos) continue;
        dims[unescape(pair.substr(0, equals))] = unescape(pair.substr(equals + 1));
    }
    return dims;
}

model::Observation Snapshot::at(std::size_t i) const {
    const Columns& c = columns;
    model::Observation o;
    o.what = text(c.what[i]);
    o.member = text(c.member[i]);
    o.place = text(c.place[i]);
    o.period = {core::Day{c.begin[i]}, core::Day{c.end[i]}};
    o.value = c.value[i];
    o.upper = c.upper[i];
    o.state = static_cast<model::State>(c.state[i]);
    o.unit = text(c.unit[i]);
    o.nature = static_cast<model::Nature>(c.nature[i]);
    o.statement = static_cast<model::Statement>(c.statement[i]);
    o.dims = unpack_dims(text(c.dims[i]));
    o.flags = text(c.flags[i]);
    o.evaluation = text(c.evaluation[i]);
    o.handling = text(c.handling[i]);
    o.source = text(c.source[i]);
    o.known_at = core::Day{c.known_at[i]};
    o.submission = text(c.submission[i]);
    o.file = text(c.file[i]);
    o.row = c.row[i];
    return o;
}

std::span<const std::uint32_t> Snapshot::rows_of(const std::string& what) const {
    // One lock for all snapshots: it is held for long only while the first caller builds an index.
    static std::mutex building;
    const std::lock_guard lock(building);
    if (index_.empty()) {
        std::vector<std::uint32_t> counts(dictionary.size());
        for (const std::uint32_t code : columns.what) ++counts[code];
        std::vector<std::vector<std::uint32_t>*> lists(dictionary.size());
        for (std::size_t code = 0; code < counts.size(); ++code) {
            if (counts[code] == 0) continue;
            lists[code] = &index_[dictionary[code]];
            lists[code]->reserve(counts[code]);
        }
        for (std::size_t i = 0; i < columns.what.size(); ++i)
            lists[columns.what[i]]->push_back(static_cast<std::uint32_t>(i));
    }
    const auto found = index_.find(what);
    return found == index_.end() ? std::span<const std::uint32_t>{}
                                 : std::span<const std::uint32_t>(found->second);
}

}  // namespace threatlas::store
