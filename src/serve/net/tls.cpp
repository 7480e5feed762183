#include "serve/net/tls.hpp"

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>

#include "core/hexadecimal.hpp"

namespace threatlas::serve::net {

namespace ssl = boost::asio::ssl;

core::Result<std::unique_ptr<ssl::context>> tls_context(const Tls& tls) {
    auto context = std::make_unique<ssl::context>(ssl::context::tls_server);
    boost::system::error_code error;
    const auto failed = [&](const std::string& what, const std::string& file) { return core::fail(core::ErrorCode::bad_input, what + " cannot be used: " + error.message(), {file, 0, ""}); };
    SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_3_VERSION);
    SSL_CTX_set_options(context->native_handle(), SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(context->native_handle(), SSL_MODE_RELEASE_BUFFERS);   // thousands of idle connections
    context->use_certificate_chain_file(tls.certificate, error);
    if (error) return failed("the certificate", tls.certificate);
    context->use_private_key_file(tls.key, ssl::context::pem, error);
    if (error) return failed("the private key", tls.key);
    if (SSL_CTX_check_private_key(context->native_handle()) != 1) return core::fail(core::ErrorCode::bad_input, "the private key is not the certificate's", {tls.key, 0, ""});
    if (!tls.client_authority.empty()) {
        context->load_verify_file(tls.client_authority, error);
        if (error) return failed("the authority of client certificates", tls.client_authority);
        context->set_verify_mode(tls.client_required ? ssl::verify_peer | ssl::verify_fail_if_no_peer_cert : ssl::verify_peer, error);
        // A session taken up again would bring no certificate with it.
        SSL_CTX_set_session_cache_mode(context->native_handle(), SSL_SESS_CACHE_OFF);
        SSL_CTX_set_num_tickets(context->native_handle(), 0);
    }
    return context;
}

std::string fingerprint(SSL* connection) {
    X509* certificate = SSL_get0_peer_certificate(connection);
    if (certificate == nullptr || SSL_get_verify_result(connection) != X509_V_OK) return {};
    std::array<unsigned char, 32> digest{};
    unsigned size = 0;
    if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1 || size != digest.size()) return {};
    return core::hexadecimal(digest);
}

}  // namespace threatlas::serve::net
