#include "exchange/http/client.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "exchange/http/answer_reader.hpp"

namespace threatlas::exchange::http {
namespace {

using core::ErrorCode;
using std::chrono::milliseconds;

// Says its lines one after the other, one a request, whatever is asked; keeps what was asked.
class Scripted {
  public:
    explicit Scripted(std::vector<std::string> lines, bool close_each = false) : lines_(std::move(lines)), close_each_(close_each) {
        socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET, address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&address), size), 0);
        EXPECT_EQ(::listen(socket_, 4), 0);
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { run(); });
    }
    ~Scripted() {
        ending_ = true;
        thread_.join();
        ::close(socket_);
    }
    std::string url(const std::string& path = "/") const { return "http://127.0.0.1:" + std::to_string(port_) + path; }
    std::vector<std::string> asked;
    std::atomic<int> connections{0};

  private:
    static bool readable(int socket) {
        pollfd one{socket, POLLIN, 0};
        return ::poll(&one, 1, 20) > 0;
    }
    void run() {
        std::size_t at = 0;
        while (!ending_ && at < lines_.size()) {
            if (!readable(socket_)) continue;
            const int peer = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
            ++connections;
            while (!ending_ && at < lines_.size()) {
                if (!readable(peer)) continue;
                char piece[65536];
                const auto got = ::recv(peer, piece, sizeof piece, 0);
                if (got <= 0) break;
                asked.emplace_back(piece, static_cast<std::size_t>(got));
                const std::string& line = lines_[at++];
                if (line == "silence") while (!ending_) std::this_thread::sleep_for(milliseconds(5));
                ::send(peer, line.data(), line.size(), MSG_NOSIGNAL);
                if (close_each_) break;
            }
            if (at < lines_.size() || close_each_) ::close(peer);
            else {
                while (!ending_) std::this_thread::sleep_for(milliseconds(5));
                ::close(peer);
            }
        }
    }
    std::vector<std::string> lines_;
    bool close_each_;
    int socket_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<bool> ending_{false};
    std::thread thread_;
};

TEST(HttpClient, AsksOverOneConnectionAndReadsLengthsAndChunks) {
    Scripted server({"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Word:  a b \r\n\r\nhello", "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=1\r\nde\r\n0\r\nT: 1\r\n\r\n", "HTTP/1.1 204 No Content\r\n\r\n"});
    Client client;
    const auto first = client.ask({.url = server.url("/x?y=1"), .headers = {{"Accept", "text/plain"}}});
    ASSERT_TRUE(first) << first.error().message;
    EXPECT_EQ(first->status, 200);
    EXPECT_EQ(first->body, "hello");
    EXPECT_EQ(first->header("x-word"), "a b");
    const auto second = client.ask({.method = "POST", .url = server.url(), .body = "{}"});
    ASSERT_TRUE(second) << second.error().message;
    EXPECT_EQ(second->status, 404);
    EXPECT_EQ(second->body, "abcde");
    ASSERT_TRUE(client.ask({.url = server.url()}));
    EXPECT_EQ(server.connections, 1);
    EXPECT_NE(server.asked[0].find("GET /x?y=1 HTTP/1.1\r\n"), std::string::npos);
    EXPECT_NE(server.asked[0].find("Accept: text/plain\r\n"), std::string::npos);
    EXPECT_NE(server.asked[1].find("Content-Length: 2\r\n"), std::string::npos);
}

TEST(HttpClient, OpensAnewWhatTheOtherEndClosed) {
    Scripted server({"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na", "HTTP/1.0 200 OK\r\n\r\nuntil the end"}, true);
    Client client;
    ASSERT_TRUE(client.ask({.url = server.url()}));
    const auto again = client.ask({.url = server.url()});
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again->body, "until the end");
    EXPECT_EQ(server.connections, 2);
}

