#include "work/matching/parts.hpp"

#include <algorithm>
#include <ctime>
#include <vector>

#include "core/text.hpp"
#include "exchange/identifiers/letters.hpp"
#include "model/json_codec.hpp"
#include "store/rights.hpp"

namespace threatlas::work::matching {

using core::ErrorCode;
using core::fail;
using core::Result;
using model::Role;

std::string base64(std::string_view bytes) {
    std::string out(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
    out.resize(out.size() - 1);
    return out;
}

Result<std::string> from_base64(std::string_view text) {
    std::string out(text.size() / 4 * 3 + 3, '\0');
    std::size_t size = 0;
    const char* end = nullptr;
    if (sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(), text.size(), nullptr, &size, &end, sodium_base64_VARIANT_ORIGINAL) != 0 || end != text.data() + text.size()) return fail(ErrorCode::bad_input, "a message is not base64");
    out.resize(size);
    return out;
}

std::string new_id(std::string_view letter, std::string_view organisation) {
    std::array<unsigned char, 8> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    return std::string(letter) + "-" + (organisation.empty() ? "" : std::string(organisation) + "-") + hexadecimal(bytes);
}

std::string iso_time(std::int64_t seconds) {
    const auto time = static_cast<std::time_t>(seconds);
    std::tm parts{};
    gmtime_r(&time, &parts);
    std::array<char, 32> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

std::string iso_day(std::int32_t day) { return core::iso(core::Day{day}); }

std::string shown(std::string_view text, std::size_t most) {
    std::string out;
    for (const char c : text.substr(0, most)) out += static_cast<unsigned char>(c) < 32 || c == 127 ? ' ' : c;
    return core::is_utf8(out) ? out : std::string("(not text)");
}

Result<void> may_work(const model::Reader& who, const Settings& settings, const std::string& what) {
    if (settings.organisation.empty()) return fail(ErrorCode::not_found, "this node has no organisation yet: 'threatlas match setup --organisation ...'");
    const bool role = who.role == Role::analyst || who.role == Role::contact_point || who.role == Role::director;
    if (!role || (who.organisation != settings.organisation && who.organisation != store::kRegional)) return fail(ErrorCode::not_allowed, what + " is for contact points, analysts and directors of " + settings.organisation);
    return {};
}

Result<void> may_look(const model::Reader& who, const Settings& settings, const std::string& what) {
    if (who.organisation == settings.organisation || who.organisation == store::kRegional) return {};
    return fail(ErrorCode::not_allowed, what + " is for people of " + (settings.organisation.empty() ? std::string("this node") : settings.organisation));
}

exchange::matching::Digest digest_from(const std::string& text) {
    exchange::matching::Digest out{};
    static_cast<void>(from_hexadecimal(text, out));
    return out;
}

Result<exchange::matching::Verify> verifier(const std::string& public_key) {
    std::array<unsigned char, 32> bytes{};
    if (!from_hexadecimal(public_key, bytes)) return fail(ErrorCode::bad_input, "a public key has 64 hexadecimal digits");
    return exchange::matching::ed25519_verifier(bytes);
}

bool names_it(std::string_view text, const exchange::identifiers::Identifier& identifier) {
    namespace ids = exchange::identifiers;
    const auto squeezed = [](std::string_view from) {
        std::string out;
        for (const char c : core::fold_name(from))
            if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
        return out;
    };
    const std::string where = squeezed(text);
    std::vector<std::string> parts{identifier.value};
    if (identifier.kind == ids::Kind::person) parts = core::split(identifier.value, ' ');
    if (identifier.kind == ids::Kind::phone && identifier.value.size() > 8) parts.push_back(identifier.value.substr(identifier.value.size() - 7));
    return std::any_of(parts.begin(), parts.end(), [&](const std::string& each) {
        const std::string sought = squeezed(each);
        return sought.size() >= 4 && where.find(sought) != std::string::npos;
    });
}

Result<void> fit_grounds(const std::string& case_reference, const std::string& legal_basis) {
    for (const auto& [name, text, what] : {std::tuple{"case_reference", &case_reference, "a query needs the reference of a case of one's own"}, {"legal_basis", &legal_basis, "a query needs its legal basis: the provision that allows it"}}) {
        if (core::trim(*text).size() < 3) return fail(ErrorCode::not_allowed, what, {"", 0, name});
        if (text->size() > 120 || !core::is_utf8(*text) || std::any_of(text->begin(), text->end(), [](char c) { return static_cast<unsigned char>(c) < 32 || c == 127; })) return fail(ErrorCode::bad_input, "at most 120 bytes of text, without line ends", {"", 0, name});
    }
    return {};
}

std::string signed_text(const Commitment& commitment) {
    core::json::object object = model::to_json(commitment).as_object();
    object.erase("signature");
    return "threatlas matching 1\n" + core::write_json(object);
}

Result<Commitment> read_commitment(std::string_view text) {
    if (text.size() > (std::size_t{1} << 20)) return fail(ErrorCode::bad_input, "a commitment is longer than anyone writes");
    THREATLAS_TRY(const auto value, core::parse_json(text, "commitment"));
    Commitment out;
    THREATLAS_CHECK(model::from_json(value, out, "commitment"));
    if (out.parts.size() > 1000) return fail(ErrorCode::bad_input, "a commitment names more parts than anyone publishes");
    return out;
}

}  // namespace threatlas::work::matching
