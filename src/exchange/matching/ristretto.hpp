// ristretto255 (RFC 9496) over a field that works on kWidth elements side by side: 1 (field_portable.hpp) or 8 (field_ifma.hpp).
// One set of formulas, so that what is tested in one field is tested in the other. Straight-line: no branch and no address
// depends on a coordinate, a scalar or a digit, but for sums said to be public.
// Shapes: 32-byte strings, kWidth of them `stride` bytes apart. Points in extended coordinates, a = -1.
// Source: RFC 9496, 4.3; Hisil, Wong, Carter and Dawson (2008), extended coordinates; Straus (1964), sums.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace threatlas::exchange::matching {

using Limbs = std::array<std::uint64_t, 5>;   // radix 2^51

inline constexpr Limbs kD{0x34dca135978a3, 0x1a8283b156ebd, 0x5e7a26001c029, 0x739c663a03cbb, 0x52036cee2b6ff};
inline constexpr Limbs k2D{0x69b9426b2f159, 0x35050762add7a, 0x3cf44c0038052, 0x6738cc7407977, 0x2406d9dc56dff};
inline constexpr Limbs kSqrtM1{0x61b274a0ea0b0, 0xd5a5fc8f189d, 0x7ef5e9cbd0c60, 0x78595a6804c9e, 0x2b8324804fc1d};
inline constexpr Limbs kInvSqrtAMinusD{0xfdaa805d40ea, 0x2eb482e57d339, 0x7610274bc58, 0x6510b613dc8ff, 0x786c8905cfaff};
inline constexpr Limbs kOneMinusDSq{0x409c1945fc176, 0x719abc6a1fc4f, 0x1c37f90b20684, 0x6bccca55eedf, 0x29072a8b2b3e};
inline constexpr Limbs kDMinusOneSq{0x55aaa44ed4d20, 0x59603c3332635, 0x26d3baf4a7928, 0x120a66e6997a9, 0x5968b37af66c2};
inline constexpr Limbs kSqrtAdMinusOne{0x7f6a0497b2e1b, 0x1836f0a97afd2, 0x7d747f6be7638, 0x456079e7e6498, 0x376931bf2b834};
inline constexpr Limbs kZero{0, 0, 0, 0, 0}, kOne{1, 0, 0, 0, 0}, kTwo{2, 0, 0, 0, 0};

inline constexpr std::size_t kDigits = 64, kMultiples = 8;

template <class F>
struct Ristretto {
    using Fe = typename F::Fe;
    using Mask = typename F::Mask;
    using Digit = typename F::Digit;
    static constexpr std::size_t kWidth = F::kWidth;

    struct Point {
        Fe x, y, z, t;
    };
    struct Cached {                     // y + x, y - x, 2z, 2dt
        Fe plus, minus, z2, t2d;
    };
    using Table = std::array<Cached, kMultiples>;   // 1 .. 8 times a point

    static Point identity() { return {F::constant(kZero), F::constant(kOne), F::constant(kOne), F::constant(kZero)}; }

    static Point twice(const Point& p) {
        const Fe a = F::square(p.x), b = F::square(p.y), zz = F::square(p.z), c = F::add(zz, zz);
        const Fe h = F::add(a, b), e = F::subtract(h, F::square(F::add(p.x, p.y))), g = F::subtract(a, b), f = F::add(c, g);
        return {F::multiply(e, f), F::multiply(g, h), F::multiply(f, g), F::multiply(e, h)};
    }
    static Cached cache(const Point& p) { return {F::add(p.y, p.x), F::subtract(p.y, p.x), F::add(p.z, p.z), F::multiply(p.t, F::constant(k2D))}; }
    static Point plus(const Point& p, const Cached& q) {
        const Fe a = F::multiply(F::subtract(p.y, p.x), q.minus), b = F::multiply(F::add(p.y, p.x), q.plus);
        const Fe c = F::multiply(p.t, q.t2d), d = F::multiply(p.z, q.z2);
        const Fe e = F::subtract(b, a), f = F::subtract(d, c), g = F::add(d, c), h = F::add(b, a);
        return {F::multiply(e, f), F::multiply(g, h), F::multiply(f, g), F::multiply(e, h)};
    }

