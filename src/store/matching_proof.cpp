#include "store/matching_proof.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/hash.hpp"
#include "core/json.hpp"

namespace threatlas::store {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;

constexpr std::string_view kBefore = "log row ";
constexpr const char* kColumns = "number, id, side, party, at, day, case_index, evaluations, sealed";

std::string hash_of(const Statement& row) {
    core::json::array fields{"threatlas matching log 1"};
    for (int column = 0; column < 9; ++column) fields.emplace_back(row.text(column));
    return core::sha256(core::write_json(fields));
}

struct Noted {
    std::uint64_t entry = 0;
    std::string hash, words;   // words: side, party, id
};

// The first words, as far as they are told.
std::string first_words(std::string_view text) {
    std::size_t end = 0;
    for (int word = 0; word < 3 && end != std::string_view::npos; ++word) end = text.find(' ', end + 1);
    return std::string(text.substr(0, std::min<std::size_t>(end, 120)));
}

}  // namespace

Result<std::string> logged_row(Database& database, const std::string& side, const std::string& party, const std::string& id) {
    THREATLAS_TRY(Statement row, database.prepare(std::string("SELECT ") + kColumns + " FROM match_queries WHERE side = $1 AND party = $2 AND id = $3"));
    THREATLAS_TRY(const bool there, row.bind(side, party, id).step());
    if (!there) return fail(ErrorCode::internal, "a row of the matching log is not there after it was written");
    return std::string(kBefore) + row.text(0) + " " + hash_of(row) + ": ";
}

Result<std::vector<std::string>> check_matching(Database& database) {
    std::map<std::string, Noted> noted;   // by the row's number; the last entry counts
    std::set<std::string> earlier;        // first words of entries that name no row
    {
        THREATLAS_TRY(Statement entry, database.prepare("SELECT number, object FROM audit WHERE action = 'match' ORDER BY number"));
        for (;;) {
            THREATLAS_TRY(const bool more, entry.step());
            if (!more) break;
            const std::string object = entry.text(1);
            if (!object.starts_with(kBefore)) {
                earlier.insert(first_words(object));
                continue;
            }
            const std::size_t hash = object.find(' ', kBefore.size()), words = object.find(": ");
            if (hash == std::string::npos || words == std::string::npos || words < hash) continue;
            noted[object.substr(kBefore.size(), hash - kBefore.size())] = {static_cast<std::uint64_t>(entry.integer(0)), object.substr(hash + 1, words - hash - 1), first_words(std::string_view(object).substr(words + 2))};
        }
    }
    std::vector<std::string> problems;
    THREATLAS_TRY(Statement row, database.prepare(std::string("SELECT ") + kColumns + " FROM match_queries ORDER BY number"));
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) break;
        const std::string words = row.text(2) + " " + row.text(3) + " " + row.text(1), name = "row " + row.text(0) + " of the matching log (" + words + ")";
        const auto found = noted.find(row.text(0));
        if (found == noted.end()) {
            if (earlier.count(words) == 0) problems.push_back(name + " is in the store and its making is not in the log");
            continue;
        }
        if (found->second.hash != hash_of(row)) problems.push_back(name + " differs from entry " + std::to_string(found->second.entry));
        noted.erase(found);
    }
    for (const auto& [number, each] : noted) problems.push_back("row " + number + " of the matching log (" + each.words + ") of entry " + std::to_string(each.entry) + " is no longer in the store");
    return problems;
}

}  // namespace threatlas::store
