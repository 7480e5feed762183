// Any bytes as a profile that came over a feed: read, told, compared, drawn.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/json.hpp"
#include "model/json_codec.hpp"
#include "publish/profiles/profile.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace publish = threatlas::publish;
    namespace core = threatlas::core;
    const auto value = core::parse_json({reinterpret_cast<const char*>(data), size}, "fuzz");
    if (!value) return 0;
    const auto profile = publish::read_profile(*value, "fuzz");
    if (!profile) return 0;
    const std::string text = core::write_json(threatlas::model::to_json(*profile));
    const auto again = publish::read_profile(core::parse_json(text, "again").value(), "again");
    if (!again || core::write_json(threatlas::model::to_json(*again)) != text) std::abort();
    static const threatlas::model::Catalogue empty;
    (void)publish::profile_text(*profile);
    (void)publish::compare_profiles(*profile, *again);
    const std::string page = publish::html_profile(*profile, empty, {}, "draft");
    if (page.find("<img") != std::string::npos || page.find("<iframe") != std::string::npos) std::abort();
    return 0;
}
