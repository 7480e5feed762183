// A question: canonical spellings, blinded, evaluated by each peer, looked up in its filter here.
#include <algorithm>

#include "core/text.hpp"
#include "model/json_codec.hpp"
#include "work/matching/parts.hpp"
#include "work/matching/peers.hpp"

namespace threatlas::work::matching {

using core::ErrorCode;
using core::fail;
using core::Result;
namespace ids = exchange::identifiers;
namespace crypto = exchange::matching;

namespace {

struct Spelled {
    std::vector<std::string> texts;
    std::vector<std::uint64_t> rows;   // of each text
};

Result<std::pair<crypto::Element, crypto::KeyId>> committed_key(const std::string& text) {
    THREATLAS_TRY(const Commitment commitment, read_commitment(text));
    std::pair<crypto::Element, crypto::KeyId> out;
    if (!from_hexadecimal(commitment.public_key, out.first.bytes) || !from_hexadecimal(commitment.key_id, out.second)) return fail(ErrorCode::internal, "a commitment was kept that does not verify");
    return out;
}

std::string counted(std::size_t number, const char* what) { return std::to_string(number) + " " + what + (number == 1 ? "" : "s"); }

}  // namespace

// One peer's part of a question.
class Asking {
  public:
    Asking(Desk& desk, const model::Reader& who, const Question& question, const Settings& settings, store::MatchPeer peer) : desk_(desk), who_(who), question_(question), settings_(settings), peer_(std::move(peer)), line_(peer_) {}

    PeerAnswer run(const Spelled& spelled, std::size_t identifiers) {
        out_.peer = peer_.organisation, out_.query = new_id("M", settings_.organisation), out_.state = "failed";
        out_.evaluations = static_cast<std::int64_t>(spelled.texts.size());
        query_.id = out_.query, query_.side = "asked", query_.party = peer_.organisation, query_.person = who_.person, query_.case_reference = question_.case_reference, query_.legal_basis = question_.legal_basis, query_.identifiers = identifiers, query_.evaluations = spelled.texts.size();
        if (const auto done = answer(spelled); !done) {
            out_.problem = done.error().message;
            if (done.error().code == ErrorCode::mismatch) static_cast<void>(desk_.raise(who_, {.id = {}, .rule = "proof", .side = "asked", .party = peer_.organisation, .day = {}, .text = "its answer does not verify: " + done.error().message, .at = {}, .state = "open", .steps = {}}));
            if (begun_) query_.state = "failed", static_cast<void>(desk_.tables().and_then([&](auto* tables) { return tables->finish(who_, query_, log_line("failed")); }));
        }
        return std::move(out_);
    }

  private:
    std::string log_line(const std::string& end) const { return "asked " + peer_.organisation + " " + query_.id + " " + counted(query_.evaluations, "evaluation") + " of " + counted(query_.identifiers, "identifier") + " case '" + query_.case_reference + "' basis '" + query_.legal_basis + "': " + end; }

    Result<void> answer(const Spelled& spelled) {
        THREATLAS_TRY(auto* tables, desk_.tables());
        THREATLAS_CHECK(desk_.fetch(who_, peer_.organisation));
        THREATLAS_TRY(auto key, committed_key(*tables->commitment(peer_.organisation)));
        THREATLAS_TRY(const auto blinded, crypto::blind(crypto::Mode::voprf, spelled.texts));
        THREATLAS_CHECK(tables->begin(who_, query_, desk_.day(), static_cast<std::uint64_t>(settings_.daily), log_line("sent")));
        begun_ = true;
        const auto send = [&]() -> Result<Evaluated> {
            const Evaluation wanted{query_.id, question_.case_reference, question_.legal_basis, base64(crypto::encode(crypto::request_of(blinded, key.second)))};
            THREATLAS_TRY(const std::string body, line_.ask("POST", "evaluations", core::write_json(model::to_json(wanted)), std::size_t{1} << 20));
            THREATLAS_TRY(const auto value, core::parse_json(body, "answer of " + peer_.organisation));
            Evaluated got;
            THREATLAS_CHECK(model::from_json(value, got, "answer"));
            return got;
        };
        auto got = send();
        if (!got && got.error().code == ErrorCode::conflict) {   // it has a new key since we looked
            THREATLAS_CHECK(desk_.fetch(who_, peer_.organisation));
            THREATLAS_TRY(key, committed_key(*tables->commitment(peer_.organisation)));
            got = send();
        }
        if (!got) return tl::unexpected(got.error());
        THREATLAS_TRY(const std::string message, from_base64(got->message));
        THREATLAS_TRY(const auto response, crypto::decode_response(crypto::bytes_of(message), spelled.texts.size()));
        THREATLAS_TRY(const auto outputs, crypto::finalize(blinded, key.first, response));
        THREATLAS_TRY(const auto filter, desk_.filter_of(peer_.organisation, peer_));
        // Another question may have fetched a newer key since: under it these outputs are strangers, and every hit would be missed.
        if (filter->header().key != key.second) return fail(ErrorCode::unavailable, peer_.organisation + " has begun a new key meanwhile: ask again");
        query_.epoch = filter->header().epoch;
        const auto found = filter->contains(outputs);
        for (std::size_t i = 0; i < found.size(); ++i)
            if (found[i] != 0 && (out_.hits.empty() || out_.hits.back() != spelled.rows[i])) out_.hits.push_back(spelled.rows[i]);
        out_.state = query_.state = "answered", out_.left = got->left, query_.hits = out_.hits.size();
        query_.state = "done";
        THREATLAS_CHECK(tables->finish(who_, query_, log_line("answered, " + counted(out_.hits.size(), "hit"))));
        if (out_.hits.empty()) return {};
        ContactRequest request;
        request.query = query_.id, request.asker = settings_.organisation, request.holder = peer_.organisation, request.case_reference = question_.case_reference, request.legal_basis = question_.legal_basis, request.person = who_.person, request.hits = static_cast<std::int64_t>(out_.hits.size());
        THREATLAS_TRY(const auto opened, desk_.open_contact(who_, peer_, std::move(request)));
        out_.contact_request = opened.id, out_.contact_state = opened.state == "waiting" ? "waiting" : "sent";
        return {};
    }

