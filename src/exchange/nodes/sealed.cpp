#include "exchange/nodes/sealed.hpp"

#include "core/hash.hpp"
#include "exchange/nodes/card.hpp"
#include "exchange/stix/markings.hpp"

namespace threatlas::exchange::nodes {

namespace json = core::json;
using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

const std::string& extension() {
    static const std::string id = stix::extension_id("feed");
    return id;
}

std::string bare(json::object object) {
    if (auto* all = object.if_contains("extensions"); all != nullptr && all->is_object()) {
        all->get_object().erase(extension());
        if (all->get_object().empty()) object.erase("extensions");
    }
    return core::write_json(object);
}

std::string author_text(std::string_view author, const std::string& bare) { return "threatlas record 1\n" + std::string(author) + "\n" + bare; }

std::string seal_text(const Seal& seal, const std::string& bare) {
    return "threatlas feed 1\n" + seal.from + "\n" + seal.to + "\n" + std::to_string(seal.number) + "\n" + seal.author + "\n" + seal.author_signature + "\n" + core::sha256(bare) + "\n";
}

json::object& extension_in(json::object& object) {
    auto& all = object["extensions"];
    if (!all.is_object()) all = json::object{};
    auto& ours = all.get_object()[extension()];
    if (!ours.is_object()) ours = json::object{};
    return ours.get_object();
}

Result<std::string> text(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    if (value == nullptr || !value->is_string()) return fail(ErrorCode::bad_input, "the seal has no text '" + std::string(key) + "'");
    return std::string(value->get_string());
}

}  // namespace

json::object with_author(json::object object, std::string_view author, const NodeKey& key) {
    const std::string signature = key.sign(author_text(author, bare(object)));
    extension_in(object) = {{"extension_type", "property-extension"}, {"author", author}, {"author_signature", signature}};
    return object;
}

json::object with_seal(json::object object, std::string_view from, std::string_view to, std::int64_t number, const NodeKey& key) {
    json::object& ours = extension_in(object);
    Seal seal{text(ours, "author").value_or(""), text(ours, "author_signature").value_or(""), std::string(from), std::string(to), number, ""};
    seal.signature = key.sign(seal_text(seal, bare(object)));
    ours["from"] = from, ours["to"] = to, ours["number"] = number, ours["signature"] = seal.signature;
    return object;
}

Result<Seal> seal_of(const json::object& object) {
    const auto* all = object.if_contains("extensions");
    const auto* ours = all != nullptr && all->is_object() ? all->get_object().if_contains(extension()) : nullptr;
    if (ours == nullptr || !ours->is_object()) return fail(ErrorCode::bad_input, "the object has no seal of a node");
    const json::object& in = ours->get_object();
    Seal seal;
    THREATLAS_TRY(seal.author, text(in, "author"));
    THREATLAS_TRY(seal.author_signature, text(in, "author_signature"));
    THREATLAS_TRY(seal.from, text(in, "from"));
    THREATLAS_TRY(seal.to, text(in, "to"));
    THREATLAS_TRY(seal.signature, text(in, "signature"));
    for (const std::string* each : {&seal.author, &seal.from, &seal.to}) THREATLAS_CHECK(check_organisation(*each));
    const auto* number = in.if_contains("number");
    if (number == nullptr || !number->is_int64() || number->get_int64() < 1) return fail(ErrorCode::bad_input, "the seal has no number");
    seal.number = number->get_int64();
    return seal;
}

Result<void> check_author(const json::object& object, const Seal& seal, std::string_view public_key) {
    if (is_signed(author_text(seal.author, bare(object)), seal.author_signature, public_key)) return {};
    return fail(ErrorCode::mismatch, "the signature on the record is not that of the node of '" + seal.author + "'");
}

Result<void> check_seal(const json::object& object, const Seal& seal, std::string_view public_key) {
    if (is_signed(seal_text(seal, bare(object)), seal.signature, public_key)) return {};
    return fail(ErrorCode::mismatch, "the seal is not that of the node of '" + seal.from + "'");
}

}  // namespace threatlas::exchange::nodes
