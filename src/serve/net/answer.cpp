#include "serve/net/answer.hpp"

#include <array>
#include <cstdio>
#include <ctime>
#include <utility>

#include "core/text.hpp"

namespace threatlas::serve::net {
namespace {

bool one_line(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

}  // namespace

std::string_view reason_of(int status) {
    constexpr std::array<std::pair<int, std::string_view>, 33> kReasons{{{200, "OK"}, {201, "Created"}, {202, "Accepted"}, {204, "No Content"}, {206, "Partial Content"}, {301, "Moved Permanently"}, {302, "Found"}, {303, "See Other"}, {304, "Not Modified"},
        {307, "Temporary Redirect"}, {400, "Bad Request"}, {401, "Unauthorized"}, {403, "Forbidden"}, {404, "Not Found"}, {405, "Method Not Allowed"}, {406, "Not Acceptable"}, {408, "Request Timeout"}, {409, "Conflict"}, {410, "Gone"}, {411, "Length Required"},
        {412, "Precondition Failed"}, {413, "Content Too Large"}, {414, "URI Too Long"}, {415, "Unsupported Media Type"}, {422, "Unprocessable Content"}, {429, "Too Many Requests"}, {417, "Expectation Failed"}, {431, "Request Header Fields Too Large"}, {500, "Internal Server Error"}, {501, "Not Implemented"}, {503, "Service Unavailable"}, {504, "Gateway Timeout"}, {505, "HTTP Version Not Supported"}}};
    for (const auto& [each, reason] : kReasons)
        if (each == status) return reason;
    return "Status";
}

std::string http_date(std::int64_t seconds_since_1970) {
    const std::time_t time = seconds_since_1970;
    std::tm utc{};
    gmtime_r(&time, &utc);
    std::array<char, 40> text{};
    const std::size_t size = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
    return {text.data(), size};
}

std::string_view http_date_now() {
    thread_local std::time_t made = -1;
    thread_local std::string text;
    if (const std::time_t now = std::time(nullptr); now != made) made = now, text = http_date(now);
    return text;
}

void append_chunk(std::string& out, std::string_view piece, bool last) {
    if (!piece.empty()) {
        std::array<char, 20> size{};
        std::snprintf(size.data(), size.size(), "%zx\r\n", piece.size());
        out.append(size.data()).append(piece).append("\r\n");
    }
    if (last) out.append("0\r\n\r\n");
}

std::string_view header_of(const Response& response, std::string_view lower_case_name) {
    for (const auto& [name, value] : response.headers)
        if (core::lower_ascii(name) == lower_case_name) return value;
    return {};
}

bool compressible(std::string_view type) {
    return type.starts_with("text/") || type.starts_with("application/json") || type.starts_with("application/problem+json") || type.starts_with("application/geo+json") || type.starts_with("image/svg") || type.starts_with("application/taxii+json") ||
           type.starts_with("application/stix+json");
}

std::string head_of(const Response& response, const Framing& framing, std::string_view date) {
    std::string out;
    out.reserve(512);
    out.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ").append(reason_of(response.status)).append("\r\nDate: ").append(date).append("\r\n");
    for (const auto& [name, value] : response.headers)
        if (one_line(name) && one_line(value)) out.append(name).append(": ").append(value).append("\r\n");
    if (!framing.encoding.empty()) out.append("Content-Encoding: ").append(framing.encoding).append("\r\n");
    const bool no_body = response.status == 204 || response.status == 304 || response.status < 200;
    if (framing.length && !(no_body && *framing.length == 0)) out.append("Content-Length: ").append(std::to_string(*framing.length)).append("\r\n");
    else if (!framing.length && !framing.until_close) out.append("Transfer-Encoding: chunked\r\n");
    if (!framing.keep_alive) out.append("Connection: close\r\n");
    return out.append("\r\n");
}

}  // namespace threatlas::serve::net
