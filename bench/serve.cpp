// A responder for bench/serve.sh: bench_serve bare|quick|worker|tls PORT. 'bare' is the least that the same library can do
// (its own HTTP types, one shared context, a thread a core); the others are this server with the same page.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

#include "serve/net/identity_test.hpp"
#include "serve/net/server.hpp"

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

std::string page() {
    std::string out = R"({"items":[)";
    for (int i = 0; i < 25; ++i) out += std::string(i > 0 ? "," : "") + R"({"threat":"drugs.heroin","rank":)" + std::to_string(i) + R"(,"low":1,"high":9,"band":"A"})";
    return out + "]}";
}

class Bare : public std::enable_shared_from_this<Bare> {
  public:
    explicit Bare(tcp::socket socket) : stream_(std::move(socket)) {}
    void read() {
        request_ = {};
        stream_.expires_after(std::chrono::seconds(30));
        http::async_read(stream_, buffer_, request_, [self = shared_from_this()](beast::error_code error, std::size_t) {
            if (!error) self->write();
        });
    }

  private:
    void write() {
        static const std::string text = page();
        response_ = http::response<http::string_body>(http::status::ok, 11);
        response_.set(http::field::content_type, "application/json");
        response_.body() = text;
        response_.keep_alive(request_.keep_alive());
        response_.prepare_payload();
        http::async_write(stream_, response_, [self = shared_from_this()](beast::error_code error, std::size_t) {
            if (!error) self->read();
        });
    }
    beast::tcp_stream stream_;
    beast::flat_buffer buffer_;
    http::request<http::string_body> request_;
    http::response<http::string_body> response_;
};

void accept(asio::io_context& loop, tcp::acceptor& acceptor) {
    acceptor.async_accept(asio::make_strand(loop), [&](beast::error_code error, tcp::socket socket) {
        if (error) return;
        socket.set_option(tcp::no_delay(true), error);
        std::make_shared<Bare>(std::move(socket))->read();
        accept(loop, acceptor);
    });
}

int bare(std::uint16_t port) {
    asio::io_context loop;
    tcp::acceptor acceptor(loop, {asio::ip::make_address("127.0.0.1"), port});
    accept(loop, acceptor);
    std::thread second([&] { loop.run(); });
    loop.run();
    second.join();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    using namespace threatlas::serve::net;
    if (argc != 3) return std::puts("bench_serve bare|quick|worker|tls PORT"), 2;
    const std::string kind = argv[1];
    const auto port = static_cast<std::uint16_t>(std::atoi(argv[2]));
    if (kind == "bare") return bare(port);
    const Response cached{200, {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}, {"ETag", "\"0123456789abcdef\""}}, std::make_shared<const std::string>(page())};
    Options options;
    options.port = port;
    const Identity identity("/tmp", "bench", nullptr);
    if (kind == "tls") options.tls = {identity.certificate_file, identity.key_file, "", false};
    if (kind != "worker") options.quick = [&](const Request&) { return cached; };
    const auto server = Server::start(options, [&](const Request&) { return cached; });
    if (!server) return std::printf("%s\n", server.error().message.c_str()), 1;
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM), sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, nullptr);
    int which = 0;
    sigwait(&ends, &which);
    const Counts counts = (*server)->counts();
    std::fprintf(stderr, "%s: %llu requests\n", kind.c_str(), static_cast<unsigned long long>(counts.requests));
    return 0;
}
