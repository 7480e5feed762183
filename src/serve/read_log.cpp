#include "serve/read_log.hpp"

#include <utility>

namespace threatlas::serve {
namespace {

constexpr std::size_t kMostPending = 20000;

}  // namespace

ReadLog::ReadLog(Write write, std::chrono::milliseconds every) : write_(std::move(write)), every_(every), thread_([this] { run(); }) {}

ReadLog::~ReadLog() {
    {
        const std::lock_guard guard(lock_);
        ending_ = true;
    }
    wake_.notify_all();
    thread_.join();
    if (const auto rest = flush(); !rest) return;   // the log is lost with the disk it stands on; what is stored says so
}

core::Result<void> ReadLog::note(const model::Reader& who, const std::string& object) {
    std::string key;
    key.reserve(128);
    for (const std::string* part : {&who.person, &who.organisation, &who.clearance, &who.purpose, &object}) key += *part, key += '\n';
    key += model::name_of(who.role);
    bool full = false;
    {
        const std::lock_guard guard(lock_);
        if (!last_) return last_;
        Counted& one = pending_[key];
        if (one.times++ == 0) one.who = who, one.object = object;
        full = pending_.size() >= kMostPending;
    }
    return full ? flush() : core::Result<void>();
}

core::Result<void> ReadLog::flush() {
    const std::lock_guard writing(writing_);
    std::map<std::string, Counted> taken;
    {
        const std::lock_guard guard(lock_);
        taken.swap(pending_);
        if (taken.empty() && last_) return {};
    }
    std::vector<Note> notes;
    for (const auto& [key, one] : taken) notes.push_back({one.who, one.times == 1 ? one.object : one.object + " x " + std::to_string(one.times)});
    core::Result<void> written = notes.empty() ? core::Result<void>() : write_(notes);
    const std::lock_guard guard(lock_);
    if (!written)
        for (auto& [key, one] : taken) {   // kept for the next try
            Counted& again = pending_[key];
            one.times += again.times;
            again = std::move(one);
        }
    last_ = written;
    return written;
}

void ReadLog::run() {
    std::unique_lock guard(lock_);
    while (!ending_) {
        wake_.wait_for(guard, every_, [this] { return ending_; });
        if (ending_) return;
        guard.unlock();
        const auto written = flush();   // what went wrong is told to who reads next
        static_cast<void>(written);
        guard.lock();
    }
}

}  // namespace threatlas::serve