    static Fe absolute(const Fe& a) { return F::select(F::odd(a), F::negate(a), a); }
    static Fe times_2_to(Fe a, int count) {   // exponents: a^(2^count)
        for (int i = 0; i < count; ++i) a = F::square(a);
        return a;
    }
    static Fe power_252_3(const Fe& z) {      // z^((p - 5) / 8) = z^(2^252 - 3)
        const Fe z2 = F::square(z), z9 = F::multiply(times_2_to(z2, 2), z), z11 = F::multiply(z9, z2);
        const Fe e5 = F::multiply(F::square(z11), z9);
        const Fe e10 = F::multiply(times_2_to(e5, 5), e5), e20 = F::multiply(times_2_to(e10, 10), e10), e40 = F::multiply(times_2_to(e20, 20), e20);
        const Fe e50 = F::multiply(times_2_to(e40, 10), e10), e100 = F::multiply(times_2_to(e50, 50), e50), e200 = F::multiply(times_2_to(e100, 100), e100);
        const Fe e250 = F::multiply(times_2_to(e200, 50), e50);
        return F::multiply(times_2_to(e250, 2), z);
    }
    // SQRT_RATIO_M1 of the RFC.
    static Mask root_of_ratio(const Fe& u, const Fe& v, Fe& root) {
        const Fe v3 = F::multiply(F::square(v), v), v7 = F::multiply(F::square(v3), v);
        Fe r = F::multiply(F::multiply(u, v3), power_252_3(F::multiply(u, v7)));
        const Fe check = F::multiply(v, F::square(r)), minus_u = F::negate(u), i = F::constant(kSqrtM1);
        const Mask correct = F::equal(check, u), flipped = F::equal(check, minus_u), flipped_i = F::equal(check, F::multiply(minus_u, i));
        r = F::select(F::either(flipped, flipped_i), F::multiply(r, i), r);
        root = absolute(r);
        return F::either(correct, flipped);
    }

    // What is no element in the group is not set in the mask; encodings themselves (canonical, even, not zero) are the caller's to check.
    static Mask decode(const unsigned char* bytes, std::size_t stride, Point& out) {
        const Fe s = F::load(bytes, stride), ss = F::square(s), one = F::constant(kOne);
        const Fe u1 = F::subtract(one, ss), u2 = F::add(one, ss), u22 = F::square(u2);
        const Fe v = F::subtract(F::negate(F::multiply(F::constant(kD), F::square(u1))), u22);
        Fe root;
        const Mask square = root_of_ratio(one, F::multiply(v, u22), root);
        const Fe den_x = F::multiply(root, u2), den_y = F::multiply(F::multiply(root, den_x), v);
        out.x = absolute(F::multiply(F::add(s, s), den_x));
        out.y = F::multiply(u1, den_y);
        out.z = one;
        out.t = F::multiply(out.x, out.y);
        return F::without(F::without(square, F::odd(out.t)), F::equal(out.y, F::constant(kZero)));
    }
    static void encode(const Point& p, unsigned char* bytes) {
        const Fe u1 = F::multiply(F::add(p.z, p.y), F::subtract(p.z, p.y)), u2 = F::multiply(p.x, p.y);
        Fe root;
        root_of_ratio(F::constant(kOne), F::multiply(u1, F::square(u2)), root);
        const Fe den1 = F::multiply(root, u1), den2 = F::multiply(root, u2), z_inv = F::multiply(F::multiply(den1, den2), p.t);
        const Fe i = F::constant(kSqrtM1), ix = F::multiply(p.x, i), iy = F::multiply(p.y, i);
        const Mask rotate = F::odd(F::multiply(p.t, z_inv));
        const Fe x = F::select(rotate, iy, p.x), den_inv = F::select(rotate, F::multiply(den1, F::constant(kInvSqrtAMinusD)), den2);
        Fe y = F::select(rotate, ix, p.y);
        y = F::select(F::odd(F::multiply(x, z_inv)), F::negate(y), y);
        F::store(absolute(F::multiply(den_inv, F::subtract(p.z, y))), bytes);
    }
    // MAP of the RFC, of 32 bytes whose highest bit is not looked at.
    static Point map(const unsigned char* bytes, std::size_t stride) {
        const Fe t = F::load(bytes, stride), one = F::constant(kOne), d = F::constant(kD);
        const Fe r = F::multiply(F::constant(kSqrtM1), F::square(t)), u = F::multiply(F::add(r, one), F::constant(kOneMinusDSq));
        const Fe v = F::multiply(F::negate(F::add(one, F::multiply(r, d))), F::add(r, d));
        Fe s;
        const Mask square = root_of_ratio(u, v, s);
        s = F::select(square, s, F::negate(absolute(F::multiply(s, t))));
        const Fe c = F::select(square, F::negate(one), r);
        const Fe n = F::subtract(F::multiply(F::multiply(c, F::subtract(r, one)), F::constant(kDMinusOneSq)), v);
        const Fe sv = F::multiply(s, v), w0 = F::add(sv, sv), w1 = F::multiply(n, F::constant(kSqrtAdMinusOne)), ss = F::square(s), w2 = F::subtract(one, ss), w3 = F::add(one, ss);
        return {F::multiply(w0, w3), F::multiply(w2, w1), F::multiply(w1, w3), F::multiply(w0, w2)};
    }
    static Point from_uniform(const unsigned char* bytes, std::size_t stride) { return plus(map(bytes, stride), cache(map(bytes + 32, stride))); }

