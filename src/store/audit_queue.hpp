// The log of many reads at once. What is read is in the log, on the disk, before the answer goes out: who, what,
// what for. Two things keep that from being the bottleneck:
//  - Callers that come while an entry is being written wait together and go into the next transaction (group
//    commit; no timer, so a lone caller never waits for others).
//  - The same reader asking the same again within a minute is counted, and the count is written when the
//    minute is over. A kill loses at most counts, never that something was read, by whom and why.
// docs/adr/0014-rights-and-proof.md says why. Safe to call from several threads.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/result.hpp"
#include "store/store.hpp"

namespace threatlas::store {

class AuditQueue {
  public:
    using Clock = std::function<std::chrono::steady_clock::time_point()>;
    explicit AuditQueue(Store& store, std::chrono::seconds window = std::chrono::seconds(60), Clock clock = std::chrono::steady_clock::now) : store_(store), window_(window), clock_(std::move(clock)) {}
    AuditQueue(const AuditQueue&) = delete;
    AuditQueue& operator=(const AuditQueue&) = delete;
    ~AuditQueue() { (void)flush(); }

    // Returns when the read is in the log; answer only then. `object` says what was read, filter included; never content.
    // The errors of Store::audit_all: then the answer must not go out.
    core::Result<void> read(const model::Reader& who, const std::string& object);
    // Whether the same was read within the minute: then it is counted, and nobody waits. False: ask read(), which waits.
    bool again(const model::Reader& who, const std::string& object);
    // Writes the counts of minutes that are over (all: of every one). To be called every few seconds, and before a stop.
    core::Result<void> sweep() { return write_counts(false); }
    core::Result<void> flush() { return write_counts(true); }

    struct Figures {
        std::uint64_t reads = 0, counted = 0, transactions = 0, entries = 0;  // counted: reads that wrote nothing of their own
    };
    Figures figures() const;

  private:
    struct Seen {
        AuditNote note;
        std::chrono::steady_clock::time_point since{};
        std::uint64_t again = 0;
    };
    struct Batch {
        std::vector<AuditNote> notes;
        core::Result<void> result;
        bool done = false;
    };

    core::Result<void> commit(AuditNote note);
    core::Result<void> write_counts(bool all);

    Store& store_;
    const std::chrono::seconds window_;
    const Clock clock_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::unordered_map<std::string, Seen> seen_;
    std::shared_ptr<Batch> next_;   // gathers while another is being written
    bool writing_ = false;
    bool broken_ = false;           // the last writing failed: nothing is answered by count alone
    std::chrono::steady_clock::time_point next_sweep_{};
    Figures figures_;
};

}  // namespace threatlas::store
