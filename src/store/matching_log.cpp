// What was asked and served, quotas, what is remembered of it; peers and settings.
#include <algorithm>

#include "store/matching_proof.hpp"
#include "store/matching_rows.hpp"

namespace threatlas::store {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;

std::string query_context(const MatchQuery& query) { return "match_queries.sealed " + query.side + " " + query.party + " " + query.id; }
std::string case_index(const FieldKey& key, const std::string& side, const std::string& party, const std::string& reference) { return key.index("match_queries.case", side + '\n' + party + '\n' + reference); }

Result<void> count(Database& database, const MatchQuery& query, std::int32_t day, std::uint64_t evaluations, int queries, int refused) {
    return database.run("INSERT INTO match_usage (side, party, day, evaluations, queries, refused) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (side, party, day) DO UPDATE SET evaluations = match_usage.evaluations + excluded.evaluations, "
                        "queries = match_usage.queries + excluded.queries, refused = match_usage.refused + excluded.refused",
                        query.side, query.party, std::int64_t{day}, evaluations, queries, refused);
}

Result<bool> insert(Database& database, const FieldKey& key, const MatchQuery& query, std::int32_t day, const std::string& sealed) {
    THREATLAS_TRY(Statement there, database.prepare("SELECT 1 FROM match_queries WHERE side = $1 AND party = $2 AND id = $3"));
    THREATLAS_TRY(const bool known, there.bind(query.side, query.party, query.id).step());
    if (known) return false;
    THREATLAS_CHECK(database.run("INSERT INTO match_queries (number, id, side, party, at, day, case_index, evaluations, sealed) VALUES ((SELECT COALESCE(MAX(number), 0) + 1 FROM match_queries), $1, $2, $3, $4, $5, $6, $7, $8)", query.id, query.side, query.party, query.at, std::int64_t{day},
                                 case_index(key, query.side, query.party, query.case_reference), query.state == "refused" ? std::uint64_t{0} : query.evaluations, sealed));
    return true;
}

core::json::object json_of(const MatchPeer& peer) { return {{"address", peer.address}, {"public_key", peer.public_key}, {"token", peer.token}, {"authorities", peer.authorities}, {"certificate", peer.certificate}, {"key", peer.key}}; }

}  // namespace

Result<void> Matching::begin(const model::Reader& who, const MatchQuery& given, std::int32_t day, std::uint64_t most, const std::string& object) {
    std::uint64_t left = 0;
    bool passed = false;
    MatchQuery query = given;
    const Result<void> kept = Work::audited(*this, who, [&](Database& database) -> Result<std::string> {
        THREATLAS_TRY(Statement row, database.prepare("SELECT evaluations FROM match_usage WHERE side = $1 AND party = $2 AND day = $3"));
        THREATLAS_TRY(const bool there, row.bind(query.side, query.party, std::int64_t{day}).step());
        const std::uint64_t used = there ? static_cast<std::uint64_t>(row.integer(0)) : 0;
        left = used < most ? most - used : 0;
        passed = query.evaluations <= left;
        query.at = engine_->clock(), query.state = passed ? "sent" : "refused";
        THREATLAS_TRY(const bool fresh, insert(database, key_, query, day, Work::seal(key_, query_context(query), query)));
        if (!fresh) return fail(ErrorCode::conflict, "a query with this id was made already");
        THREATLAS_CHECK(count(database, query, day, passed ? query.evaluations : 0, 1, passed ? 0 : 1));
        THREATLAS_TRY(const std::string logged, logged_row(database, query.side, query.party, query.id));
        return logged + object + (passed ? "" : ": refused, " + std::to_string(left) + " of " + std::to_string(most) + " evaluations of the day are left");
    });
    if (!kept) return tl::unexpected(kept.error());
    if (!passed) return fail(ErrorCode::not_allowed, "the quota of the day is used up: " + std::to_string(left) + " of " + std::to_string(most) + " evaluations are left, this needs " + std::to_string(query.evaluations) + ". It begins anew at midnight UTC");
    return {};
}

