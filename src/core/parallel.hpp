// A parallel loop whose result does not depend on the number of cores: the body writes only what
// belongs to its index; reductions are done by the caller afterwards, in index order.
#pragma once

#include <cstddef>
#include <functional>

namespace threatlas::core {

// Number of threads for parallel_for; 0 means one per core. Set once, by main or by a test.
void set_threads(unsigned count);
unsigned threads();

// Calls body(i) for i in 0..count-1, in any order, on threads() threads. Cost: one task per index,
// so give each index at least some 50 microseconds of work.
void parallel_for(std::size_t count, const std::function<void(std::size_t)>& body);

}  // namespace threatlas::core
