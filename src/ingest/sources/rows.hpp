// What the importers of published tables share: rows by wanted columns, slugs, and first-seen keys.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/calendar.hpp"
#include "core/result.hpp"
#include "ingest/ingest.hpp"
#include "ingest/table.hpp"

namespace threatlas::ingest::sources {

// Lower case ASCII, every run of other characters one '_', none at the ends.
std::string slug(std::string_view text);

// The day a periodic figure was known: end of its period plus the source's usual delay, never later
// than the edition it was read from. Keeps backtests honest without losing history.
core::Day known_at(core::Day period_end, int delay_days, core::Day edition);

// A day that is in the text of this program; the text is right or the program does not start.
core::Day edition_day(int year, int month, int day);

// Countries by any name a source uses, each distinct spelling looked up once.
class Countries {
  public:
    explicit Countries(const model::Catalogue& catalogue) : catalogue_(catalogue) {}
    const model::Country* find(std::string_view name);  // null when the catalogue has none

  private:
    const model::Catalogue& catalogue_;
    std::map<std::string, const model::Country*, std::less<>> known_;
};

// 'YYYY-MM-DD', alone or followed by a time ('T' or a blank). bad_input otherwise.
core::Result<core::Day> leading_day(std::string_view text);
// 'YYYY' and nothing else; nothing when it is another thing.
std::optional<core::Interval> plain_year(std::string_view text);

// Calls body with the cells of the wanted columns, in that order, for every row; rows of another
// shape are refused. bad_input, listing the columns that exist, when one is missing.
using RowBody = std::function<core::Result<void>(const std::vector<std::string_view>& cells, const RowSource& table)>;
core::Result<void> for_each_row(const std::string& path, const std::vector<std::string>& wanted, Sink& sink, const RowBody& body);

// Remembers keys: the first row of each, and its value. Says what a later row with the key is.
class FirstSeen {
  public:
    enum class Verdict { fresh, repeated, contradicts };
    Verdict see(const std::string& key, double value, double upper, std::uint64_t row, std::uint64_t& first_row);

  private:
    struct First {
        double value, upper;
        std::uint64_t row;
    };
    std::map<std::string, First> seen_;
};

// Hands an observation on, unless its key was seen: then it is set aside with the row of the first.
core::Result<void> accept_once(FirstSeen& seen, const std::string& key, model::Observation observation, const RowSource& table, Sink& sink);

// '1780', '1,780' or '67824.9' -> measured; '<5' -> censored [1, 4], never zero or missing. false for
// anything else: a comma that does not part thousands ('1,78') is no number.
bool parse_count(std::string_view text, double& value, double& upper, model::State& state);

}  // namespace threatlas::ingest::sources
