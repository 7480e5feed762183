#include "exchange/mail/message.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "core/text.hpp"

namespace threatlas::exchange::mail {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

bool control(char c) { return static_cast<unsigned char>(c) < 32 || c == 127; }
bool ascii(std::string_view text) { return std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) > 126; }); }

std::string base64(std::string_view bytes) {
    std::string out(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
    out.resize(out.find('\0'));
    return out;
}

std::string date_text(std::int64_t seconds) {
    constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::time_t now = static_cast<std::time_t>(seconds);
    std::tm parts{};
    gmtime_r(&now, &parts);
    std::array<char, 40> time{};
    const std::size_t size = std::strftime(time.data(), time.size(), "%Y %H:%M:%S +0000", &parts);
    return std::string(kDays[static_cast<std::size_t>(parts.tm_wday)]) + ", " + std::to_string(parts.tm_mday) + " " + kMonths[static_cast<std::size_t>(parts.tm_mon)] + " " + std::string(time.data(), size);
}

}  // namespace

bool is_address(std::string_view text) {
    const auto at = text.find('@');
    if (at == std::string_view::npos || at == 0 || at > 64 || text.size() > 254 || at + 1 == text.size() || text.find('@', at + 1) != std::string_view::npos || text.starts_with('-')) return false;
    const auto sound = [](std::string_view part, std::string_view signs) {
        return !part.starts_with('.') && !part.ends_with('.') && part.find("..") == std::string_view::npos && std::all_of(part.begin(), part.end(), [&](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || signs.find(c) != std::string_view::npos; });
    };
    return sound(text.substr(0, at), ".!#$%&'*+/=?^_`{|}~-") && sound(text.substr(at + 1), ".-");
}

std::string encoded_words(std::string_view utf8, std::size_t begins_at, bool always) {
    if (!always && ascii(utf8) && begins_at + utf8.size() <= 76 && utf8.find("=?") == std::string_view::npos) return std::string(utf8);
    constexpr std::size_t kBytes = 39;   // 52 letters of Base64, 64 with '=?UTF-8?B?' and '?='
    std::string out;
    while (!utf8.empty()) {
        std::size_t size = std::min(kBytes, utf8.size());
        while (size < utf8.size() && size > 1 && (static_cast<unsigned char>(utf8[size]) & 0xc0) == 0x80) --size;
        if (!out.empty() || begins_at > 12) out += "\r\n ";
        out += "=?UTF-8?B?" + base64(utf8.substr(0, size)) + "?=";
        utf8.remove_prefix(size);
    }
    return out;
}

std::string quoted_printable(std::string_view utf8) {
    std::string out, line;
    const auto put = [&](std::string_view piece) {
        if (line.size() + piece.size() > 75) out += line + "=\r\n", line.clear();
        line += piece;
    };
    const auto hex = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return std::string{'=', "0123456789ABCDEF"[byte >> 4], "0123456789ABCDEF"[byte & 15]};
    };
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const char c = utf8[i];
        if (c == '\r' && i + 1 < utf8.size() && utf8[i + 1] == '\n') continue;
        if (c == '\n') {
            out += line + "\r\n", line.clear();
            continue;
        }
        const bool last = i + 1 == utf8.size() || utf8[i + 1] == '\n' || utf8[i + 1] == '\r';
        const bool plain = c >= 33 && c <= 126 && c != '=';
        put(plain || ((c == ' ' || c == '\t') && !last) ? std::string(1, c) : hex(c));
    }
    return line.empty() ? out : out + line + "\r\n";
}

std::string dot_stuffed(std::string_view message) {
    std::string out;
    bool begins = true;
    for (const char each : message) {
        if (begins && each == '.') out += '.';
        out += each;
        begins = each == '\n';
    }
    if (!begins) out += "\r\n";
    return out + ".\r\n";
}

Result<std::string> written(const Message& message) {
    if (!is_address(message.from) || !is_address(message.to)) return fail(ErrorCode::bad_input, "'" + (is_address(message.from) ? message.to : message.from).substr(0, 80) + "' is no e-mail address");
    if (message.id.empty() || message.id.size() > 120 || !std::all_of(message.id.begin(), message.id.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_'; })) return fail(ErrorCode::internal, "a message has no id");
    std::vector<std::pair<std::string, std::string>> headers{{"Date", date_text(message.date)}, {"Message-ID", "<" + message.id + message.from.substr(message.from.find('@')) + ">"}, {"To", message.to}};
    for (const auto& each : message.more) headers.push_back(each);
    for (const auto& [name, value] : headers)
        if (name.empty() || std::any_of(name.begin(), name.end(), [](char c) { return c <= 32 || c >= 127 || c == ':'; }) || std::any_of(value.begin(), value.end(), control) || !ascii(value) || value.size() > 900) return fail(ErrorCode::bad_input, "the header '" + name.substr(0, 40) + "' holds what no header holds");
    for (const std::string* each : {&message.from_name, &message.subject})
        if (std::any_of(each->begin(), each->end(), control) || !core::is_utf8(*each) || each->size() > 1000) return fail(ErrorCode::bad_input, "the subject or the sender's name holds what no header holds");
    if (!core::is_utf8(message.text)) return fail(ErrorCode::bad_input, "the text of a message is not UTF-8");
    std::string out;
    if (message.from_name.empty()) out = "From: " + message.from + "\r\n";
    else out = "From: " + encoded_words(message.from_name, 6, true) + "\r\n <" + message.from + ">\r\n";
    for (const auto& [name, value] : headers) out += name + ": " + value + "\r\n";
    out += "Subject: " + encoded_words(message.subject, 9) + "\r\n";
    out += "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\nAuto-Submitted: auto-generated\r\n\r\n";
    return out + quoted_printable(message.text);
}

}  // namespace threatlas::exchange::mail
