// One Markdown row a measurement, for docs/PERFORMANCE.md: what, at what size, measured, target, and
// the ratio to a reference that ran in the same process a moment before or after.
#pragma once

#include <sys/resource.h>

#include <chrono>
#include <cstdio>

namespace bench {

class Watch {
  public:
    double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

  private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// Of this process, since its start.
inline double peak_mib() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

// ratio: measured over reference, both in the unit printed.
inline void row(const char* what, const char* size, const char* measured, const char* target, const char* reference, double ratio) {
    std::printf("| %s | %s | %s | %s | %s | %.3g |\n", what, size, measured, target, reference, ratio);
    std::fflush(stdout);
}

}  // namespace bench
