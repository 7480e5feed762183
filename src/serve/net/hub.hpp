// What the connections of one server share: event loops, workers, counts, deadlines.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "serve/net/server.hpp"

namespace threatlas::serve::net {

struct Hub {
    using Clock = std::chrono::steady_clock;
    static constexpr std::int64_t kNever = INT64_MAX;

    Hub(Options given, Handler answering);

    // One thread each: what belongs to a connection runs on its loop alone and needs no lock.
    std::vector<std::unique_ptr<boost::asio::io_context>> loops;
    Options options;
    Handler handler;
    boost::asio::thread_pool workers;
    std::atomic<bool> stopping{false};
    std::atomic<std::size_t> waiting{0};   // requests that no worker has taken yet

    struct {
        std::atomic<std::uint64_t> connections{0}, open{0}, refused{0}, requests{0}, streams{0}, timeouts{0}, malformed{0}, bytes_in{0}, bytes_out{0};
    } counted;

    // A connection as the server sees it. Any thread may call these; they do their work on the connection's loop.
    struct Member {
        virtual ~Member() = default;
        virtual void wake() = 0;
        virtual void due() = 0;   // its deadline has passed
        virtual void end() = 0;   // at once when idle or streaming, else after the answer under way
        virtual void cut() = 0;   // now
        std::atomic<std::int64_t> deadline{kNever};   // Clock's ticks
        std::atomic<bool> streaming{false};
    };
    void enter(std::weak_ptr<Member> member, const Member* key);
    void leave(const Member* key);
    void for_each(const std::function<void(Member&)>& visit);
    void wake();    // streams alone
    void sweep();   // calls due() where a deadline has passed: one timer for all connections

    // False when there are too many, or too many of this address.
    bool admit(const std::string& address);
    void dismiss(const std::string& address);

    std::string new_id();   // of a request: unique in this process, and hardly the same in the next

  private:
    template <class Choose>
    std::vector<std::shared_ptr<Member>> chosen(Choose choose);

    std::mutex lock_;
    std::unordered_map<const Member*, std::weak_ptr<Member>> members_;
    std::unordered_map<std::string, std::size_t> addresses_;
    std::uint32_t begin_;
    std::atomic<std::uint32_t> next_{0};
};

}  // namespace threatlas::serve::net
