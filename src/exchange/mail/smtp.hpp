// Sends e-mails to one server (RFC 5321): EHLO, STARTTLS, AUTH PLAIN or LOGIN. Never a password in the clear, save on loopback.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "exchange/mail/message.hpp"

namespace threatlas::exchange::mail {

struct Server {
    std::string host, port = "587";
    std::string security = "starttls";   // starttls: nothing goes before it; tls: from the start; none: on loopback alone
    std::string user{}, password{};      // empty: none is shown
    std::string authorities{};           // PEM file; empty: the system's
    std::string called = "threatlas.invalid";   // what we say our name is
    std::chrono::milliseconds deadline{30'000};  // for each step, and five times as long for a message
};

struct Sent {
    enum class Outcome { sent, later, never } outcome = Outcome::later;   // later: worth another try
    std::string said;                    // the server's reply, or what happened; no secret
    bool secured = false;                // over TLS whose certificate was checked
};

// One connection for all; one outcome a message, in order. A message whose outcome is not known counts as `later`: it may then
// come twice, under the same Message-ID. bad_input: the settings are none.
core::Result<std::vector<Sent>> send(const Server& server, const std::vector<Message>& messages);

}  // namespace threatlas::exchange::mail
