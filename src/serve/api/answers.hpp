// Small answers that many routes give.
#pragma once

#include "core/json.hpp"
#include "model/json_codec.hpp"
#include "serve/net/message.hpp"

namespace threatlas::serve::api {

inline net::Response json_answer(const core::json::value& value, int status = 200) { return net::json_response(status, core::write_json(value)); }

// What a browser may keep as long as it asks each time whether it still holds.
inline net::Response kept(net::Response response) { return std::move(response.with("Cache-Control", "private, no-cache")); }

template <class Record>
core::json::object object_of(const Record& record) { return model::to_json(record).as_object(); }

template <class Records>
std::vector<core::json::object> objects_of(const Records& records) {
    std::vector<core::json::object> out;
    for (const auto& each : records) out.push_back(object_of(each));
    return out;
}

// A record's schema with what an answer says beside it.
inline core::json::object extended(core::json::object schema, const core::json::object& more) {
    auto& properties = schema["properties"].as_object();
    for (const auto& each : more) properties[each.key()] = each.value();
    return schema;
}

}  // namespace threatlas::serve::api
