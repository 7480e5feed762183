#include "exchange/net/addresses.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace threatlas::exchange::net {
namespace {

using Bytes = std::array<std::uint8_t, 16>;

std::optional<Bytes> bytes_of(std::string_view text) {
    const std::string plain(text.substr(0, text.find('%')));
    Bytes out{};
    if (::inet_pton(AF_INET6, plain.c_str(), out.data()) == 1) return out;
    std::array<std::uint8_t, 4> four{};
    if (::inet_pton(AF_INET, plain.c_str(), four.data()) != 1) return std::nullopt;
    out = {};
    out[10] = out[11] = 0xff;
    std::copy(four.begin(), four.end(), out.begin() + 12);
    return out;
}

bool same_start(const Bytes& a, const Bytes& b, int bits) {
    for (int i = 0; i < bits; ++i)
        if (((a[static_cast<std::size_t>(i / 8)] ^ b[static_cast<std::size_t>(i / 8)]) >> (7 - i % 8) & 1) != 0) return false;
    return true;
}

const std::vector<Network>& own_networks() {
    static const std::vector<Network> all = [] {
        std::vector<Network> out;
        for (const char* each : {"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
                                 "2001::/32", "2001:db8::/32", "2002::/16"})   // the last and the first carry an IPv4 address
            out.push_back(*Network::parse(each));
        return out;
    }();
    return all;
}

}  // namespace

core::Result<Network> Network::parse(std::string_view text) {
    const auto slash = text.find('/');
    const auto bytes = bytes_of(text.substr(0, slash));
    const bool four = text.substr(0, slash).find(':') == std::string_view::npos;
    int bits = four ? 32 : 128;
    if (bytes && slash != std::string_view::npos) {
        const std::string_view number = text.substr(slash + 1);
        int said = -1;
        const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), said);
        bits = error == std::errc() && end == number.data() + number.size() && said >= 0 && said <= bits ? said : -1;
    }
    if (!bytes || bits < 0) return core::fail(core::ErrorCode::bad_input, "'" + std::string(text.substr(0, 60)) + "' is no address or network such as 10.1.2.0/24");
    Network out;
    out.bytes_ = *bytes, out.bits_ = four ? bits + 96 : bits;
    return out;
}

bool Network::holds(std::string_view address) const {
    const auto bytes = bytes_of(address);
    return bytes && same_start(*bytes, bytes_, bits_);
}

bool is_public(std::string_view address) {
    const auto bytes = bytes_of(address);
    if (!bytes) return false;
    const bool four = same_start(*bytes, *bytes_of("0.0.0.0"), 96);
    if (!four && ((*bytes)[0] & 0xe0) != 0x20) return false;   // of IPv6 only 2000::/3 is given out
    return std::none_of(own_networks().begin(), own_networks().end(), [&](const Network& each) { return each.holds(address); });
}

}  // namespace threatlas::exchange::net
