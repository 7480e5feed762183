#include "serve/net/events.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "serve/net/client_test.hpp"
#include "serve/net/server.hpp"

namespace threatlas::serve::net {
namespace {

using namespace std::chrono_literals;

TEST(Events, AreLinesThatNobodyCanAddTo) {
    std::string out;
    append_event(out, {7, "job\ndata: forged", "{\"a\":1}\r\nid: 9\n\nevent: forged"});
    EXPECT_EQ(out, "id: 7\nevent: job\ndata: {\"a\":1}\ndata: id: 9\ndata: \ndata: event: forged\n\n");
    EXPECT_EQ(last_event_id("17"), 17U);
    for (const char* other : {"", "x", "17x", "-1", " 17", "99999999999999999999999"}) EXPECT_FALSE(last_event_id(other)) << other;
}

// Events 1, 2, ... as many as there are.
struct Source {
    std::atomic<std::uint64_t> last{0};
    Response operator()(const Request&) {
        return Response{200, {{"Content-Type", "text/event-stream"}}, Events{[this](std::optional<std::uint64_t> after) {
            std::vector<Event> out;
            for (std::uint64_t id = after.value_or(0) + 1; id <= last; ++id) out.push_back({id, "job", "{\"n\":" + std::to_string(id) + "}"});
            return out;
        }}};
    }
};

std::unique_ptr<Server> started(Source& source, const std::function<void(Limits&)>& change = [](Limits&) {}) {
    Options options;
    change(options.limits);
    auto server = Server::start(options, [&](const Request& request) { return source(request); });
    EXPECT_TRUE(server.has_value());
    return std::move(*server);
}

constexpr const char* kAsk = "GET /events HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n";

TEST(Events, ComeWhenThereAreSomeAndResume) {
    Source source;
    source.last = 3;
    const auto server = started(source);
    RawClient fresh(server->port()), resuming(server->port());
    fresh.send(std::string(kAsk) + "\r\n"), resuming.send(std::string(kAsk) + "Last-Event-ID: 2\r\n\r\n");
    ASSERT_TRUE(fresh.wait_for("id: 3\nevent: job\ndata: {\"n\":3}\n\n")) << fresh.heard;
    ASSERT_TRUE(resuming.wait_for("id: 3\n")) << resuming.heard;
    EXPECT_NE(fresh.heard.find("id: 1\n"), std::string::npos);
    EXPECT_EQ(resuming.heard.find("id: 2\n"), std::string::npos);
    EXPECT_EQ(fresh.heard.find("gzip"), std::string::npos);
    source.last = 4;
    server->wake();
    EXPECT_TRUE(fresh.wait_for("id: 4\n", 2s));
    EXPECT_TRUE(resuming.wait_for("id: 4\n", 2s));
    EXPECT_EQ(server->counts().streams, 2U);
}

TEST(Events, StayAliveWithoutAnyAndAreCountedOut) {
    Source source;
    const auto server = started(source, [](Limits& limits) { limits.heartbeat = 100ms, limits.header = 200ms, limits.idle = 200ms, limits.streams = 1; });
    {
        RawClient client(server->port());
        client.send(std::string(kAsk) + "\r\n");
        EXPECT_TRUE(client.wait_for(": still here\n\n: still here\n\n: still here\n\n: still here\n\n", 5s)) << client.heard;
        EXPECT_EQ(exchange(server->port(), std::string(kAsk) + "Connection: close\r\n\r\n").find("HTTP/1.1 503"), 0U);
        EXPECT_EQ(server->counts().streams, 1U);
    }
    const auto until = std::chrono::steady_clock::now() + 5s;
    while (server->counts().streams > 0 && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(5ms);
    EXPECT_EQ(server->counts().streams, 0U) << "a reader that has gone is noticed at once, not at the next event";
    EXPECT_EQ(exchange(server->port(), "HEAD /events HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").find("HTTP/1.1 200"), 0U);
}

TEST(Events, EndWhenTheServerStops) {
    Source source;
    const auto server = started(source);
    RawClient client(server->port());
    client.send(std::string(kAsk) + "\r\n");
    ASSERT_TRUE(client.wait_for(": ready\n\n"));
    const auto began = std::chrono::steady_clock::now();
    server->stop();
    EXPECT_LT(std::chrono::steady_clock::now() - began, 2s);
    EXPECT_TRUE(client.wait_for_end(1s));
    EXPECT_EQ(server->counts().streams, 0U);
}

TEST(Events, ReachAThousandReadersWhoMissNothing) {
    Source source;
    const auto server = started(source);
    std::vector<std::unique_ptr<RawClient>> readers;
    for (int i = 0; i < 1000; ++i) {
        readers.push_back(std::make_unique<RawClient>(server->port()));
        ASSERT_TRUE(readers.back()->open()) << i;
        readers.back()->send(std::string(kAsk) + "\r\n");
    }
    const auto until = std::chrono::steady_clock::now() + 20s;
    while (server->counts().streams < 1000 && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(5ms);
    ASSERT_EQ(server->counts().streams, 1000U);
    for (int i = 0; i < 20; ++i) {
        ++source.last;
        server->wake();
        std::this_thread::sleep_for(5ms);
    }
    for (const auto& each : readers) {
        ASSERT_TRUE(each->wait_for("id: 20\n", 20s)) << each->heard;
        std::size_t at = 0;
        for (int id = 1; id <= 20; ++id) {
            const std::size_t found = each->heard.find("id: " + std::to_string(id) + "\n", at);
            ASSERT_NE(found, std::string::npos) << id;
            at = found + 1;
        }
    }
}

}  // namespace
}  // namespace threatlas::serve::net
