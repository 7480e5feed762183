#include "serve/taxii/taxii.hpp"

#include <algorithm>

#include "core/json.hpp"
#include "exchange/taxii/media.hpp"

namespace threatlas::serve::taxii {

using core::Result;
namespace json = core::json;

namespace {

constexpr const char* kDiscovery = "/taxii2/";
// The server's own eye on names of roots, which it shows to whoever may come in.
const model::Reader kServer{"threatlas", "regional", model::Role::administrator, "TLP:CLEAR", "administration: TAXII"};

std::string without_slash(std::string_view path) {
    while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
    return std::string(path);
}

bool names_taxii(std::string_view header) { return header.find("application/taxii+json") != std::string_view::npos; }

// TAXII 2.1, 3.6.1.
void error_resource(const net::Request& request, net::Response& response) {
    const auto type = std::find_if(response.headers.begin(), response.headers.end(), [](const auto& each) { return each.first == "Content-Type"; });
    if (type == response.headers.end() || !type->second.starts_with("application/problem+json")) return;
    const auto* text = std::get_if<std::string>(&response.body);
    const auto problem = text == nullptr ? Result<json::value>(json::object{}) : core::parse_json(*text, "problem");
    json::object out{{"title", "this cannot be done"}, {"error_id", request.id}, {"http_status", std::to_string(response.status)}};
    if (const auto* known = problem ? problem->if_object() : nullptr)
        for (const auto& [from, to] : {std::pair{"title", "title"}, std::pair{"detail", "description"}, std::pair{"code", "error_code"}})
            if (const auto* each = known->if_contains(from); each != nullptr && each->is_string()) out[to] = *each;
    type->second = exchange::taxii::kTaxiiMedia;
    response.body = core::write_json(out);
    std::erase_if(response.headers, [](const auto& each) { return each.first == "WWW-Authenticate"; });
    if (response.status == 401) response.with("WWW-Authenticate", "Basic realm=\"threatlas\", charset=\"UTF-8\"").with("WWW-Authenticate", "Bearer realm=\"threatlas\"");
}

}  // namespace

Taxii::Taxii(store::Store& store, store::FieldKey key, Limits limits) : store_(store), key_(std::move(key)), limits_(limits), reads_(std::make_shared<store::AuditQueue>(store)) {
    store_.collections().note_reads_by([reads = reads_](const model::Reader& reader, const std::string& object) { return reads->read(reader, object); });
}
Taxii::~Taxii() {
    store_.collections().note_reads_by({});
    (void)reads_->flush();
}

std::shared_ptr<const std::vector<store::ApiRoot>> Taxii::known() {
    const std::lock_guard guard(lock_);
    const auto now = std::chrono::steady_clock::now();
    if (roots_ && now - read_at_ < std::chrono::seconds(1)) return roots_;
    read_at_ = now;
    if (auto read = collections().roots(kServer)) roots_ = std::make_shared<const std::vector<store::ApiRoot>>(std::move(*read));
    else if (!roots_) return std::make_shared<const std::vector<store::ApiRoot>>();
    return roots_;
}

std::optional<store::ApiRoot> Taxii::root_of(std::string_view path) {
    const std::string whole = without_slash(path) + "/";
    const store::ApiRoot* best = nullptr;
    const auto all = known();
    for (const store::ApiRoot& each : *all)
        if (each.path != kDiscovery && whole.starts_with(each.path) && (best == nullptr || each.path.size() > best->path.size())) best = &each;
    return best == nullptr ? std::nullopt : std::optional(*best);
}

std::vector<store::ApiRoot> Taxii::roots() {
    std::vector<store::ApiRoot> out = *known();
    std::erase_if(out, [](const auto& each) { return each.path == kDiscovery; });
    return out;
}

store::ApiRoot Taxii::discovery() {
    for (const store::ApiRoot& each : *known())
        if (each.path == kDiscovery) return each;
    return {.path = kDiscovery, .title = "Threatlas", .description = {}};
}

Dialect dialect(std::shared_ptr<Taxii> taxii) {
    Dialect out;
    // Under whichever path a root lies, its routes are those of '/taxii2/{root}'. A client that asks for TAXII where there
    // is no root gets TAXII's 404 and not the dashboard.
    out.path = [taxii](const net::Request& request) -> std::optional<std::string> {
        if (request.path.starts_with("/api/")) return std::nullopt;
        const std::string path = without_slash(request.path);
        if (const auto root = taxii->root_of(path)) {
            const std::string rest = path.size() > root->path.size() ? "/" + path.substr(root->path.size()) : "";
            return "/taxii2/root" + rest;
        }
        if (path == "/taxii2" || path.starts_with("/taxii2/")) return path;
        if (names_taxii(request.header("accept")) || names_taxii(request.header("content-type"))) return "/taxii2/none" + path;
        return std::nullopt;
    };
    out.finish = error_resource;
    return out;
}

net::Response taxii_response(int status, std::string body) { return {status, {{"Content-Type", std::string(exchange::taxii::kTaxiiMedia)}}, std::move(body)}; }

void append_json(std::string& out, std::string_view text) { out += core::write_json(json::value(json::string_view(text.data(), text.size()))); }

}  // namespace threatlas::serve::taxii
