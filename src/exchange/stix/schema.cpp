// The one file that includes valijson. Every pattern of the schemas is bounded, since std::regex recurses with what it
// matches; a test looks.
#include "exchange/stix/schema.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "exchange/stix/schema_texts.hpp"

namespace threatlas::exchange::stix {
namespace {

namespace json = core::json;
using Adapter = valijson::adapters::BoostJsonAdapter;

const json::value& parsed(std::string_view name) {
    static std::map<std::string, json::value, std::less<>> all;
    const auto found = all.find(name);
    if (found != all.end()) return found->second;
    auto value = core::parse_json(schema_texts().at(name), name);
    if (!value) throw std::logic_error("schema " + std::string(name) + ": " + value.error().message);
    return all.emplace(name, std::move(*value)).first->second;
}

const valijson::Schema& schema(std::string_view name) {
    static std::mutex mutex;
    static std::map<std::string, std::unique_ptr<valijson::Schema>, std::less<>> all;
    const std::lock_guard lock(mutex);
    auto& slot = all[std::string(name)];
    if (!slot) {
        auto made = std::make_unique<valijson::Schema>();
        valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
        const std::function<const json::value*(const std::string&)> fetch = [](const std::string& uri) -> const json::value* {
            const auto at = uri.find(".schema.json");
            return at != std::string::npos && schema_texts().contains(uri.substr(0, at)) ? &parsed(uri.substr(0, at)) : nullptr;
        };
        parser.populateSchema(Adapter(parsed(name)), *made, fetch, [](const json::value*) {});
        slot = std::move(made);
    }
    return *slot;
}

// '<root>', '[object_refs]', '[0]' -> '/object_refs/0'.
std::string path_of(const std::vector<std::string>& context) {
    std::string out;
    for (std::size_t i = 1; i < context.size(); ++i) {
        std::string_view each = context[i];
        if (each.size() > 1 && each.front() == '[' && each.back() == ']') each = each.substr(1, each.size() - 2);
        out += '/' + std::string(each);
    }
    return out;
}

}  // namespace

bool has_schema(std::string_view name) { return schema_texts().contains(name); }

std::vector<Problem> against_schema(const json::value& value, std::string_view name) {
    thread_local valijson::Validator validator;
    const valijson::Schema& its = schema(has_schema(name) ? name : "any-object");
    valijson::ValidationResults results;
    std::vector<Problem> out;
    if (validator.validate(its, Adapter(value), &results)) return out;
    std::string id;
    if (const auto* object = value.if_object())
        if (const auto* text = object->if_contains("id"); text != nullptr && text->is_string()) id = std::string(text->get_string().subview(0, 300));
    for (const auto& each : results) {
        if (out.size() == 20) break;
        out.push_back({id, path_of(each.context), each.description});
    }
    if (out.empty()) out.push_back({id, "", "does not follow its schema"});
    return out;
}

}  // namespace threatlas::exchange::stix
