#include "serve/observation_shelf.hpp"

#include <algorithm>

#include "serve/page_cache.hpp"

namespace threatlas::serve {
namespace {

constexpr std::size_t kMost = 16;   // sets of rights at a time; those that see the same rows share one index

}  // namespace

void ObservationShelf::drop() {
    const std::lock_guard guard(lock_);
    kept_.clear();
}

core::Result<std::shared_ptr<const ObservationIndex>> ObservationShelf::get(const model::Reader& reader) {
    THREATLAS_TRY(const store::StoreState state, fresh_.now());
    const std::string& now = state.rows;
    std::shared_ptr<Kept> mine;
    {
        const std::lock_guard guard(lock_);
        auto& slot = kept_[rights_of(reader)];
        if (!slot) slot = std::make_shared<Kept>();
        mine = slot;
        mine->used = ++uses_;
        if (kept_.size() > kMost) kept_.erase(std::min_element(kept_.begin(), kept_.end(), [](const auto& a, const auto& b) { return a.second->used < b.second->used; }));
        if (mine->index && mine->state == now) return mine->index;
    }
    const std::lock_guard making(mine->making);
    {
        const std::lock_guard guard(lock_);
        if (mine->index && mine->state == now) return mine->index;
    }
    THREATLAS_TRY(store::Snapshot snapshot, store_.snapshot(reader, {}));
    std::shared_ptr<const ObservationIndex> fresh;
    {
        const std::lock_guard guard(lock_);
        for (const auto& [rights, each] : kept_)
            if (each->index && each->index->snapshot().hash == snapshot.hash) fresh = each->index;
    }
    if (!fresh) fresh = std::make_shared<const ObservationIndex>(std::move(snapshot));
    const std::lock_guard guard(lock_);
    mine->index = fresh, mine->state = now;
    return fresh;
}

}  // namespace threatlas::serve
