#include "serve/net/server.hpp"

#include <gtest/gtest.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <thread>

namespace threatlas::serve::net {
namespace {

namespace asio = boost::asio;

// Everything that comes back for these bytes until the server closes.
std::string exchange(std::uint16_t port, const std::string& sent) {
    asio::io_context loop;
    asio::ip::tcp::socket socket(loop);
    socket.connect({asio::ip::make_address("127.0.0.1"), port});
    boost::system::error_code error;
    asio::write(socket, asio::buffer(sent), error);
    std::string out;
    asio::read(socket, asio::dynamic_buffer(out), error);
    return out;
}

std::unique_ptr<Server> echo(Options options = {}) {
    auto server = Server::start(options, [](const Request& request) {
        if (request.path == "/pieces") {
            auto count = std::make_shared<int>(0);
            return Response{200, {{"Content-Type", "text/plain"}}, Pieces([count](std::string& piece) -> core::Result<bool> {
                if (*count == 3) return false;
                piece = "piece " + std::to_string((*count)++) + "\n";
                return true;
            })};
        }
        if (request.path == "/slow") std::this_thread::sleep_for(std::chrono::milliseconds(300));
        if (request.path == "/throw") throw std::runtime_error("a secret");
        return text_response(200, request.method + " " + request.path + " " + request.parameter("q").value_or("-") + " " + (request.spooled ? std::to_string(request.spooled->bytes()) : request.body) + "\n");
    });
    EXPECT_TRUE(server.has_value());
    return std::move(*server);
}

TEST(Server, KeepsAliveAnswersInOrderAndCloses) {
    const auto server = echo();
    const std::string said = exchange(server->port(), "GET /a?q=1%202 HTTP/1.1\r\nHost: x\r\n\r\nPOST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc");
    const std::size_t first = said.find("GET /a 1 2"), second = said.find("POST /b - abc");
    EXPECT_NE(first, std::string::npos) << said;
    EXPECT_NE(second, std::string::npos) << said;
    EXPECT_LT(first, second);
    EXPECT_EQ(server->counts().requests, 2U);
}

TEST(Server, SendsPiecesAsChunks) {
    const auto server = echo();
    const std::string said = exchange(server->port(), "GET /pieces HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_NE(said.find("Transfer-Encoding: chunked"), std::string::npos);
    EXPECT_NE(said.find("8\r\npiece 0\n\r\n8\r\npiece 1\n\r\n8\r\npiece 2\n\r\n0\r\n\r\n"), std::string::npos) << said;
}

TEST(Server, AFailingHandlerTellsNothing) {
    const auto server = echo();
    const std::string said = exchange(server->port(), "GET /throw HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(said.find("HTTP/1.1 500"), 0U);
    EXPECT_EQ(said.find("secret"), std::string::npos);
}

TEST(Server, FinishesWhatIsUnderWayWhenStopped) {
    const auto server = echo();
    std::string said;
    std::thread client([&] { said = exchange(server->port(), "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"); });
    while (server->counts().requests == 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    server->stop();
    client.join();
    EXPECT_NE(said.find("GET /slow"), std::string::npos) << said;
}

TEST(Server, RefusesWhatIsAmbiguous) {
    const auto server = echo();
    for (const char* sent : {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 3\r\n\r\nabc", "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
                             "GET /a/../b HTTP/1.1\r\nHost: x\r\n\r\n", "GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n", "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n"}) {
        const std::string said = exchange(server->port(), std::string(sent) + "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n");
        EXPECT_EQ(said.find("HTTP/1.1 400"), 0U) << sent << said;
        EXPECT_EQ(said.find("hidden"), std::string::npos) << sent;
    }
}

}  // namespace
}  // namespace threatlas::serve::net
