#include "exchange/stix/ids.hpp"

#include <gtest/gtest.h>

namespace threatlas::exchange::stix {
namespace {

// Python: uuid5(uuid5(NAMESPACE_URL, 'urn:threatlas:stix'), 'attack-pattern/mo/see/entry.window').
TEST(Ids, AreThoseOfAnotherImplementation) {
    EXPECT_EQ(id_of("attack-pattern", "mo/see/entry.window"), "attack-pattern--c70ee40c-1c71-57d7-b520-f08a76630311");
}

TEST(Ids, TypeIsPartOfTheKey) {
    EXPECT_EQ(id_of("note", "a"), id_of("note", "a"));
    EXPECT_NE(id_of("note", "a").substr(6), id_of("report", "a").substr(8));
}

}  // namespace
}  // namespace threatlas::exchange::stix
