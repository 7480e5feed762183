#include "serve/observation_shelf.hpp"

#include <algorithm>

namespace threatlas::serve {
namespace {

constexpr std::size_t kMost = 16;   // sets of rights at a time; those that see the same rows share one index

// All that decides which rows a reader sees.
std::string rights_of(const model::Reader& reader) {
    return reader.organisation + '\n' + std::string(model::name_of(reader.role)) + '\n' + reader.clearance + '\n' + reader.purpose.substr(0, reader.purpose.find(':'));
}

}  // namespace

core::Result<std::string> ObservationShelf::state() {
    const auto now = std::chrono::steady_clock::now();
    {
        const std::lock_guard guard(lock_);
        if (!state_.empty() && now - looked_ < std::chrono::milliseconds(250)) return state_;
    }
    THREATLAS_TRY(std::string fresh, store_.state());
    fresh += ' ' + core::iso(today_());
    const std::lock_guard guard(lock_);
    state_ = fresh, looked_ = now;
    return fresh;
}

void ObservationShelf::changed() {
    const std::lock_guard guard(lock_);
    state_.clear();
}

core::Result<std::shared_ptr<const ObservationIndex>> ObservationShelf::get(const model::Reader& reader) {
    THREATLAS_TRY(const std::string now, state());
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
