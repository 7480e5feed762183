#include "serve/web_files.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>

#include "serve/dispatch.hpp"
#include "serve/net/gzip.hpp"

namespace threatlas::serve {
namespace {

constexpr const char* kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

// One copy in memory a file and encoding, made when it is first asked for.
net::Shared shared(std::string_view bytes) {
    static std::mutex lock;
    static std::map<const char*, net::Shared> made;
    const std::lock_guard guard(lock);
    auto& entry = made[bytes.data()];
    if (!entry) entry = std::make_shared<const std::string>(bytes);
    return entry;
}

const WebFile* file_at(std::string_view path) {
    const auto& all = web_files();
    const auto found = std::find_if(all.begin(), all.end(), [&](const WebFile& each) { return each.path == path; });
    return found == all.end() ? nullptr : &*found;
}

// The page finds its way by the address, whose parts may hold a dot ('/threats/drugs.heroin'): only what ends as a file does is one.
bool is_page(std::string_view path) {
    constexpr std::array<std::string_view, 13> kEndings{".html", ".js", ".mjs", ".css", ".svg", ".json", ".geojson", ".webmanifest", ".woff2", ".png", ".ico", ".txt", ".map"};
    return !path.starts_with("/assets/") && std::none_of(kEndings.begin(), kEndings.end(), [&](std::string_view each) { return path.ends_with(each); });
}

}  // namespace

net::Response web_answer(const net::Request& request) {
    if (web_files().empty()) return net::text_response(404, "This program was built without the dashboard. The API is at /api/v1/openapi.json\n");
    const bool page = is_page(request.path);
    const WebFile* file = file_at(page ? "/index.html" : request.path);
    if (file == nullptr) return net::text_response(404, "There is no such file.\n");
    const bool for_ever = file->path.starts_with("/assets/");
    net::Response response{200, {{"Content-Type", std::string(file->type)}, {"ETag", std::string(file->etag)}, {"Cache-Control", for_ever ? "public, max-age=31536000, immutable" : "no-cache"}, {"Vary", "Accept-Encoding"}}, std::string()};
    if (page) response.with("Content-Security-Policy", kPolicy).with("Cross-Origin-Opener-Policy", "same-origin").with("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()");
    if (etag_matches(request.header("if-none-match"), file->etag)) {
        response.status = 304;
        std::erase_if(response.headers, [](const auto& h) { return h.first == "Content-Type"; });
        return response;
    }
    const bool pack = file->packed.begin != nullptr && net::accepts_gzip(request.header("accept-encoding"));
    if (pack) response.with("Content-Encoding", "gzip");
    response.body = shared(pack ? file->packed.view() : file->plain.view());
    return response;
}

}  // namespace threatlas::serve
