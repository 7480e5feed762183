#include "core/parallel.hpp"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <atomic>

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
    tbb::task_arena arena(static_cast<int>(threads()));
    arena.execute([&] { tbb::parallel_for(std::size_t{0}, count, [&](std::size_t i) { body(i); }); });
}

}  // namespace threatlas::core
