#include "serve/freshness.hpp"

namespace threatlas::serve {

core::Result<store::StoreState> Freshness::now() {
    const auto at = std::chrono::steady_clock::now();
    std::uint64_t changes = 0;
    {
        const std::lock_guard guard(lock_);
        if (known_ && at - looked_ < std::chrono::milliseconds(250)) return state_;
        changes = changes_;
    }
    THREATLAS_TRY(store::StoreState fresh, store_.state());
    fresh.rows += core::iso(today_());
    const std::lock_guard guard(lock_);
    if (changes == changes_) state_ = fresh, looked_ = at, known_ = true;   // else it may be of before the change
    return fresh;
}

void Freshness::changed() {
    const std::lock_guard guard(lock_);
    known_ = false;
    ++changes_;
}

}  // namespace threatlas::serve
