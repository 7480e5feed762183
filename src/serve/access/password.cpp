#include "serve/access/password.hpp"

#include <sodium.h>

#include <array>
#include <chrono>
#include <set>

#include "core/text.hpp"
#include "store/field_key.hpp"

namespace threatlas::serve::access {

using core::ErrorCode;
using core::fail;
using core::Result;

// One of the hashes under way.
class Passwords::Turn {
  public:
    explicit Turn(Passwords& of) : of_(of) {}
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() { of_.leave(); }

  private:
    Passwords& of_;
};

namespace {

std::string argon2(std::string_view password, const Cost& cost) {
    std::array<char, crypto_pwhash_STRBYTES> out{};
    if (crypto_pwhash_str_alg(out.data(), password.data(), password.size(), cost.passes, cost.memory, crypto_pwhash_ALG_ARGON2ID13) != 0) throw std::bad_alloc();
    return out.data();
}

}  // namespace

Passwords::Passwords(Cost cost, unsigned at_once, unsigned waiting) : cost_(cost), free_(at_once), waiting_(waiting) {
    if (sodium_init() >= 0) nobody_ = argon2(store::random_text(32), cost_);
}

Result<void> Passwords::enter() {
    std::unique_lock guard(lock_);
    const auto busy = [] { return fail(ErrorCode::unavailable, "many are signing in just now; try again in a moment"); };
    if (free_ == 0) {
        if (waiting_ == 0) return busy();
        --waiting_;
        const bool mine = freed_.wait_for(guard, std::chrono::seconds(5), [&] { return free_ > 0; });
        ++waiting_;
        if (!mine) return busy();
    }
    --free_;
    return {};
}

void Passwords::leave() {
    const std::lock_guard guard(lock_);
    ++free_;
    freed_.notify_one();
}

Result<std::string> Passwords::hash(std::string_view password) {
    THREATLAS_CHECK(enter());
    const Turn turn(*this);
    ++count_;
    return argon2(password, cost_);
}

Result<bool> Passwords::verify(std::string_view stored, std::string_view password) {
    THREATLAS_CHECK(enter());
    const Turn turn(*this);
    ++count_;
    const std::string against(stored.empty() ? std::string_view(nobody_) : stored);
    const bool right = crypto_pwhash_str_verify(against.c_str(), password.data(), password.size()) == 0;
    return right && !stored.empty();
}

Result<void> check_password(std::string_view password, std::string_view name) {
    if (password.size() > 1024) return fail(ErrorCode::bad_input, "the password is too long: 1024 bytes at most");
    if (!core::is_utf8(password)) return fail(ErrorCode::bad_input, "the password is not UTF-8 text");
    std::size_t letters = 0;
    for (const char each : password) letters += (static_cast<unsigned char>(each) & 0xc0) != 0x80;
    if (letters < 12) return fail(ErrorCode::bad_input, "the password needs at least 12 characters; a few words are easy to remember");
    if (std::set(password.begin(), password.end()).size() < 5) return fail(ErrorCode::bad_input, "the password repeats a few characters; take a few words");
    const std::string low = core::lower_ascii(password), folded = core::fold_name(name);
    if (folded.size() >= 4 && core::fold_name(password).find(folded) != std::string::npos) return fail(ErrorCode::bad_input, "the password holds your name; leave it out");
    for (const char* known : {"password", "123456789", "987654321", "qwertyuiop", "abcdefghij", "letmein", "iloveyou", "threatlas", "administrator"}) {
        // Everybody's word, and little beside it.
        if (const auto at = low.find(known); at != std::string::npos && low.size() - std::string_view(known).size() < 6) return fail(ErrorCode::bad_input, "this is one of the passwords that are tried first; take a few words");
    }
    return {};
}

}  // namespace threatlas::serve::access
