#include "serve/net/message.hpp"

#include <cstdio>

namespace threatlas::serve::net {

Spooled::~Spooled() { std::remove(path_.c_str()); }

std::string_view Request::header(std::string_view lower_case_name) const {
    for (const auto& [name, value] : headers)
        if (name == lower_case_name) return value;
    return {};
}

std::optional<std::string> Request::parameter(std::string_view name) const {
    for (const auto& [each, value] : query)
        if (each == name) return value;
    return std::nullopt;
}

std::string_view Request::cookie(std::string_view name) const {
    std::string_view rest = header("cookie");
    while (!rest.empty()) {
        const std::size_t end = rest.find(';');
        std::string_view each = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
        while (each.starts_with(' ')) each.remove_prefix(1);
        if (each.size() > name.size() && each.starts_with(name) && each[name.size()] == '=') return each.substr(name.size() + 1);
    }
    return {};
}

Response text_response(int status, std::string text) {
    return {status, {{"Content-Type", "text/plain; charset=utf-8"}}, std::move(text)};
}

Response json_response(int status, std::string json) {
    return {status, {{"Content-Type", "application/json"}}, std::move(json)};
}

}  // namespace threatlas::serve::net
