// Any bytes as a token and as the provider's keys: the first line is the keys, the rest the token.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "serve/access/id_token.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto line = text.find('\n');
    const std::string_view keys = text.substr(0, line), token = line == std::string_view::npos ? text : text.substr(line + 1);
    // No input carries a signature over this nonce: nothing may be let in.
    if (threatlas::serve::access::verify_id_token(token, keys, {"https://id.example", "threatlas", "a nonce nobody was given", 1'800'000'000})) std::abort();
    return 0;
}
