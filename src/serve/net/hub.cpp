#include "serve/net/hub.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstdio>

namespace threatlas::serve::net {

Hub::Hub(Options given, Handler answering) : options(std::move(given)), handler(std::move(answering)), workers(std::max(1U, options.workers)), begin_(randombytes_random()) {
    for (unsigned i = 0; i < std::max(1U, options.loops); ++i) loops.push_back(std::make_unique<boost::asio::io_context>(1));
}

void Hub::enter(std::weak_ptr<Member> member, const Member* key) {
    const std::lock_guard guard(lock_);
    members_[key] = std::move(member);
}

void Hub::leave(const Member* key) {
    const std::lock_guard guard(lock_);
    members_.erase(key);
}

// Called outside the lock: a member that ends leaves.
template <class Choose>
std::vector<std::shared_ptr<Hub::Member>> Hub::chosen(Choose choose) {
    std::vector<std::shared_ptr<Member>> out;
    const std::lock_guard guard(lock_);
    for (const auto& [key, weak] : members_)
        if (choose(*key))
            if (auto member = weak.lock()) out.push_back(std::move(member));
    return out;
}

void Hub::for_each(const std::function<void(Member&)>& visit) {
    for (const auto& each : chosen([](const Member&) { return true; })) visit(*each);
}

void Hub::wake() {
    for (const auto& each : chosen([](const Member& m) { return m.streaming.load(std::memory_order_relaxed); })) each->wake();
}

void Hub::sweep() {
    const std::int64_t now = Clock::now().time_since_epoch().count();
    for (const auto& each : chosen([&](const Member& m) { return m.deadline.load(std::memory_order_relaxed) <= now; })) each->due();
}

bool Hub::admit(const std::string& address) {
    const std::lock_guard guard(lock_);
    if (counted.open >= options.limits.connections) return false;
    std::size_t& of_this = addresses_[address];
    if (of_this >= options.limits.connections_each) return false;
    ++of_this, ++counted.open, ++counted.connections;
    return true;
}

void Hub::dismiss(const std::string& address) {
    const std::lock_guard guard(lock_);
    if (const auto found = addresses_.find(address); found != addresses_.end() && --found->second == 0) addresses_.erase(found);
    --counted.open;
}

std::string Hub::new_id() {
    std::array<char, 17> text{};
    std::snprintf(text.data(), text.size(), "%08x%08x", begin_, next_.fetch_add(1, std::memory_order_relaxed));
    return text.data();
}

}  // namespace threatlas::serve::net
