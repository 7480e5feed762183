#include "serve/dispatch.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <exception>

#include "core/hexadecimal.hpp"
#include "core/text.hpp"
#include "serve/problem.hpp"

namespace threatlas::serve {
namespace {

using core::ErrorCode;

std::vector<std::string> segments_of(const std::string& path) { return core::split(path.substr(1), '/'); }

bool changes(const net::Request& request) { return request.method != "GET" && request.method != "HEAD"; }

// A browser says whose page asks. Another site's may not change anything here, signed in or not.
bool from_elsewhere(const net::Request& request) {
    const std::string_view origin = request.header("origin");
    if (origin.empty()) return false;
    const std::size_t scheme = origin.find("://");
    return scheme == std::string_view::npos || origin.substr(scheme + 3) != request.header("host");
}

bool same_secret(std::string_view a, std::string_view b) { return a.size() == b.size() && !a.empty() && sodium_memcmp(a.data(), b.data(), a.size()) == 0; }

bool takes(const Route& route, const net::Request& request) {
    if (route.takes.schema.empty() || route.takes.media != "application/json" || (request.body.empty() && !request.spooled)) return true;
    const std::string_view type = request.header("content-type");
    return core::lower_ascii(std::string(core::trim(type.substr(0, type.find(';'))))) == "application/json";
}

void secure(net::Response& response) {
    const auto has = [&](std::string_view name) { return std::any_of(response.headers.begin(), response.headers.end(), [&](const auto& h) { return h.first == name; }); };
    response.with("X-Content-Type-Options", "nosniff").with("Referrer-Policy", "no-referrer").with("Cross-Origin-Resource-Policy", "same-origin");
    if (!has("Cache-Control")) response.with("Cache-Control", "no-store");
    if (!has("Content-Security-Policy")) response.with("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
}

std::uint64_t size_of(const net::Response& response) {
    if (const auto* text = std::get_if<std::string>(&response.body)) return text->size();
    if (const auto* shared = std::get_if<net::Shared>(&response.body)) return *shared ? (*shared)->size() : 0;
    return 0;
}

// What is meant to be kept outside.
bool is_file(const net::Response& response) {
    return std::any_of(response.headers.begin(), response.headers.end(), [](const auto& h) { return h.first == "Content-Disposition" && h.second.starts_with("attachment"); });
}

void revalidate(const net::Request& request, net::Response& response) {
    if (response.status != 200 || changes(request)) return;
    std::string tag;
    for (const auto& [name, value] : response.headers)
        if (name == "ETag") tag = value;
    if (tag.empty()) {
        const auto* text = std::get_if<std::string>(&response.body);
        if (text == nullptr) return;
        tag = etag_of(*text);
        response.with("ETag", tag);
    }
    if (!etag_matches(request.header("if-none-match"), tag)) return;
    response.status = 304;
    response.body = std::string();
    std::erase_if(response.headers, [](const auto& h) { return h.first == "Content-Type" || h.first == "Content-Encoding"; });
}

// The log is told what the answer leaves out.
net::Response failed(const core::Error& error, const std::string& request_id, std::string& defect) {
    if (error.code == ErrorCode::internal || error.code == ErrorCode::unavailable) defect = core::describe(error);
    return problem(error, request_id);
}

}  // namespace

struct Dispatcher::Table {
    struct Entry {
        std::vector<std::string> segments;
        Route route;
    };
    Routes routes;
    std::vector<Entry> entries;
    std::vector<const Entry*> quick;   // those with an answer in memory

