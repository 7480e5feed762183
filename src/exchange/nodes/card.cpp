#include "exchange/nodes/card.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "exchange/http/client.hpp"
#include "model/json_codec.hpp"

namespace threatlas::exchange::nodes {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr std::size_t kMost = 64 * 1024, kContacts = 20, kText = 300;

std::string signed_text(const Card& card) {
    core::json::object body = model::to_json(card).as_object();
    body.erase("signature");
    return "threatlas card 1\n" + core::write_json(body);
}

Result<void> fit(const std::string& text, const char* what) {
    const bool control = std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 32 || c == 127; });
    if (text.size() > kText || control || !core::is_utf8(text)) return fail(ErrorCode::bad_input, std::string("'") + what + "' of the card is longer than " + std::to_string(kText) + " bytes, or no plain text");
    return {};
}

}  // namespace

Result<void> check_organisation(std::string_view organisation) {
    if (organisation.empty() || organisation.size() > 64 || organisation.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string_view::npos)
        return fail(ErrorCode::bad_input, "an organisation is named by its member id: rs_mup");
    return {};
}

Card signed_card(Card card, const NodeKey& key) {
    card.public_key = key.open();
    card.signature = key.sign(signed_text(card));
    return card;
}

Result<Card> read_card(std::string_view text, std::string_view source) {
    if (text.size() > kMost) return fail(ErrorCode::bad_input, "a card has at most 64 KiB", {std::string(source), 0, ""});
    THREATLAS_TRY(const auto value, core::parse_json(text, source));
    Card card;
    THREATLAS_CHECK(model::from_json(value, card, "card"));
    if (card.threatlas_node != 1) return fail(ErrorCode::bad_input, "the card is of a form this program does not read", {std::string(source), 0, ""});
    THREATLAS_CHECK(check_organisation(card.organisation));
    THREATLAS_CHECK(fit(card.name, "name"));
    THREATLAS_CHECK(fit(card.address, "address"));
    THREATLAS_CHECK(fit(card.made, "made"));
    if (!card.address.empty()) THREATLAS_CHECK(http::place_of(card.address));
    if (card.contacts.size() > kContacts) return fail(ErrorCode::bad_input, "a card names at most 20 contact points");
    for (const auto& each : card.contacts)
        for (const auto& [what, field] : {std::pair{"title", &each.title}, {"email", &each.email}, {"phone", &each.phone}, {"hours", &each.hours}}) THREATLAS_CHECK(fit(*field, what));
    if (!is_public_key(card.public_key)) return fail(ErrorCode::bad_input, "the card holds no public key of 64 hexadecimal digits");
    if (!is_signed(signed_text(card), card.signature, card.public_key)) return fail(ErrorCode::mismatch, "the card's signature is not that of its key: it was changed after it was made", {std::string(source), 0, ""});
    return card;
}

}  // namespace threatlas::exchange::nodes
