// What servers say, read as a stranger's words: limited, typed, one line where it is shown.
#include <algorithm>

#include "core/text.hpp"
#include "exchange/taxii/client.hpp"
#include "exchange/taxii/query.hpp"

namespace threatlas::exchange::taxii {

using core::ErrorCode;
using core::fail;
using core::Result;
namespace json = core::json;

namespace {

constexpr std::size_t kShort = 2000, kMany = 10'000;

Result<json::object> object_of(std::string_view text, const char* what) {
    THREATLAS_TRY(auto value, core::parse_json(text, what));
    if (!value.is_object()) return fail(ErrorCode::bad_input, std::string("the server's ") + what + " is no JSON object");
    return std::move(value.get_object());
}

// One line without control characters.
std::string shown(std::string_view text, std::size_t most) {
    std::string out(text.substr(0, most));
    while (!out.empty() && !core::is_utf8(out)) out.pop_back();
    std::replace_if(out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
    return out;
}

std::string text_of(const json::object& object, const char* key, std::size_t most = kShort) {
    const auto* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? shown(std::string_view(value->get_string()), most) : std::string();
}

std::vector<std::string> texts_of(const json::object& object, const char* key) {
    std::vector<std::string> out;
    if (const auto* value = object.if_contains(key); value != nullptr && value->is_array())
        for (const auto& each : value->get_array())
            if (each.is_string() && out.size() < kMany) out.push_back(shown(std::string_view(each.get_string()), kShort));
    return out;
}

Result<std::string> needed(const json::object& object, const char* key, const char* what) {
    std::string out = text_of(object, key);
    if (out.empty()) return fail(ErrorCode::bad_input, std::string("the server's ") + what + " has no '" + key + "'");
    return out;
}

Result<std::size_t> count_of(const json::object& object, const char* key) {
    const auto* value = object.if_contains(key);
    if (value == nullptr) return 0;
    if (!value->is_number()) return fail(ErrorCode::bad_input, std::string("'") + key + "' of the server's status is no number");
    const double number = value->to_number<double>();
    if (!(number >= 0 && number <= 1e9)) return fail(ErrorCode::bad_input, std::string("'") + key + "' of the server's status is no number of objects");
    return static_cast<std::size_t>(number);
}

}  // namespace

Result<Discovery> read_discovery(std::string_view text, const std::string& url) {
    THREATLAS_TRY(const json::object object, object_of(text, "discovery"));
    Discovery out;
    THREATLAS_TRY(out.title, needed(object, "title", "discovery"));
    out.description = text_of(object, "description"), out.contact = text_of(object, "contact");
    for (const std::string& each : texts_of(object, "api_roots")) {
        THREATLAS_TRY(out.api_roots.emplace_back(), http::resolve(url, each));
    }
    if (const std::string preferred = text_of(object, "default"); !preferred.empty()) {
        THREATLAS_TRY(out.preferred, http::resolve(url, preferred));
    }
    return out;
}

Result<RootInfo> read_root(std::string_view text) {
    THREATLAS_TRY(const json::object object, object_of(text, "API root"));
    RootInfo out;
    THREATLAS_TRY(out.title, needed(object, "title", "API root"));
    out.description = text_of(object, "description"), out.versions = texts_of(object, "versions");
    const auto* most = object.if_contains("max_content_length");
    if (most == nullptr || !most->is_number() || most->to_number<double>() < 1 || most->to_number<double>() > 1e15) return fail(ErrorCode::bad_input, "the server's API root has no 'max_content_length'");
    out.max_content_length = most->to_number<std::int64_t>();
    return out;
}

Result<std::vector<CollectionInfo>> read_collections(std::string_view text, const std::string& root_url) {
    THREATLAS_TRY(const json::object object, object_of(text, "collections"));
    std::vector<CollectionInfo> out;
    const auto* list = object.if_contains("collections");
    if (list == nullptr) return out;
    if (!list->is_array() || list->get_array().size() > kMany) return fail(ErrorCode::bad_input, "the server's 'collections' are no list, or one without end");
    for (const auto& each : list->get_array()) {
        if (!each.is_object()) return fail(ErrorCode::bad_input, "a collection of the server is no JSON object");
        const json::object& one = each.get_object();
        CollectionInfo info;
        THREATLAS_TRY(info.id, needed(one, "id", "collection"));
        if (info.id.size() > 100 || info.id.find_first_of("/?#% ") != std::string::npos) return fail(ErrorCode::bad_input, "the id of a collection of the server is none");
        THREATLAS_TRY(info.title, needed(one, "title", "collection"));
        for (const auto& [key, into] : {std::pair{"can_read", &info.can_read}, std::pair{"can_write", &info.can_write}}) {
            const auto* value = one.if_contains(key);
            if (value == nullptr || !value->is_bool()) return fail(ErrorCode::bad_input, std::string("a collection of the server has no '") + key + "'");
            *into = value->get_bool();
        }
        info.description = text_of(one, "description"), info.alias = text_of(one, "alias"), info.media_types = texts_of(one, "media_types");
        info.url = root_url + (root_url.ends_with('/') ? "" : "/") + "collections/" + info.id + "/";
        out.push_back(std::move(info));
    }
    return out;
}

Result<StatusInfo> read_status(std::string_view text) {
    THREATLAS_TRY(const json::object object, object_of(text, "status"));
    StatusInfo out;
    THREATLAS_TRY(out.id, needed(object, "id", "status"));
    if (out.id.size() > 100 || !std::all_of(out.id.begin(), out.id.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-'; })) return fail(ErrorCode::bad_input, "the id of the server's status is none");
    THREATLAS_TRY(out.status, needed(object, "status", "status"));
    if (out.status != "complete" && out.status != "pending") return fail(ErrorCode::bad_input, "the server's status is neither complete nor pending");
    THREATLAS_TRY(out.total, count_of(object, "total_count"));
    THREATLAS_TRY(out.successes, count_of(object, "success_count"));
    THREATLAS_TRY(out.pendings, count_of(object, "pending_count"));
    THREATLAS_TRY(const std::size_t failed, count_of(object, "failure_count"));
    if (const auto* list = object.if_contains("failures"); list != nullptr && list->is_array())
        for (const auto& each : list->get_array())
            if (each.is_object() && out.failures.size() < kMany) out.failures.emplace_back(text_of(each.get_object(), "id", 300), text_of(each.get_object(), "message", 300));
    while (out.failures.size() < std::min(failed, kMany)) out.failures.emplace_back("", "the server does not say which, nor why");
    return out;
}

std::string read_error(int status, std::string_view body) {
    std::string said;
    if (const auto value = core::parse_json(body.substr(0, 64 * 1024), "error"); value && value->is_object()) {
        said = text_of(value->get_object(), "title", 100);
        if (const std::string more = text_of(value->get_object(), "description", 180); !more.empty()) said += (said.empty() ? "" : ": ") + more;
    }
    return "the server answers with status " + std::to_string(status) + (said.empty() ? "" : " and says: " + said);
}

Result<PollState> read_state(std::string_view text) {
    PollState out;
    if (core::trim(text).empty()) return out;
    THREATLAS_TRY(const json::object object, object_of(text, "state of a poll"));
    for (const auto& [key, into] : {std::pair{"added_after", &out.added_after}, std::pair{"next", &out.next}, std::pair{"since", &out.since}})
        if (const auto* value = object.if_contains(key); value != nullptr) {
            if (!value->is_string() || value->get_string().size() > 4096) return fail(ErrorCode::bad_input, "this is no state of a poll: take what the poll before kept");
            *into = value->get_string();
        }
    for (const std::string& each : {out.added_after, out.since})
        if (!each.empty() && !is_timestamp(each)) return fail(ErrorCode::bad_input, "this is no state of a poll: take what the poll before kept");
    return out;
}

std::string write_state(const PollState& state) {
    json::object out;
    if (!state.added_after.empty()) out["added_after"] = state.added_after;
    if (!state.next.empty()) out["next"] = state.next;
    if (!state.next.empty() && !state.since.empty()) out["since"] = state.since;
    return core::write_json(out);
}

}  // namespace threatlas::exchange::taxii
