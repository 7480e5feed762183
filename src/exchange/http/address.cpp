// Addresses and header values, as text.
#include <sodium.h>

#include <algorithm>

#include "exchange/http/client.hpp"

namespace threatlas::exchange::http {

using core::ErrorCode;
using core::fail;
using core::Result;

std::string_view Answer::header(std::string_view lower_case_name) const {
    const auto found = std::find_if(headers.begin(), headers.end(), [&](const auto& each) { return each.first == lower_case_name; });
    return found == headers.end() ? std::string_view{} : std::string_view(found->second);
}

std::string Place::origin() const { return (tls ? "https://" : "http://") + host + ":" + port; }

Result<Place> place_of(std::string_view url) {
    const auto odd = [&](const std::string& why) { return fail(ErrorCode::bad_input, "'" + std::string(url.substr(0, 200)) + "' is no address: " + why); };
    Place place;
    std::string_view rest = url;
    if (rest.starts_with("https://")) rest.remove_prefix(8);
    else if (rest.starts_with("http://")) rest.remove_prefix(7), place.tls = false;
    else return odd("it must begin with https:// (http:// on loopback)");
    if (url.size() > 8192 || std::any_of(rest.begin(), rest.end(), [](char c) { return static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7f || std::string_view("#@\\\"<>^`{|}").find(c) != std::string_view::npos; }))
        return odd("it holds a character that no address has, or a name and password, which are stated apart");
    const std::size_t slash = rest.find_first_of("/?");
    const std::string_view authority = rest.substr(0, slash);
    place.path = slash == std::string_view::npos ? "/" : std::string(rest.substr(slash));
    if (place.path.front() == '?') place.path.insert(place.path.begin(), '/');
    const std::size_t bracket = authority.find(']'), colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    place.host = authority.substr(0, colon);
    place.port = colon == std::string_view::npos ? (place.tls ? "443" : "80") : std::string(authority.substr(colon + 1));
    if (place.host.empty() || (place.host.front() == '[') != (bracket != std::string_view::npos && place.host.back() == ']')) return odd("it names no host");
    if (place.port.empty() || place.port.size() > 5 || place.port.find_first_not_of("0123456789") != std::string::npos) return odd("its port is no number");
    if (!place.tls && place.host != "127.0.0.1" && place.host != "[::1]" && place.host != "localhost") return odd("plain http:// is for 127.0.0.1, [::1] and localhost");
    return place;
}

Result<std::string> resolve(std::string_view base, std::string_view target) {
    if (target.starts_with("https://") || target.starts_with("http://")) {
        THREATLAS_CHECK(place_of(target));
        return std::string(target);
    }
    THREATLAS_TRY(const Place place, place_of(base));
    std::string path = place.path.substr(0, place.path.find('?'));
    path.erase(path.rfind('/') + 1);
    std::string out = place.origin() + (target.starts_with('/') ? std::string(target) : path + std::string(target));
    THREATLAS_CHECK(place_of(out));
    return out;
}

std::string escaped(std::string_view text) {
    static constexpr char kHex[] = "0123456789ABCDEF";
    std::string out;
    for (const char each : text) {
        const auto byte = static_cast<unsigned char>(each);
        if ((byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || each == '-' || each == '.' || each == '_' || each == '~') out += each;
        else out += '%', out += kHex[byte >> 4], out += kHex[byte & 15];
    }
    return out;
}

std::string basic(std::string_view user, std::string_view password) {
    const std::string text = std::string(user) + ":" + std::string(password);
    std::string out(sodium_base64_ENCODED_LEN(text.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(), sodium_base64_VARIANT_ORIGINAL);
    out.resize(out.find('\0'));
    return "Basic " + out;
}

}  // namespace threatlas::exchange::http
