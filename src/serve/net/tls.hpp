// TLS 1.3 only, by OpenSSL.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>

#include "core/result.hpp"
#include "serve/net/server.hpp"

namespace threatlas::serve::net {

// bad_input with OpenSSL's reason when a file cannot be read or the key is not the certificate's.
core::Result<std::unique_ptr<boost::asio::ssl::context>> tls_context(const Tls& tls);

}  // namespace threatlas::serve::net
