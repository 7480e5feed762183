#include "store/field_key.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "core/hexadecimal.hpp"
#include "core/text.hpp"
#include "store/file_io.hpp"

namespace threatlas::store {
namespace {

using core::ErrorCode;
using core::fail;
using Key = std::array<unsigned char, 32>;

std::string base64(const unsigned char* bytes, std::size_t size) {
    std::string out(sodium_base64_ENCODED_LEN(size, sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
    sodium_bin2base64(out.data(), out.size(), bytes, size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    out.resize(out.find('\0'));
    return out;
}

Key derived(const Key& key, std::uint64_t number) {
    Key out{};
    crypto_kdf_derive_from_key(out.data(), out.size(), number, "thrtlas1", key.data());
    return out;
}

// Nothing when it is there. Never readable by others, not for a moment; and of two programs that start
// together one makes it: what the other would make is a link refused.
core::Result<void> make_key_file(const std::string& path) {
    struct stat info{};
    if (::stat(path.c_str(), &info) == 0) return {};
    Key fresh{};
    randombytes_buf(fresh.data(), fresh.size());
    const std::string part = path + "." + random_text(6) + ".part", text = core::hexadecimal(fresh) + "\n";
    sodium_memzero(fresh.data(), fresh.size());
    const int file = ::open(part.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0) return system_error(errno, "the key file cannot be made", path);
    const bool whole = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
    int error = whole ? 0 : errno;
    ::close(file);
    if (error == 0 && ::link(part.c_str(), path.c_str()) != 0 && errno != EEXIST) error = errno;
    ::unlink(part.c_str());
    if (error != 0) return system_error(error, "the key file cannot be made", path);
    return sync_folder(std::filesystem::absolute(path).parent_path().string());
}

}  // namespace

FieldKey::~FieldKey() {
    sodium_memzero(encrypting_.data(), encrypting_.size());
    sodium_memzero(indexing_.data(), indexing_.size());
}

std::string random_text(std::size_t bytes) {
    std::vector<unsigned char> random(bytes);
    randombytes_buf(random.data(), random.size());
    return base64(random.data(), random.size());
}

std::string FieldKey::default_path(const std::string& store_folder) {
    if (const char* set = std::getenv("THREATLAS_KEY_FILE"); set != nullptr && *set != '\0') return set;
    std::filesystem::path folder(store_folder);
    if (!folder.has_filename()) folder = folder.parent_path();
    return folder.string() + ".key";
}

core::Result<FieldKey> FieldKey::open_or_create(const std::string& path) {
    if (sodium_init() < 0) return fail(ErrorCode::internal, "libsodium does not start");
    Key master{};
    THREATLAS_CHECK(make_key_file(path));
    struct stat info{};
    if (::stat(path.c_str(), &info) != 0) return system_error(errno, "the key file cannot be read", path);
    if ((info.st_mode & (S_IRWXO | S_IWGRP)) != 0) return fail(ErrorCode::not_allowed, "the key file may be read by others: chmod 600 " + path, {path, 0, ""});
    THREATLAS_TRY(const std::string text, core::read_file(path));
    if (!core::from_hexadecimal(core::trim(text), master))
        return fail(ErrorCode::bad_input, "the key file holds no key of 64 hexadecimal digits; put back the one this store was made with", {path, 0, ""});
    FieldKey key;
    key.encrypting_ = derived(master, 1), key.indexing_ = derived(master, 2);
    sodium_memzero(master.data(), master.size());
    return key;
}

std::string FieldKey::seal(std::string_view context, std::string_view text) const {
    constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, kTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;
    std::vector<unsigned char> out(kNonce + text.size() + kTag);
    randombytes_buf(out.data(), kNonce);
    crypto_aead_xchacha20poly1305_ietf_encrypt(out.data() + kNonce, nullptr, reinterpret_cast<const unsigned char*>(text.data()), text.size(), reinterpret_cast<const unsigned char*>(context.data()), context.size(), nullptr, out.data(), encrypting_.data());
    return "v1." + base64(out.data(), out.size());
}

core::Result<std::string> FieldKey::open(std::string_view context, std::string_view sealed) const {
    constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, kTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;
    const auto failed = [] { return fail(ErrorCode::mismatch, "an encrypted field does not open: the key file is not the one it was written with, or the field was changed"); };
    if (!sealed.starts_with("v1.")) return failed();
    sealed.remove_prefix(3);
    std::vector<unsigned char> bytes(sealed.size() + 1);
    std::size_t size = 0;
    if (sodium_base642bin(bytes.data(), bytes.size(), sealed.data(), sealed.size(), nullptr, &size, nullptr, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 || size < kNonce + kTag) return failed();
    std::string text(size - kNonce - kTag, '\0');
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(reinterpret_cast<unsigned char*>(text.data()), nullptr, nullptr, bytes.data() + kNonce, size - kNonce, reinterpret_cast<const unsigned char*>(context.data()), context.size(), bytes.data(), encrypting_.data()) != 0) return failed();
    return text;
}

std::string FieldKey::index(std::string_view context, std::string_view text) const {
    crypto_generichash_state state;
    Key out{};
    crypto_generichash_init(&state, indexing_.data(), indexing_.size(), out.size());
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(context.data()), context.size());
    constexpr unsigned char kBetween = 0;
    crypto_generichash_update(&state, &kBetween, 1);
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(text.data()), text.size());
    crypto_generichash_final(&state, out.data(), out.size());
    return core::hexadecimal(out);
}

}  // namespace threatlas::store
