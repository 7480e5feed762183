// Time-based one-time passwords (RFC 6238 over RFC 4226): HMAC-SHA-1, 30 seconds, six digits, as every
// authenticator program does them; and codes for the day the telephone is lost.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace threatlas::serve::access {

constexpr std::int64_t kTotpStep = 30;

// hash: 'SHA1', 'SHA256' or 'SHA512' (the RFC's vectors have all three).
std::string totp_code(std::string_view key, std::int64_t step, int digits = 6, const char* hash = "SHA1");
std::string base32(std::string_view bytes);
std::optional<std::string> base32_bytes(std::string_view text);   // spaces and small letters allowed; nothing: not Base32

std::string new_totp_secret();   // Base32 of 20 random bytes
// The step the code is of: now, the one before or the one after, and later than `used`; nothing when it is none.
std::optional<std::int64_t> totp_step_of(std::string_view secret, std::string_view code, std::int64_t now, std::int64_t used);
// What an authenticator program reads from a picture: 'otpauth://totp/Threatlas:ana?secret=...'.
std::string totp_uri(std::string_view secret, std::string_view name);

// Ten codes such as 'k7mq-2xwd-9hnp'.
std::vector<std::string> new_recovery_codes();
std::string plain_recovery_code(std::string_view typed);   // without dashes and spaces, in small letters

}  // namespace threatlas::serve::access
