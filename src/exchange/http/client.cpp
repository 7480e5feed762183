#include "exchange/http/client.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>

#include "exchange/http/answer_reader.hpp"

namespace threatlas::exchange::http {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;
using Moment = std::chrono::steady_clock::time_point;

tl::unexpected<core::Error> unreached(const Place& place, const std::string& why) { return fail(ErrorCode::unavailable, "the server at " + place.host + ":" + place.port + " " + why); }

struct Free {
    void operator()(SSL* each) const { SSL_free(each); }
    void operator()(SSL_CTX* each) const { SSL_CTX_free(each); }
};

}  // namespace

// A socket that never waits beyond the deadline. TLS works on memory, so that one loop reads and writes for both.
struct Client::Line {
    Place place;
    int socket = -1;
    std::unique_ptr<SSL_CTX, Free> context;
    std::unique_ptr<SSL, Free> tls;

    Line() = default;
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;
    ~Line() {
        tls.reset();
        if (socket >= 0) ::close(socket);
    }

    // False: the deadline came first.
    bool wait(short what, Moment until) const {
        for (;;) {
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
            if (left <= 0) return false;
            pollfd one{socket, what, 0};
            const int ready = ::poll(&one, 1, static_cast<int>(std::min<std::int64_t>(left, 60'000)));
            if (ready > 0) return true;
            if (ready < 0 && errno != EINTR) return false;
        }
    }

    // The other side has closed it, or says what nobody asked for.
    bool ended() const {
        pollfd one{socket, POLLIN, 0};
        return ::poll(&one, 1, 0) != 0;
    }

    Result<void> connect(Moment until) {
        addrinfo hints{};
        hints.ai_socktype = SOCK_STREAM;
        addrinfo* found = nullptr;
        const std::string host = place.host.starts_with('[') ? place.host.substr(1, place.host.size() - 2) : place.host;
        if (::getaddrinfo(host.c_str(), place.port.c_str(), &hints, &found) != 0) return unreached(place, "is not known");
        const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, &::freeaddrinfo);
        for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
            socket = ::socket(each->ai_family, each->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, each->ai_protocol);
            if (socket < 0) continue;
            int error = ::connect(socket, each->ai_addr, each->ai_addrlen) == 0 ? 0 : errno;
            if (error == EINPROGRESS && wait(POLLOUT, until)) {
                socklen_t size = sizeof error;
                ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
            }
            if (error == 0) {
                const int on = 1;
                ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
                return {};
            }
            ::close(socket), socket = -1;
        }
        return unreached(place, "is not reached");
    }

    Result<void> secure(const Trust& trust, Moment until) {
        context.reset(SSL_CTX_new(TLS_client_method()));
        if (!context || SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1) return unreached(place, "is not reached: TLS does not start");
        const bool known = trust.authorities.empty() ? SSL_CTX_set_default_verify_paths(context.get()) == 1 : SSL_CTX_load_verify_locations(context.get(), trust.authorities.c_str(), nullptr) == 1;
        if (!known) return fail(ErrorCode::bad_input, "this is no PEM file of authorities", {trust.authorities, 0, ""});
        if (!trust.certificate.empty()) {
            if (SSL_CTX_use_certificate_chain_file(context.get(), trust.certificate.c_str()) != 1) return fail(ErrorCode::bad_input, "this is no PEM file of a certificate", {trust.certificate, 0, ""});
            const std::string& key = trust.key.empty() ? trust.certificate : trust.key;
            if (SSL_CTX_use_PrivateKey_file(context.get(), key.c_str(), SSL_FILETYPE_PEM) != 1) return fail(ErrorCode::bad_input, "this is no PEM file of the certificate's key", {key, 0, ""});
        }
        SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
        tls.reset(SSL_new(context.get()));
        if (!tls) return unreached(place, "is not reached: TLS does not start");
        const bool number = place.host.starts_with('[') || place.host.find_first_not_of("0123456789.") == std::string::npos;
        const std::string host = place.host.starts_with('[') ? place.host.substr(1, place.host.size() - 2) : place.host;
        if (number ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls.get()), host.c_str()) != 1 : SSL_set1_host(tls.get(), host.c_str()) != 1 || SSL_set_tlsext_host_name(tls.get(), host.c_str()) != 1) return unreached(place, "has a name that no certificate has");
        SSL_set_bio(tls.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
        SSL_set_connect_state(tls.get());
        for (;;) {
            const int done = SSL_do_handshake(tls.get()), error = done == 1 ? 0 : SSL_get_error(tls.get(), done);
            if (!flush(until)) return unreached(place, "does not answer in time");
            if (done == 1) return {};
            if (error != SSL_ERROR_WANT_READ) return unreached(place, SSL_get_verify_result(tls.get()) != X509_V_OK ? "does not show a certificate that is trusted here" : "does not agree on TLS");
            if (const int got = fill(until); got <= 0) return unreached(place, got == 0 ? "breaks off TLS: it may want a client's certificate" : "does not answer in time");
        }
    }

