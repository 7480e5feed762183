// The desk's own clock: sends on what was issued, tells who watches, delivers e-mail and webhooks. Woken by what happens, and
// every few seconds for what other programs and nodes did.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "core/result.hpp"
#include "work/contact/desk.hpp"

namespace threatlas::serve {

class Office;

class ContactRunner {
  public:
    explicit ContactRunner(Office& office) : office_(office) {}
    ~ContactRunner() { stop(); }
    ContactRunner(const ContactRunner&) = delete;
    ContactRunner& operator=(const ContactRunner&) = delete;

    // not_allowed, bad_input: the settings (contact.json) are not as they should be.
    core::Result<void> start();
    void stop();
    void wake();
    // Why the last round did not do all it should: what is set in contact.json, or the store. Empty: it did.
    std::string problem() const;
    // Told when that changes; before start().
    void on_problem(std::function<void(const std::string& problem)> told) { on_problem_ = std::move(told); }
    // One round, for tests; what failed is tried again at the next.
    void round();
    // To organisations by name: that there is something, and no more.
    void tell(const std::string& kind, const std::string& id, std::uint64_t version, const std::string& handling, const std::vector<std::string>& to);

  private:
    work::contact::Desk desk() const;
    void tell_new();
    void found(std::string problem);

    Office& office_;
    std::uint64_t told_ = 0;
    mutable std::mutex mutex_;
    std::string problem_;
    std::function<void(const std::string&)> on_problem_;
    std::condition_variable woken_;
    bool stopping_ = false, asked_ = false;
    std::thread thread_;
};

}  // namespace threatlas::serve
