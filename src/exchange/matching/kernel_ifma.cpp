// Everything of others is included before the region: what the linker may share with other files must run on any machine.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "exchange/matching/kernel.hpp"

#if defined(__x86_64__)

#include <immintrin.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,avx512ifma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx512vl,avx512bw,avx512ifma")
#endif

#include "exchange/matching/field_ifma.hpp"
#include "exchange/matching/kernel_loops.hpp"

namespace threatlas::exchange::matching {
namespace {

using L = Loops<FieldIfma>;
const Kernel kIfma{"avx512ifma", L::multiply, L::map_and_multiply, L::check, L::sum};

}  // namespace
}  // namespace threatlas::exchange::matching

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

namespace threatlas::exchange::matching {

const Kernel* ifma_kernel() {
    const bool there = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
                       __builtin_cpu_supports("avx512ifma");
    return there ? &kIfma : nullptr;
}

}  // namespace threatlas::exchange::matching

#else

namespace threatlas::exchange::matching {
const Kernel* ifma_kernel() { return nullptr; }
}  // namespace threatlas::exchange::matching

#endif
