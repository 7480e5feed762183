// One connection, from its handshake to its end: reads a request, hands it on, writes the answer, again.
// A state machine of callbacks on one strand; nothing here blocks.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <memory>

#include "serve/net/hub.hpp"

namespace threatlas::serve::net {

// Deletes itself with its last pending operation. tls: null for plain text.
void open_connection(std::shared_ptr<Hub> hub, boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls);

}  // namespace threatlas::serve::net
