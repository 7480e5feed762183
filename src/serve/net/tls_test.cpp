#include "serve/net/tls.hpp"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <filesystem>

#include "serve/net/client_test.hpp"
#include "serve/net/identity_test.hpp"

namespace threatlas::serve::net {
namespace {

using namespace std::chrono_literals;

// What comes back over TLS; empty when the handshake is refused.
std::string exchange_secure(std::uint16_t port, const std::string& sent, const Identity* who = nullptr, int newest = TLS1_3_VERSION) {
    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_max_proto_version(context, newest);
    if (who != nullptr) SSL_CTX_use_certificate(context, who->certificate), SSL_CTX_use_PrivateKey(context, who->key);
    RawClient client(port);
    SSL* tls = SSL_new(context);
    SSL_set_fd(tls, client.socket());
    std::string out;
    if (SSL_connect(tls) == 1 && SSL_write(tls, sent.data(), static_cast<int>(sent.size())) > 0) {
        char block[16384];
        for (int got = 0; (got = SSL_read(tls, block, sizeof block)) > 0;) out.append(block, static_cast<std::size_t>(got));
        EXPECT_EQ(SSL_version(tls), TLS1_3_VERSION);
        EXPECT_EQ(out.empty() || (SSL_get_shutdown(tls) & SSL_RECEIVED_SHUTDOWN) != 0, true) << "an end that is said, not a cut";
        SSL_shutdown(tls);
    }
    ERR_clear_error();
    SSL_free(tls);
    SSL_CTX_free(context);
    return out;
}

class TlsServer : public testing::Test {
  protected:
    const std::string folder = testing::TempDir();
    Identity authority{folder, "authority", nullptr}, stranger_authority{folder, "stranger_authority", nullptr};
    Identity server_identity{folder, "server", &authority}, machine{folder, "machine", &authority}, stranger{folder, "stranger", &stranger_authority};

    std::unique_ptr<Server> started(bool ask, bool require, const std::function<void(Limits&)>& change = [](Limits&) {}) {
        Options options;
        options.tls = {server_identity.certificate_file, server_identity.key_file, ask ? authority.certificate_file : "", require};
        change(options.limits);
        auto server = Server::start(options, [](const Request& request) {
            if (request.path == "/large") return text_response(200, std::string(3U << 20, 'z'));
            return text_response(200, std::string(request.peer.secure ? "secure " : "plain ") + "[" + request.peer.certificate + "] " + std::to_string(request.body.size()) + "\n");
        });
        EXPECT_TRUE(server.has_value());
        return std::move(*server);
    }
};

constexpr const char* kGet = "GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

TEST_F(TlsServer, SpeaksTls13AndNothingOlder) {
    const auto server = started(false, false);
    EXPECT_NE(exchange_secure(server->port(), kGet).find("secure []"), std::string::npos);
    EXPECT_EQ(exchange_secure(server->port(), kGet, nullptr, TLS1_2_VERSION), "");
    EXPECT_NE(exchange_secure(server->port(), kGet, &machine).find("secure [] 0"), std::string::npos) << "no certificate is asked for";
    EXPECT_GT(exchange_secure(server->port(), "GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").size(), 3U << 20);
    EXPECT_NE(exchange_secure(server->port(), "POST /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 200000\r\n\r\n" + std::string(200000, 'b')).find("] 200000"), std::string::npos);
    EXPECT_EQ(exchange_secure(server->port(), "GET / HTTP/1.1\nHost: x\n\n").find("HTTP/1.1 400"), 0U);
    EXPECT_EQ(exchange(server->port(), kGet).find("HTTP/1.1 200"), std::string::npos) << "plain text where TLS is spoken";
}

TEST_F(TlsServer, KnowsAMachineByItsCertificate) {
    const auto server = started(true, false);
    EXPECT_NE(exchange_secure(server->port(), kGet, &machine).find("secure [" + machine.fingerprint() + "]"), std::string::npos);
    EXPECT_NE(exchange_secure(server->port(), kGet).find("secure []"), std::string::npos);
    EXPECT_EQ(exchange_secure(server->port(), kGet, &stranger), "") << "signed by somebody else";
}

TEST_F(TlsServer, MayInsistOnACertificate) {
    const auto server = started(true, true);
    EXPECT_NE(exchange_secure(server->port(), kGet, &machine).find(machine.fingerprint()), std::string::npos);
    EXPECT_EQ(exchange_secure(server->port(), kGet), "");
}

TEST_F(TlsServer, ClosesSilentSockets) {
    const auto server = started(false, false, [](Limits& limits) { limits.handshake = 300ms; });
    std::vector<std::unique_ptr<RawClient>> silent;
    for (int i = 0; i < 100; ++i) silent.push_back(std::make_unique<RawClient>(server->port()));
    silent[0]->send("\x16\x03\x01\x02");   // the beginning of a hello
    EXPECT_NE(exchange_secure(server->port(), kGet).find("secure"), std::string::npos) << "others are served meanwhile";
    for (const auto& each : silent) EXPECT_TRUE(each->wait_for_end(5s));
    EXPECT_EQ(server->counts().timeouts, 100U);
}

TEST_F(TlsServer, SaysWhichFileIsWrong) {
    const auto wrong = [&](Tls tls) {
        Options options;
        options.tls = std::move(tls);
        const auto server = Server::start(options, [](const Request&) { return text_response(200, ""); });
        return server ? std::string("started") : server.error().where.source;
    };
    EXPECT_EQ(wrong({"/missing.crt", server_identity.key_file, "", false}), "/missing.crt");
    EXPECT_EQ(wrong({server_identity.certificate_file, machine.key_file, "", false}), machine.key_file);
    EXPECT_EQ(wrong({server_identity.certificate_file, server_identity.key_file, "/missing-ca.crt", false}), "/missing-ca.crt");
}

}  // namespace
}  // namespace threatlas::serve::net
