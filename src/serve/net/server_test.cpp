#include "serve/net/server.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <atomic>
#include <filesystem>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "serve/net/client_test.hpp"

namespace threatlas::serve::net {
namespace {

using namespace std::chrono_literals;

const std::string kLong(5000, 'x');

// Answers with what it was asked; some addresses do something else.
Response answer(const Request& request) {
    if (request.path == "/pieces" || request.path == "/broken") {
        const bool broken = request.path == "/broken";
        auto count = std::make_shared<int>(0);
        return Response{200, {{"Content-Type", "text/plain"}}, Pieces([count, broken](std::string& piece) -> core::Result<bool> {
            if (*count == 3) return false;
            if (broken && *count == 2) return core::fail(core::ErrorCode::unavailable, "the disk is gone");
            piece = "piece " + std::to_string((*count)++) + "\n";
            return true;
        })};
    }
    if (request.path == "/slow") std::this_thread::sleep_for(300ms);
    if (request.path == "/throw") throw std::runtime_error("a secret");
    if (request.path == "/long") return text_response(200, kLong).with("ETag", "\"tag\"");
    if (request.path == "/picture") return Response{200, {{"Content-Type", "image/png"}}, kLong};
    if (request.path == "/large") return Response{200, {{"Content-Type", "image/png"}}, std::string(64U << 20, 'y')};
    if (request.path == "/split") return text_response(200, "a").with("X-Split", "a\r\nX-Injected: b");
    if (request.path == "/nothing") return Response{204, {}, std::string()};
    return text_response(200, request.method + " " + request.path + " " + request.parameter("q").value_or("-") + " " + (request.spooled ? "spooled " + std::to_string(request.spooled->bytes()) : request.body) + "\n");
}

std::unique_ptr<Server> started(Options options = {}, Handler handler = answer) {
    auto server = Server::start(options, std::move(handler));
    EXPECT_TRUE(server.has_value());
    return std::move(*server);
}

Options with(const std::function<void(Limits&)>& change) {
    Options options;
    change(options.limits);
    return options;
}

std::string get(const std::string& path, const std::string& headers = "", const std::string& method = "GET") { return method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + "\r\n"; }

std::string body_of(const std::string& heard) { return heard.substr(heard.find("\r\n\r\n") + 4); }

std::string unpacked(const std::string& packed) {
    z_stream z{};
    inflateInit2(&z, 15 + 16);
    std::string out(1 << 20, '\0');
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data())), z.avail_in = static_cast<uInt>(packed.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data()), z.avail_out = static_cast<uInt>(out.size());
    const int ended = inflate(&z, Z_FINISH);
    out.resize(z.total_out);
    inflateEnd(&z);
    return ended == Z_STREAM_END ? out : "not gzip";
}

std::string unchunked(std::string_view body) {
    std::string out;
    while (!body.empty()) {
        const std::size_t size = std::stoul(std::string(body), nullptr, 16);
        body.remove_prefix(body.find("\r\n") + 2);
        out += body.substr(0, size);
        body.remove_prefix(size + 2);
    }
    return out;
}

TEST(Server, KeepsAliveAnswersInOrderAndCloses) {
    const auto server = started();
    const std::string said = exchange(server->port(), "GET /a?q=1%202 HTTP/1.1\r\nHost: x\r\n\r\nPOST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc");
    const std::size_t first = said.find("GET /a 1 2"), second = said.find("POST /b - abc");
    EXPECT_NE(first, std::string::npos) << said;
    EXPECT_NE(second, std::string::npos) << said;
    EXPECT_LT(first, second);
    EXPECT_NE(said.find("\r\nDate: "), std::string::npos);
    EXPECT_EQ(server->counts().requests, 2U);
}

