// What peers have posted for this node is fetched as long as the server runs, in a thread of its own. How it stands is in the
// peers' states (work/nodes/node.hpp); what came is told as an event 'node'.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace threatlas::serve {

class Office;

class PeerRounds {
  public:
    PeerRounds(Office& office, unsigned every);   // seconds between two rounds, and the first pause after a failure
    ~PeerRounds();                                // the request under way is waited for
    PeerRounds(const PeerRounds&) = delete;
    PeerRounds& operator=(const PeerRounds&) = delete;

  private:
    void run();
    Office& office_;
    unsigned every_;
    std::mutex mutex_;
    std::condition_variable woken_;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

}  // namespace threatlas::serve