    bool send_raw(std::string_view bytes, Moment until) const {
        while (!bytes.empty()) {
            const auto sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
            else if ((errno != EAGAIN && errno != EINTR) || !wait(POLLOUT, until)) return false;
        }
        return true;
    }
    // What TLS has to say goes out.
    bool flush(Moment until) const {
        std::array<char, 16 * 1024> piece{};
        for (;;) {
            const int size = BIO_read(SSL_get_wbio(tls.get()), piece.data(), static_cast<int>(piece.size()));
            if (size <= 0) return true;
            if (!send_raw({piece.data(), static_cast<std::size_t>(size)}, until)) return false;
        }
    }
    // As of recv(): 0 the end, less than 0 an error or the deadline.
    int receive_raw(char* into, std::size_t size, Moment until) const {
        for (;;) {
            const auto got = ::recv(socket, into, size, 0);
            if (got >= 0) return static_cast<int>(got);
            if ((errno != EAGAIN && errno != EINTR) || !wait(POLLIN, until)) return -1;
        }
    }
    int fill(Moment until) const {
        std::array<char, 16 * 1024> piece{};
        const int got = receive_raw(piece.data(), piece.size(), until);
        if (got > 0) BIO_write(SSL_get_rbio(tls.get()), piece.data(), got);
        return got;
    }

    bool send(std::string_view bytes, Moment until) {
        if (!tls) return send_raw(bytes, until);
        while (!bytes.empty()) {
            const int size = static_cast<int>(std::min<std::size_t>(bytes.size(), 64 * 1024)), sent = SSL_write(tls.get(), bytes.data(), size);
            if (!flush(until)) return false;
            if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
            else if (SSL_get_error(tls.get(), sent) != SSL_ERROR_WANT_READ || fill(until) <= 0) return false;
        }
        return true;
    }
    // 0: the end, which over TLS the other side must have said.
    int receive(char* into, std::size_t size, Moment until) {
        if (!tls) return receive_raw(into, size, until);
        for (;;) {
            const int got = SSL_read(tls.get(), into, static_cast<int>(size)), error = got > 0 ? 0 : SSL_get_error(tls.get(), got);
            if (!flush(until)) return -1;
            if (got > 0) return got;
            if (error == SSL_ERROR_ZERO_RETURN) return 0;
            if (error != SSL_ERROR_WANT_READ || fill(until) <= 0) return -1;
        }
    }
};

Client::Client(Trust trust) : trust_(std::move(trust)) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

Result<Answer> Client::ask(const Ask& request) {
    THREATLAS_TRY(const Place place, place_of(request.url));
    const auto odd = [](std::string_view text) { return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }); };
    const bool whole = !request.body.empty() || request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
    const bool usual = place.port == (place.tls ? "443" : "80");
    std::string head = request.method + " " + place.path + " HTTP/1.1\r\nHost: " + place.host + (usual ? "" : ":" + place.port) + "\r\nUser-Agent: threatlas\r\nAccept-Encoding: identity\r\n";
    for (const auto& [name, value] : request.headers) {
        if (odd(name) || odd(value) || name.empty()) return fail(ErrorCode::bad_input, "the header '" + name + "' holds a line break");
        head += name + ": " + value + "\r\n";
    }
    if (whole) head += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
    head += "\r\n";
    const Moment until = std::chrono::steady_clock::now() + request.deadline;
    for (;;) {
        if (line_ && (line_->place.origin() != place.origin() || line_->ended())) line_.reset();
        const bool kept = line_ != nullptr;
        if (!kept) {
            line_ = std::make_unique<Line>();
            line_->place = place;
            auto opened = line_->connect(until);
            if (opened && place.tls) opened = line_->secure(trust_, until);
            if (!opened) return line_.reset(), tl::unexpected(opened.error());
        }
        const std::unique_ptr<Line> line = std::move(line_);   // gone unless the answer is whole
        AnswerReader reader(request.most, request.method == "HEAD");
        // A large body may be refused while it is sent: the answer is read all the same.
        const bool small = request.body.size() <= 16 * 1024;   // head and body in one packet
        const bool sent = small ? line->send(head + request.body, until) : line->send(head, until) && line->send(request.body, until);
        std::string piece(64 * 1024, '\0');
        int got = 1;
        while (!reader.done() && (got = line->receive(piece.data(), piece.size(), until)) > 0)
            if (auto taken = reader.take({piece.data(), static_cast<std::size_t>(got)}); !taken) return fail(taken.error().code, taken.error().message, {place.origin(), 0, ""});
        if (!reader.begun() && kept && !whole && std::chrono::steady_clock::now() < until) continue;   // closed while it lay idle
        if (!reader.done() && (got < 0 || !reader.end())) return unreached(place, std::chrono::steady_clock::now() + std::chrono::milliseconds(1) >= until ? "does not answer in time" : !sent && !reader.begun() ? "does not take the request" : "breaks off its answer");
        if (reader.keeps() && sent) line_ = std::make_unique<Line>(), std::swap(line_->socket, line->socket), std::swap(line_->tls, line->tls), std::swap(line_->context, line->context), line_->place = place;
        return std::move(reader.answer());
    }
}

Result<Answer> ask(const Ask& request, const Trust& trust) { return Client(trust).ask(request); }

}  // namespace threatlas::exchange::http