    static bool fits(const Entry& entry, const std::vector<std::string>& path, std::map<std::string, std::string>& values) {
        if (entry.segments.size() != path.size()) return false;
        for (std::size_t i = 0; i < path.size(); ++i) {
            const std::string& pattern = entry.segments[i];
            if (pattern.starts_with('{')) {
                if (path[i].empty()) return false;
                values[pattern.substr(1, pattern.size() - 2)] = path[i];
            } else if (pattern != path[i]) {
                return false;
            }
        }
        return true;
    }
};

Dispatcher::Dispatcher(Routes routes, Door door, net::Handler others, std::function<void(const net::Request&, const Handled&)> handled, Dialect dialect)
    : table_(std::make_unique<Table>()), door_(std::move(door)), others_(std::move(others)), handled_(std::move(handled)), dialect_(std::move(dialect)) {
    for (const Route& each : routes) table_->entries.push_back({segments_of(each.pattern), each});
    // Words before {names}: '/figures/latest' is not a figure's id.
    std::stable_sort(table_->entries.begin(), table_->entries.end(), [](const auto& a, const auto& b) {
        return std::lexicographical_compare(a.segments.begin(), a.segments.end(), b.segments.begin(), b.segments.end(), [](const auto& x, const auto& y) { return !x.starts_with('{') && y.starts_with('{'); });
    });
    for (const auto& each : table_->entries)
        if (each.route.quick) table_->quick.push_back(&each);
    table_->routes = std::move(routes);
}
Dispatcher::~Dispatcher() = default;

const Routes& Dispatcher::routes() const { return table_->routes; }

net::Response Dispatcher::operator()(const net::Request& request) const {
    const auto began = std::chrono::steady_clock::now();
    const Route* matched = nullptr;
    net::Response response;
    std::string defect;
    std::optional<std::string> path;
    try {
        if (dialect_.path) path = dialect_.path(request);
        response = answer(request, path ? &*path : nullptr, matched, defect);
    } catch (const std::exception& thrown) {
        defect = thrown.what();
        response = problem(500, ErrorCode::internal, "something went wrong here; it is in the log under " + request.id, request.id);
    }
    if (path && dialect_.finish) dialect_.finish(request, response);
    finished(request, response, {matched, response.status, std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count(), size_of(response), std::move(defect)});
    return response;
}

net::Response Dispatcher::quick(const net::Request& request) const {
    if (request.method != "GET" || table_->quick.empty()) return {0, {}, {}};
    const auto began = std::chrono::steady_clock::now();
    try {
        const auto path = segments_of(request.path);
        std::map<std::string, std::string> values;
        for (const Table::Entry* entry : table_->quick) {
            values.clear();
            if (!Table::fits(*entry, path, values)) continue;
            auto caller = door_.authenticate(request);
            if (!caller || caller->account.empty() || !door_.allow(entry->route, request, *caller)) break;
            auto response = entry->route.quick({request, *caller, std::move(values)});
            if (!response) break;
            const std::uint64_t bytes = size_of(*response);
            revalidate(request, *response);
            finished(request, *response, {&entry->route, response->status, std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count(), response->status == 200 ? bytes : 0, {}});
            return std::move(*response);
        }
    } catch (const std::exception&) {   // the proper way meets it again, and says so
    }
    return {0, {}, {}};
}

// What every answer has.
void Dispatcher::finished(const net::Request& request, net::Response& response, const Handled& handled) const {
    secure(response);
    if (request.peer.secure) response.with("Strict-Transport-Security", "max-age=31536000");
    if (handled_) handled_(request, handled);
}

net::Response Dispatcher::answer(const net::Request& request, const std::string* path_of_dialect, const Route*& matched, std::string& defect) const {
    const bool api = path_of_dialect != nullptr || request.path.starts_with("/api/") || request.path == "/metrics" || request.path == "/healthz" || request.path == "/readyz" || request.path.starts_with("/taxii2");
    if (!api) {
        if (changes(request)) return problem(405, ErrorCode::bad_usage, "pages are read, not written", request.id).with("Allow", "GET, HEAD");
        return others_(request);
    }
    const auto path = segments_of(path_of_dialect != nullptr ? *path_of_dialect : request.path);
    const std::string method = request.method == "HEAD" ? "GET" : request.method;
    std::string allowed;
    std::map<std::string, std::string> values;
    const Table::Entry* found = nullptr;
    for (const auto& entry : table_->entries) {
        values.clear();
        if (!Table::fits(entry, path, values)) continue;
        if (entry.route.method == method) {
            found = &entry;
            break;
        }
        allowed += (allowed.empty() ? "" : ", ") + entry.route.method;
    }
    if (found != nullptr) matched = &found->route;
    if (found != nullptr && door_.open_to_strangers(found->route)) return routed(request, found->route, std::move(values), false, {}, defect);
    auto caller = door_.authenticate(request);
    if (!caller) return failed(caller.error(), request.id, defect);
    if (caller->account.empty() && caller->wait > 0) return problem(429, ErrorCode::not_allowed, "the password was wrong too often; try again in " + std::to_string(caller->wait) + " seconds", request.id).with("Retry-After", std::to_string(caller->wait));
    if (caller->account.empty()) return problem(401, ErrorCode::not_allowed, "sign in first", request.id);
    if (found == nullptr && !allowed.empty()) return problem(405, ErrorCode::bad_usage, "this address takes " + allowed, request.id).with("Allow", allowed);
    if (found == nullptr) return problem(core::Error{ErrorCode::not_found, "there is nothing at this address; /api/v1/openapi.json lists what there is", {}}, request.id);
    return routed(request, found->route, std::move(values), true, std::move(*caller), defect);
}

net::Response Dispatcher::routed(const net::Request& request, const Route& route, std::map<std::string, std::string> path, bool known_caller, Caller caller, std::string& defect) const {
    if (changes(request)) {
        if (from_elsewhere(request)) return problem(403, ErrorCode::not_allowed, "this was asked by a page of another site", request.id);
        if (known_caller && !caller.session.empty() && !same_secret(request.header("x-csrf-token"), caller.csrf))
            return problem(403, ErrorCode::not_allowed, "a change needs the session's token in X-CSRF-Token; load the page again", request.id);
    }
    if (known_caller)
        if (auto allowed = door_.allow(route, request, caller); !allowed) return failed(allowed.error(), request.id, defect);
    if (!takes(route, request)) return problem(415, ErrorCode::bad_usage, "send this as application/json", request.id);
    const Call call{request, caller, std::move(path)};
    auto response = known_caller && changes(request) && door_.once ? door_.once(request, caller, [&] { return route.handle(call); }) : route.handle(call);
    if (!response) return failed(response.error(), request.id, defect);
    if (known_caller && door_.disclose && response->status == 200 && is_file(*response))
        if (auto noted = door_.disclose(route, request, caller); !noted) return failed(noted.error(), request.id, defect);
    revalidate(request, *response);
    return std::move(*response);
}

std::string etag_of(std::string_view body) {
    std::array<unsigned char, 16> digest{};
    crypto_generichash(digest.data(), digest.size(), reinterpret_cast<const unsigned char*>(body.data()), body.size(), nullptr, 0);
    return '"' + core::hexadecimal(digest) + '"';
}

bool etag_matches(std::string_view if_none_match, std::string_view etag) {
    for (const std::string& each : core::split(std::string(if_none_match), ',')) {
        std::string_view one = core::trim(each);
        if (one == "*") return true;
        if (one.starts_with("W/")) one.remove_prefix(2);
        if (one == etag) return true;
    }
    return false;
}

}  // namespace threatlas::serve
