// What peers' nodes ask of this one: the published filter, evaluations, contact requests.
#include <algorithm>

#include "core/text.hpp"
#include "model/json_codec.hpp"
#include "work/matching/parts.hpp"

namespace threatlas::work::matching {

using core::ErrorCode;
using core::fail;
using core::Result;
namespace crypto = exchange::matching;

namespace {

// A member with its own node, not ourselves.
Result<void> may_ask(const model::Reader& who, const Settings& settings) {
    if (settings.organisation.empty()) return fail(ErrorCode::not_found, "this node publishes no list");
    if (who.organisation.empty() || who.organisation == settings.organisation || who.organisation == "regional") return fail(ErrorCode::not_allowed, "this is for the nodes of other members");
    return {};
}

bool is_id(std::string_view text) {
    return text.size() >= 5 && text.size() <= 80 && std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; });
}

}  // namespace

Result<std::string> Desk::published(const model::Reader& who) {
    THREATLAS_TRY(const Settings settings, this->settings());
    THREATLAS_CHECK(may_ask(who, settings));
    THREATLAS_TRY(auto* tables, this->tables());
    THREATLAS_TRY(std::string out, tables->commitment(""));
    if (out.empty()) return fail(ErrorCode::not_found, settings.organisation + " has not published a filter yet");
    return out;
}

Result<std::string> Desk::part(const model::Reader& who, std::int64_t epoch, std::int64_t serial) {
    THREATLAS_TRY(const Settings settings, this->settings());
    THREATLAS_CHECK(may_ask(who, settings));
    THREATLAS_TRY(auto* tables, this->tables());
    const auto nothing = [&] { return fail(ErrorCode::not_found, "there is no such part: read what is published again"); };
    if (epoch < 1 || serial < 0 || epoch > 0xffffffffLL || serial > 0xffffffffLL) return nothing();
    THREATLAS_TRY(auto found, tables->part("", static_cast<std::uint32_t>(epoch), static_cast<std::uint32_t>(serial)));
    if (!found) return nothing();
    THREATLAS_CHECK(store_.audit(who, "match", "filter served to " + who.organisation + ": epoch " + std::to_string(epoch) + " serial " + std::to_string(serial) + " " + found->digest));
    return std::move(found->bytes);
}

Result<Evaluated> Desk::evaluate(const model::Reader& who, const Evaluation& wanted) {
    THREATLAS_TRY(const Settings settings, this->settings());
    THREATLAS_CHECK(may_ask(who, settings));
    THREATLAS_TRY(auto* tables, this->tables());
    store::MatchQuery query;
    query.id = is_id(wanted.query) ? wanted.query : "Q-without-id", query.side = "served", query.party = who.organisation, query.person = who.person;
    query.case_reference = shown(wanted.case_reference, 120), query.legal_basis = shown(wanted.legal_basis, 120);
    if (auto good = fit_grounds(wanted.case_reference, wanted.legal_basis); !good) {
        THREATLAS_CHECK(tables->refuse(who, query, day(), "served " + who.organisation + " " + query.id + ": refused, " + good.error().message));
        return tl::unexpected(good.error());
    }
    if (!is_id(wanted.query)) return fail(ErrorCode::bad_input, "a query has an id of letters, digits and hyphens", {"", 0, "query"});
    if (wanted.message.size() > std::size_t{256} * 1024) return fail(ErrorCode::bad_input, "the message is longer than a batch may be", {"", 0, "message"});
    THREATLAS_TRY(const std::string bytes, from_base64(wanted.message));
    THREATLAS_TRY(const auto request, crypto::decode_request(crypto::bytes_of(bytes)));
    THREATLAS_TRY(const auto seed, tables->seed());
    if (!seed) return fail(ErrorCode::not_found, settings.organisation + " has not published a filter yet");
    THREATLAS_TRY(const auto key, key_of(*seed, settings.organisation));
    if (request.mode != crypto::Mode::voprf || request.key != crypto::key_id(crypto::Mode::voprf, key.public_key)) return fail(ErrorCode::conflict, "this is asked under another key than the published one: fetch what is published, and ask again");
    query.epoch = seed->epoch, query.evaluations = request.blinded.size();
    const auto most = static_cast<std::uint64_t>(settings.daily);
    const std::string line = "served " + who.organisation + " " + query.id + " " + std::to_string(query.evaluations) + " evaluations epoch " + std::to_string(query.epoch) + " case '" + query.case_reference + "' basis '" + query.legal_basis + "'";
    const auto begun = tables->begin(who, query, day(), most, line);
    if (!begun && begun.error().code == ErrorCode::not_allowed) THREATLAS_CHECK(raise(who, {.id = {}, .rule = "quota", .side = "served", .party = who.organisation, .day = {}, .text = "it has asked for more than the " + std::to_string(most) + " evaluations of a day", .at = {}, .state = "open", .steps = {}}));
    if (!begun) return tl::unexpected(begun.error());
    THREATLAS_TRY(const auto response, crypto::evaluate(key, request));
    THREATLAS_CHECK(watch_served(who, query, most));
    THREATLAS_TRY(const auto usage, tables->usage(day()));
    std::uint64_t used = 0;
    for (const auto& each : usage)
        if (each.side == "served" && each.party == who.organisation) used = each.evaluations;
    return Evaluated{base64(crypto::encode(response)), static_cast<std::int64_t>(used < most ? most - used : 0)};
}

}  // namespace threatlas::work::matching
