#include "core/parallel.hpp"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace threatlas::core {
namespace {
std::atomic<unsigned> g_threads{0};
}

void set_threads(unsigned count) { g_threads = count; }

unsigned threads() {
    const unsigned set = g_threads;
    return set != 0 ? set : static_cast<unsigned>(tbb::this_task_arena::max_concurrency());
}

void parallel_for(std::size_t count, const std::function<void(std::size_t)>& body) {
    if (threads() == 1 || count < 2) {
        for (std::size_t i = 0; i < count; ++i) body(i);
        return;
    }
#ifdef __SANITIZE_THREAD__
    // The system's TBB is not instrumented: the sanitizer would take every hand-over for a race, and leaving
    // out what runs under TBB would leave out all our bodies. Plain threads it understands.
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        for (std::size_t i = next.fetch_add(1, std::memory_order_relaxed); i < count; i = next.fetch_add(1, std::memory_order_relaxed)) body(i);
    };
    std::vector<std::thread> others;
    for (std::size_t k = 1; k < std::min<std::size_t>(threads(), count); ++k) others.emplace_back(work);
    work();
    for (std::thread& each : others) each.join();
#else
    tbb::task_arena arena(static_cast<int>(threads()));
    arena.execute([&] { tbb::parallel_for(std::size_t{0}, count, [&](std::size_t i) { body(i); }); });
#endif
}

}  // namespace threatlas::core
