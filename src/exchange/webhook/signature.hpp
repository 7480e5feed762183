// What a webhook carries so that its receiver knows who sent it, when, and that it is new: HMAC-SHA-256 over 'id.time.body'.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace threatlas::exchange::webhook {

std::string hmac_sha256(std::string_view key, std::string_view text);   // hexadecimal
// 'v1=<64 digits>', the value of Threatlas-Signature.
std::string signature(std::string_view secret, std::string_view id, std::int64_t time, std::string_view body);
// As a receiver checks it: the signature fits, and the time is not further off than `tolerance` seconds.
bool verified(std::string_view secret, std::string_view id, std::int64_t time, std::string_view body, std::string_view given, std::int64_t now, std::int64_t tolerance = 300);

}  // namespace threatlas::exchange::webhook
