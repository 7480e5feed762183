// A socket that says and hears exactly what a test wants. Loopback only.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace threatlas::serve::net {

class RawClient {
  public:
    // receive_buffer: of the kernel, bytes; 0: as usual.
    explicit RawClient(std::uint16_t port, int receive_buffer = 0) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        if (receive_buffer > 0) ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
        sockaddr_in to{};
        to.sin_family = AF_INET, to.sin_port = htons(port), to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        open_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
    }
    ~RawClient() { ::close(socket_); }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    bool open() const { return open_; }
    int socket() const { return socket_; }
    bool send(std::string_view bytes) const {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    void end() const { ::shutdown(socket_, SHUT_WR); }
    // False: the other side closed (ended()), or the time is over.
    bool receive(std::chrono::milliseconds time) {
        pollfd ready{socket_, POLLIN, 0};
        if (::poll(&ready, 1, static_cast<int>(time.count())) <= 0) return false;
        char block[16384];
        const ssize_t got = ::recv(socket_, block, sizeof block, 0);
        if (got <= 0) ended_ = true;
        else heard.append(block, static_cast<std::size_t>(got));
        return got > 0;
    }
    bool wait_for(std::string_view text, std::chrono::milliseconds time = std::chrono::seconds(10)) {
        const auto until = std::chrono::steady_clock::now() + time;
        while (heard.find(text) == std::string::npos)
            if (!receive(left(until)) && (ended_ || std::chrono::steady_clock::now() >= until)) return false;
        return true;
    }
    // Whether the other side closes in time.
    bool wait_for_end(std::chrono::milliseconds time = std::chrono::seconds(10)) {
        const auto until = std::chrono::steady_clock::now() + time;
        while (!ended_ && std::chrono::steady_clock::now() < until) receive(left(until));
        return ended_;
    }
    // Of the last answer's first line; 0: there is none.
    int status() const {
        const std::size_t at = heard.rfind("HTTP/1.1 ");
        return at == std::string::npos ? 0 : std::atoi(heard.c_str() + at + 9);
    }

    std::string heard;

  private:
    static std::chrono::milliseconds left(std::chrono::steady_clock::time_point until) {
        return std::max(std::chrono::milliseconds(0), std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()) + std::chrono::milliseconds(1));
    }
    int socket_;
    bool open_ = false, ended_ = false;
};

// Says it all, then hears until the server closes.
inline std::string exchange(std::uint16_t port, std::string_view sent) {
    RawClient client(port);
    client.send(sent);
    client.wait_for_end();
    return client.heard;
}

}  // namespace threatlas::serve::net
