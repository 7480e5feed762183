// The key of what is encrypted at rest: names, addresses, second factors, refused rows. It lies outside
// the database and its backups: who has one without the other reads nothing. XChaCha20-Poly1305
// and keyed BLAKE2b, both libsodium's.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace threatlas::store {

class FieldKey {
  public:
    FieldKey() = default;
    FieldKey(const FieldKey&) = default;
    FieldKey& operator=(const FieldKey&) = default;
    ~FieldKey();    // wipes the key
    // Reads the key file (64 hexadecimal digits), or makes it with mode 0600 when there is none.
    // bad_input for a file that holds no key, not_allowed for one that others may read.
    // Within the store ask field_key(engine) (store/engine_key.hpp), which also knows whether it is the right key.
    static core::Result<FieldKey> open_or_create(const std::string& path);
    // $THREATLAS_KEY_FILE, else '<folder>.key' beside the folder of the store.
    static std::string default_path(const std::string& store_folder);

    // context: table, column and row, so that a field cannot be moved to another place.
    std::string seal(std::string_view context, std::string_view text) const;
    // mismatch: another key, another place, or changed.
    core::Result<std::string> open(std::string_view context, std::string_view sealed) const;
    // What an encrypted name is found by; equal names have equal indices.
    std::string index(std::string_view context, std::string_view text) const;
    // For the hash of a random secret (session, token): no salt is needed, the key is one more lock.
    std::string fingerprint(std::string_view secret) const { return index("secret", secret); }

  private:
    std::array<unsigned char, 32> encrypting_{}, indexing_{};
};

// `bytes` random bytes as URL-safe text: 32 bytes give 43 letters.
std::string random_text(std::size_t bytes);

}  // namespace threatlas::store