TEST(Server, ClosesAfterAnHttp10Request) {
    const auto server = started();
    const std::string said = exchange(server->port(), "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /b HTTP/1.0\r\n\r\n");
    EXPECT_NE(said.find("GET /a"), std::string::npos) << said;
    EXPECT_NE(said.find("Connection: close"), std::string::npos);
    EXPECT_EQ(said.find("GET /b"), std::string::npos);
    EXPECT_EQ(exchange(server->port(), "GET /pieces HTTP/1.0\r\n\r\n").find("chunked"), std::string::npos);
}

TEST(Server, IgnoresUpgrades) {
    const auto server = started();
    const std::string said = exchange(server->port(), get("/a", "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"));
    EXPECT_EQ(said.find("HTTP/1.1 200"), 0U) << said;
}

TEST(Server, SendsPiecesAsChunks) {
    const auto server = started();
    const std::string said = exchange(server->port(), get("/pieces"));
    EXPECT_NE(said.find("Transfer-Encoding: chunked"), std::string::npos);
    EXPECT_NE(said.find("8\r\npiece 0\n\r\n8\r\npiece 1\n\r\n8\r\npiece 2\n\r\n0\r\n\r\n"), std::string::npos) << said;
}

TEST(Server, CutsWhatBreaksHalfWayAndNotesIt) {
    Options options;
    std::mutex lock;
    std::string noted;
    options.noted = [&](const Peer& peer, int status, const std::string& sentence) {
        const std::lock_guard guard(lock);
        noted += peer.address + " " + std::to_string(status) + " " + sentence + "\n";
    };
    const auto server = started(options);
    const std::string said = exchange(server->port(), get("/broken"));
    exchange(server->port(), "GET /secret HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n");
    exchange(server->port(), get("/throw"));
    server->stop();
    EXPECT_NE(noted.find("broke half-way: the disk is gone\n"), std::string::npos) << noted;
    EXPECT_NE(noted.find("127.0.0.1 400 a header line is folded\n"), std::string::npos) << noted;
    EXPECT_NE(noted.find("a secret\n"), std::string::npos) << noted;
    EXPECT_EQ(noted.find("/secret"), std::string::npos) << "what was sent stays out of the log";
    EXPECT_NE(said.find("piece 1"), std::string::npos) << said;
    EXPECT_EQ(said.find("0\r\n\r\n"), std::string::npos) << "an end that is none";
}

TEST(Server, CompressesWhatIsWorthIt) {
    const auto server = started();
    const std::string packed = exchange(server->port(), get("/long", "Accept-Encoding: br, gzip\r\n"));
    EXPECT_NE(packed.find("Content-Encoding: gzip\r\n"), std::string::npos);
    EXPECT_NE(packed.find("Vary: Accept-Encoding\r\n"), std::string::npos);
    EXPECT_NE(packed.find("ETag: W/\"tag\"\r\n"), std::string::npos);
    EXPECT_EQ(unpacked(body_of(packed)), kLong);
    for (const char* refusing : {"", "Accept-Encoding: br\r\n", "Accept-Encoding: gzip;q=0\r\n"}) {
        const std::string plain = exchange(server->port(), get("/long", refusing));
        EXPECT_EQ(plain.find("Content-Encoding"), std::string::npos) << refusing;
        EXPECT_EQ(body_of(plain), kLong) << refusing;
    }
    EXPECT_EQ(exchange(server->port(), get("/picture", "Accept-Encoding: gzip\r\n")).find("Content-Encoding"), std::string::npos);
    EXPECT_EQ(exchange(server->port(), get("/a", "Accept-Encoding: gzip\r\n")).find("Content-Encoding"), std::string::npos) << "too short";
    const std::string pieces = exchange(server->port(), get("/pieces", "Accept-Encoding: gzip\r\n"));
    EXPECT_NE(pieces.find("Content-Encoding: gzip\r\n"), std::string::npos);
    EXPECT_EQ(unpacked(unchunked(body_of(pieces))), "piece 0\npiece 1\npiece 2\n");
}

