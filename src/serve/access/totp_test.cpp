#include "serve/access/totp.hpp"

#include <gtest/gtest.h>

#include <set>

namespace threatlas::serve::access {
namespace {

// RFC 6238, appendix B: the key is '1234567890' repeated to the size of the hash.
TEST(Totp, gives_the_codes_of_the_rfc) {
    const std::string digits = "1234567890123456789012345678901234567890123456789012345678901234";
    const struct {
        std::int64_t time;
        const char *sha1, *sha256, *sha512;
    } rows[] = {{59, "94287082", "46119246", "90693936"},          {1111111109, "07081804", "68084774", "25091201"}, {1111111111, "14050471", "67062674", "99943326"},
                {1234567890, "89005924", "91819424", "93441116"},  {2000000000, "69279037", "90698825", "38618901"}, {20000000000, "65353130", "77737706", "47863826"}};
    for (const auto& row : rows) {
        EXPECT_EQ(totp_code(digits.substr(0, 20), row.time / kTotpStep, 8, "SHA1"), row.sha1);
        EXPECT_EQ(totp_code(digits.substr(0, 32), row.time / kTotpStep, 8, "SHA256"), row.sha256);
        EXPECT_EQ(totp_code(digits, row.time / kTotpStep, 8, "SHA512"), row.sha512);
    }
}

// RFC 4648, section 10.
TEST(Totp, base32_is_that_of_the_rfc) {
    const std::pair<const char*, const char*> rows[] = {{"", ""}, {"f", "MY"}, {"fo", "MZXQ"}, {"foo", "MZXW6"}, {"foob", "MZXW6YQ"}, {"fooba", "MZXW6YTB"}, {"foobar", "MZXW6YTBOI"}};
    for (const auto& [plain, text] : rows) {
        EXPECT_EQ(base32(plain), text);
        EXPECT_EQ(base32_bytes(text), plain);
    }
    EXPECT_EQ(base32_bytes("mzxw 6ytb oi======"), "foobar");
    EXPECT_FALSE(base32_bytes("MZXW1"));
}

TEST(Totp, takes_the_step_before_and_after_and_none_twice) {
    const std::string secret = new_totp_secret(), key = *base32_bytes(secret);
    ASSERT_EQ(key.size(), 20U);
    const std::int64_t now = 1'800'000'015, step = now / kTotpStep;
    for (const std::int64_t near : {step - 1, step, step + 1}) EXPECT_EQ(totp_step_of(secret, totp_code(key, near), now, 0), near);
    for (const std::int64_t far : {step - 2, step + 2}) EXPECT_FALSE(totp_step_of(secret, totp_code(key, far), now, 0)) << far - step;
    EXPECT_FALSE(totp_step_of(secret, totp_code(key, step), now, step)) << "used";
    EXPECT_FALSE(totp_step_of(secret, totp_code(key, step - 1), now, step)) << "older than the last used";
    EXPECT_TRUE(totp_step_of(secret, totp_code(key, step + 1), now, step));
    for (const char* wrong : {"", "00000", "0000000", "abcdef"}) EXPECT_FALSE(totp_step_of(secret, wrong, now, 0)) << wrong;
    EXPECT_FALSE(totp_step_of("", totp_code("", step), now, 0)) << "no secret lets nobody in";
}

TEST(Totp, the_address_for_the_telephone_is_escaped) {
    EXPECT_EQ(totp_uri("ABC", "Ана & co"), "otpauth://totp/Threatlas:%D0%90%D0%BD%D0%B0%20%26%20co?secret=ABC&issuer=Threatlas&algorithm=SHA1&digits=6&period=30");
}

TEST(Totp, recovery_codes_differ_and_are_read_as_typed) {
    const auto codes = new_recovery_codes();
    EXPECT_EQ(std::set(codes.begin(), codes.end()).size(), 10U);
    for (const std::string& code : codes) {
        EXPECT_EQ(code.size(), 14U);
        EXPECT_EQ(plain_recovery_code(code).size(), 12U);
    }
    EXPECT_EQ(plain_recovery_code(" K7MQ-2xwd 9hnp"), "k7mq2xwd9hnp");
}

}  // namespace
}  // namespace threatlas::serve::access
