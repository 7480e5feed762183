#include "exchange/webhook/signature.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "exchange/http/client.hpp"
#include "exchange/net/addresses.hpp"

namespace threatlas::exchange::webhook {
namespace {

TEST(WebhookSignature, IsHmacAndFitsOneMomentAlone) {
    // RFC 4231, test case 2.
    EXPECT_EQ(hmac_sha256("Jefe", "what do ya want for nothing?"), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    const std::string given = signature("secret", "id-1", 1000, "{}");
    EXPECT_TRUE(verified("secret", "id-1", 1000, "{}", given, 1100));
    EXPECT_FALSE(verified("other", "id-1", 1000, "{}", given, 1100));
    EXPECT_FALSE(verified("secret", "id-2", 1000, "{}", given, 1100));
    EXPECT_FALSE(verified("secret", "id-1", 1001, "{}", given, 1100));
    EXPECT_FALSE(verified("secret", "id-1", 1000, "{ }", given, 1100));
    EXPECT_FALSE(verified("secret", "id-1", 1000, "{}", given, 2000)) << "an old one sent again";
    EXPECT_FALSE(verified("secret", "id-1", 1000, "{}", "v1=", 1100));
}

TEST(Addresses, OwnNetworksAreNotForStrangers) {
    for (const char* each : {"127.0.0.1", "127.255.0.1", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1",
                             "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001::1", "2001:db8::1", "", "localhost", "127.1", "0x7f000001", "2130706433"})
        EXPECT_FALSE(net::is_public(each)) << each;
    for (const char* each : {"1.1.1.1", "172.32.0.1", "193.168.1.1", "2a00:1450::1", "::ffff:1.1.1.1"}) EXPECT_TRUE(net::is_public(each)) << each;
    const auto network = net::Network::parse("10.1.2.0/24");
    ASSERT_TRUE(network);
    EXPECT_TRUE(network->holds("10.1.2.255"));
    EXPECT_TRUE(network->holds("::ffff:10.1.2.3"));
    EXPECT_FALSE(network->holds("10.1.3.0"));
    EXPECT_TRUE(net::Network::parse("127.0.0.1")->holds("127.0.0.1"));
    EXPECT_TRUE(net::Network::parse("fd00::/8")->holds("fd12::1"));
    for (const char* bad : {"", "10.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "fd00::/129", "x/8"}) EXPECT_FALSE(net::Network::parse(bad)) << bad;
}

TEST(Addresses, AreAskedBeforeAnythingIsSent) {
    std::string asked;
    const auto answer = http::ask({.url = "http://localhost:1/", .reachable = [&](std::string_view address) { asked = address; return net::is_public(address); }});
    ASSERT_FALSE(answer);
    EXPECT_TRUE(asked == "127.0.0.1" || asked == "::1") << asked;
    EXPECT_NE(answer.error().message.find("nothing is sent to"), std::string::npos) << answer.error().message;
}

}  // namespace
}  // namespace threatlas::exchange::webhook