Result<void> Matching::finish(const model::Reader& who, const MatchQuery& query, const std::string& object) {
    return Work::audited(*this, who, [&](Database& database) -> Result<std::string> {
        THREATLAS_TRY(Statement row, database.prepare("SELECT at FROM match_queries WHERE side = $1 AND party = $2 AND id = $3"));
        THREATLAS_TRY(const bool there, row.bind(query.side, query.party, query.id).step());
        if (!there) return fail(ErrorCode::not_found, "there is no query '" + query.id + "'");
        MatchQuery stamped = query;
        stamped.at = row.text(0);
        THREATLAS_CHECK(database.run("UPDATE match_queries SET sealed = $1 WHERE side = $2 AND party = $3 AND id = $4", Work::seal(key_, query_context(query), stamped), query.side, query.party, query.id));
        THREATLAS_TRY(const std::string logged, logged_row(database, query.side, query.party, query.id));
        return logged + object;
    });
}

Result<void> Matching::refuse(const model::Reader& who, const MatchQuery& given, std::int32_t day, const std::string& object) {
    return Work::audited(*this, who, [&](Database& database) -> Result<std::string> {
        MatchQuery query = given;
        query.at = engine_->clock(), query.state = "refused";
        THREATLAS_CHECK(count(database, query, day, 0, 1, 1));
        return object;
    });
}

Result<std::vector<MatchQuery>> Matching::queries(const model::Reader& who, std::size_t most) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare("SELECT side, party, id, sealed FROM match_queries ORDER BY number DESC LIMIT $1"));
    row.bind(static_cast<std::uint64_t>(most));
    std::vector<MatchQuery> out;
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) break;
        MatchQuery named;
        named.side = row.text(0), named.party = row.text(1), named.id = row.text(2);
        THREATLAS_TRY(auto each, Work::open<MatchQuery>(key_, query_context(named), row.text(3)));
        out.push_back(std::move(each));
    }
    THREATLAS_CHECK(record_audit(*engine_, who, "read", "matching log " + std::to_string(out.size())));
    return out;
}

Result<bool> Matching::was_served(const std::string& party, const std::string& id) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare("SELECT 1 FROM match_queries WHERE side = 'served' AND party = $1 AND id = $2 AND evaluations > 0"));
    return row.bind(party, id).step();
}

Result<std::vector<MatchUsage>> Matching::usage(std::int32_t from_day) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare("SELECT side, party, day, evaluations, queries, refused FROM match_usage WHERE day >= $1 AND side <> 'near' ORDER BY day DESC, side, party"));
    row.bind(std::int64_t{from_day});
    std::vector<MatchUsage> out;
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) return out;
        out.push_back({row.text(0), row.text(1), static_cast<std::int32_t>(row.integer(2)), static_cast<std::uint64_t>(row.integer(3)), static_cast<std::uint64_t>(row.integer(4)), static_cast<std::uint64_t>(row.integer(5))});
    }
}

Result<std::uint64_t> Matching::evaluations_of_case(const std::string& side, const std::string& party, const std::string& reference, std::int32_t day) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare("SELECT CAST(COALESCE(SUM(evaluations), 0) AS BIGINT) FROM match_queries WHERE case_index = $1 AND day = $2"));
    THREATLAS_CHECK(row.bind(case_index(key_, side, party, reference), std::int64_t{day}).step());
    return static_cast<std::uint64_t>(row.integer(0));
}

Result<std::uint64_t> Matching::seen_before(std::span<const std::string> neighbours) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare("SELECT 1 FROM match_asked WHERE asked_index = $1"));
    std::uint64_t out = 0;
    for (const auto& each : neighbours) {
        THREATLAS_TRY(const bool there, row.bind(key_.index("match_asked", each)).step());
        out += there ? 1 : 0;
    }
    return out;
}

Result<void> Matching::remember(std::span<const std::string> asked, std::int32_t day, std::int32_t days) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Transaction transaction, Transaction::begin(engine_->database));
    THREATLAS_CHECK(engine_->database.run("DELETE FROM match_asked WHERE day <= $1", std::int64_t{day - days}));
    for (const auto& each : asked) THREATLAS_CHECK(engine_->database.run("INSERT INTO match_asked (asked_index, day) VALUES ($1, $2) ON CONFLICT (asked_index) DO UPDATE SET day = excluded.day", key_.index("match_asked", each), std::int64_t{day}));
    return transaction.commit();
}

