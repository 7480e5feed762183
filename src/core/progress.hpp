// Progress of long work. The work reports; the command line, or a job later, shows it.
#pragma once

#include <cstdint>
#include <string_view>

namespace threatlas::core {

class Progress {
  public:
    virtual ~Progress() = default;
    // total 0 means 'not known'. May be called often; the receiver throttles.
    virtual void step(std::string_view what, std::uint64_t done, std::uint64_t total) = 0;
};

// For callers who do not watch.
class NoProgress final : public Progress {
  public:
    void step(std::string_view, std::uint64_t, std::uint64_t) override {}
};

}  // namespace threatlas::core
