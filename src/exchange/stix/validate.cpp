#include "exchange/stix/validate.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "exchange/stix/look.hpp"
#include "exchange/stix/markings.hpp"
#include "exchange/stix/slices.hpp"
#include "exchange/stix/times.hpp"

namespace threatlas::exchange::stix {

namespace json = core::json;

namespace {

bool among(std::string_view word, const auto& words) { return std::find(words.begin(), words.end(), word) != words.end(); }

constexpr std::array<std::string_view, 18> kObservables{"artifact", "autonomous-system", "directory", "domain-name", "email-addr", "email-message", "file", "ipv4-addr", "ipv6-addr", "mac-addr", "mutex", "network-traffic", "process", "software", "url", "user-account", "windows-registry-key", "x509-certificate"};
constexpr std::array<std::string_view, 5> kNoEnds{"bundle", "relationship", "sighting", "marking-definition", "language-content"};
// Extensions that the specification itself names.
constexpr std::array<std::string_view, 12> kNamed{"archive-ext", "ntfs-ext", "pdf-ext", "raster-image-ext", "windows-pebinary-ext", "http-request-ext", "icmp-ext", "socket-ext", "tcp-ext", "windows-process-ext", "windows-service-ext", "unix-account-ext"};

class Rules {
  public:
    explicit Rules(const json::object& object) : object_(object) { out_.reserve(4); }

    std::vector<Problem> run() {
        const std::string_view type = text_at(object_, "type"), id = text_at(object_, "id");
        if (type_of(id) != type || id.size() != type.size() + 38) add("/id", "the id does not begin with the object's type and '--', with a UUID after it");
        times("", object_);
        order("created", "modified", true);
        order("first_seen", "last_seen", true);
        order("first_observed", "last_observed", true);
        order("valid_from", "valid_until", false);
        order("start_time", "stop_time", false);
        order("analysis_started", "analysis_ended", true);
        order("start", "end", true);
        if (type == "relationship") end("source_ref"), end("target_ref");
        if (type == "sighting") {
            const std::string_view of = type_of(text_at(object_, "sighting_of_ref"));
            if (among(of, kNoEnds) || among(of, kObservables)) add("/sighting_of_ref", "a sighting is of a domain object");
        }
        extensions();
        granular();
        return std::move(out_);
    }

