#include "exchange/taxii/envelope.hpp"

#include <simdjson.h>

#include <array>
#include <cstring>

#include "core/text.hpp"
#include "exchange/taxii/query.hpp"

namespace threatlas::exchange::taxii {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr std::size_t kDepth = 64;

// Keys whose meaning we act on: who reads the first and who reads the last of two must not differ.
constexpr std::array<std::string_view, 9> kKeys{"id", "type", "spec_version", "created", "modified", "object_marking_refs", "granular_markings", "extensions", "revoked"};

Result<void> take_apart(simdjson::ondemand::object fields, SentObject& out) {
    std::array<bool, kKeys.size()> seen{};
    std::string created, modified;
    bool has_created = false, odd = false;
    for (auto field : fields) {
        std::string_view key;
        if (field.unescaped_key().get(key) != simdjson::SUCCESS) return fail(ErrorCode::bad_usage, "the body is no JSON");
        std::size_t at = 0;
        while (at < kKeys.size() && kKeys[at] != key) ++at;
        if (at == kKeys.size()) continue;
        if (seen[at]) out.fault = "it says '" + std::string(kKeys[at]) + "' twice";
        seen[at] = true;
        if (at >= 5) {
            out.marked = out.marked || at < 8;
            continue;
        }
        std::string_view value;
        if (field.value().get_string().get(value) != simdjson::SUCCESS) {
            odd = true;
            if (out.fault.empty()) out.fault = "its '" + std::string(kKeys[at]) + "' is no text";
            continue;
        }
        if (at == 0) out.id = value;
        else if (at == 1) out.type = value;
        else if (at == 2) out.spec_version = value;
        else if (at == 3) created = value, has_created = true;
        else modified = value;
    }
    if (out.spec_version.empty()) out.spec_version = has_created ? "2.0" : "2.1";
    out.version = modified.empty() ? created : modified;
    if (odd || !out.fault.empty()) return {};
    if (!is_stix_id(out.id)) out.fault = "its id is no STIX id: '<type>--<UUID>'";
    else if (out.type.empty()) out.fault = "it has no type";
    else if (out.id.size() != out.type.size() + 38 || !std::string_view(out.id).starts_with(out.type)) out.fault = "its id is of another type";
    else if (out.spec_version != "2.0" && out.spec_version != "2.1") out.fault = "its spec_version is neither 2.0 nor 2.1";
    else if ((has_created && !is_timestamp(created)) || (!modified.empty() && !is_timestamp(modified))) out.fault = "its 'created' or 'modified' is no timestamp";
    return {};
}

}  // namespace

Result<Envelope> Envelope::read(std::string_view text, std::size_t most) {
    const auto no_json = [](const char* why) { return fail(ErrorCode::bad_usage, std::string("the body is no JSON: ") + why); };
    Envelope out;
    const std::size_t room = text.size() + simdjson::SIMDJSON_PADDING;
    out.bytes_ = std::make_unique_for_overwrite<char[]>(room);
    if (!text.empty()) std::memcpy(out.bytes_.get(), text.data(), text.size());
    std::memset(out.bytes_.get() + text.size(), 0, simdjson::SIMDJSON_PADDING);
    // Once as a whole, which checks every value and letter; then once more for the places of the objects.
    {
        thread_local simdjson::dom::parser usual;
        simdjson::dom::parser large;   // what it needs does not stay
        simdjson::dom::parser& checker = text.size() > (std::size_t{4} << 20) ? large : usual;
        if (checker.allocate(std::max<std::size_t>(text.size(), 64), kDepth) != simdjson::SUCCESS) return fail(ErrorCode::unavailable, "there is no memory for this envelope");
        simdjson::dom::element whole;
        if (const auto error = checker.parse(reinterpret_cast<const std::uint8_t*>(out.bytes_.get()), text.size(), false).get(whole); error != simdjson::SUCCESS) return no_json(simdjson::error_message(error));
        if (!whole.is_object()) return fail(ErrorCode::bad_input, "an envelope is a JSON object");
    }
    simdjson::ondemand::parser parser;
    simdjson::ondemand::document document;
    if (const auto error = parser.iterate(out.bytes_.get(), text.size(), room).get(document); error != simdjson::SUCCESS) return no_json(simdjson::error_message(error));
    simdjson::ondemand::object fields;
    if (document.get_object().get(fields) != simdjson::SUCCESS) return fail(ErrorCode::bad_input, "an envelope is a JSON object");
    for (auto field : fields) {
        std::string_view key;
        if (field.unescaped_key().get(key) != simdjson::SUCCESS) return no_json("a key cannot be read");
        if (key == "more") {
            if (field.value().get_bool().get(out.more_) != simdjson::SUCCESS) return fail(ErrorCode::bad_input, "'more' of an envelope is true or false");
        } else if (key == "next") {
            std::string_view next;
            if (field.value().get_string().get(next) != simdjson::SUCCESS) return fail(ErrorCode::bad_input, "'next' of an envelope is a text");
            out.next_ = next;
        } else if (key == "objects") {
            if (out.has_objects_) return fail(ErrorCode::bad_input, "the envelope holds two lists 'objects'");
            simdjson::ondemand::array list;
            if (field.value().get_array().get(list) != simdjson::SUCCESS) return fail(ErrorCode::bad_input, "'objects' of an envelope is a list");
            out.has_objects_ = true;
            for (auto item : list) {
                if (out.objects_.size() == most) return fail(ErrorCode::bad_input, "the envelope holds more than " + std::to_string(most) + " objects");
                SentObject one;
                simdjson::ondemand::object object;
                const std::string nth = "object " + std::to_string(out.objects_.size() + 1) + " of the envelope ";
                if (item.get_object().get(object) != simdjson::SUCCESS) return fail(ErrorCode::bad_input, nth + "is no JSON object");
                if (object.raw_json().get(one.text) != simdjson::SUCCESS || object.reset().error() != simdjson::SUCCESS) return no_json("an object cannot be read");
                while (!one.text.empty() && (one.text.back() == ' ' || one.text.back() == '\n' || one.text.back() == '\r' || one.text.back() == '\t')) one.text.remove_suffix(1);
                THREATLAS_CHECK(take_apart(object, one));
                if (one.id.empty()) return fail(ErrorCode::bad_input, nth + "has no id");
                out.objects_.push_back(std::move(one));
            }
        }
    }
    return out;
}

Result<std::vector<std::string>> raw_list(std::string_view json, std::string_view pointer) {
    const simdjson::padded_string bytes(json);
    simdjson::dom::parser checker;
    if (const auto error = checker.parse(bytes).error(); error != simdjson::SUCCESS) return fail(ErrorCode::bad_usage, std::string("this is no JSON: ") + simdjson::error_message(error));
    simdjson::ondemand::parser parser;
    simdjson::ondemand::document document;
    simdjson::ondemand::array list;
    std::vector<std::string> out;
    if (parser.iterate(bytes).get(document) != simdjson::SUCCESS || document.at_pointer(pointer).get_array().get(list) != simdjson::SUCCESS) return out;
    for (auto item : list) {
        std::string_view text;
        simdjson::ondemand::object object;
        if (item.get_object().get(object) != simdjson::SUCCESS || object.raw_json().get(text) != simdjson::SUCCESS) return fail(ErrorCode::bad_input, "item " + std::to_string(out.size() + 1) + " of " + std::string(pointer) + " is no JSON object");
        out.emplace_back(core::trim(text));
    }
    return out;
}

}  // namespace threatlas::exchange::taxii
