#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "core/json.hpp"
#include "core/text.hpp"
#include "exchange/nodes/card.hpp"
#include "exchange/nodes/sealed.hpp"
#include "exchange/stix/carry.hpp"
#include "model/json_codec.hpp"

namespace threatlas::exchange::nodes {
namespace {

using core::ErrorCode;

NodeKey key_of(char digit) { return NodeKey::of_seed(std::string(64, digit)).value(); }

Card some_card() { return {.organisation = "rs_mup", .name = "Ministry", .address = "http://127.0.0.1:9001", .public_key = {}, .contacts = {{"Desk", "desk@example.org", "+381 11 000", "24/7"}}, .made = "2026-11-29", .signature = {}}; }

core::json::object some_object() {
    return stix::carry("report", {.kind = "bulletin", .id = "rs_mup/1", .created = "2026-11-29T10:00:00.000Z", .modified = "2026-11-29T10:00:00.000Z", .title = "T", .text = "x", .handling = "TLP:AMBER", .originators = {"rs_mup"}, .record = {{"n", 5.0}, {"m", 0.1}}});
}

// RFC 8032, 7.1, test 2.
TEST(NodeKey, SignsAsTheStandardSays) {
    const auto key = NodeKey::of_seed("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb").value();
    EXPECT_EQ(key.open(), "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    EXPECT_EQ(key.sign("\x72"), "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    EXPECT_TRUE(is_signed("\x72", key.sign("\x72"), key.open()));
    EXPECT_FALSE(is_signed("\x73", key.sign("\x72"), key.open()));
    EXPECT_EQ(NodeKey::of_seed(key.seed() + "\n")->open(), key.open());
    EXPECT_FALSE(is_public_key(std::string(64, '0'))) << "a key of small order signs anything";
}

TEST(Card, ReadsWhatItWrote) {
    const Card card = signed_card(some_card(), key_of('1'));
    const auto back = read_card(core::write_json(model::to_json(card), 2), "card.json");
    ASSERT_TRUE(back) << core::describe(back.error());
    EXPECT_EQ(back->organisation, "rs_mup");
    EXPECT_EQ(back->contacts.at(0).email, "desk@example.org");
}

TEST(Card, EveryChangeShows) {
    const Card card = signed_card(some_card(), key_of('1'));
    for (auto change : {+[](Card& c) { c.organisation = "bg_mvr"; }, +[](Card& c) { c.address = "https://elsewhere.example"; }, +[](Card& c) { c.contacts[0].phone = "1"; }, +[](Card& c) { c.public_key = key_of('2').open(); },
                        +[](Card& c) { c.signature[3] = c.signature[3] == 'a' ? 'b' : 'a'; }}) {
        Card other = card;
        change(other);
        EXPECT_EQ(read_card(core::write_json(model::to_json(other)), "c").error().code, ErrorCode::mismatch);
    }
    for (const char* text : {"", "{}", "[]", "{\"threatlas_node\": 2}", "{\"organisation\": \"../x\"}"}) EXPECT_EQ(read_card(text, "c").error().code, ErrorCode::bad_input) << text;
    Card plain = some_card();
    plain.address = "http://node.example";
    EXPECT_EQ(read_card(core::write_json(model::to_json(signed_card(plain, key_of('1')))), "c").error().code, ErrorCode::bad_input) << "plain HTTP beyond loopback";
}

TEST(Sealed, SurvivesTheWayAndShowsEveryChange) {
    const NodeKey author = key_of('1'), sender = key_of('2');
    const auto object = with_seal(with_author(some_object(), "rs_mup", author), "bg_mvr", "ro_igpr", 7, sender);
    const auto way = core::parse_json(core::write_json(object), "way")->as_object();
    const auto seal = seal_of(way).value();
    EXPECT_EQ(seal.number, 7);
    EXPECT_TRUE(check_author(way, seal, author.open()));
    EXPECT_TRUE(check_seal(way, seal, sender.open()));
    EXPECT_EQ(check_author(way, seal, sender.open()).error().code, ErrorCode::mismatch);
    EXPECT_EQ(check_seal(way, seal, author.open()).error().code, ErrorCode::mismatch);

    auto changed = way;
    changed["name"] = "U";
    EXPECT_FALSE(check_author(changed, seal, author.open()));
    EXPECT_FALSE(check_seal(changed, seal, sender.open()));
    for (auto change : {+[](Seal& s) { s.number = 8; }, +[](Seal& s) { s.to = "mk_moi"; }, +[](Seal& s) { s.from = "mk_moi"; }, +[](Seal& s) { s.author = "mk_moi"; }}) {
        Seal other = seal;
        change(other);
        EXPECT_FALSE(check_seal(way, other, sender.open()));
    }
    // Passed on by a third: the author's word stays good.
    const auto on = with_seal(way, "ro_igpr", "mk_moi", 1, key_of('3'));
    EXPECT_TRUE(check_author(on, seal_of(on).value(), author.open()));
    EXPECT_EQ(stix::carried(on)->kind, "bulletin");
}

TEST(Sealed, WhatIsNoSealIsRefused) {
    EXPECT_EQ(seal_of(some_object()).error().code, ErrorCode::bad_input);
    auto object = with_seal(with_author(some_object(), "rs_mup", key_of('1')), "rs_mup", "ro_igpr", 1, key_of('1'));
    for (auto& [id, each] : object["extensions"].as_object())
        if (each.as_object().contains("number")) each.as_object()["number"] = -1;
    EXPECT_EQ(seal_of(object).error().code, ErrorCode::bad_input);
}

// The fuzz corpora, replayed.
TEST(Corpus, CardsAndFeedObjects) {
    std::map<std::string, bool> cards, objects;
    for (const auto& file : std::filesystem::directory_iterator(THREATLAS_SOURCE_DIR "/fuzz/corpus/card")) cards[file.path().filename().string()] = read_card(core::read_file(file.path().string()).value(), "corpus").has_value();
    EXPECT_EQ(cards, (std::map<std::string, bool>{{"open", false}, {"rs_mup", true}, {"unsigned", false}}));
    const NodeKey author = key_of('1');
    for (const auto& file : std::filesystem::directory_iterator(THREATLAS_SOURCE_DIR "/fuzz/corpus/feed_object")) {
        const auto value = core::parse_json(core::read_file(file.path().string()).value(), "corpus").value();
        const auto seal = seal_of(value.as_object());
        objects[file.path().filename().string()] = seal && check_author(value.as_object(), *seal, author.open()) && check_seal(value.as_object(), *seal, author.open()) && stix::carried(value.as_object());
    }
    EXPECT_EQ(objects, (std::map<std::string, bool>{{"bare", false}, {"bulletin", true}, {"negative", false}, {"subscription", true}}));
}

}  // namespace
}  // namespace threatlas::exchange::nodes
