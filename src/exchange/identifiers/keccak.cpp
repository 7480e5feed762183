#include "exchange/identifiers/keccak.hpp"

#include <cstdint>

namespace threatlas::exchange::identifiers {
namespace {

using State = std::array<std::uint64_t, 25>;

std::uint64_t turned(std::uint64_t x, unsigned by) { return by == 0 ? x : x << by | x >> (64 - by); }

// FIPS 202, 3.2; round constants by the register of 3.2.5.
void permute(State& a) {
    unsigned lfsr = 1;
    for (int round = 0; round < 24; ++round) {
        std::array<std::uint64_t, 5> c{};
        for (unsigned x = 0; x < 5; ++x) c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
        for (unsigned x = 0; x < 5; ++x)
            for (unsigned y = 0; y < 25; y += 5) a[x + y] ^= c[(x + 4) % 5] ^ turned(c[(x + 1) % 5], 1);
        unsigned x = 1, y = 0;
        std::uint64_t moved = a[1];
        for (unsigned t = 0; t < 24; ++t) {
            const unsigned next = (2 * x + 3 * y) % 5;
            x = y, y = next;
            const std::uint64_t kept = a[x + 5 * y];
            a[x + 5 * y] = turned(moved, (t + 1) * (t + 2) / 2 % 64);
            moved = kept;
        }
        for (unsigned row = 0; row < 25; row += 5) {
            const std::array<std::uint64_t, 5> b{a[row], a[row + 1], a[row + 2], a[row + 3], a[row + 4]};
            for (unsigned i = 0; i < 5; ++i) a[row + i] = b[i] ^ (~b[(i + 1) % 5] & b[(i + 2) % 5]);
        }
        for (unsigned j = 0; j < 7; ++j) {
            if (lfsr & 1U) a[0] ^= std::uint64_t{1} << ((1U << j) - 1);
            lfsr = (lfsr << 1U) ^ ((lfsr >> 7U) * 0x171U);
        }
    }
}

}  // namespace

std::array<unsigned char, 32> keccak256(std::string_view bytes) {
    constexpr std::size_t kRate = 136;
    State state{};
    const auto put = [&](std::size_t at, unsigned char byte) { state[at / 8] ^= std::uint64_t{byte} << (8 * (at % 8)); };
    std::size_t at = 0;
    for (const char byte : bytes) {
        put(at, static_cast<unsigned char>(byte));
        if (++at == kRate) permute(state), at = 0;
    }
    put(at, 0x01), put(kRate - 1, 0x80);
    permute(state);
    std::array<unsigned char, 32> out{};
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<unsigned char>(state[i / 8] >> (8 * (i % 8)));
    return out;
}

}  // namespace threatlas::exchange::identifiers
