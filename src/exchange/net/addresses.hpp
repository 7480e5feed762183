// Which addresses are for everybody and which lead into somebody's own network: what a stranger names may not be used to
// reach the latter.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace threatlas::exchange::net {

// As numbers: '192.0.2.1', '2001:db8::1', with or without '%eth0'. False for what is no address.
bool is_public(std::string_view address);

// '10.1.2.0/24', '127.0.0.1', 'fd00::/8'.
class Network {
  public:
    static core::Result<Network> parse(std::string_view text);   // bad_input
    bool holds(std::string_view address) const;

  private:
    std::array<std::uint8_t, 16> bytes_{};   // IPv4 as ::ffff:a.b.c.d
    int bits_ = 128;
};

}  // namespace threatlas::exchange::net
