// The crowd: 2,000 idle connections and 200 that never finish what they began, while somebody honest asks. Prints what the
// honest one waits with and without the crowd; fails when that is too long, when a slow one is not closed at its deadline, or
// when an idle one was lost. Loopback only.
//   serve_load plain|tls          a server of its own, two loops
//   serve_load plain PORT PATH    a running one
#include <openssl/ssl.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <thread>
#include <vector>

#include "serve/net/client_test.hpp"
#include "serve/net/identity_test.hpp"
#include "serve/net/server.hpp"

using namespace threatlas::serve::net;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int kIdle = 2000, kSlow = 200;
constexpr double kTarget = 50;   // milliseconds, the 99th of a hundred

// A connection that keeps alive, plain or TLS.
class Caller {
  public:
    Caller(std::uint16_t port, SSL_CTX* context) : line_(port) {
        if (context == nullptr) return;
        tls_ = SSL_new(context);
        SSL_set_fd(tls_, line_.socket());
        if (SSL_connect(tls_) != 1) failed_ = true;
    }
    ~Caller() { SSL_free(tls_); }
    Caller(const Caller&) = delete;
    Caller& operator=(const Caller&) = delete;

    bool say(const std::string& text) {
        if (failed_ || !line_.open()) return false;
        return tls_ == nullptr ? line_.send(text) : SSL_write(tls_, text.data(), static_cast<int>(text.size())) > 0;
    }
    // One answer that has a length; its status, 0: none came.
    int ask(const std::string& path) {
        if (!say("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n")) return 0;
        std::string heard;
        for (;;) {
            const std::size_t end = heard.find("\r\n\r\n"), length = heard.find("Content-Length: ");
            if (end != std::string::npos && length != std::string::npos && heard.size() >= end + 4 + std::stoul(heard.substr(length + 16))) return std::atoi(heard.c_str() + 9);
            char block[8192];
            const auto got = tls_ == nullptr ? ::recv(line_.socket(), block, sizeof block, 0) : SSL_read(tls_, block, sizeof block);
            if (got <= 0) return 0;
            heard.append(block, static_cast<std::size_t>(got));
        }
    }
    bool ended(std::chrono::milliseconds time) { return line_.wait_for_end(time); }

  private:
    RawClient line_;
    SSL* tls_ = nullptr;
    bool failed_ = false;
};

struct Waited {
    double p50 = 0, p99 = 0, most = 0;
    int failed = 0;
    std::size_t asked = 0;
};

// Eight callers, a hundred times a second each.
Waited measure(std::uint16_t port, SSL_CTX* context, const std::string& path, std::chrono::seconds time) {
    std::vector<std::vector<double>> each(8);
    std::atomic<int> failed{0};
    std::vector<std::thread> threads;
    for (auto& mine : each)
        threads.emplace_back([&] {
            Caller caller(port, context);
            caller.ask(path);
            for (auto next = Clock::now(), until = next + time; next < until; next += 10ms) {
                std::this_thread::sleep_until(next);
                const auto began = Clock::now();
                failed += caller.ask(path) != 200;
                mine.push_back(std::chrono::duration<double, std::milli>(Clock::now() - began).count());
            }
        });
    for (auto& thread : threads) thread.join();
    std::vector<double> all;
    for (const auto& mine : each) all.insert(all.end(), mine.begin(), mine.end());
    std::sort(all.begin(), all.end());
    return {all[all.size() / 2], all[all.size() * 99 / 100], all.back(), failed, all.size()};
}

void print(const char* what, const Waited& w) {
    std::printf("%-14s %zu requests: median %.2f ms, p99 %.2f ms, longest %.2f ms, %d failed\n", what, w.asked, w.p50, w.p99, w.most, w.failed);
    std::fflush(stdout);
}

bool check(bool good, const char* what) {
    if (!good) std::printf("FAILED: %s\n", what);
    return good;
}

// Says a letter now and then, never the end.
void dawdle(const std::vector<std::unique_ptr<Caller>>& slow, const std::atomic<bool>& stop) {
    while (!stop) {
        for (const auto& each : slow) each->say("a");
        std::this_thread::sleep_for(1s);
    }
}

}  // namespace

int main(int argc, char** argv) {
    const bool secure = argc > 1 && std::strcmp(argv[1], "tls") == 0;
    const std::string path = argc > 3 ? argv[3] : "/page";
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);

    std::unique_ptr<Server> own;
    const std::string folder = std::filesystem::temp_directory_path();
    const Identity identity(folder, "load", nullptr);
    std::uint16_t port = argc > 2 ? static_cast<std::uint16_t>(std::atoi(argv[2])) : 0;
    if (port == 0) {
        Options options;
        if (secure) options.tls = {identity.certificate_file, identity.key_file, "", false};
        options.limits.header = 6s, options.limits.handshake = 4s;
        auto server = Server::start(options, [](const Request&) { return text_response(200, std::string(2000, 'p')); });
        if (!server) return std::printf("%s\n", server.error().message.c_str()), 1;
        own = std::move(*server), port = own->port();
    }
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(secure ? SSL_CTX_new(TLS_client_method()) : nullptr, &SSL_CTX_free);

    const Waited before = measure(port, context.get(), path, 4s);
    print("alone:", before);

    std::vector<std::unique_ptr<Caller>> idle, slow;
    bool good = true;
    for (int i = 0; i < kIdle; ++i) {
        idle.push_back(std::make_unique<Caller>(port, context.get()));
        if (idle.back()->ask(path) != 200) return std::printf("FAILED: idle connection %d is not answered\n", i), 1;
    }
    // Half of the slow ones over TLS never get further than their hello.
    for (int i = 0; i < kSlow; ++i) {
        slow.push_back(std::make_unique<Caller>(port, secure && i % 2 == 0 ? context.get() : nullptr));
        slow.back()->say(secure && i % 2 == 1 ? std::string("\x16\x03\x01") : "GET /slow HTTP/1.1\r\nHost: x\r\nX: ");
    }
    std::atomic<bool> stop{false};
    std::thread dawdling([&] { dawdle(slow, stop); });
    const auto began = Clock::now();
    const Waited during = measure(port, context.get(), path, 4s);
    print("in the crowd:", during);

    int open = 0;
    for (const auto& each : slow) open += !each->ended(std::max(1ms, std::chrono::duration_cast<std::chrono::milliseconds>(began + 15s - Clock::now())));
    stop = true;
    dawdling.join();
    std::printf("slow ones still open after their deadline: %d of %d\n", open, kSlow);
    int kept = 0;
    for (const auto& each : idle) kept += each->ask(path) == 200;
    std::printf("idle ones still served: %d of %d\n", kept, kIdle);
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    if (own) std::printf("server and clients together: %ld MiB\n", usage.ru_maxrss / 1024);

    good &= check(before.failed + during.failed == 0, "every honest request is answered");
    // On a machine that is slow without the crowd as well, the crowd may not make it three times worse.
    good &= check(during.p99 < std::max(kTarget, 3 * before.p99), "p99 in the crowd below 50 ms");
    good &= check(open == 0, "slow ones are closed");
    good &= check(kept == kIdle, "idle ones are kept");
    idle.clear(), slow.clear();
    return good ? 0 : 1;
}
