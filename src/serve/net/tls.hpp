// TLS 1.3 only, by OpenSSL.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "core/result.hpp"
#include "serve/net/server.hpp"

namespace threatlas::serve::net {

// bad_input with OpenSSL's reason when a file cannot be read or the key is not the certificate's.
core::Result<std::unique_ptr<boost::asio::ssl::context>> tls_context(const Tls& tls);

// SHA-256 of the verified certificate of the other side, hexadecimal; empty: none.
std::string fingerprint(SSL* connection);

}  // namespace threatlas::serve::net
