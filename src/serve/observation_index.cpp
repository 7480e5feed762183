#include "serve/observation_index.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>
#include <tuple>

#include "core/json.hpp"
#include "core/parallel.hpp"
#include "model/json_codec.hpp"

namespace threatlas::serve {
namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t kRecentBytes = std::size_t{64} << 20;
constexpr std::size_t kListed = 6;   // the first of kObservationFilters have lists

template <class T>
void permute(std::vector<T>& column, const std::vector<std::uint32_t>& order) {
    std::vector<T> out(column.size());
    for (std::size_t i = 0; i < order.size(); ++i) out[i] = column[order[i]];
    column = std::move(out);
}

void quoted(std::string& out, std::string_view text) {
    const bool plain = std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\' || c == 0x7f; });
    if (!plain) {
        out += core::write_json(core::json::value(core::json::string(text)));
        return;
    }
    out += '"';
    out += text;
    out += '"';
}

std::string question_of(const ObservationQuery& query) {
    std::string out = std::to_string(query.from ? query.from->number : std::numeric_limits<std::int32_t>::min()) + '/' + std::to_string(query.to ? query.to->number : std::numeric_limits<std::int32_t>::max());
    for (const auto& [field, values] : query.filters) {
        out += '\n' + field;
        for (const std::string& value : values) out += '\t' + std::to_string(value.size()) + ':' + value;
    }
    return out;
}

}  // namespace

ObservationIndex::ObservationIndex(store::Snapshot snapshot) : snapshot_(std::move(snapshot)) {
    snapshot_.claims = {};
    origin_of_.assign(snapshot_.dictionary.size(), kNone);
    std::unordered_map<std::string_view, std::string_view> sources;
    for (const auto& each : snapshot_.submissions) sources.emplace(each.id, each.source);
    std::vector<std::uint32_t> used;
    for (const std::uint32_t code : snapshot_.columns.submission)
        if (std::exchange(origin_of_[code], 0U) == kNone) used.push_back(code);
    const auto origin = [&](std::uint32_t code) {
        const auto found = sources.find(snapshot_.dictionary[code]);
        return std::pair(std::string(found == sources.end() ? std::string_view() : found->second), snapshot_.dictionary[code]);
    };
    std::sort(used.begin(), used.end(), [&](std::uint32_t a, std::uint32_t b) { return origin(a) < origin(b); });
    for (const std::uint32_t code : used) {
        origin_of_[code] = static_cast<std::uint32_t>(origins_.size());
        origins_.push_back(origin(code));
    }
    arrange(order());
    build_lists();
}

std::vector<std::uint32_t> ObservationIndex::order() const {
    const store::Snapshot::Columns& c = snapshot_.columns;
    const auto size = static_cast<std::uint32_t>(snapshot_.size());
    std::vector<std::uint32_t> rows(size);
    std::iota(rows.begin(), rows.end(), 0U);
    // By submission, file and row: a snapshot comes so already but for files read out of order.
    const auto by_origin = [&](std::uint32_t a, std::uint32_t b) {
        if (c.submission[a] != c.submission[b]) return origin_of_[c.submission[a]] < origin_of_[c.submission[b]];
        if (c.file[a] != c.file[b]) return snapshot_.dictionary[c.file[a]] < snapshot_.dictionary[c.file[b]];
        return c.row[a] < c.row[b];
    };
    if (!std::is_sorted(rows.begin(), rows.end(), by_origin)) std::stable_sort(rows.begin(), rows.end(), by_origin);
    // Then by period: few distinct ones, so they are counted and not compared.
    std::unordered_map<std::uint64_t, std::uint32_t> seen;
    std::vector<std::uint32_t> slot(size);
    std::vector<std::pair<std::int32_t, std::int32_t>> periods;
    std::uint64_t last = 0;
    std::uint32_t last_slot = kNone;
    for (std::uint32_t i = 0; i < size; ++i) {
        const std::uint64_t key = (static_cast<std::uint64_t>(static_cast<std::uint32_t>(c.begin[i])) << 32) | static_cast<std::uint32_t>(c.end[i]);
        if (last_slot == kNone || key != last) {
            const auto [found, fresh] = seen.emplace(key, static_cast<std::uint32_t>(periods.size()));
            if (fresh) periods.emplace_back(c.begin[i], c.end[i]);
            last = key, last_slot = found->second;
        }
        slot[i] = last_slot;
    }
    std::vector<std::uint32_t> sorted(periods.size()), start(periods.size() + 1, 0), rank(periods.size());
    std::iota(sorted.begin(), sorted.end(), 0U);
    std::sort(sorted.begin(), sorted.end(), [&](std::uint32_t a, std::uint32_t b) { return periods[a] < periods[b]; });
    for (std::uint32_t i = 0; i < sorted.size(); ++i) rank[sorted[i]] = i;
    for (const std::uint32_t each : slot) ++start[rank[each] + 1];
    std::partial_sum(start.begin(), start.end(), start.begin());
    std::vector<std::uint32_t> out(size);
    for (const std::uint32_t row : rows) out[start[rank[slot[row]]]++] = row;
    return out;
}

