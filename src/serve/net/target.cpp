#include "serve/net/target.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace threatlas::serve::net {
namespace {

using core::ErrorCode;
using core::fail;

constexpr std::size_t kParameters = 100;

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

core::Result<std::string> checked_path(std::string_view raw) {
    THREATLAS_TRY(std::string path, percent_decoded(raw, false));
    if (has_control(path) || path.find('\\') != std::string::npos || !core::is_utf8(path)) return fail(ErrorCode::bad_input, "the path holds a character that no path here has");
    std::string_view rest = std::string_view(path).substr(1);
    while (!rest.empty()) {
        const std::size_t slash = rest.find('/');
        const std::string_view segment = rest.substr(0, slash);
        if (segment.empty() || segment == "." || segment == "..") return fail(ErrorCode::bad_input, "the path holds an empty or a dotted part");
        rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);
    }
    return path;
}

}  // namespace

core::Result<std::string> percent_decoded(std::string_view text, bool plus) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus) {
            out += ' ';
        } else if (text[i] == '%') {
            const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1, low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
            if (high < 0 || low < 0) return fail(ErrorCode::bad_input, "the address holds a broken '%' escape");
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

core::Result<Target> parse_target(std::string_view target) {
    if (target.find('#') != std::string_view::npos) return fail(ErrorCode::bad_input, "the address holds a '#', which a browser never sends");
    if (target.empty() || target.front() != '/') return fail(ErrorCode::bad_input, "the request names no path");
    if (has_control(target)) return fail(ErrorCode::bad_input, "the address holds a control character");
    Target out;
    const std::size_t question = target.find('?');
    THREATLAS_TRY(out.path, checked_path(target.substr(0, question)));
    std::string_view rest = question == std::string_view::npos ? std::string_view{} : target.substr(question + 1);
    while (!rest.empty()) {
        const std::size_t end = rest.find('&');
        const std::string_view pair = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
        if (pair.empty()) continue;
        if (out.query.size() == kParameters) return fail(ErrorCode::bad_input, "the address holds more than a hundred parameters");
        const std::size_t equals = pair.find('=');
        THREATLAS_TRY(std::string name, percent_decoded(pair.substr(0, equals), true));
        THREATLAS_TRY(std::string value, percent_decoded(equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1), true));
        if (!core::is_utf8(name) || !core::is_utf8(value)) return fail(ErrorCode::bad_input, "a parameter is not UTF-8");
        out.query.emplace_back(std::move(name), std::move(value));
    }
    return out;
}

}  // namespace threatlas::serve::net
