#include "serve/api/cursor.hpp"

#include <sodium.h>

namespace threatlas::serve::api {

std::string write_cursor(const Cursor& cursor) {
    const std::string text = core::write_json(core::json::array{cursor.sort, cursor.value, cursor.key});
    std::string out(sodium_base64_ENCODED_LEN(text.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
    sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    out.resize(out.find('\0'));
    return out;
}

core::Result<Cursor> read_cursor(std::string_view text) {
    const auto wrong = [] { return core::fail(core::ErrorCode::bad_input, "this is no cursor of a page: take 'next' of the page before as it is", {"query", 0, "cursor"}); };
    if (text.size() > 4096) return wrong();
    std::string bytes(text.size(), '\0');
    std::size_t size = 0;
    if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(), text.size(), nullptr, &size, nullptr, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0) return wrong();
    bytes.resize(size);
    const auto value = core::parse_json(bytes, "cursor");
    if (!value || !value->is_array() || value->get_array().size() != 3 || !value->get_array()[0].is_string()) return wrong();
    const auto& parts = value->get_array();
    for (const auto& each : {parts[1], parts[2]})
        if (!each.is_null() && !each.is_number() && !each.is_string() && !each.is_bool()) return wrong();
    return Cursor{std::string(parts[0].get_string()), parts[1], parts[2]};
}

}  // namespace threatlas::serve::api
