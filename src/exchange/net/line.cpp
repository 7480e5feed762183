#include "exchange/net/line.hpp"

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

namespace threatlas::exchange::net {

using core::ErrorCode;
using core::fail;
using core::Result;

void Line::Free::operator()(SSL* each) const { SSL_free(each); }
void Line::Free::operator()(SSL_CTX* each) const { SSL_CTX_free(each); }

Line::~Line() {
    tls_.reset();
    if (socket_ >= 0) ::close(socket_);
}

tl::unexpected<core::Error> Line::unreached(const std::string& why) const { return fail(ErrorCode::unavailable, "the server at " + host_ + ":" + port_ + " " + why); }

bool Line::wait(short what, Moment until) const {
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
        if (left <= 0) return false;
        pollfd one{socket_, what, 0};
        const int ready = ::poll(&one, 1, static_cast<int>(std::min<std::int64_t>(left, 60'000)));
        if (ready > 0) return true;
        if (ready < 0 && errno != EINTR) return false;
    }
}

bool Line::ended() const {
    pollfd one{socket_, POLLIN, 0};
    return ::poll(&one, 1, 0) != 0;
}

Result<void> Line::connect(Moment until, const Reachable& reachable) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const std::string host = host_.starts_with('[') ? host_.substr(1, host_.size() - 2) : host_;
    if (::getaddrinfo(host.c_str(), port_.c_str(), &hints, &found) != 0) return unreached("is not known");
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, &::freeaddrinfo);
    bool forbidden = false;
    for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
        if (reachable) {
            std::array<char, NI_MAXHOST> numbers{};
            if (::getnameinfo(each->ai_addr, each->ai_addrlen, numbers.data(), numbers.size(), nullptr, 0, NI_NUMERICHOST) != 0 || !reachable(numbers.data())) {
                forbidden = true;
                continue;
            }
        }
        socket_ = ::socket(each->ai_family, each->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, each->ai_protocol);
        if (socket_ < 0) continue;
        int error = ::connect(socket_, each->ai_addr, each->ai_addrlen) == 0 ? 0 : errno;
        if (error == EINPROGRESS && wait(POLLOUT, until)) {
            socklen_t size = sizeof error;
            ::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size);
        }
        if (error == 0) {
            const int on = 1;
            ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            return {};
        }
        ::close(socket_), socket_ = -1;
    }
    if (forbidden) return unreached("has an address that nothing is sent to from here");
    return unreached("is not reached");
}

Result<void> Line::secure(const Trust& trust, Moment until) {
    context_.reset(SSL_CTX_new(TLS_client_method()));
    if (!context_ || SSL_CTX_set_min_proto_version(context_.get(), TLS1_2_VERSION) != 1) return unreached("is not reached: TLS does not start");
    const bool known = trust.authorities.empty() ? SSL_CTX_set_default_verify_paths(context_.get()) == 1 : SSL_CTX_load_verify_locations(context_.get(), trust.authorities.c_str(), nullptr) == 1;
    if (!known) return fail(ErrorCode::bad_input, "this is no PEM file of authorities", {trust.authorities, 0, ""});
    if (!trust.certificate.empty()) {
        if (SSL_CTX_use_certificate_chain_file(context_.get(), trust.certificate.c_str()) != 1) return fail(ErrorCode::bad_input, "this is no PEM file of a certificate", {trust.certificate, 0, ""});
        const std::string& key = trust.key.empty() ? trust.certificate : trust.key;
        if (SSL_CTX_use_PrivateKey_file(context_.get(), key.c_str(), SSL_FILETYPE_PEM) != 1) return fail(ErrorCode::bad_input, "this is no PEM file of the certificate's key", {key, 0, ""});
    }
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    tls_.reset(SSL_new(context_.get()));
    if (!tls_) return unreached("is not reached: TLS does not start");
    const bool number = host_.starts_with('[') || host_.find_first_not_of("0123456789.") == std::string::npos;
    const std::string host = host_.starts_with('[') ? host_.substr(1, host_.size() - 2) : host_;
    if (number ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls_.get()), host.c_str()) != 1 : SSL_set1_host(tls_.get(), host.c_str()) != 1 || SSL_set_tlsext_host_name(tls_.get(), host.c_str()) != 1) return unreached("has a name that no certificate has");
    SSL_set_bio(tls_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_connect_state(tls_.get());
    for (;;) {
        const int done = SSL_do_handshake(tls_.get()), error = done == 1 ? 0 : SSL_get_error(tls_.get(), done);
        if (!flush(until)) return unreached("does not answer in time");
        if (done == 1) return {};
        if (error != SSL_ERROR_WANT_READ) return unreached(SSL_get_verify_result(tls_.get()) != X509_V_OK ? "does not show a certificate that is trusted here" : "does not agree on TLS");
        if (const int got = fill(until); got <= 0) return unreached(got == 0 ? "breaks off TLS: it may want a client's certificate" : "does not answer in time");
    }
}

bool Line::send_raw(std::string_view bytes, Moment until) const {
    while (!bytes.empty()) {
        const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
        else if ((errno != EAGAIN && errno != EINTR) || !wait(POLLOUT, until)) return false;
    }
    return true;
}

bool Line::flush(Moment until) const {
    std::array<char, 16 * 1024> piece{};
    for (;;) {
        const int size = BIO_read(SSL_get_wbio(tls_.get()), piece.data(), static_cast<int>(piece.size()));
        if (size <= 0) return true;
        if (!send_raw({piece.data(), static_cast<std::size_t>(size)}, until)) return false;
    }
}

int Line::receive_raw(char* into, std::size_t size, Moment until) const {
    for (;;) {
        const auto got = ::recv(socket_, into, size, 0);
        if (got >= 0) return static_cast<int>(got);
        if ((errno != EAGAIN && errno != EINTR) || !wait(POLLIN, until)) return -1;
    }
}

int Line::fill(Moment until) const {
    std::array<char, 16 * 1024> piece{};
    const int got = receive_raw(piece.data(), piece.size(), until);
    if (got > 0) BIO_write(SSL_get_rbio(tls_.get()), piece.data(), got);
    return got;
}

bool Line::send(std::string_view bytes, Moment until) {
    if (!tls_) return send_raw(bytes, until);
    while (!bytes.empty()) {
        const int size = static_cast<int>(std::min<std::size_t>(bytes.size(), 64 * 1024)), sent = SSL_write(tls_.get(), bytes.data(), size);
        if (!flush(until)) return false;
        if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
        else if (SSL_get_error(tls_.get(), sent) != SSL_ERROR_WANT_READ || fill(until) <= 0) return false;
    }
    return true;
}

int Line::receive(char* into, std::size_t size, Moment until) {
    if (!tls_) return receive_raw(into, size, until);
    for (;;) {
        const int got = SSL_read(tls_.get(), into, static_cast<int>(size)), error = got > 0 ? 0 : SSL_get_error(tls_.get(), got);
        if (!flush(until)) return -1;
        if (got > 0) return got;
        if (error == SSL_ERROR_ZERO_RETURN) return 0;
        if (error != SSL_ERROR_WANT_READ || fill(until) <= 0) return -1;
    }
}

}  // namespace threatlas::exchange::net