    Desk& desk_;
    const model::Reader& who_;
    const Question& question_;
    const Settings& settings_;
    store::MatchPeer peer_;
    Line line_;
    PeerAnswer out_;
    store::MatchQuery query_;
    bool begun_ = false;
};

Result<Outcome> Desk::ask(const model::Reader& who, const Question& question) {
    THREATLAS_TRY(const Settings settings, this->settings());
    THREATLAS_CHECK(may_work(who, settings, "a query"));
    THREATLAS_CHECK(fit_grounds(question.case_reference, question.legal_basis));
    if (question.identifiers.empty()) return fail(ErrorCode::bad_input, "there is nothing to ask");
    if (question.identifiers.size() > kMostAsked) return fail(ErrorCode::not_allowed, "at most " + std::to_string(kMostAsked) + " identifiers in one question: matching is for cases, not for lists");
    Outcome out;
    Spelled spelled;
    std::vector<ids::Identifier> good;
    for (std::size_t i = 0; i < question.identifiers.size(); ++i) {
        auto one = ids::canonical(question.identifiers[i], {"", i + 1, ""});
        if (!one) {
            if (one.error().code == ErrorCode::not_allowed && question.identifiers.size() == 1) return tl::unexpected(one.error());
            out.refused.push_back({i + 1, one.error().where.column, one.error().message});
            continue;
        }
        for (const auto& text : {question.case_reference, question.legal_basis})
            if (names_it(text, *one)) return fail(ErrorCode::bad_input, "the case reference or legal basis names the identifier of row " + std::to_string(i + 1) + ", and goes into two logs: say it otherwise", {"", i + 1, "case_reference"});
        for (const auto& each : one->warnings) out.warnings.push_back({i + 1, each});
        for (const auto& each : one->spellings) spelled.texts.push_back(each), spelled.rows.push_back(i + 1);
        good.push_back(std::move(*one));
    }
    if (good.empty()) return out;
    if (spelled.texts.size() > crypto::kMaxBatch) return fail(ErrorCode::not_allowed, "too many spellings for one question: ask in smaller ones");
    THREATLAS_TRY(auto peers, known_peers());
    if (!question.peers.empty()) {
        for (const auto& each : question.peers)
            if (std::none_of(peers.begin(), peers.end(), [&](const auto& one) { return one.organisation == each; })) return fail(ErrorCode::not_found, "there is no peer '" + shown(each, 60) + "'; 'threatlas match status' lists them");
        std::erase_if(peers, [&](const auto& one) { return std::find(question.peers.begin(), question.peers.end(), one.organisation) == question.peers.end(); });
    }
    if (peers.empty()) return fail(ErrorCode::not_found, "there is no peer to ask; 'threatlas node add' or 'threatlas match peer add' names one");
    THREATLAS_CHECK(watch_asked(who, good));
    for (auto& each : peers) out.peers.push_back(Asking(*this, who, question, settings, std::move(each)).run(spelled, good.size()));
    return out;
}

}  // namespace threatlas::work::matching
