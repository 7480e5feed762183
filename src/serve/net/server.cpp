#include "serve/net/server.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <thread>

#include "serve/net/connection.hpp"
#include "serve/net/hub.hpp"
#include "serve/net/tls.hpp"

namespace threatlas::serve::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Code = boost::system::error_code;

// A connection is a file: as many as the system lets us.
void raise_file_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

// Deadlines are looked at so often: late by an eighth of the shortest at most.
std::chrono::milliseconds tick_of(const Limits& limits) {
    const auto shortest = std::min({limits.handshake, limits.header, limits.idle, limits.write, limits.body_window, limits.heartbeat});
    return std::clamp(shortest / 8, std::chrono::milliseconds(5), std::chrono::milliseconds(250));
}

class Listening final : public Server {
  public:
    Listening(std::shared_ptr<Hub> hub, std::unique_ptr<asio::ssl::context> tls)
        : hub_(std::move(hub)), tls_(std::move(tls)), acceptor_(first()), pause_(first()), sweeping_(first()), tick_(tick_of(hub_->options.limits)) {
        for (const auto& each : hub_->loops) kept_busy_.emplace_back(each->get_executor());
    }
    ~Listening() override { stop(); }

    core::Result<void> listen(const std::string& address, std::uint16_t port) {
        Code error;
        const auto parsed = asio::ip::make_address(address, error);
        if (error) return core::fail(core::ErrorCode::bad_usage, "'" + address + "' is no address to listen on: give an IP address, 127.0.0.1 for this machine alone");
        const tcp::endpoint where(parsed, port);
        acceptor_.open(where.protocol(), error);
        if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
        if (!error) acceptor_.bind(where, error);
        if (!error) acceptor_.listen(4096, error);
        if (error) return core::fail(core::ErrorCode::unavailable, "cannot listen on " + address + ":" + std::to_string(port) + ": " + error.message() + "; is another program there? Choose another port");
        port_ = acceptor_.local_endpoint().port();
        accept();
        sweep();
        for (const auto& each : hub_->loops) threads_.emplace_back([loop = each.get()] { loop->run(); });
        return {};
    }

    std::uint16_t port() const override { return port_; }
    void wake() override { hub_->wake(); }

    void stop() override {
        if (stopped_.exchange(true)) return;
        hub_->stopping = true;
        asio::post(first(), [this] {
            Code ignored;
            acceptor_.close(ignored);
            pause_.cancel();
        });
        hub_->for_each([](Hub::Member& each) { each.end(); });
        wait(hub_->options.limits.grace);
        hub_->for_each([](Hub::Member& each) { each.cut(); });
        hub_->workers.join();
        // What a worker ended late has posted is let through; then nothing is left to run.
        wait(std::chrono::seconds(1));
        for (const auto& each : hub_->loops) each->stop();
        for (auto& each : threads_) each.join();
    }

    Counts counts() const override {
        const auto& c = hub_->counted;
        return {c.connections, c.open, c.refused, c.requests, c.streams, c.timeouts, c.malformed, c.bytes_in, c.bytes_out};
    }

  private:
    asio::io_context& first() { return *hub_->loops.front(); }

    void wait(std::chrono::milliseconds time) const {
        const auto until = Hub::Clock::now() + time;
        while (hub_->counted.open > 0 && Hub::Clock::now() < until) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }

    // On the first loop alone; connections go to the loops in turn.
    void accept() {
        auto& loop = *hub_->loops[turn_++ % hub_->loops.size()];
        acceptor_.async_accept(loop, [this](const Code& error, tcp::socket socket) {
            if (error == asio::error::operation_aborted || hub_->stopping) return;
            if (!error) {
                open_connection(hub_, std::move(socket), tls_.get());
                return accept();
            }
            // No file left, or a peer that was gone at once: a moment later it may do.
            pause_.expires_after(std::chrono::milliseconds(20));
            pause_.async_wait([this](const Code& cancelled) { if (!cancelled) accept(); });
        });
    }

    void sweep() {
        sweeping_.expires_after(tick_);
        sweeping_.async_wait([this](const Code& error) {
            if (error) return;
            hub_->sweep();
            sweep();
        });
    }

    std::shared_ptr<Hub> hub_;
    std::unique_ptr<asio::ssl::context> tls_;
    tcp::acceptor acceptor_;
    asio::steady_timer pause_, sweeping_;
    std::chrono::milliseconds tick_;
    std::vector<asio::executor_work_guard<asio::io_context::executor_type>> kept_busy_;
    std::vector<std::thread> threads_;
    std::size_t turn_ = 0;
    std::uint16_t port_ = 0;
    std::atomic<bool> stopped_{false};
};

}  // namespace

core::Result<std::unique_ptr<Server>> Server::start(const Options& options, Handler handler) {
    raise_file_limit();
    std::unique_ptr<asio::ssl::context> tls;
    if (!options.tls.certificate.empty()) {
        THREATLAS_TRY(tls, tls_context(options.tls));
    }
    auto server = std::make_unique<Listening>(std::make_shared<Hub>(options, std::move(handler)), std::move(tls));
    THREATLAS_CHECK(server->listen(options.address, options.port));
    return std::unique_ptr<Server>(std::move(server));
}

}  // namespace threatlas::serve::net
