// Every kernel against libsodium: the same bytes for the same input, the same refusals.
#include "exchange/matching/kernel.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sodium.h>

#include <array>
#include <cstring>
#include <string>
#include <vector>

namespace threatlas::exchange::matching {
namespace {

using Bytes32 = std::array<unsigned char, 32>;

std::vector<const Kernel*> kernels() {
    std::vector<const Kernel*> out{&portable_kernel()};
    if (ifma_kernel() != nullptr) out.push_back(ifma_kernel());
    return out;
}

struct Inputs {
    std::vector<unsigned char> uniform, elements, scalars;
};
// Drawn from a seed, so that a failure comes again.
Inputs inputs_of(std::uint32_t seed, std::size_t count) {
    Inputs out{std::vector<unsigned char>(64 * count), std::vector<unsigned char>(32 * count), std::vector<unsigned char>(32 * count)};
    std::array<unsigned char, randombytes_SEEDBYTES> key{};
    std::memcpy(key.data(), &seed, sizeof seed);
    std::vector<unsigned char> wide(64 * count);
    randombytes_buf_deterministic(out.uniform.data(), out.uniform.size(), key.data());
    key[31] = 1;
    randombytes_buf_deterministic(wide.data(), wide.size(), key.data());
    for (std::size_t i = 0; i < count; ++i) {
        crypto_core_ristretto255_from_hash(&out.elements[32 * i], &out.uniform[64 * i]);
        crypto_core_ristretto255_scalar_reduce(&out.scalars[32 * i], &wide[64 * i]);
    }
    return out;
}

RC_GTEST_PROP(Kernel, EqualsLibsodium, (std::uint32_t seed)) {
    const std::size_t count = 1 + seed % 40;
    const Inputs in = inputs_of(seed, count);
    std::vector<unsigned char> each(32 * count), same(32 * count), sum(32);
    for (std::size_t i = 0; i < count; ++i) {
        RC_ASSERT(crypto_scalarmult_ristretto255(&each[32 * i], &in.scalars[32 * i], &in.elements[32 * i]) == 0);
        RC_ASSERT(crypto_scalarmult_ristretto255(&same[32 * i], in.scalars.data(), &in.elements[32 * i]) == 0);
        RC_ASSERT(crypto_core_ristretto255_add(sum.data(), sum.data(), &each[32 * i]) == 0);
    }
    for (const Kernel* kernel : kernels()) {
        std::vector<unsigned char> out(32 * count), total(32);
        RC_ASSERT(kernel->multiply(in.scalars.data(), 32, in.elements.data(), count, out.data()) == count);
        RC_ASSERT(out == each);
        RC_ASSERT(kernel->multiply(in.scalars.data(), 0, in.elements.data(), count, out.data()) == count);
        RC_ASSERT(out == same);
        kernel->map_and_multiply(in.scalars.data(), in.uniform.data(), count, out.data());
        RC_ASSERT(out == same);
        RC_ASSERT(kernel->check(in.elements.data(), count) == count);
        RC_ASSERT(kernel->sum(in.scalars.data(), in.elements.data(), count, total.data()) == count);
        RC_ASSERT(total == sum);
    }
}

// Scalars at the edges of the recoding: all nibbles 8 or 7, order - 1, 1, 0.
TEST(Kernel, EdgeScalars) {
    const Inputs in = inputs_of(7, 1);
    std::vector<Bytes32> scalars(5);
    scalars[0].fill(0x88), scalars[1].fill(0x77), scalars[3][0] = 1;
    scalars[0][31] = 0x08, scalars[1][31] = 0x07;
    const Bytes32 one{1};
    crypto_core_ristretto255_scalar_negate(scalars[2].data(), one.data());
    for (const Kernel* kernel : kernels())
        for (const auto& scalar : scalars) {
            Bytes32 out, expected{};
            EXPECT_EQ(kernel->multiply(scalar.data(), 0, in.elements.data(), 1, out.data()), 1u);
            EXPECT_EQ(crypto_scalarmult_ristretto255(expected.data(), scalar.data(), in.elements.data()) == 0, scalar != Bytes32{});
            EXPECT_EQ(out, expected) << kernel->name;
        }
}

// Any 32 bytes are refused exactly when libsodium refuses them. The highest bit is cleared: libsodium 1.0.18 does not look at it (below we do).
RC_GTEST_PROP(Kernel, RefusesWhatLibsodiumRefuses, (std::uint32_t seed)) {
    Inputs in = inputs_of(seed, 24);
    std::vector<unsigned char> some(in.uniform.begin(), in.uniform.begin() + 32 * 24);
    for (std::size_t i = 0; i < 24; ++i) {
        if (i % 3 != 0) std::memcpy(&some[32 * i], &in.elements[32 * i], 32);
        if (i % 3 == 1) some[32 * i + seed % 32] ^= static_cast<unsigned char>(1U << (seed / 32 % 8));
        some[32 * i + 31] &= 0x7f;
    }
    for (const Kernel* kernel : kernels()) {
        std::size_t accepted = 0;
        for (std::size_t i = 0; i < 24; ++i) {
            const bool good = crypto_core_ristretto255_is_valid_point(&some[32 * i]) == 1;
            accepted += good;
            RC_ASSERT((kernel->check(&some[32 * i], 1) == 1) == good);
        }
        RC_ASSERT(accepted >= 8);
        RC_ASSERT(accepted < 24);
    }
}

std::string hex_of(const char* text) {
    std::string out(32, '\0');
    std::size_t size = 0;
    EXPECT_EQ(sodium_hex2bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text, std::strlen(text), nullptr, &size, nullptr), 0);
    return out;
}

// The bad encodings of RFC 9496, A.2 (a selection of each kind), and the identity; in every place of a block.
TEST(Kernel, BadEncodings) {
    const std::vector<const char*> bad{
        "00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "0100000000000000000000000000000000000000000000000000000000000000", "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "0000000000000000000000000000000000000000000000000000000000000000"};
    const Inputs in = inputs_of(11, 20);
    for (const Kernel* kernel : kernels())
        for (const char* text : bad)
            for (std::size_t at = 0; at < 20; ++at) {
                auto elements = in.elements;
                std::memcpy(&elements[32 * at], hex_of(text).data(), 32);
                std::vector<unsigned char> out(32 * 20);
                EXPECT_EQ(kernel->check(elements.data(), 20), at) << kernel->name << " " << text;
                EXPECT_EQ(kernel->multiply(in.scalars.data(), 0, elements.data(), 20, out.data()), at);
                EXPECT_EQ(kernel->sum(in.scalars.data(), elements.data(), 20, out.data()), at);
            }
}

}  // namespace
}  // namespace threatlas::exchange::matching
