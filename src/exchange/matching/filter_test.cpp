#include "exchange/matching/filter.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <set>

namespace threatlas::exchange::matching {
namespace {

using core::ErrorCode;

struct Signer {
    Sign sign;
    Verify verify;
};
Signer signer(unsigned char seed = 1) {
    std::array<unsigned char, 32> bytes{seed}, public_key;
    std::array<unsigned char, 64> secret;
    crypto_sign_seed_keypair(public_key.data(), secret.data(), bytes.data());
    return {ed25519_signer(secret), ed25519_verifier(public_key)};
}

// Stands for the evaluation of item `number` under key `key`.
Output output(std::uint64_t number, std::uint64_t key = 0) {
    const std::array<std::uint64_t, 2> text{number, key};
    Output out;
    crypto_hash_sha512(out.data(), reinterpret_cast<const unsigned char*>(text.data()), sizeof text);
    return out;
}
std::vector<Output> outputs(std::uint64_t first, std::uint64_t count, std::uint64_t key = 0) {
    std::vector<Output> out;
    for (std::uint64_t i = first; i < first + count; ++i) out.push_back(output(i, key));
    return out;
}
PartHeader base(std::uint64_t cap, std::uint32_t epoch = 1) { return {.key = {}, .epoch = epoch, .serial = 0, .base = true, .day = 20'000, .cap = cap, .follows = {}}; }

TEST(Filter, ValueBitsFollowTheCap) {
    EXPECT_EQ(value_bits(1), 40u);
    EXPECT_EQ(value_bits(2), 41u);
    EXPECT_EQ(value_bits(1'000'000), 60u);
    EXPECT_EQ(value_bits(1 << 20), 60u);
    EXPECT_EQ(value_bits((1 << 20) + 1), 61u);
    EXPECT_EQ(value_bits(kMaxCap), 64u);
}

RC_GTEST_PROP(Filter, DecodeOfEncodeIsTheSame, (std::uint64_t key)) {
    const auto cap = *rc::gen::element<std::uint64_t>(1, 2, 3, 100, 1000, 1 << 20, kMaxCap);
    const auto count = *rc::gen::inRange<std::uint64_t>(0, std::min<std::uint64_t>(cap, 300) + 1);
    const auto [sign, verify] = signer();
    PartHeader head = base(cap);
    head.base = false, head.serial = 3, head.follows[5] = 7, head.day = -1;
    std::memcpy(head.key.data(), &key, sizeof key);
    const auto part = make_part(head, outputs(0, count, key), outputs(1000, count / 2, key));
    RC_ASSERT(part.has_value());
    const auto file = encode(*part, sign);
    RC_ASSERT(file.has_value());
    const auto back = decode_part(bytes_of(*file), verify);
    RC_ASSERT(back.has_value());
    RC_ASSERT(back->added == part->added);
    RC_ASSERT(back->removed == part->removed);
    RC_ASSERT(back->header.key == head.key);
    RC_ASSERT(back->header.day == -1);
    RC_ASSERT(back->header.follows == head.follows);
    RC_ASSERT(*encode(*back, sign) == *file);
}

// Clumped values are not what outputs look like, but are written and read all the same.
TEST(Filter, ExtremeValues) {
    const auto [sign, verify] = signer();
    for (const std::uint64_t cap : {std::uint64_t{4}, kMaxCap}) {
        const std::uint64_t top = value_bits(cap) == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << value_bits(cap)) - 1;
        for (const std::vector<std::uint64_t>& values : {std::vector<std::uint64_t>{0, 1, 2, 3}, {top - 3, top - 2, top - 1, top}, {0, top}, {top}, {0}}) {
            const Part part{base(cap), values, {}};
            const auto back = decode_part(bytes_of(*encode(part, sign)), verify);
            ASSERT_TRUE(back) << core::describe(back.error());
            EXPECT_EQ(back->added, values);
        }
    }
}

TEST(Filter, HoldsWhatWasPutInAndNothingElse) {
    Filter filter;
    EXPECT_FALSE(filter.contains(output(1)));
    ASSERT_TRUE(*filter.take(*make_part(base(50'000), outputs(0, 50'000)), {}));
    EXPECT_EQ(filter.size(), 50'000u);
    const auto in = outputs(0, 50'000), out = outputs(50'000, 200'000);
    const auto hits = filter.contains(in), misses = filter.contains(out);
    EXPECT_EQ(std::count(hits.begin(), hits.end(), 1), 50'000);
    EXPECT_EQ(std::count(misses.begin(), misses.end(), 1), 0);
    for (std::size_t i = 0; i < 1'000; ++i) {
        EXPECT_TRUE(filter.contains(in[i]));
        EXPECT_FALSE(filter.contains(out[i]));
    }
    // Another key's outputs of the same items are strangers.
    const auto other = filter.contains(outputs(0, 50'000, 1));
    EXPECT_EQ(std::count(other.begin(), other.end(), 1), 0);
}

// The rate is too small to be counted at 40 bits: the same code cut to fewer bits keeps to count / 2^bits, so the formula holds.
TEST(Filter, FalsePositivesFollowTheFormula) {
    constexpr std::uint64_t kCount = 1'000, kAsked = 400'000;
    constexpr unsigned kBits = 18;
    std::set<std::uint64_t> cut;
    for (const auto& each : outputs(0, kCount)) cut.insert(value_of(each, kCount) >> (value_bits(kCount) - kBits));
    std::size_t hits = 0;
    for (const auto& each : outputs(kCount, kAsked)) hits += cut.count(value_of(each, kCount) >> (value_bits(kCount) - kBits));
    const double expected = double(kAsked) * double(cut.size()) / double(1 << kBits);   // 1,523
    EXPECT_NEAR(static_cast<double>(hits), expected, 5 * std::sqrt(expected));
    EXPECT_EQ(value_bits(kCount), 50u);   // and with all bits: 1,000 / 2^50 <= 2^-40
}

TEST(Filter, SizeIsThatOfTheFormula) {
    const auto [sign, verify] = signer();
    const auto file = encode(*make_part(base(100'000), outputs(0, 100'000)), sign);
    const double bits = 8.0 * double(file->size()) / 100'000;
    EXPECT_LT(bits, 42.2);   // 57 - 17 + 1.6, and the head
    EXPECT_GT(bits, 41.0);
}

TEST(Filter, PartsFollowEachOther) {
    const auto [sign, verify] = signer();
    Filter filter;
    const auto first = make_part(base(100), outputs(0, 10));
    const auto first_file = *encode(*first, sign);
    PartHeader head = base(100);
    head.base = false, head.serial = 1, head.follows = digest_of(first_file);
    const auto second = make_part(head, outputs(10, 5), outputs(0, 3));
    const auto second_file = *encode(*second, sign);
    EXPECT_EQ(filter.take(*second, digest_of(second_file)).error().code, ErrorCode::conflict);   // no base yet
    EXPECT_TRUE(*filter.take(*first, digest_of(first_file)));
    EXPECT_TRUE(filter.contains(output(0)));
    EXPECT_TRUE(*filter.take(*second, digest_of(second_file)));
    EXPECT_FALSE(*filter.take(*second, digest_of(second_file)));   // twice is once
    EXPECT_FALSE(*filter.take(*first, digest_of(first_file)));
    EXPECT_EQ(filter.size(), 12u);
    EXPECT_FALSE(filter.contains(output(0)));                      // removed
    EXPECT_TRUE(filter.contains(output(3)));
    EXPECT_TRUE(filter.contains(output(14)));
    head.serial = 3;
    EXPECT_EQ(filter.take(*make_part(head, outputs(20, 1)), {}).error().code, ErrorCode::conflict);   // one is missing
    head.serial = 2;                                               // follows the first, not the second: another history
    EXPECT_EQ(filter.take(*make_part(head, outputs(20, 1)), {}).error().code, ErrorCode::conflict);
    head.follows = digest_of(second_file);
    EXPECT_EQ(filter.take(*make_part(head, outputs(20, 89)), {}).error().code, ErrorCode::bad_input);   // 12 + 89 > 100
    EXPECT_EQ(filter.size(), 12u);                                 // and nothing changed
    EXPECT_TRUE(*filter.take(*make_part(head, outputs(20, 88)), {}));

    // Folded, it is the same set.
    const Part folded = filter.folded();
    EXPECT_TRUE(folded.header.base);
    EXPECT_EQ(folded.header.serial, 3u);
    Filter fresh;
    EXPECT_TRUE(*fresh.take(*decode_part(bytes_of(*encode(folded, sign)), verify), {}));
    EXPECT_EQ(fresh.size(), 100u);
    for (std::uint64_t i = 0; i < 120; ++i) EXPECT_EQ(fresh.contains(output(i)), filter.contains(output(i))) << i;
    EXPECT_TRUE(*filter.take(folded, {}));

    // Re-key: everything anew, the old one refused from then on.
    PartHeader next = base(200, 2);
    next.key[0] = 9;
    EXPECT_TRUE(*filter.take(*make_part(next, outputs(0, 4, 2)), {}));
    EXPECT_EQ(filter.size(), 4u);
    EXPECT_FALSE(filter.contains(output(14)));
    EXPECT_EQ(filter.take(*first, digest_of(first_file)).error().code, ErrorCode::conflict);
    next.key[0] = 8, next.serial = 1;
    EXPECT_EQ(filter.take(*make_part(next, outputs(0, 4, 2)), {}).error().code, ErrorCode::conflict);   // two keys in one epoch
}

TEST(Filter, MakingRefuses) {
    EXPECT_FALSE(make_part(base(0), {}));
    EXPECT_FALSE(make_part(base(kMaxCap + 1), {}));
    EXPECT_FALSE(make_part(base(9), outputs(0, 10)));
    EXPECT_FALSE(make_part(base(10), {}, outputs(0, 1)));
    PartHeader head = base(10);
    head.base = false;
    EXPECT_FALSE(make_part(head, outputs(0, 1)));
    head.serial = 1;
    EXPECT_FALSE(make_part(head, outputs(0, 1), outputs(0, 2)));
    EXPECT_TRUE(make_part(head, outputs(0, 1), outputs(1, 1)));
    EXPECT_EQ(make_part(base(2), std::vector<Output>(50, output(1)))->added.size(), 1u);
}

TEST(Filter, HostileFilesAreRefused) {
    const auto [sign, verify] = signer();
    const std::string good = *encode(*make_part(base(100), outputs(0, 20)), sign);
    ASSERT_TRUE(decode_part(bytes_of(good), verify));
    EXPECT_EQ(decode_part(bytes_of(good), signer(2).verify).error().code, ErrorCode::mismatch);
    for (std::size_t i = 0; i < good.size(); ++i) {
        std::string bad = good;
        bad[i] = static_cast<char>(bad[i] ^ 1);
        EXPECT_FALSE(decode_part(bytes_of(bad), verify)) << i;
        EXPECT_FALSE(decode_part(bytes_of(good).first(i), verify));
    }
    // Signed by its holder, and yet no part: what a lying holder can write.
    const Verify any = [](Bytes, const Signature&) { return true; };
    const auto with = [&](std::size_t at, std::string_view bytes) {
        std::string bad = good;
        bad.replace(at, bytes.size(), bytes);
        return decode_part(bytes_of(bad), any);
    };
    using namespace std::string_view_literals;
    EXPECT_TRUE(with(4, "\1"sv));
    EXPECT_FALSE(with(4, "\2"sv));                                  // version
    EXPECT_FALSE(with(5, "\2"sv));                                  // neither base nor increment
    EXPECT_FALSE(with(6, "\x30"sv));                                // value bits that do not follow from the cap
    EXPECT_FALSE(with(7, "\1"sv));
    EXPECT_FALSE(with(36, "\0\0\0\0\0\0\0\0"sv));                   // cap 0
    EXPECT_FALSE(with(36, "\xff\xff\xff\xff\xff\xff\xff\xff"sv));
    EXPECT_FALSE(with(44, "\1"sv));                                 // a base that follows
    EXPECT_FALSE(with(76, "\x15\0\0\0"sv));                         // more values than there are
    EXPECT_FALSE(with(76, "\x13\0\0\0"sv));                         // fewer
    EXPECT_FALSE(with(76, "\xff\xff\xff\xff"sv));
    EXPECT_FALSE(with(80, "\1\0\0\0"sv));
    EXPECT_FALSE(with(84, "\xff\xff\xff\xff"sv));
    EXPECT_FALSE(with(84, "\0\0\0\0"sv));
    EXPECT_FALSE(with(92, std::string(60, '\0')));                  // no end of a quotient
    EXPECT_FALSE(with(good.size() - 65, "\xff"sv));                 // filling that is not zero
    std::string longer = good;
    longer.insert(good.size() - 64, 1, '\0');
    EXPECT_FALSE(decode_part(bytes_of(longer), any));
}

// All values in one bucket: slower, never wrong.
TEST(Filter, CrowdedBucketsAreSearched) {
    Part part{base(1'000), {}, {}};
    for (std::uint64_t i = 0; i < 1'000; ++i) part.added.push_back(2 * i);
    Filter filter;
    ASSERT_TRUE(*filter.take(part, {}));
    Output probe{};
    probe[6] = 0x02;   // the value is the first 50 bits: 0x200 >> 14 = 0
    EXPECT_TRUE(filter.contains(probe));
    probe[6] = 0x40;   // 1
    EXPECT_FALSE(filter.contains(probe));
    probe[6] = 0x80;   // 2
    EXPECT_TRUE(filter.contains(probe));
    EXPECT_EQ(filter.contains(std::span(&probe, 1))[0], 1);
}

}  // namespace
}  // namespace threatlas::exchange::matching
