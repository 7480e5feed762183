// ID tokens of OpenID Connect: a JSON Web Signature checked with OpenSSL against the provider's keys, then its
// claims. RS256 and ES256 alone: what else is offered ('none', HS256) is refused, whatever the token says of itself.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace threatlas::serve::access {

struct Expected {
    std::string issuer, audience, nonce;
    std::int64_t now = 0;
};

struct IdClaims {
    std::string issuer, subject, email, name;   // e-mail: empty unless the provider calls it verified
};

// jwks: the provider's document {"keys": [...]}. not_allowed, in words, for a token that proves nothing; bad_input for
// keys that cannot be read. A minute of difference between clocks is allowed. At most 16 KiB of token.
core::Result<IdClaims> verify_id_token(std::string_view token, std::string_view jwks, const Expected& expected);

}  // namespace threatlas::serve::access
