#include "store/audit_queue.hpp"

namespace threatlas::store {
namespace {

constexpr std::size_t kMostSeen = 20'000;  // of different reads remembered: bounds memory

std::string key_of(const model::Reader& who, const std::string& object) {
    std::string key;
    for (const std::string* part : {&who.person, &who.organisation, &who.clearance, &who.purpose, &object}) key += std::to_string(part->size()) + ":" + *part;
    return key + std::string(model::name_of(who.role));
}

AuditNote count_of(const AuditNote& note, std::uint64_t again) { return {note.who, note.action, note.object + ", again " + std::to_string(again) + " times within a minute"}; }

}  // namespace

core::Result<void> AuditQueue::read(const model::Reader& who, const std::string& object) {
    const std::string key = key_of(who, object);
    AuditNote note{who, "read", object};
    bool crowded = false;
    {
        const std::lock_guard guard(mutex_);
        ++figures_.reads;
        if (const auto found = seen_.find(key); !broken_ && found != seen_.end() && clock_() - found->second.since < window_) {
            ++found->second.again, ++figures_.counted;
            return {};
        }
        crowded = seen_.size() >= kMostSeen;
    }
    if (crowded) THREATLAS_CHECK(flush());
    else THREATLAS_CHECK(sweep());
    THREATLAS_CHECK(commit(note));
    // Only now: until the entry is on the disk, another asking the same has to write its own.
    const std::lock_guard guard(mutex_);
    seen_.try_emplace(key, Seen{std::move(note), clock_(), 0});
    return {};
}

bool AuditQueue::again(const model::Reader& who, const std::string& object) {
    const std::string key = key_of(who, object);
    const std::lock_guard guard(mutex_);
    const auto found = seen_.find(key);
    if (broken_ || found == seen_.end() || clock_() - found->second.since >= window_) return false;
    ++figures_.reads, ++found->second.again, ++figures_.counted;
    return true;
}

core::Result<void> AuditQueue::commit(AuditNote note) {
    std::unique_lock lock(mutex_);
    if (!next_) next_ = std::make_shared<Batch>();
    const std::shared_ptr<Batch> mine = next_;
    mine->notes.push_back(std::move(note));
    wake_.wait(lock, [&] { return mine->done || !writing_; });
    if (mine->done) return mine->result;
    // The first to find nobody writing writes for all who came meanwhile.
    writing_ = true;
    next_.reset();
    lock.unlock();
    auto result = store_.audit_all(mine->notes);
    lock.lock();
    mine->result = result, mine->done = true;
    writing_ = false, broken_ = !result;
    ++figures_.transactions, figures_.entries += mine->notes.size();
    wake_.notify_all();
    return result;
}

core::Result<void> AuditQueue::write_counts(bool all) {
    std::vector<AuditNote> counts;
    {
        const std::lock_guard guard(mutex_);
        const auto now = clock_();
        if (!all && seen_.size() < kMostSeen && now < next_sweep_) return {};
        next_sweep_ = now + std::chrono::seconds(1);
        for (auto each = seen_.begin(); each != seen_.end();) {
            if (!all && now - each->second.since < window_) {
                ++each;
                continue;
            }
            if (each->second.again > 0) counts.push_back(count_of(each->second.note, each->second.again));
            each = seen_.erase(each);
        }
        if (!counts.empty()) ++figures_.transactions, figures_.entries += counts.size();
    }
    return counts.empty() ? core::Result<void>{} : store_.audit_all(counts);
}

AuditQueue::Figures AuditQueue::figures() const {
    const std::lock_guard guard(mutex_);
    return figures_;
}

}  // namespace threatlas::store