  private:
    void add(std::string path, std::string message) { out_.push_back({std::string(text_at(object_, "id").substr(0, 300)), std::move(path), std::move(message)}); }
    void times(const std::string&, const json::object& object) {
        constexpr std::array<std::string_view, 27> kKeys{"created", "modified", "first_seen", "last_seen", "published", "valid_from", "valid_until", "first_observed", "last_observed", "start_time", "stop_time", "submitted", "analysis_started", "analysis_ended",
                                                        "object_modified", "ctime", "mtime", "atime", "date", "start", "end", "created_time", "account_created", "account_expires", "modified_time", "validity_not_before", "validity_not_after"};
        for (const auto key : kKeys)
            if (const auto* value = object.if_contains(key); value != nullptr && value->is_string() && !is_time(std::string_view(value->get_string()), 30))
                add("/" + std::string(key), "'" + std::string(value->get_string().subview(0, 40)) + "' is no time that exists, in UTC with 'Z'");
    }
    // Texts compare as times once they have as many digits.
    static std::string comparable(std::string_view time) {
        std::string out(time.substr(0, time.empty() ? 0 : time.size() - 1));
        if (out.size() == 19) out += '.';
        out.resize(std::max<std::size_t>(out.size(), 50), '0');
        return out;
    }
    void order(std::string_view first, std::string_view then, bool equal) {
        const std::string_view a = text_at(object_, first), b = text_at(object_, then);
        if (!is_time(a, 30) || !is_time(b, 30)) return;
        const auto left = comparable(a), right = comparable(b);
        if (right < left || (!equal && left == right)) add("/" + std::string(then), "'" + std::string(then) + (equal ? "' is before '" : "' is not after '") + std::string(first) + "'");
    }
    void end(std::string_view key) {
        if (among(type_of(text_at(object_, key)), kNoEnds)) add("/" + std::string(key), "a relationship joins domain objects and observables");
    }
    void extensions() {
        const auto* value = object_.if_contains("extensions");
        if (value == nullptr || !value->is_object()) return;
        for (const auto& each : value->get_object()) {
            const std::string key(each.key()), path = "/extensions/" + key;
            const auto* body = each.value().if_object();
            if (body == nullptr) continue;
            if (type_of(key) == "extension-definition" && key.size() == 58) {
                if (!body->contains("extension_type")) add(path, "an extension by definition has an 'extension_type'");
                if (const char* schema = key == kTlpExtension ? "tlp-2.0" : key == extension_id("handling") ? "threatlas-handling" : key == extension_id("record") ? "threatlas-record" : nullptr; schema != nullptr)
                    for (auto& problem : against_schema(*body, schema)) add(path + problem.path, std::move(problem.message));
            } else if (!among(key, kNamed) && !key.starts_with("x-")) {
                add(path, "neither the id of an extension-definition nor an extension that the specification names");
            }
        }
    }
    void granular() {
        const auto* list = object_.if_contains("granular_markings");
        if (list == nullptr || !list->is_array()) return;
        for (const auto& each : list->get_array()) {
            const auto* mark = each.if_object();
            const auto* selectors = mark != nullptr ? mark->if_contains("selectors") : nullptr;
            if (selectors == nullptr || !selectors->is_array()) continue;
            for (const auto& selector : selectors->get_array())
                if (selector.is_string() && !finds(std::string_view(selector.get_string()))) add("/granular_markings", "the selector '" + std::string(selector.get_string().subview(0, 100)) + "' finds nothing");
        }
    }
    // 'object_refs.[1]', 'external_references.[0].url'.
    bool finds(std::string_view selector) const {
        const json::value* at = nullptr;
        bool first = true;
        while (!selector.empty()) {
            const auto dot = selector.find('.');
            const std::string_view step = selector.substr(0, dot);
            selector.remove_prefix(dot == std::string_view::npos ? selector.size() : dot + 1);
            if (step.size() > 2 && step.front() == '[' && step.back() == ']') {
                std::size_t index = 0;
                const auto read = std::from_chars(step.data() + 1, step.data() + step.size() - 1, index);
                if (at == nullptr || !at->is_array() || read.ec != std::errc{} || index >= at->get_array().size()) return false;
                at = &at->get_array()[index];
            } else {
                const json::object* in = first ? &object_ : at != nullptr ? at->if_object() : nullptr;
                at = in != nullptr ? in->if_contains(step) : nullptr;
                if (at == nullptr) return false;
            }
            first = false;
        }
        return at != nullptr;
    }

    const json::object& object_;
    std::vector<Problem> out_;
};

}  // namespace

std::vector<Problem> problems_of(const json::object& object) {
    auto out = against_schema(object, has_schema(text_at(object, "type")) && text_at(object, "type") != "common" ? text_at(object, "type") : "any-object");
    for (auto& each : Rules(object).run()) out.push_back(std::move(each));
    return out;
}

core::Result<Validated> validate(std::string_view text, std::string_view source) {
    THREATLAS_TRY(const auto all, slices(text, source));
    if (all.slices.empty()) return core::fail(core::ErrorCode::bad_input, "there are no objects in it", {std::string(source), 0, ""});
    Validated out;
    const auto keep = [&](std::vector<Problem> problems) {
        if (!problems.empty()) ++out.faulty;
        for (auto& each : problems)
            if (out.problems.size() < 1000) out.problems.push_back(std::move(each));
    };
    if (text_at(all.head, "type") == "bundle") {
        json::object head = all.head;
        head["objects"] = json::array{json::object{}};
        auto problems = against_schema(head, "bundle");
        for (auto& each : problems) out.problems.push_back(std::move(each));
    } else if (all.head.contains("type")) {
        out.problems.push_back({"", "/type", "objects stand in a bundle or an envelope"});
    }
    std::map<std::string, std::string_view> versions;   // id and version -> the first text of it
    for (const Slice& slice : all.slices) {
        ++out.objects;
        THREATLAS_TRY(const auto object, object_of(slice, source));
        auto problems = problems_of(object);
        const std::string key = std::string(text_at(object, "id")) + " " + std::string(text_at(object, "modified"));
        const auto [first, fresh] = versions.emplace(key, slice.text);
        if (!fresh && first->second != slice.text && core::write_json(*object_of({first->second, slice.line}, source)) != core::write_json(object)) problems.push_back({std::string(text_at(object, "id")), "/modified", "the same version stands here twice with different contents"});
        keep(std::move(problems));
    }
    return out;
}

}  // namespace threatlas::exchange::stix
