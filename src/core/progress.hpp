// Progress of long work. The work reports; the command line or a job shows it, and may ask it to stop.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/result.hpp"

namespace threatlas::core {

class Progress {
  public:
    virtual ~Progress() = default;
    // total 0 means 'not known'. May be called often; the receiver throttles.
    virtual void step(std::string_view what, std::uint64_t done, std::uint64_t total) = 0;
    // True once somebody wants the work to end. Safe to ask from any thread, and often.
    virtual bool cancelled() const { return false; }
};

// unavailable once the work was cancelled. Long work asks between its phases and within its long loops,
// before it keeps anything: what was cancelled leaves nothing behind.
inline Result<void> go_on(const Progress& progress) {
    if (progress.cancelled()) return fail(ErrorCode::unavailable, "cancelled: nothing of it was kept");
    return {};
}

// For callers who do not watch.
class NoProgress final : public Progress {
  public:
    void step(std::string_view, std::uint64_t, std::uint64_t) override {}
};

}  // namespace threatlas::core
