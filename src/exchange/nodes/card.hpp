// The card of a node: what another member must know to speak with it. It is handed over by a way that both trust; its
// own signature shows that whoever made it holds the key, not whose it is: compare the fingerprint.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/json.hpp"
#include "core/result.hpp"
#include "exchange/nodes/node_key.hpp"
#include "model/fields.hpp"

namespace threatlas::exchange::nodes {

struct CardContact {
    std::string title, email, phone, hours;
    static constexpr auto fields() {
        using T = CardContact;
        return std::make_tuple(model::field("title", &T::title, "desk"), model::field("email", &T::email, "address"), model::field("phone", &T::phone, "number"), model::field("hours", &T::hours, "when it is manned"));
    }
};

struct Card {
    int threatlas_node = 1;            // version of the form
    std::string organisation;          // member id
    std::string name;                  // for people
    std::string address;               // 'https://node.example'; http on loopback alone
    std::string public_key;            // Ed25519, hexadecimal
    std::vector<CardContact> contacts;
    std::string made;                  // ISO day
    std::string signature;             // over everything else
    static constexpr auto fields() {
        using T = Card;
        using model::field;
        return std::make_tuple(field("threatlas_node", &T::threatlas_node, "version of the form"), field("organisation", &T::organisation, "member id"), field("name", &T::name, "for people"), field("address", &T::address, "where the node is"),
            field("public_key", &T::public_key, "Ed25519, hexadecimal"), field("contacts", &T::contacts, "contact points"), field("made", &T::made, "day"), field("signature", &T::signature, "over everything else"));
    }
};

// Signed with `key`, whose public half it gets.
Card signed_card(Card card, const NodeKey& key);
// bad_input for what is no card (64 KiB, 20 contacts, no control characters), another version, an address that is none;
// mismatch when the signature is not that of the key it names.
core::Result<Card> read_card(std::string_view text, std::string_view source);
core::Result<void> check_organisation(std::string_view organisation);   // 'rs_mup': lower case, digits, '_', at most 64

}  // namespace threatlas::exchange::nodes