Result<std::uint64_t> Matching::count_neighbours(const std::string& person, std::int32_t day, std::uint64_t more) {
    const std::lock_guard guard(engine_->mutex);
    MatchQuery row;
    row.side = "near", row.party = person;
    if (more > 0) THREATLAS_CHECK(count(engine_->database, row, day, more, 0, 0));
    THREATLAS_TRY(Statement total, engine_->database.prepare("SELECT evaluations FROM match_usage WHERE side = 'near' AND party = $1 AND day = $2"));
    THREATLAS_TRY(const bool there, total.bind(person, std::int64_t{day}).step());
    return there ? static_cast<std::uint64_t>(total.integer(0)) : std::uint64_t{0};
}

Result<std::vector<MatchPeer>> Matching::peers() {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare("SELECT organisation, sealed FROM match_peers ORDER BY organisation"));
    std::vector<MatchPeer> out;
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) return out;
        THREATLAS_TRY(const std::string text, key_.open("match_peers.sealed " + row.text(0), row.text(1)));
        THREATLAS_TRY(const auto value, core::parse_json(text, "peer"));
        const auto at = [&](const char* name) { const auto* one = value.as_object().if_contains(name); return one != nullptr && one->is_string() ? std::string(one->get_string()) : std::string(); };
        out.push_back({row.text(0), at("address"), at("public_key"), at("token"), at("authorities"), at("certificate"), at("key")});
    }
}

Result<void> Matching::set_peer(const model::Reader& who, const MatchPeer& peer) {
    return Work::audited(*this, who, [&](Database& database) -> Result<std::string> {
        // Another key, another holder: what was fetched under the old one is not believed.
        THREATLAS_CHECK(database.run("DELETE FROM match_parts WHERE organisation = $1", peer.organisation));
        THREATLAS_CHECK(database.run("DELETE FROM match_commitments WHERE organisation = $1", peer.organisation));
        THREATLAS_CHECK(database.run("INSERT INTO match_peers (organisation, sealed) VALUES ($1, $2) ON CONFLICT (organisation) DO UPDATE SET sealed = excluded.sealed", peer.organisation, key_.seal("match_peers.sealed " + peer.organisation, core::write_json(json_of(peer)))));
        return "peer " + peer.organisation + " at " + peer.address + " with public key " + peer.public_key;
    });
}

Result<void> Matching::drop_peer(const model::Reader& who, const std::string& organisation) {
    return Work::audited(*this, who, [&](Database& database) -> Result<std::string> {
        {
            THREATLAS_TRY(Statement row, database.prepare("SELECT 1 FROM match_peers WHERE organisation = $1"));
            THREATLAS_TRY(const bool there, row.bind(organisation).step());
            if (!there) return fail(ErrorCode::not_found, "there is no peer '" + organisation + "'");
        }
        for (const char* table : {"match_peers", "match_parts", "match_commitments"}) THREATLAS_CHECK(database.run("DELETE FROM " + std::string(table) + " WHERE organisation = $1", organisation));
        return "peer " + organisation + " taken off";
    });
}

Result<std::string> Matching::setting(const std::string& name) {
    const std::lock_guard guard(engine_->mutex);
    THREATLAS_TRY(Statement row, engine_->database.prepare("SELECT content FROM match_settings WHERE name = $1"));
    THREATLAS_TRY(const bool there, row.bind(name).step());
    return there ? row.text(0) : std::string();
}

Result<void> Matching::set(const model::Reader& who, const std::string& name, const std::string& value) {
    return Work::audited(*this, who, [&](Database& database) -> Result<std::string> {
        THREATLAS_CHECK(database.run("INSERT INTO match_settings (name, content) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET content = excluded.content", name, value));
        return "setting " + name + " " + value;
    });
}

}  // namespace threatlas::store
