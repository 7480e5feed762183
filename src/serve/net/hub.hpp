// What the connections of one server share.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "serve/net/server.hpp"

namespace threatlas::serve::net {

struct Hub {
    Hub(Options given, Handler answering) : options(std::move(given)), handler(std::move(answering)), workers(options.workers) {}

    Options options;
    Handler handler;
    boost::asio::io_context loop;
    boost::asio::thread_pool workers;
    std::atomic<bool> stopping{false};

    struct {
        std::atomic<std::uint64_t> connections{0}, open{0}, refused{0}, requests{0}, streams{0}, timeouts{0}, malformed{0}, bytes_in{0}, bytes_out{0};
    } counted;

    // A connection as the server sees it: woken when there are events, told when the server stops.
    struct Member {
        virtual ~Member() = default;
        virtual void wake() = 0;
        virtual void end() = 0;   // at once when idle or streaming, else after the answer under way
        virtual void cut() = 0;   // now
    };
    void enter(std::weak_ptr<Member> member, const Member* key) {
        const std::lock_guard guard(lock_);
        members_[key] = std::move(member);
    }
    void leave(const Member* key) {
        const std::lock_guard guard(lock_);
        members_.erase(key);
    }
    void for_each(const std::function<void(Member&)>& visit) {
        std::vector<std::shared_ptr<Member>> all;
        {
            const std::lock_guard guard(lock_);
            for (const auto& [key, weak] : members_)
                if (auto member = weak.lock()) all.push_back(std::move(member));
        }
        for (const auto& each : all) visit(*each);
    }
    // False when there are too many of this address.
    bool admit(const std::string& address) {
        const std::lock_guard guard(lock_);
        if (counted.open >= options.limits.connections || addresses_[address] >= options.limits.connections_each) return false;
        ++addresses_[address], ++counted.open, ++counted.connections;
        return true;
    }
    void dismiss(const std::string& address) {
        const std::lock_guard guard(lock_);
        if (--addresses_[address] == 0) addresses_.erase(address);
        --counted.open;
    }

  private:
    std::mutex lock_;
    std::map<const Member*, std::weak_ptr<Member>> members_;
    std::map<std::string, std::size_t> addresses_;
};

}  // namespace threatlas::serve::net
