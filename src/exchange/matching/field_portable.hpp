// Integers modulo 2^255 - 19 in five limbs of 51 bits, one at a time, for any 64-bit machine.
// Bounds: products and loads leave limbs below 2^51 + 2^15 ('reduced'); a sum of two reduced stays below 2^52 + 2^16, a
// difference below 2^54; products take limbs up to 2^54.
#pragma once

#include <cstring>

#include "exchange/matching/ristretto.hpp"

namespace threatlas::exchange::matching {

struct FieldPortable {
    using Fe = Limbs;
    using Mask = std::uint64_t;         // all ones or zero
    using Digit = std::int64_t;
    static constexpr std::size_t kWidth = 1;
    static constexpr std::uint64_t kLow = (std::uint64_t{1} << 51) - 1;
    __extension__ typedef unsigned __int128 Wide;

    // Keeps the compiler from finding out that a mask is a yes or no, and making a branch of it.
    static Mask hidden(Mask mask) {
        __asm__("" : "+r"(mask));
        return mask;
    }

    static Fe constant(const Limbs& limbs) { return limbs; }
    static Fe carried(const std::array<Wide, 5>& sums) {
        Fe out;
        Wide carry = 0;
        for (std::size_t i = 0; i < 5; ++i) {
            const Wide sum = sums[i] + carry;
            out[i] = static_cast<std::uint64_t>(sum) & kLow, carry = sum >> 51;
        }
        // Below 2^64: sums are below 2^115.
        const Wide low = static_cast<Wide>(out[0]) + carry * 19;
        out[0] = static_cast<std::uint64_t>(low) & kLow;
        out[1] += static_cast<std::uint64_t>(low >> 51);
        return out;
    }
    static Fe multiply(const Fe& a, const Fe& b) {
        const std::uint64_t b1 = 19 * b[1], b2 = 19 * b[2], b3 = 19 * b[3], b4 = 19 * b[4];
        const auto by = [](std::uint64_t x, std::uint64_t y) { return static_cast<Wide>(x) * y; };
        return carried({by(a[0], b[0]) + by(a[1], b4) + by(a[2], b3) + by(a[3], b2) + by(a[4], b1), by(a[0], b[1]) + by(a[1], b[0]) + by(a[2], b4) + by(a[3], b3) + by(a[4], b2),
                        by(a[0], b[2]) + by(a[1], b[1]) + by(a[2], b[0]) + by(a[3], b4) + by(a[4], b3), by(a[0], b[3]) + by(a[1], b[2]) + by(a[2], b[1]) + by(a[3], b[0]) + by(a[4], b4),
                        by(a[0], b[4]) + by(a[1], b[3]) + by(a[2], b[2]) + by(a[3], b[1]) + by(a[4], b[0])});
    }
    static Fe square(const Fe& a) {
        const std::uint64_t d0 = 2 * a[0], d1 = 2 * a[1], d2 = 2 * a[2], c3 = 19 * a[3], c4 = 19 * a[4];
        const auto by = [](std::uint64_t x, std::uint64_t y) { return static_cast<Wide>(x) * y; };
        return carried({by(a[0], a[0]) + by(d1, c4) + by(d2, c3), by(d0, a[1]) + by(d2, c4) + by(a[3], c3), by(d0, a[2]) + by(a[1], a[1]) + by(2 * a[3], c4),
                        by(d0, a[3]) + by(d1, a[2]) + by(a[4], c4), by(d0, a[4]) + by(d1, a[3]) + by(a[2], a[2])});
    }
    static Fe add(const Fe& a, const Fe& b) { return {a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4]}; }
    static Fe subtract(const Fe& a, const Fe& b) {   // + 4p
        constexpr std::uint64_t first = 4 * (kLow - 18), rest = 4 * kLow;
        return {a[0] + first - b[0], a[1] + rest - b[1], a[2] + rest - b[2], a[3] + rest - b[3], a[4] + rest - b[4]};
    }
    static Fe negate(const Fe& a) { return subtract(kZero, reduced(a)); }
    static Fe reduced(const Fe& a) { return carried({a[0], a[1], a[2], a[3], a[4]}); }
    // The one representative below p.
    static Fe canonical(const Fe& a) {
        Fe out = reduced(a);
        std::uint64_t over = (out[0] + 19) >> 51;
        for (std::size_t i = 1; i < 5; ++i) over = (out[i] + over) >> 51;
        out[0] += 19 * over;
        for (std::size_t i = 0; i < 4; ++i) out[i + 1] += out[i] >> 51, out[i] &= kLow;
        out[4] &= kLow;
        return out;
    }
    static Mask odd(const Fe& a) { return hidden(std::uint64_t{0} - (canonical(a)[0] & 1)); }
    static Mask zero_word(std::uint64_t word) { return hidden(((word | (std::uint64_t{0} - word)) >> 63) - 1); }
    static Mask equal(const Fe& a, const Fe& b) {
        const Fe d = canonical(subtract(a, reduced(b)));
        return zero_word(d[0] | d[1] | d[2] | d[3] | d[4]);
    }
    static Mask either(Mask a, Mask b) { return a | b; }
    static Mask without(Mask a, Mask b) { return a & ~b; }
    static Fe select(Mask yes, const Fe& a, const Fe& b) {
        Fe out;
        for (std::size_t i = 0; i < 5; ++i) out[i] = b[i] ^ (yes & (a[i] ^ b[i]));
        return out;
    }
    static Digit digit(const std::int8_t* digits) { return *digits; }
    static Digit magnitude(Digit digit) { return (digit ^ (digit >> 63)) - (digit >> 63); }
    static Mask is(Digit digit, std::int64_t value) { return zero_word(static_cast<std::uint64_t>(digit ^ value)); }
    static Mask below_zero(Digit digit) { return hidden(static_cast<std::uint64_t>(digit >> 63)); }

    static Fe load(const unsigned char* bytes, std::size_t) {
        std::array<std::uint64_t, 4> w;
        std::memcpy(w.data(), bytes, 32);
        return {w[0] & kLow, (w[0] >> 51 | w[1] << 13) & kLow, (w[1] >> 38 | w[2] << 26) & kLow, (w[2] >> 25 | w[3] << 39) & kLow, (w[3] >> 12) & kLow};
    }
    static void store(const Fe& a, unsigned char* bytes) {
        const Fe c = canonical(a);
        const std::array<std::uint64_t, 4> w{c[0] | c[1] << 51, c[1] >> 13 | c[2] << 38, c[2] >> 26 | c[3] << 25, c[3] >> 39 | c[4] << 12};
        std::memcpy(bytes, w.data(), 32);
    }
    static Fe rotated(const Fe& a, std::size_t) { return a; }
};

}  // namespace threatlas::exchange::matching
