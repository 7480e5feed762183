#include "serve/taxii/next.hpp"

#include <charconv>

namespace threatlas::serve::taxii {

std::string write_next(const store::FieldKey& key, std::string_view context, std::int64_t number) { return key.seal(context, std::to_string(number)); }

core::Result<std::int64_t> read_next(const store::FieldKey& key, std::string_view context, std::string_view text) {
    const auto opened = key.open(context, text);
    std::int64_t number = 0;
    if (!opened || std::from_chars(opened->data(), opened->data() + opened->size(), number).ptr != opened->data() + opened->size())
        return core::fail(core::ErrorCode::bad_usage, "'next' is none that a page of these filters gave: take it as it is, and keep the filters");
    return number;
}

}  // namespace threatlas::serve::taxii