TEST(Server, AnswersHeadWithoutABody) {
    const auto server = started();
    const std::string said = exchange(server->port(), "HEAD /long HTTP/1.1\r\nHost: x\r\n\r\nHEAD /pieces HTTP/1.1\r\nHost: x\r\n\r\n" + get("/a"));
    EXPECT_NE(said.find("Content-Length: 5000\r\n"), std::string::npos) << said;
    EXPECT_EQ(said.find("xxxx"), std::string::npos);
    EXPECT_EQ(said.find("piece 0"), std::string::npos);
    EXPECT_NE(said.find("GET /a"), std::string::npos) << "the connection goes on";
    EXPECT_EQ(exchange(server->port(), get("/nothing")).find("Content-Length"), std::string::npos);
}

TEST(Server, AFailingHandlerTellsNothing) {
    const auto server = started();
    const std::string said = exchange(server->port(), get("/throw"));
    EXPECT_EQ(said.find("HTTP/1.1 500"), 0U);
    EXPECT_EQ(said.find("secret"), std::string::npos);
    EXPECT_EQ(exchange(server->port(), get("/split")).find("X-Injected"), std::string::npos);
}

TEST(Server, AsksTheQuickOneFirst) {
    Options options;
    options.quick = [](const Request& request) {
        if (request.path == "/throw") throw std::runtime_error("a secret");
        return request.path == "/cached" ? Response{200, {{"Content-Type", "text/plain"}}, std::make_shared<const std::string>("from memory")} : Response{0, {}, std::string()};
    };
    const auto server = started(options);
    EXPECT_EQ(body_of(exchange(server->port(), get("/cached"))), "from memory");
    EXPECT_NE(exchange(server->port(), get("/a")).find("GET /a"), std::string::npos);
    EXPECT_EQ(exchange(server->port(), get("/throw")).find("HTTP/1.1 500"), 0U);
}

TEST(Server, TellsToGoOnAndSpools) {
    Options options = with([](Limits& limits) { limits.body_in_memory = 1000; });
    options.spool_folder = testing::TempDir();
    const auto server = started(options);
    RawClient client(server->port());
    client.send("POST /b HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5000\r\n\r\n");
    ASSERT_TRUE(client.wait_for("HTTP/1.1 100 Continue\r\n\r\n"));
    client.send(kLong);
    EXPECT_TRUE(client.wait_for("spooled 5000")) << client.heard;
}

TEST(Server, FinishesWhatIsUnderWayWhenStopped) {
    const auto server = started();
    RawClient idle(server->port());
    std::string said;
    std::thread client([&] { said = exchange(server->port(), "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"); });
    while (server->counts().requests == 0) std::this_thread::sleep_for(2ms);
    const auto began = std::chrono::steady_clock::now();
    server->stop();
    EXPECT_LT(std::chrono::steady_clock::now() - began, 3s) << "idle ones are not waited for";
    client.join();
    EXPECT_NE(said.find("GET /slow"), std::string::npos) << said;
    EXPECT_NE(said.find("Connection: close"), std::string::npos);
    EXPECT_TRUE(idle.wait_for_end(1s));
    EXPECT_FALSE(RawClient(server->port()).open());
    EXPECT_EQ(server->counts().open, 0U);
}

