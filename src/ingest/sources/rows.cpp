#include "ingest/sources/rows.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace threatlas::ingest::sources {

std::string slug(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        const bool capital = c >= 'A' && c <= 'Z';
        if (letter || capital) out += capital ? static_cast<char>(c + 32) : c;
        else if (!out.empty() && out.back() != '_') out += '_';
    }
    if (!out.empty() && out.back() == '_') out.pop_back();
    return out;
}

core::Day known_at(core::Day period_end, int delay_days, core::Day edition) { return std::min(core::Day{period_end.number + delay_days}, edition); }

core::Day edition_day(int year, int month, int day) { return core::make_day(year, month, day).value(); }

const model::Country* Countries::find(std::string_view name) {
    const auto found = known_.find(name);
    if (found != known_.end()) return found->second;
    return known_.emplace(std::string(name), catalogue_.country(name)).first->second;
}

core::Result<core::Day> leading_day(std::string_view text) {
    if (text.size() > 10 && text[10] != 'T' && text[10] != ' ') return core::fail(core::ErrorCode::bad_input, "'" + std::string(text) + "' is not a date (YYYY-MM-DD)");
    return core::parse_day(text.substr(0, 10));
}

std::optional<core::Interval> plain_year(std::string_view text) {
    const auto year = core::parse_interval(text);
    if (!year || text.size() != 4) return std::nullopt;
    return *year;
}

core::Result<void> for_each_row(const std::string& path, const std::vector<std::string>& wanted, Sink& sink, const RowBody& body) {
    THREATLAS_TRY(const auto table, open_table(path));
    THREATLAS_TRY(const auto at, table->columns(wanted));
    std::vector<std::string_view> cells, chosen(at.size());
    std::uint64_t rows = 0;
    for (;;) {
        THREATLAS_TRY(const bool more, table->next(cells));
        if (!more) break;
        ++rows;
        if (table->ragged()) {
            THREATLAS_CHECK(sink.set_aside("refused", table->row(), "", "the row has another number of cells than the heading", table->original()));
        } else {
            for (std::size_t i = 0; i < at.size(); ++i) chosen[i] = core::trim(cells[at[i]]);
            THREATLAS_CHECK(body(chosen, *table));
        }
        if (rows % 1024 == 0) sink.rows_read(rows, table->bytes_read());
    }
    sink.rows_read(rows, table->bytes_read());
    return {};
}

FirstSeen::Verdict FirstSeen::see(const std::string& key, double value, double upper, std::uint64_t row, std::uint64_t& first_row) {
    const auto [found, fresh] = seen_.try_emplace(key, First{value, upper, row});
    first_row = found->second.row;
    if (fresh) return Verdict::fresh;
    return found->second.value == value && found->second.upper == upper ? Verdict::repeated : Verdict::contradicts;
}

core::Result<void> accept_once(FirstSeen& seen, const std::string& key, model::Observation observation, const RowSource& table, Sink& sink) {
    std::uint64_t first = 0;
    switch (seen.see(key, observation.value, observation.upper, table.row(), first)) {
        case FirstSeen::Verdict::fresh: return sink.accept(std::move(observation), table);
        case FirstSeen::Verdict::repeated: return sink.set_aside("duplicate", table.row(), "", "says the same as row " + std::to_string(first), table.original());
        case FirstSeen::Verdict::contradicts: break;
    }
    return sink.set_aside("refused", table.row(), "", "contradicts row " + std::to_string(first) + ": the same cell with another value", table.original());
}

bool parse_count(std::string_view text, double& value, double& upper, model::State& state) {
    if (text == "<5") {
        value = 1, upper = 4, state = model::State::censored;
        return true;
    }
    std::string plain(text);
    if (const auto comma = plain.find(','); comma != std::string::npos) {
        const std::size_t end = std::min(plain.find('.'), plain.size());
        if (comma == 0 || comma > 3 || comma > end || (end - comma) % 4 != 0) return false;
        for (std::size_t i = 0; i < end; ++i)
            if (i >= comma && (i - comma) % 4 == 0 ? plain[i] != ',' : plain[i] < '0' || plain[i] > '9') return false;
        std::erase(plain, ',');
    }
    const auto number = core::parse_number(plain);
    if (!number || *number < 0) return false;
    value = upper = *number;
    state = model::State::measured;
    return true;
}

}  // namespace threatlas::ingest::sources
