// The heavy loops of private matching on raw bytes, for whatever the processor has: portable 64-bit code, or eight lanes of
// AVX-512 with IFMA. Both give the same bytes. One thread; constant time in scalars and uniform bytes;
// weights of a sum are public.
// Shapes: elements and scalars 32 bytes each, one after another; scalars below the order; uniform inputs 64 bytes each.
#pragma once

#include <cstddef>

namespace threatlas::exchange::matching {

struct Kernel {
    const char* name;
    // out[i] = scalars[i * scalar_stride] * elements[i]; scalar_stride 0: one scalar for all. Returns the first place that is no
    // element (or is the identity), or count.
    std::size_t (*multiply)(const unsigned char* scalars, std::size_t scalar_stride, const unsigned char* elements, std::size_t count, unsigned char* out);
    // out[i] = scalar * map(uniform[i]).
    void (*map_and_multiply)(const unsigned char* scalar, const unsigned char* uniform, std::size_t count, unsigned char* out);
    // The first place that is no element (or is the identity), or count.
    std::size_t (*check)(const unsigned char* elements, std::size_t count);
    // out = sum of weights[i] * elements[i]; 32 zeros when that is the identity. Returns as multiply does.
    std::size_t (*sum)(const unsigned char* weights, const unsigned char* elements, std::size_t count, unsigned char* out);
};

const Kernel& portable_kernel();
const Kernel* ifma_kernel();        // nullptr where the processor (or the compiler) lacks it
const Kernel& best_kernel();        // $THREATLAS_KERNEL=portable forces the first

}  // namespace threatlas::exchange::matching
