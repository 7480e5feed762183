// Small things every handler of this folder does: read a body as a record, answer with JSON.
#pragma once

#include <initializer_list>
#include <string>

#include "core/json.hpp"
#include "core/result.hpp"
#include "model/json_codec.hpp"
#include "serve/route.hpp"

namespace threatlas::serve {

inline core::Result<net::Response> answer(const core::json::value& value, int status = 200) { return net::json_response(status, core::write_json(value)); }

inline core::Result<core::json::object> body_of(const Call& call) {
    if (call.request.spooled) return core::fail(core::ErrorCode::bad_input, "the body is too long for what is asked here");
    if (call.request.body.empty()) return core::json::object{};
    THREATLAS_TRY(auto value, core::parse_json(call.request.body, "body"));
    if (!value.is_object()) return core::fail(core::ErrorCode::bad_input, "the body should be a JSON object");
    return std::move(value.get_object());
}

// The body as a record; an unknown key is refused by name.
template <class T>
core::Result<T> body_as(const Call& call) {
    THREATLAS_TRY(const core::json::object object, body_of(call));
    T out{};
    THREATLAS_CHECK(model::from_json(core::json::value(object), out, "body"));
    return out;
}

inline const std::string& path_value(const Call& call, const std::string& name) {
    static const std::string none;
    const auto found = call.path.find(name);
    return found == call.path.end() ? none : found->second;
}

inline core::Result<void> only_roles(const model::Reader& reader, std::initializer_list<model::Role> roles, const std::string& what) {
    std::string known;
    for (const model::Role each : roles) {
        if (reader.role == each) return {};
        known += (known.empty() ? "" : ", ") + std::string(model::name_of(each));
    }
    return core::fail(core::ErrorCode::not_allowed, what + " is for: " + known + "; you are signed in as " + std::string(model::name_of(reader.role)));
}

// Free text of people: no control characters but line ends, not longer than so many bytes.
core::Result<void> fit_text(const std::string& text, const std::string& what, std::size_t most, bool needed);

// 'attachment; filename=...', with the name in ASCII and, by RFC 5987, in UTF-8.
std::string attachment(const std::string& name);

}  // namespace threatlas::serve
