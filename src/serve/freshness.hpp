// Whether what is kept in memory is still what the store holds.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>

#include "core/calendar.hpp"
#include "core/result.hpp"
#include "store/store.hpp"

namespace threatlas::serve {

class Freshness {
  public:
    // today: the day, for rights and reviews end by date.
    Freshness(store::Store& store, std::function<core::Day()> today) : store_(store), today_(std::move(today)) {}
    // The store's state, with the day: asked four times a second at most, so what another process does is seen a quarter
    // of a second later.
    core::Result<store::StoreState> now();
    // What this process did is seen at once.
    void changed();

  private:
    store::Store& store_;
    std::function<core::Day()> today_;
    std::mutex lock_;
    bool known_ = false;
    store::StoreState state_;
    std::chrono::steady_clock::time_point looked_{};
    std::uint64_t changes_ = 0;
};

}  // namespace threatlas::serve
