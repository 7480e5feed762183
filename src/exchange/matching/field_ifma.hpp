// Integers modulo 2^255 - 19, eight side by side in AVX-512 with IFMA: five limbs of 51 bits, one lane each.
// Bounds: every result is carried, limbs below 2^51 + 2^15; the multiplier looks at 52 bits. No instruction used takes longer for some values than for others.
// For kernel_ifma.cpp, nowhere else.
#pragma once

#include "exchange/matching/ristretto.hpp"

#if defined(__x86_64__)

#include <immintrin.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,avx512ifma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx512vl,avx512bw,avx512ifma")
#endif

namespace threatlas::exchange::matching {

struct FieldIfma {
    typedef unsigned long long Lanes __attribute__((vector_size(64)));
    typedef long long Digit __attribute__((vector_size(64)));
    struct alignas(64) Fe {
        Lanes v[5];
    };
    using Mask = __mmask8;
    static constexpr std::size_t kWidth = 8;
    static constexpr unsigned long long kLow = (1ULL << 51) - 1;

    static Lanes all(unsigned long long value) { return Lanes{} + value; }
    static __m512i raw(Lanes a) { return reinterpret_cast<__m512i>(a); }
    static Lanes plus_low(Lanes sum, Lanes a, Lanes b) { return reinterpret_cast<Lanes>(_mm512_madd52lo_epu64(raw(sum), raw(a), raw(b))); }
    static Lanes plus_high(Lanes sum, Lanes a, Lanes b) { return reinterpret_cast<Lanes>(_mm512_madd52hi_epu64(raw(sum), raw(a), raw(b))); }
    static Fe constant(const Limbs& limbs) {
        Fe out;
        for (int i = 0; i < 5; ++i) out.v[i] = all(limbs[static_cast<std::size_t>(i)]);
        return out;
    }
    static Fe carried(const Fe& a) {    // limbs below 2^62 to limbs below 2^51 + 2^15
        Fe out;
        out.v[0] = plus_low(a.v[0] & kLow, a.v[4] >> 51, all(19));
        for (int i = 1; i < 5; ++i) out.v[i] = (a.v[i] & kLow) + (a.v[i - 1] >> 51);
        return out;
    }
    // Products come in halves of 52 bits: the high one weighs 2^52 = 2 * 2^51, so it counts twice, one limb up.
    static Fe folded(const Lanes (&low)[9], const Lanes (&high)[9]) {
        Lanes sum[10];
        sum[0] = low[0], sum[9] = high[8] + high[8];
        for (int k = 1; k < 9; ++k) sum[k] = low[k] + high[k - 1] + high[k - 1];
        Fe out;
        for (int k = 0; k < 5; ++k) out.v[k] = sum[k] + sum[k + 5] * 19;
        return carried(out);
    }
    static Fe multiply(const Fe& a, const Fe& b) {
        Lanes low[9]{}, high[9]{};
        for (int i = 0; i < 5; ++i)
            for (int j = 0; j < 5; ++j) low[i + j] = plus_low(low[i + j], a.v[i], b.v[j]), high[i + j] = plus_high(high[i + j], a.v[i], b.v[j]);
        return folded(low, high);
    }
    static Fe square(const Fe& a) {
        Lanes low[9]{}, high[9]{};
        for (int i = 0; i < 5; ++i)
            for (int j = i + 1; j < 5; ++j) low[i + j] = plus_low(low[i + j], a.v[i], a.v[j]), high[i + j] = plus_high(high[i + j], a.v[i], a.v[j]);
        for (int k = 1; k < 8; ++k) low[k] += low[k], high[k] += high[k];
        for (int i = 0; i < 5; ++i) low[2 * i] = plus_low(low[2 * i], a.v[i], a.v[i]), high[2 * i] = plus_high(high[2 * i], a.v[i], a.v[i]);
        return folded(low, high);
    }
    static Fe add(const Fe& a, const Fe& b) {
        Fe out;
        for (int i = 0; i < 5; ++i) out.v[i] = a.v[i] + b.v[i];
        return carried(out);
    }
    static Fe subtract(const Fe& a, const Fe& b) {   // + 4p
        Fe out;
        for (int i = 0; i < 5; ++i) out.v[i] = a.v[i] + (i == 0 ? 4 * (kLow - 18) : 4 * kLow) - b.v[i];
        return carried(out);
    }
    static Fe negate(const Fe& a) { return subtract(constant(kZero), a); }
    static Fe canonical(const Fe& a) {
        Fe out = carried(a);
        Lanes over = (out.v[0] + 19) >> 51;
        for (int i = 1; i < 5; ++i) over = (out.v[i] + over) >> 51;
        out.v[0] += over * 19;
        for (int i = 0; i < 4; ++i) out.v[i + 1] += out.v[i] >> 51, out.v[i] &= kLow;
        out.v[4] &= kLow;
        return out;
    }
    static Mask odd(const Fe& a) { return _mm512_test_epi64_mask(raw(canonical(a).v[0]), raw(all(1))); }
    static Mask equal(const Fe& a, const Fe& b) {
        const Fe d = canonical(subtract(a, b));
        const Lanes any = d.v[0] | d.v[1] | d.v[2] | d.v[3] | d.v[4];
        return _mm512_testn_epi64_mask(raw(any), raw(any));
    }
    static Mask either(Mask a, Mask b) { return static_cast<Mask>(a | b); }
    static Mask without(Mask a, Mask b) { return static_cast<Mask>(a & ~b); }
    static Fe select(Mask yes, const Fe& a, const Fe& b) {
        Fe out;
        for (int i = 0; i < 5; ++i) out.v[i] = reinterpret_cast<Lanes>(_mm512_mask_blend_epi64(yes, raw(b.v[i]), raw(a.v[i])));
        return out;
    }
    static Digit digit(const std::int8_t* digits) {
        Digit out;
        for (int i = 0; i < 8; ++i) out[i] = digits[i];
        return out;
    }
    static Digit magnitude(Digit digit) { return (digit ^ (digit >> 63)) - (digit >> 63); }
    static Mask is(Digit digit, std::int64_t value) { return _mm512_cmpeq_epi64_mask(reinterpret_cast<__m512i>(digit), _mm512_set1_epi64(value)); }
    static Mask below_zero(Digit digit) { return _mm512_movepi64_mask(reinterpret_cast<__m512i>(digit)); }