void ObservationIndex::arrange(const std::vector<std::uint32_t>& order) {
    store::Snapshot::Columns& c = snapshot_.columns;
    const std::array<std::vector<std::uint32_t>*, 11> words{&c.what, &c.member, &c.place, &c.unit, &c.dims, &c.flags, &c.evaluation, &c.handling, &c.source, &c.submission, &c.file};
    const std::array<std::vector<std::int32_t>*, 3> days{&c.begin, &c.end, &c.known_at};
    const std::array<std::vector<double>*, 2> numbers{&c.value, &c.upper};
    const std::array<std::vector<std::uint8_t>*, 3> bytes{&c.state, &c.nature, &c.statement};
    core::parallel_for(words.size() + days.size() + numbers.size() + bytes.size() + 1, [&](std::size_t i) {
        if (i < words.size()) return permute(*words[i], order);
        i -= words.size();
        if (i < days.size()) return permute(*days[i], order);
        i -= days.size();
        if (i < numbers.size()) return permute(*numbers[i], order);
        i -= numbers.size();
        if (i < bytes.size()) return permute(*bytes[i], order);
        permute(c.row, order);
    });
}

const std::vector<std::uint32_t>* ObservationIndex::codes_of(std::string_view column) const {
    const store::Snapshot::Columns& c = snapshot_.columns;
    const std::array<const std::vector<std::uint32_t>*, 8> columns{&c.what, &c.member, &c.place, &c.source, &c.submission, &c.unit, &c.evaluation, &c.handling};
    for (std::size_t i = 0; i < columns.size(); ++i)
        if (kObservationFilters[i] == column) return columns[i];
    return nullptr;
}

void ObservationIndex::build_lists() {
    std::array<std::vector<std::uint32_t>, 8> counts;
    core::parallel_for(counts.size(), [&](std::size_t column) {
        const auto& codes = *codes_of(kObservationFilters[column]);
        auto& count = counts[column];
        count.assign(snapshot_.dictionary.size(), 0);
        for (const std::uint32_t code : codes) ++count[code];
        if (column >= kListed) return;
        Lists& lists = lists_[column];
        std::vector<std::uint32_t> next(count.size());
        std::uint32_t at = 0;
        for (std::uint32_t code = 0; code < count.size(); ++code) {
            if (count[code] > 0) lists.by_code.emplace(code, std::pair{at, count[code]});
            next[code] = at;
            at += count[code];
        }
        lists.positions.resize(codes.size());
        for (std::uint32_t i = 0; i < codes.size(); ++i) lists.positions[next[codes[i]]++] = i;
    });
    for (std::uint32_t code = 0; code < snapshot_.dictionary.size(); ++code)
        if (std::any_of(counts.begin(), counts.end(), [&](const auto& each) { return each[code] > 0; })) codes_.emplace(snapshot_.dictionary[code], code);
}

std::span<const std::uint32_t> ObservationIndex::list(std::size_t column, std::uint32_t code) const {
    const auto found = lists_[column].by_code.find(code);
    if (found == lists_[column].by_code.end()) return {};
    return std::span(lists_[column].positions).subspan(found->second.first, found->second.second);
}

std::uint32_t ObservationIndex::begins_from(std::int32_t day) const {
    const auto& begin = snapshot_.columns.begin;
    return static_cast<std::uint32_t>(std::lower_bound(begin.begin(), begin.end(), day) - begin.begin());
}

std::size_t ObservationIndex::Found::before(std::uint32_t position) const {
    if (all) return position <= first ? 0 : std::min(position - first, count);
    return static_cast<std::size_t>(std::lower_bound(positions.begin(), positions.end(), position) - positions.begin());
}

