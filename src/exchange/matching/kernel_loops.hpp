// kernel.hpp's loops over a field; included by the file of each kernel, in its instruction set's region.
#pragma once

#include <algorithm>
#include <cstring>

#include "exchange/matching/kernel.hpp"
#include "exchange/matching/ristretto.hpp"

namespace threatlas::exchange::matching {

void wipe(void* secret, std::size_t bytes);   // sodium_memzero, kept out of the region

template <class F>
struct Loops {
    using R = Ristretto<F>;
    static constexpr std::size_t kWidth = F::kWidth;
    using Digits = std::array<std::int8_t, kDigits * kWidth>;

    // Below p, even and not zero: the half of the decoding rules that is about bytes. Elements are public.
    static bool well_formed(const unsigned char* e) {
        if ((e[0] & 1) != 0 || (e[31] & 0x80) != 0) return false;
        bool zero = true, high = e[31] == 0x7f;
        for (int i = 0; i < 32; ++i) zero = zero && e[i] == 0;
        for (int i = 1; i < 31; ++i) high = high && e[i] == 0xff;
        return !zero && !(high && e[0] >= 0xed);
    }
    // kWidth encodings from `elements` on, of which `live` are there; the others repeat the first. The first bad place, or live.
    static std::size_t decode(const unsigned char* elements, std::size_t live, typename R::Point& out) {
        std::array<unsigned char, 32 * kWidth> block;
        for (std::size_t i = 0; i < kWidth; ++i) std::memcpy(block.data() + 32 * i, elements + (i < live ? 32 * i : 0), 32);
        const auto good = static_cast<std::uint64_t>(R::decode(block.data(), 32, out));
        for (std::size_t i = 0; i < live; ++i)
            if (!well_formed(elements + 32 * i) || ((good >> i) & 1) == 0) return i;
        return live;
    }
    static void finish(const typename R::Point& point, std::size_t live, unsigned char* out) {
        std::array<unsigned char, 32 * kWidth> block;
        R::encode(point, block.data());
        std::memcpy(out, block.data(), 32 * live);
    }

    static std::size_t multiply(const unsigned char* scalars, std::size_t stride, const unsigned char* elements, std::size_t count, unsigned char* out) {
        Digits digits;
        typename R::Table table;
        typename R::Point point;
        for (std::size_t at = 0; at < count; at += kWidth) {
            const std::size_t live = std::min(kWidth, count - at);
            if (const std::size_t bad = decode(elements + 32 * at, live, point); bad != live) {
                wipe(digits.data(), digits.size());
                return at + bad;
            }
            if (at == 0 || stride != 0)
                for (std::size_t i = 0; i < kWidth; ++i) R::digits_of(scalars + stride * (i < live ? at + i : at), i, digits.data());
            R::tabulate(point, table);
            finish(R::template sum<false>(&table, digits.data(), 1), live, out + 32 * at);
        }
        wipe(digits.data(), digits.size());
        return count;
    }
    static void map_and_multiply(const unsigned char* scalar, const unsigned char* uniform, std::size_t count, unsigned char* out) {
        Digits digits;
        for (std::size_t i = 0; i < kWidth; ++i) R::digits_of(scalar, i, digits.data());
        std::array<unsigned char, 64 * kWidth> block;
        typename R::Table table;
        for (std::size_t at = 0; at < count; at += kWidth) {
            const std::size_t live = std::min(kWidth, count - at);
            for (std::size_t i = 0; i < kWidth; ++i) std::memcpy(block.data() + 64 * i, uniform + 64 * (at + (i < live ? i : 0)), 64);
            R::tabulate(R::from_uniform(block.data(), 64), table);
            finish(R::template sum<false>(&table, digits.data(), 1), live, out + 32 * at);
        }
        wipe(digits.data(), digits.size());
        wipe(block.data(), block.size());
        wipe(&table, sizeof table);
    }
    static std::size_t check(const unsigned char* elements, std::size_t count) {
        typename R::Point point;
        for (std::size_t at = 0; at < count; at += kWidth) {
            const std::size_t live = std::min(kWidth, count - at);
            if (const std::size_t bad = decode(elements + 32 * at, live, point); bad != live) return at + bad;
        }
        return count;
    }
    static std::size_t sum(const unsigned char* weights, const unsigned char* elements, std::size_t count, unsigned char* out) {
        constexpr std::size_t kGroup = kWidth == 1 ? 64 : 16;   // tables of a group stay in the level-2 cache
        std::vector<typename R::Table> tables(kGroup);
        std::vector<std::int8_t> digits(kGroup * kDigits * kWidth);
        typename R::Point total = R::identity(), point;
        for (std::size_t at = 0; at < count;) {
            std::size_t used = 0;
            std::fill(digits.begin(), digits.end(), std::int8_t{0});
            for (; used < kGroup && at < count; ++used, at += kWidth) {
                const std::size_t live = std::min(kWidth, count - at);
                if (const std::size_t bad = decode(elements + 32 * at, live, point); bad != live) return at + bad;
                R::tabulate(point, tables[used]);
                for (std::size_t i = 0; i < live; ++i) R::digits_of(weights + 32 * (at + i), i, digits.data() + used * kDigits * kWidth);
            }
            total = R::plus(total, R::cache(R::template sum<true>(tables.data(), digits.data(), used)));
        }
        for (std::size_t by = kWidth / 2; by > 0; by /= 2)
            total = R::plus(total, R::cache({F::rotated(total.x, by), F::rotated(total.y, by), F::rotated(total.z, by), F::rotated(total.t, by)}));
        finish(total, 1, out);
        return count;
    }
};

}  // namespace threatlas::exchange::matching
