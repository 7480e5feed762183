// The own watch-list.
#include <sodium.h>

#include <algorithm>

#include "store/accounts/rows.hpp"
#include "store/consents.hpp"
#include "store/matching_rows.hpp"
#include "store/postgres/segments.hpp"
#include "store/records.hpp"
#include "store/rights.hpp"
#include "store/store.hpp"

namespace threatlas::store {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;

std::string context_of(const std::string& id) { return "match_entries.sealed " + id; }
std::string entry_id() {
    std::array<unsigned char, 8> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    std::string out = "W-";
    for (const unsigned char each : bytes) out += "0123456789abcdef"[each >> 4], out += "0123456789abcdef"[each & 15];
    return out;
}

}  // namespace

Result<std::unique_ptr<Matching>> Matching::of(Store& store) {
    THREATLAS_TRY(auto* accounts, store.accounts());
    return std::unique_ptr<Matching>(new Matching(Rows::shared(*accounts), Rows::key(*accounts)));
}

Result<std::vector<MatchEntry>> Matching::add(const model::Reader& who, std::vector<MatchEntry> entries) {
    std::vector<MatchEntry> fresh;
    const std::size_t given = entries.size();
    const Result<void> kept = Work::audited(*this, who, [&](Database& database) -> Result<std::string> {
        THREATLAS_TRY(Statement there, database.prepare("SELECT 1 FROM match_entries WHERE spelling_index = $1"));
        THREATLAS_TRY(Statement insert, database.prepare("INSERT INTO match_entries (id, spelling_index, kind, organisation, marking, sealed, added, published, removed) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0)"));
        const std::string now = engine_->clock();
        for (MatchEntry& each : entries) {
            const std::string index = key_.index("match_entries", each.kind + '\n' + each.country + '\n' + each.value + '\n' + each.born);
            THREATLAS_TRY(const bool known, there.bind(index).step());
            if (known) continue;
            each.id = entry_id(), each.person = who.person, each.at = now, each.published = each.removed = false;
            each.handling = text(parse_marking(each.handling));
            THREATLAS_CHECK(insert.bind(each.id, index, each.kind, each.organisation, each.handling, Work::seal(key_, context_of(each.id), each), now).run());
            fresh.push_back(std::move(each));
        }
        return "watch-list: " + std::to_string(fresh.size()) + " identifiers put on it, " + std::to_string(given - fresh.size()) + " were there";
    });
    if (!kept) return tl::unexpected(kept.error());
    return fresh;
}

namespace {

Result<std::vector<MatchEntry>> load(Database& database, const FieldKey& key, const Sight* sight) {
    THREATLAS_TRY(Statement row, database.prepare("SELECT id, sealed, published, removed, marking, organisation FROM match_entries WHERE removed < 2 ORDER BY added, id"));
    std::vector<MatchEntry> out;
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) return out;
        if (sight != nullptr && !sight->sees(parse_marking(row.text(4)), row.text(5))) continue;
        THREATLAS_TRY(const std::string body, key.open(context_of(row.text(0)), row.text(1)));
        THREATLAS_TRY(const auto value, core::parse_json(body, "watch-list"));
        MatchEntry each;
        THREATLAS_CHECK(model::from_json(value, each, "watch-list"));
        each.published = row.integer(2) != 0, each.removed = row.integer(3) != 0;
        out.push_back(std::move(each));
    }
}

}  // namespace

Result<std::vector<MatchEntry>> Matching::entries(const model::Reader& who) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(const Sight sight, sight_of(*engine_, who));
    std::vector<MatchEntry> out;
    {
        const postgres::ActingFor acting(engine_->database, who, sight);
        THREATLAS_TRY(out, load(engine_->database, key_, &sight));
    }
    std::erase_if(out, [](const MatchEntry& each) { return each.removed; });
    THREATLAS_CHECK(record_audit(*engine_, who, "read", "watch-list " + std::to_string(out.size())));
    return out;
}

Result<std::vector<MatchEntry>> Matching::all_entries(const model::Reader& who) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(auto out, load(engine_->database, key_, nullptr));
    THREATLAS_CHECK(record_audit(*engine_, who, "read", "watch-list " + std::to_string(out.size()) + " to evaluate"));
    return out;
}

Result<std::uint64_t> Matching::live(std::string_view kind) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare("SELECT COUNT(*) FROM match_entries WHERE removed = 0 AND ($1 = '' OR kind = $1)"));
    THREATLAS_CHECK(row.bind(kind).step());
    return static_cast<std::uint64_t>(row.integer(0));
}

Result<void> Matching::remove(const model::Reader& who, const std::string& id, const std::string& reason) {
    return Work::audited(*this, who, [&](Database& database) -> Result<std::string> {
        bool published = false;
        {
            THREATLAS_TRY(Statement row, database.prepare("SELECT published, removed FROM match_entries WHERE id = $1"));
            THREATLAS_TRY(const bool there, row.bind(id).step());
            if (!there) return fail(ErrorCode::not_found, "there is no entry '" + id + "'; 'threatlas match list show' lists them");
            if (row.integer(1) != 0) return fail(ErrorCode::conflict, "this entry is taken off already");
            published = row.integer(0) != 0;
        }
        // Its index is freed, so that it may come on again; its content stays until the filter is without it.
        if (published) THREATLAS_CHECK(database.run("UPDATE match_entries SET removed = 1, spelling_index = id WHERE id = $1", id));
        else THREATLAS_CHECK(database.run("UPDATE match_entries SET removed = 2, spelling_index = id, sealed = '' WHERE id = $1", id));
        return "watch-list: " + id + " taken off: " + reason;
    });
}

}  // namespace threatlas::store
