#include "serve/api/bodies.hpp"

#include "core/text.hpp"

namespace threatlas::serve {

core::Result<void> fit_text(const std::string& text, const std::string& what, std::size_t most, bool needed) {
    const auto bad = [&](const std::string& why) { return core::fail(core::ErrorCode::bad_input, "'" + what + "' " + why); };
    if (needed && core::trim(text).empty()) return bad("is missing");
    if (text.size() > most) return bad("is longer than " + std::to_string(most) + " bytes");
    if (!core::is_utf8(text)) return bad("is not UTF-8");
    for (const char c : text)
        if ((static_cast<unsigned char>(c) < 32 && c != '\n' && c != '\t') || c == 127) return bad("holds a control character");
    return {};
}

std::string attachment(const std::string& name) {
    std::string plain, coded;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
        plain += word || c == ' ' ? c : '_';
        if (word) coded += c;
        else coded += '%', coded += "0123456789ABCDEF"[byte >> 4], coded += "0123456789ABCDEF"[byte & 15];
    }
    return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + coded;
}

}  // namespace threatlas::serve
