// Certificates made for a test.
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cstdio>
#include <string>

namespace threatlas::serve::net {

// A key and a certificate in PEM files; signed by itself or by another.
struct Identity {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* certificate = X509_new();
    std::string certificate_file, key_file;

    // folder: of the two files, which go with this.
    Identity(const std::string& folder, const std::string& name, const Identity* signer) {
        const std::string base = folder + "/threatlas_" + std::to_string(::getpid()) + "_" + name;
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
        std::remove(certificate_file.c_str()), std::remove(key_file.c_str());
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

}  // namespace threatlas::serve::net