ObservationIndex::Found ObservationIndex::find(const ObservationQuery& query) const {
    const std::uint32_t first = query.from ? begins_from(query.from->number) : 0;
    const std::uint32_t last = std::max(first, query.to ? begins_from(query.to->number + 1) : static_cast<std::uint32_t>(size()));
    if (query.filters.empty()) return {nullptr, {}, first, last - first, true};
    if (query.filters.size() == 1 && query.filters[0].second.size() == 1)
        for (std::size_t column = 0; column < kListed; ++column)
            if (kObservationFilters[column] == query.filters[0].first) {
                const auto code = codes_.find(query.filters[0].second[0]);
                if (code == codes_.end()) return {};
                const auto whole = list(column, code->second);
                const auto begin = std::lower_bound(whole.begin(), whole.end(), first), end = std::lower_bound(begin, whole.end(), last);
                return {nullptr, {begin, end}, 0, 0, false};
            }
    const std::string question = question_of(query);
    {
        const std::lock_guard guard(lock_);
        if (const auto known = by_question_.find(question); known != by_question_.end()) {
            recent_.splice(recent_.begin(), recent_, known->second);
            return {known->second->second, *known->second->second, 0, 0, false};
        }
    }
    Positions made = search(query, first, last);
    const std::lock_guard guard(lock_);
    const std::size_t bytes = made->size() * sizeof(std::uint32_t) + question.size();
    if (bytes < kRecentBytes / 4 && !by_question_.contains(question)) {
        recent_.emplace_front(question, made);
        by_question_[question] = recent_.begin();
        recent_bytes_ += bytes;
        while (recent_bytes_ > kRecentBytes) {
            recent_bytes_ -= recent_.back().second->size() * sizeof(std::uint32_t) + recent_.back().first.size();
            by_question_.erase(recent_.back().first);
            recent_.pop_back();
        }
    }
    return {made, *made, 0, 0, false};
}

// The shortest lists lead; every other filter is looked up in its column, where the rows stand in the same order.
ObservationIndex::Positions ObservationIndex::search(const ObservationQuery& query, std::uint32_t first, std::uint32_t last) const {
    auto out = std::make_shared<std::vector<std::uint32_t>>();
    struct Test {
        const std::vector<std::uint32_t>* words = nullptr;
        const std::vector<std::uint8_t>* bytes = nullptr;
        std::vector<std::uint32_t> wanted;
        std::size_t column = 0, rows = 0;
    };
    std::vector<Test> tests;
    for (const auto& [field, values] : query.filters) {
        Test test;
        test.column = static_cast<std::size_t>(std::find(kObservationFilters.begin(), kObservationFilters.end(), field) - kObservationFilters.begin());
        test.words = codes_of(field);
        test.rows = last - first;
        const std::set<std::string> distinct(values.begin(), values.end());
        if (test.words != nullptr) {
            std::size_t listed = 0;
            for (const std::string& value : distinct)
                if (const auto code = codes_.find(value); code != codes_.end()) {
                    test.wanted.push_back(code->second);
                    if (test.column < kListed) listed += list(test.column, code->second).size();
                }
            if (test.column < kListed) test.rows = listed;
        } else {
            const auto number = [&](auto unnamed, const std::vector<std::uint8_t>& column) {
                test.bytes = &column;
                for (const std::string& value : distinct)
                    if (auto name = unnamed; model::from_name(value, name)) test.wanted.push_back(static_cast<std::uint32_t>(name));
            };
            if (field == "nature") number(model::Nature{}, snapshot_.columns.nature);
            else if (field == "state") number(model::State{}, snapshot_.columns.state);
            else number(model::Statement{}, snapshot_.columns.statement);
        }
        if (test.wanted.empty()) return out;
        tests.push_back(std::move(test));
    }
    std::stable_sort(tests.begin(), tests.end(), [](const Test& a, const Test& b) { return a.rows < b.rows; });
    const auto fits = [&](std::uint32_t position, std::size_t from) {
        for (std::size_t i = from; i < tests.size(); ++i) {
            const Test& test = tests[i];
            const std::uint32_t value = test.words != nullptr ? (*test.words)[position] : (*test.bytes)[position];
            if (std::find(test.wanted.begin(), test.wanted.end(), value) == test.wanted.end()) return false;
        }
        return true;
    };
    const Test& lead = tests.front();
    if (lead.column >= kListed) {
        for (std::uint32_t i = first; i < last; ++i)
            if (fits(i, 0)) out->push_back(i);
        return out;
    }
    for (const std::uint32_t code : lead.wanted) {
        const auto whole = list(lead.column, code);
        for (auto at = std::lower_bound(whole.begin(), whole.end(), first); at != whole.end() && *at < last; ++at)
            if (fits(*at, 1)) out->push_back(*at);
    }
    if (lead.wanted.size() > 1) std::sort(out->begin(), out->end());
    return out;
}

