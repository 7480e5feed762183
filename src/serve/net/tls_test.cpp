#include "serve/net/tls.hpp"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <filesystem>
#include <thread>

#include "serve/net/client_test.hpp"

namespace threatlas::serve::net {
namespace {

using namespace std::chrono_literals;

// A key and a certificate in PEM files; signed by itself or by another.
struct Identity {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* certificate = X509_new();
    std::string certificate_file, key_file;

    Identity(const std::string& name, const Identity* signer) {
        const std::string base = (std::filesystem::path(testing::TempDir()) / ("threatlas_" + name)).string();
        certificate_file = base + ".crt", key_file = base + ".key";
        X509_set_version(certificate, 2);
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), signer == nullptr ? 1 : 2);
        X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
        X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
        X509_set_pubkey(certificate, key);
        X509_NAME* subject = X509_get_subject_name(certificate);
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
        X509_set_issuer_name(certificate, signer == nullptr ? subject : X509_get_subject_name(signer->certificate));
        if (signer == nullptr) {
            X509_EXTENSION* authority = X509V3_EXT_conf_nid(nullptr, nullptr, NID_basic_constraints, "critical,CA:TRUE");
            X509_add_ext(certificate, authority, -1);
            X509_EXTENSION_free(authority);
        }
        X509_sign(certificate, signer == nullptr ? key : signer->key, EVP_sha256());
        FILE* out = std::fopen(certificate_file.c_str(), "w");
        PEM_write_X509(out, certificate);
        std::fclose(out);
        out = std::fopen(key_file.c_str(), "w");
        PEM_write_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
        std::fclose(out);
    }
    ~Identity() {
        X509_free(certificate);
        EVP_PKEY_free(key);
        std::filesystem::remove(certificate_file), std::filesystem::remove(key_file);
    }
    Identity(const Identity&) = delete;
    Identity& operator=(const Identity&) = delete;

    std::string fingerprint() const {
        unsigned char digest[32];
        unsigned size = 0;
        X509_digest(certificate, EVP_sha256(), digest, &size);
        std::string out;
        for (const unsigned char each : digest) {
            char hex[3];
            std::snprintf(hex, sizeof hex, "%02x", each);
            out += hex;
        }
        return out;
    }
};

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
    Identity authority{"authority", nullptr}, stranger_authority{"stranger_authority", nullptr};
    Identity server_identity{"server", &authority}, machine{"machine", &authority}, stranger{"stranger", &stranger_authority};

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