    static void tabulate(const Point& p, Table& table) {
        table[0] = cache(p);
        Point multiple = p;
        for (std::size_t i = 1; i < kMultiples; ++i) multiple = plus(multiple, table[0]), table[i] = cache(multiple);
    }
    // Reads the whole table whatever the digit.
    static Cached pick(const Table& table, const std::int8_t* digits) {
        const Digit digit = F::digit(digits), size = F::magnitude(digit);
        Cached out{F::constant(kOne), F::constant(kOne), F::constant(kTwo), F::constant(kZero)};
        for (std::size_t i = 0; i < kMultiples; ++i) {
            const Mask here = F::is(size, static_cast<std::int64_t>(i + 1));
            out.plus = F::select(here, table[i].plus, out.plus), out.minus = F::select(here, table[i].minus, out.minus);
            out.z2 = F::select(here, table[i].z2, out.z2), out.t2d = F::select(here, table[i].t2d, out.t2d);
        }
        const Mask minus = F::below_zero(digit);
        const Fe kept = out.plus;
        out.plus = F::select(minus, out.minus, out.plus), out.minus = F::select(minus, kept, out.minus);
        out.t2d = F::select(minus, F::negate(out.t2d), out.t2d);
        return out;
    }
    // For digits that are public: one at a time, the table is read where the digit says.
    static Cached pick_public(const Table& table, const std::int8_t* digits) {
        if constexpr (kWidth == 1) {
            if (*digits == 0) return {F::constant(kOne), F::constant(kOne), F::constant(kTwo), F::constant(kZero)};
            const Cached& found = table[static_cast<std::size_t>(*digits < 0 ? -*digits : *digits) - 1];
            return *digits > 0 ? found : Cached{found.minus, found.plus, found.z2, F::negate(found.t2d)};
        } else {
            return pick(table, digits);
        }
    }
    // Digits of a scalar below 2^253 in -8 .. 7, digit i of lane j at [i * kWidth + j].
    static void digits_of(const unsigned char* scalar, std::size_t lane, std::int8_t* digits) {
        int carry = 0;
        for (std::size_t i = 0; i < kDigits; ++i) {
            const int nibble = ((scalar[i / 2] >> (4 * (i % 2))) & 15) + carry;
            carry = (nibble + 8) >> 4;
            digits[i * kWidth + lane] = static_cast<std::int8_t>(nibble - 16 * carry);
        }
    }
    // The sum of `count` points, each times its own digits.
    template <bool kPublic>
    static Point sum(const Table* tables, const std::int8_t* digits, std::size_t count) {
        Point out = identity();
        for (std::size_t i = kDigits; i-- > 0;) {
            if (i + 1 != kDigits) out = twice(twice(twice(twice(out))));
            for (std::size_t k = 0; k < count; ++k) {
                const std::int8_t* const here = digits + (k * kDigits + i) * kWidth;
                out = plus(out, kPublic ? pick_public(tables[k], here) : pick(tables[k], here));
            }
        }
        return out;
    }
};

}  // namespace threatlas::exchange::matching
