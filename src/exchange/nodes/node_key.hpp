// The key of a node: Ed25519 (RFC 8032, libsodium). Its seed lies in a file outside the database; its public half is on
// the node's card.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace threatlas::exchange::nodes {

class NodeKey {
  public:
    static core::Result<NodeKey> fresh();
    // 64 hexadecimal digits, whatever white space around. bad_input otherwise.
    static core::Result<NodeKey> of_seed(std::string_view hexadecimal);
    ~NodeKey();                     // wipes it
    NodeKey(const NodeKey&) = default;
    NodeKey& operator=(const NodeKey&) = default;

    std::string seed() const;       // for its file, and nothing else
    std::string open() const;       // public half, hexadecimal
    std::string sign(std::string_view text) const;   // hexadecimal

  private:
    NodeKey() = default;
    std::array<unsigned char, 64> secret_{};
};

// False for anything that is not this key's signature over this text, keys of small order among it.
bool is_signed(std::string_view text, std::string_view signature, std::string_view public_key);
bool is_public_key(std::string_view hexadecimal);
// What people compare over the telephone: 'a1b2 c3d4 ...', the first 16 bytes of the key's SHA-256.
std::string fingerprint(std::string_view public_key);

}  // namespace threatlas::exchange::nodes