TEST(Server, RefusesAndClosesOnWhatIsAmbiguous) {
    const auto server = started();
    for (const char* sent : {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 3\r\n\r\nabc", "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\nHost: x\n\n",
                             "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n", "GET /a/../b HTTP/1.1\r\nHost: x\r\n\r\n", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n"}) {
        const std::string said = exchange(server->port(), std::string(sent) + "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n");
        EXPECT_EQ(said.find("HTTP/1.1 400"), 0U) << sent << said;
        EXPECT_EQ(said.find("hidden"), std::string::npos) << sent;
    }
    EXPECT_EQ(server->counts().malformed, 7U);
    EXPECT_EQ(exchange(server->port(), "GET /" + std::string(20000, 'a')).find("HTTP/1.1 414"), 0U);
    EXPECT_EQ(exchange(server->port(), "GET / HTTP/1.1\r\nX: " + std::string(40000, 'a')).find("HTTP/1.1 431"), 0U);
    EXPECT_EQ(exchange(server->port(), "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n" + std::string(1 << 20, 'a')).find("HTTP/1.1 413"), 0U) << "the answer arrives though the body was under way";
}

TEST(Server, ClosesSlowHeadsAndBodiesWithAWord) {
    const auto server = started(with([](Limits& limits) { limits.header = 200ms, limits.body_window = 200ms, limits.body_rate = 1000; }));
    RawClient head(server->port()), body(server->port()), honest(server->port());
    head.send("GET / HTTP/1.1\r\nHost");
    body.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
    honest.send("POST /honest HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\nConnection: close\r\n\r\n");
    for (int i = 0; i < 10 && honest.send(std::string(200, 'h')); ++i) {   // above the floor, longer than one window
        head.send(i % 2 == 0 ? "a" : "b"), body.send("c");                 // a byte now and then does not help
        std::this_thread::sleep_for(60ms);
    }
    EXPECT_TRUE(head.wait_for_end(5s));
    EXPECT_EQ(head.status(), 408) << head.heard;
    EXPECT_TRUE(body.wait_for_end(5s));
    EXPECT_EQ(body.status(), 408) << body.heard;
    EXPECT_TRUE(honest.wait_for("POST /honest", 5s)) << honest.heard;
    EXPECT_GE(server->counts().timeouts, 2U);
}

TEST(Server, ClosesIdleOnes) {
    const auto server = started(with([](Limits& limits) { limits.idle = 200ms; }));
    RawClient never(server->port()), once(server->port());
    once.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(once.wait_for("GET /a"));
    EXPECT_TRUE(never.wait_for_end(5s));
    EXPECT_TRUE(once.wait_for_end(5s));
    EXPECT_EQ(never.heard, "");
}

TEST(Server, CutsSlowReaders) {
    const auto server = started(with([](Limits& limits) { limits.write = 300ms; }));
    RawClient client(server->port(), 4096);
    client.send(get("/large"));
    EXPECT_TRUE(client.wait_for("HTTP/1.1 200", 20s));
    const auto until = std::chrono::steady_clock::now() + 20s;
    while (server->counts().open > 0 && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(20ms);
    EXPECT_EQ(server->counts().open, 0U);
    EXPECT_GE(server->counts().timeouts, 1U);
    EXPECT_LT(server->counts().bytes_out, 64U << 20);
}

TEST(Server, TurnsAwayWhoIsTooMany) {
    const auto server = started(with([](Limits& limits) { limits.connections_each = 2; }));
    RawClient a(server->port()), b(server->port());
    a.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n"), b.send("GET /b HTTP/1.1\r\nHost: x\r\n\r\n");
    ASSERT_TRUE(a.wait_for("GET /a") && b.wait_for("GET /b"));
    RawClient c(server->port());
    EXPECT_TRUE(c.wait_for_end());
    EXPECT_EQ(c.status(), 503);
    EXPECT_EQ(server->counts().refused, 1U);
}

TEST(Server, SaysWhenTooManyWait) {
    Options options = with([](Limits& limits) { limits.waiting = 1; });
    options.workers = 1;
    const auto server = started(options);
    RawClient first(server->port()), second(server->port());
    first.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
    while (server->counts().requests == 0) std::this_thread::sleep_for(1ms);
    std::this_thread::sleep_for(50ms);   // the worker has it
    second.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
    while (server->counts().requests == 1) std::this_thread::sleep_for(1ms);
    EXPECT_EQ(exchange(server->port(), get("/a")).find("HTTP/1.1 503"), 0U);
    EXPECT_TRUE(second.wait_for("GET /slow")) << second.heard;
}

}  // namespace
}  // namespace threatlas::serve::net