int ObservationIndex::compare(std::uint32_t p, const Place& place) const {
    const store::Snapshot::Columns& c = snapshot_.columns;
    const auto period = std::pair(c.begin[p], c.end[p]), other = std::pair(place.begin, place.end);
    if (period != other) return period < other ? -1 : 1;
    const auto& [source, submission] = origins_[origin_of_[c.submission[p]]];
    const auto mine = std::tie(source, submission, snapshot_.dictionary[c.file[p]], c.row[p]);
    const auto theirs = std::tie(place.source, place.submission, place.file, place.row);
    return mine < theirs ? -1 : theirs < mine ? 1 : 0;
}

std::uint32_t ObservationIndex::before(const Place& place) const {
    std::uint32_t low = 0, high = static_cast<std::uint32_t>(size());
    while (low < high) {
        const std::uint32_t middle = low + (high - low) / 2;
        if (compare(middle, place) < 0) low = middle + 1;
        else high = middle;
    }
    for (std::uint64_t n = 1; n < place.nth && low < size() && compare(low, place) == 0; ++n) ++low;
    return low;
}

std::uint32_t ObservationIndex::after(const Place& place) const {
    const std::uint32_t at = before(place);
    return at < size() && compare(at, place) == 0 ? at + 1 : at;
}

ObservationIndex::Place ObservationIndex::place_of(std::uint32_t p) const {
    const store::Snapshot::Columns& c = snapshot_.columns;
    const auto& [source, submission] = origins_[origin_of_[c.submission[p]]];
    Place out{c.begin[p], c.end[p], source, submission, snapshot_.dictionary[c.file[p]], c.row[p], 1};
    for (std::uint32_t i = p; i > 0 && compare(i - 1, out) == 0; --i) ++out.nth;
    return out;
}

void ObservationIndex::write(std::uint32_t p, std::string& out) const {
    const store::Snapshot::Columns& c = snapshot_.columns;
    const auto word = [&](const char* name, std::uint32_t code) {
        out += name;
        quoted(out, snapshot_.dictionary[code]);
    };
    out += "{\"dims\":";
    if (const std::string& dims = snapshot_.dictionary[c.dims[p]]; dims.empty()) out += "{}";
    else out += core::write_json(model::to_json(store::unpack_dims(dims)));
    word(",\"evaluation\":", c.evaluation[p]);
    word(",\"file\":", c.file[p]);
    word(",\"flags\":", c.flags[p]);
    word(",\"handling\":", c.handling[p]);
    out += ",\"known_at\":\"" + core::iso(core::Day{c.known_at[p]}) + '"';
    word(",\"member\":", c.member[p]);
    out += ",\"nature\":\"";
    out += model::name_of(static_cast<model::Nature>(c.nature[p]));
    out += "\",\"period\":\"" + core::iso(core::Interval{core::Day{c.begin[p]}, core::Day{c.end[p]}}) + '"';
    word(",\"place\":", c.place[p]);
    out += ",\"row\":" + std::to_string(c.row[p]);
    word(",\"source\":", c.source[p]);
    out += ",\"state\":\"";
    out += model::name_of(static_cast<model::State>(c.state[p]));
    out += "\",\"statement\":\"";
    out += model::name_of(static_cast<model::Statement>(c.statement[p]));
    out += '"';
    word(",\"submission\":", c.submission[p]);
    word(",\"unit\":", c.unit[p]);
    out += ",\"upper\":" + core::write_json(core::json::value(c.upper[p]));
    out += ",\"value\":" + core::write_json(core::json::value(c.value[p]));
    word(",\"what\":", c.what[p]);
    out += '}';
}

}  // namespace threatlas::serve
