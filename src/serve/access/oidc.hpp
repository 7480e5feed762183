// Sign-in through a provider of OpenID Connect: authorization code with PKCE (RFC 7636), state bound to the browser by
// a cookie, nonce. Off without a settings file.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "serve/access/authentication.hpp"
#include "serve/route.hpp"

namespace threatlas::serve::access {

struct OidcSettings {
    std::string issuer;          // 'https://id.example': discovery is below it
    std::string client_id, client_secret;   // secret empty: a public client
    std::string redirect;        // 'https://threatlas.example/api/v1/oidc/callback'
    std::string name = "OpenID Connect";    // on the sign-in page
    bool allow_http = false;     // of a provider on loopback, for tests
};
// JSON with the fields above. not_found when there is no such file; not_allowed when others may read it; bad_input.
core::Result<OidcSettings> load_oidc_settings(const std::string& path);

// GET /api/v1/oidc (whether it is on), /oidc/start, /oidc/callback. Without settings the last two answer not_found.
// An account is linked for good at its first sign-in: by the one person who has the verified address, else by an open invitation to it.
Routes oidc_routes(std::shared_ptr<Access> access, std::optional<OidcSettings> settings);

}  // namespace threatlas::serve::access
