#include "serve/access/fetch.hpp"

#include <netdb.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cctype>
#include <chrono>
#include <memory>
#include <optional>

#include "core/text.hpp"

namespace threatlas::serve::access {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;

constexpr std::size_t kMost = 1024 * 1024;

struct Place {
    std::string host, port, path;
    bool tls = true;
};

Result<Place> place_of(const Fetch& request) {
    Place place;
    std::string_view rest = request.url;
    const auto odd = [] { return fail(ErrorCode::bad_input, "the provider's address must begin with https:// (http:// on loopback, for tests, with \"allow_http\": true)"); };
    if (rest.starts_with("https://")) rest.remove_prefix(8);
    else if (rest.starts_with("http://") && request.allow_http) rest.remove_prefix(7), place.tls = false;
    else return odd();
    for (const char each : rest)
        if (static_cast<unsigned char>(each) <= 0x20 || static_cast<unsigned char>(each) >= 0x7f || each == '#' || each == '@' || each == '\\') return odd();
    const auto slash = rest.find_first_of("/?");
    const std::string_view authority = rest.substr(0, slash);
    place.path = slash == std::string_view::npos ? "/" : std::string(rest.substr(slash));
    if (place.path.front() == '?') place.path.insert(place.path.begin(), '/');
    const auto colon = authority.rfind(':');
    place.host = authority.substr(0, colon);
    place.port = colon == std::string_view::npos ? (place.tls ? "443" : "80") : std::string(authority.substr(colon + 1));
    if (place.host.empty() || place.port.empty() || place.port.size() > 5 || place.port.find_first_not_of("0123456789") != std::string::npos) return odd();
    if (!place.tls && place.host != "127.0.0.1" && place.host != "localhost") return odd();
    return place;
}

tl::unexpected<core::Error> unreached(const Place& place, const std::string& why) { return fail(ErrorCode::unavailable, "the sign-in provider at " + place.host + " " + why); }

class Line {
  public:
    Line() = default;
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;
    ~Line() {
        tls_.reset();
        if (socket_ >= 0) ::close(socket_);
    }

    Result<void> open(const Place& place) {
        addrinfo hints{};
        hints.ai_socktype = SOCK_STREAM;
        addrinfo* found = nullptr;
        if (::getaddrinfo(place.host.c_str(), place.port.c_str(), &hints, &found) != 0) return unreached(place, "is not known");
        const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, &::freeaddrinfo);
        const timeval limit{5, 0};
        for (const addrinfo* each = found; each != nullptr && socket_ < 0; each = each->ai_next) {
            socket_ = ::socket(each->ai_family, each->ai_socktype | SOCK_CLOEXEC, each->ai_protocol);
            if (socket_ < 0) continue;
            ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
            ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);   // of connecting as well
            if (::connect(socket_, each->ai_addr, each->ai_addrlen) != 0) ::close(socket_), socket_ = -1;
        }
        if (socket_ < 0) return unreached(place, "is not reached");
        if (!place.tls) return {};
        const std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
        if (!context || SSL_CTX_set_default_verify_paths(context.get()) != 1 || SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1) return unreached(place, "is not reached: TLS does not start");
        SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
        tls_.reset(SSL_new(context.get()));
        if (!tls_ || SSL_set1_host(tls_.get(), place.host.c_str()) != 1 || SSL_set_tlsext_host_name(tls_.get(), place.host.c_str()) != 1 || SSL_set_fd(tls_.get(), socket_) != 1 || SSL_connect(tls_.get()) != 1) return unreached(place, "does not show a certificate that this machine trusts");
        return {};
    }
    bool send(std::string_view text) {
        while (!text.empty()) {
            const auto sent = tls_ ? static_cast<ssize_t>(SSL_write(tls_.get(), text.data(), static_cast<int>(text.size()))) : ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            text.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    // Nothing: an error. Empty: the end.
    std::optional<std::string> receive() {
        std::string piece(16 * 1024, '\0');
        const auto got = tls_ ? static_cast<ssize_t>(SSL_read(tls_.get(), piece.data(), static_cast<int>(piece.size()))) : ::recv(socket_, piece.data(), piece.size(), 0);
        if (got < 0 || (got == 0 && tls_ && SSL_get_error(tls_.get(), 0) != SSL_ERROR_ZERO_RETURN)) return std::nullopt;
        piece.resize(static_cast<std::size_t>(got));
        return piece;
    }

  private:
    struct Free {
        void operator()(SSL* each) const { SSL_free(each); }
    };
    int socket_ = -1;
    std::unique_ptr<SSL, Free> tls_;
};

// What Content-Length promises; nothing: it is not stated.
std::optional<std::size_t> promised(const std::string& head) {
    for (const std::string& line : core::split(head, '\n')) {
        const auto colon = line.find(':');
        if (colon == std::string::npos || core::lower_ascii(line.substr(0, colon)) != "content-length") continue;
        const auto number = core::parse_number(core::trim(std::string_view(line).substr(colon + 1)));
        return number && *number >= 0 && *number <= 1e9 ? static_cast<std::size_t>(*number) : kMost + 1;
    }
    return std::nullopt;
}

}  // namespace

std::string form_escaped(std::string_view text) {
    static constexpr char kHex[] = "0123456789ABCDEF";
    std::string out;
    for (const char each : text) {
        const auto byte = static_cast<unsigned char>(each);
        if (byte < 0x80 && (std::isalnum(byte) != 0 || each == '-' || each == '.' || each == '_' || each == '~')) out += each;
        else out += '%', out += kHex[byte >> 4], out += kHex[byte & 15];
    }
    return out;
}

Result<std::string> fetch(const Fetch& request) {
    THREATLAS_TRY(const Place place, place_of(request));
    Line line;
    THREATLAS_CHECK(line.open(place));
    std::string text = (request.form.empty() ? "GET " : "POST ") + place.path + " HTTP/1.0\r\nHost: " + place.host + ":" + place.port + "\r\nAccept: application/json\r\nConnection: close\r\nUser-Agent: threatlas\r\n";
    if (!request.authorization.empty()) text += "Authorization: " + request.authorization + "\r\n";
    if (!request.form.empty()) text += "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " + std::to_string(request.form.size()) + "\r\n";
    if (!line.send(text + "\r\n" + request.form)) return unreached(place, "does not listen");
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    std::string answer;
    std::size_t head = std::string::npos;
    std::optional<std::size_t> length;
    for (;;) {
        const auto piece = line.receive();
        if (!piece) return unreached(place, "breaks off its answer");
        if (piece->empty()) break;
        answer += *piece;
        if (answer.size() > kMost || std::chrono::steady_clock::now() > until) return unreached(place, "answers too much or too slowly");
        if (head == std::string::npos && (head = answer.find("\r\n\r\n")) != std::string::npos) length = promised(answer.substr(0, head));
        if (head != std::string::npos && length && answer.size() - head - 4 >= *length) break;
    }
    if (head == std::string::npos || !answer.starts_with("HTTP/1.") || answer.size() < 12) return unreached(place, "does not answer in HTTP");
    if (answer.compare(9, 3, "200") != 0) return unreached(place, "answers with status " + answer.substr(9, 3));
    std::string body = answer.substr(head + 4);
    if (length && body.size() != *length) return unreached(place, "breaks off its answer");
    return body;
}

}  // namespace threatlas::serve::access