    static Fe load(const unsigned char* bytes, std::size_t stride) {
        alignas(64) std::uint64_t words[4][8];
        for (std::size_t lane = 0; lane < 8; ++lane)
            for (std::size_t k = 0; k < 4; ++k) __builtin_memcpy(&words[k][lane], bytes + lane * stride + 8 * k, 8);
        Lanes w[4];
        __builtin_memcpy(w, words, sizeof w);
        Fe out;
        out.v[0] = w[0] & kLow;
        out.v[1] = (w[0] >> 51 | w[1] << 13) & kLow;
        out.v[2] = (w[1] >> 38 | w[2] << 26) & kLow;
        out.v[3] = (w[2] >> 25 | w[3] << 39) & kLow;
        out.v[4] = (w[3] >> 12) & kLow;
        return out;
    }
    static void store(const Fe& a, unsigned char* bytes) {   // 8 times 32 bytes
        const Fe c = canonical(a);
        const Lanes w[4]{c.v[0] | c.v[1] << 51, c.v[1] >> 13 | c.v[2] << 38, c.v[2] >> 26 | c.v[3] << 25, c.v[3] >> 39 | c.v[4] << 12};
        for (std::size_t lane = 0; lane < 8; ++lane)
            for (std::size_t k = 0; k < 4; ++k) {
                const unsigned long long word = w[k][lane];
                __builtin_memcpy(bytes + 32 * lane + 8 * k, &word, 8);
            }
    }
    static Fe rotated(const Fe& a, std::size_t by) {   // lane i gets what lane i + by has
        Fe out;
        for (std::size_t i = 0; i < 5; ++i)
            for (std::size_t lane = 0; lane < 8; ++lane) out.v[i][lane] = a.v[i][(lane + by) % 8];
        return out;
    }
};

}  // namespace threatlas::exchange::matching

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
