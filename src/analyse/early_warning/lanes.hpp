// Numbers side by side, one a series: two, four or eight, as wide as the instructions of the function
// they stand in. Every lane goes through the same additions and multiplications in the same order, never
// fused, and none looks at its neighbours: the bits depend neither on the machine nor on the company.
#pragma once

#include <cstddef>
#include <cstdint>

namespace threatlas::analyse::early_warning::lanes {

#define THREATLAS_LANES [[gnu::always_inline]] inline

// NOLINTBEGIN(modernize-use-using): the attributes bind to a typedef in every compiler we build with.
struct Two {
    static constexpr std::size_t kWidth = 2;
    typedef double Lanes __attribute__((vector_size(16), aligned(16)));
    typedef std::int64_t Mask __attribute__((vector_size(16), aligned(16)));        // -1 where true, else 0
    typedef std::int32_t Counts __attribute__((vector_size(8), aligned(8)));
};
struct Four {
    static constexpr std::size_t kWidth = 4;
    typedef double Lanes __attribute__((vector_size(32), aligned(32)));
    typedef std::int64_t Mask __attribute__((vector_size(32), aligned(32)));
    typedef std::int32_t Counts __attribute__((vector_size(16), aligned(16)));
};
struct Eight {
    static constexpr std::size_t kWidth = 8;
    typedef double Lanes __attribute__((vector_size(64), aligned(64)));
    typedef std::int64_t Mask __attribute__((vector_size(64), aligned(64)));
    typedef std::int32_t Counts __attribute__((vector_size(32), aligned(32)));
};
// NOLINTEND(modernize-use-using)

// Lists of lanes. Their own types, because a template argument forgets the alignment.
template <class V, std::size_t Size>
struct alignas(64) LaneArray {
    typename V::Lanes at[Size];   // NOLINT(modernize-avoid-c-arrays): see above
    typename V::Lanes& operator[](std::size_t i) { return at[i]; }
    const typename V::Lanes& operator[](std::size_t i) const { return at[i]; }
};
template <class V>
struct alignas(sizeof(typename V::Lanes)) Cell {
    typename V::Lanes value{};
};

template <class V>
THREATLAS_LANES typename V::Lanes all(double x) { return typename V::Lanes{} + x; }
template <class L>
THREATLAS_LANES L larger(L a, L b) { return a > b ? a : b; }
template <class L>
THREATLAS_LANES L smaller(L a, L b) { return a < b ? a : b; }
template <class V>
THREATLAS_LANES bool any(typename V::Mask m) {
    std::int64_t found = 0;
    for (std::size_t l = 0; l < V::kWidth; ++l) found |= m[l];
    return found != 0;
}
// 1 / x, and 0 where x is 0 or less.
template <class V>
THREATLAS_LANES typename V::Lanes inverse_or_zero(typename V::Lanes x) {
    const typename V::Mask none = x <= 0.0;
    return none ? typename V::Lanes{} : 1.0 / (none ? all<V>(1) : x);
}

// e^x for |x| <= 700 (beyond, the nearer end): x = n ln 2 + r, Taylor to the 13th power on |r| <= 0.35,
// error below 2 units of the last place.
template <class V>
THREATLAS_LANES typename V::Lanes exponential(typename V::Lanes x) {
    using Lanes = typename V::Lanes;
    using Mask = typename V::Mask;
    x = smaller(larger(x, all<V>(-700)), all<V>(700));
    constexpr double kMagic = 6755399441055744.0;   // 1.5 * 2^52: adding it rounds to a whole number
    const Lanes shifted = x * 1.4426950408889634 + kMagic, n = shifted - kMagic;
    const Lanes r = (x - n * 6.93147180369123816490e-01) - n * 1.90821492927058770002e-10;
    Lanes sum = all<V>(1.0 / 6227020800.0);
    for (const double factorial : {479001600.0, 39916800.0, 3628800.0, 362880.0, 40320.0, 5040.0, 720.0, 120.0, 24.0, 6.0, 2.0, 1.0, 1.0}) sum = sum * r + 1 / factorial;
    // The low bits of `shifted` hold n: moved into the exponent they multiply by 2^n.
    const Mask power = (__builtin_bit_cast(Mask, shifted) - 0x4338000000000000LL + 1023) << 52;
    return sum * __builtin_bit_cast(Lanes, power);
}

}  // namespace threatlas::analyse::early_warning::lanes