TEST(HttpClient, RedirectsAreAnswersAndNotFollowed) {
    Scripted server({"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"});
    const auto answer = ask({.url = server.url(), .headers = {{"Authorization", basic("a", "b")}}});
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 302);
    EXPECT_EQ(server.connections, 1);
    EXPECT_EQ(basic("Aladdin", "open sesame"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

TEST(HttpClient, SlowLongBrokenAndAbsentServersAreErrors) {
    Scripted slow({"silence"});
    const auto late = ask({.url = slow.url(), .deadline = milliseconds(150)});
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, ErrorCode::unavailable);
    EXPECT_NE(late.error().message.find("in time"), std::string::npos) << late.error().message;
    Scripted endless({"HTTP/1.1 200 OK\r\n\r\n" + std::string(2000, 'x')});
    const auto much = ask({.url = endless.url(), .most = 1000});
    ASSERT_FALSE(much);
    EXPECT_EQ(much.error().code, ErrorCode::bad_input);
    Scripted promising({"HTTP/1.1 200 OK\r\nContent-Length: 100000000000\r\n\r\n"});
    EXPECT_FALSE(ask({.url = promising.url()}));
    Scripted breaking({"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"}, true);
    const auto half = ask({.url = breaking.url()});
    ASSERT_FALSE(half);
    EXPECT_EQ(half.error().code, ErrorCode::unavailable);
    const auto nobody = ask({.url = "http://127.0.0.1:1/"});
    ASSERT_FALSE(nobody);
    EXPECT_EQ(nobody.error().code, ErrorCode::unavailable);
}

TEST(HttpClient, RefusesAddressesAndHeadersThatHideSomething) {
    for (const char* url : {"http://example.org/", "ftp://127.0.0.1/", "https://", "https://a b/", "https://user:pass@host/", "https://host:port/", "https://host:123456/", "http://[::2]/", "https://h#x", "https://[::1/"})
        EXPECT_FALSE(place_of(url)) << url;
    EXPECT_EQ(place_of("https://[::1]:8443/x")->host, "[::1]");
    EXPECT_EQ(place_of("https://host?x=1")->path, "/?x=1");
    EXPECT_FALSE(ask({.url = "http://127.0.0.1:1/", .headers = {{"X", "a\r\nY: b"}}}));
    EXPECT_EQ(*resolve("https://h/taxii2/a", "/b/"), "https://h:443/b/");
    EXPECT_EQ(*resolve("https://h/taxii2/a", "b/"), "https://h:443/taxii2/b/");
    EXPECT_EQ(*resolve("https://h/", "https://other/c/"), "https://other/c/");
    EXPECT_FALSE(resolve("https://h/", "http://other/c/"));
}

core::Result<std::string> read(std::string_view text, std::size_t step, std::size_t most = 1000) {
    AnswerReader reader(most, false);
    for (std::size_t i = 0; i < text.size(); i += step) THREATLAS_CHECK(reader.take(text.substr(i, step)));
    THREATLAS_CHECK(reader.end());
    return reader.answer().body;
}

TEST(HttpAnswer, IsTheSameInPiecesOfAnySize) {
    const std::string text = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab\r\nc\r\n1\r\nx\r\n0\r\n\r\n";
    for (std::size_t step = 1; step < 30; ++step) EXPECT_EQ(read(text, step).value_or("error"), "ab\r\ncx") << step;
}

TEST(HttpAnswer, RefusesWhatIsOdd) {
    for (const char* text : {"SSH-2.0\r\n", "HTTP/1.1 2x0 OK\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                             "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
                             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab", "HTTP/1.1 200 OK\r\nA B: c\r\n\r\n"}) {
        const auto got = read(text, 7);
        EXPECT_FALSE(got) << text;
    }
    EXPECT_FALSE(read("HTTP/1.1 200 OK\r\nX: " + std::string(70000, 'x'), 1000));
}

}  // namespace
}  // namespace threatlas::exchange::http
