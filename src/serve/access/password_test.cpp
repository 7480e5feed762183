#include "serve/access/password.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace threatlas::serve::access {
namespace {

using core::ErrorCode;
constexpr Cost kCheap{1, 8192};

TEST(Passwords, are_argon2id_at_the_stated_cost) {
    Passwords passwords;
    const std::string stored = *passwords.hash("a long enough pass phrase");
    EXPECT_TRUE(stored.starts_with("$argon2id$v=19$m=65536,t=3,p=1$")) << stored;
    EXPECT_NE(stored, *passwords.hash("a long enough pass phrase")) << "salted";
    EXPECT_TRUE(*passwords.verify(stored, "a long enough pass phrase"));
    EXPECT_FALSE(*passwords.verify(stored, "a long enough pass phrasE"));
}

TEST(Passwords, nothing_to_compare_with_costs_the_same_and_is_never_right) {
    Passwords passwords(kCheap);
    EXPECT_FALSE(*passwords.verify("", ""));
    EXPECT_EQ(passwords.count(), 1U);
    EXPECT_FALSE(*passwords.verify("no hash at all", "x"));
    EXPECT_FALSE(*passwords.verify(*passwords.hash("one"), "two"));
    EXPECT_EQ(passwords.count(), 4U);
}

TEST(Passwords, few_at_a_time_and_few_waiting) {
    Passwords passwords({3, std::size_t{16} << 20}, 1, 1);
    std::atomic<int> done = 0, refused = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) threads.emplace_back([&] {
        const auto result = passwords.verify("", "x");
        result ? ++done : ++refused;
        EXPECT_TRUE(result || result.error().code == ErrorCode::unavailable);
    });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(done + refused, 8);
    EXPECT_GE(done, 2);
    EXPECT_EQ(passwords.count(), static_cast<std::uint64_t>(done)) << "who is refused costs nothing";
    EXPECT_TRUE(passwords.verify("", "x")) << "the places are free again";
}

TEST(Passwords, weak_ones_are_refused_with_a_reason) {
    for (const char* weak : {"", "short", "aaaaaaaaaaaaaaaa", "ababababababab", "password1234", "Qwertyuiop12", "1234567890123", "vesna the cat", "\x80\x81\x82 no text at all"}) EXPECT_EQ(check_password(weak, "Vesna").error().code, ErrorCode::bad_input) << weak;
    EXPECT_FALSE(check_password(std::string(1025, 'x') + "abcd", "x"));
    for (const char* fine : {"correct horse battery", "дуга лозинка за рад", "a long enough pass phrase 7", "xK9#mQ2$vL5&"}) EXPECT_TRUE(check_password(fine, "Vesna")) << fine;
}

}  // namespace
}  // namespace threatlas::serve::access
