#include "serve/jobs/peer_rounds.hpp"

#include <chrono>

#include "serve/jobs/office.hpp"
#include "work/nodes/sync.hpp"

namespace threatlas::serve {

PeerRounds::PeerRounds(Office& office, unsigned every) : office_(office), every_(every), thread_([this] { run(); }) {}

PeerRounds::~PeerRounds() {
    {
        const std::lock_guard guard(mutex_);
        stopping_ = true;
    }
    woken_.notify_all();
    thread_.join();
}

void PeerRounds::run() {
    const work::Receivers receivers = work::receivers(office_.store, office_.catalogue);
    work::SyncOptions options;
    options.first_pause = every_, options.stop = [this] { return stopping_.load(); };
    std::unique_lock lock(mutex_);
    do {
        lock.unlock();
        // Another process may be at it; what fails is in the peer's state.
        if (const auto done = work::sync_peers(office_.store, office_.catalogue, receivers, options))
            for (const auto& each : *done)
                if (each.handed > 0 || each.aside > 0) office_.events.tell({.type = "node", .data = {{"organisation", each.organisation}, {"handed", each.handed}, {"aside", each.aside}}, .organisation = {}, .handling = "TLP:GREEN"});
        lock.lock();
    } while (!woken_.wait_for(lock, std::chrono::seconds(every_), [this] { return stopping_.load(); }));
}

}  // namespace threatlas::serve
