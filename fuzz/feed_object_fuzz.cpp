// Any bytes as an object of a feed: its seal, its signatures, the record it carries.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/json.hpp"
#include "exchange/nodes/sealed.hpp"
#include "exchange/stix/carry.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace nodes = threatlas::exchange::nodes;
    namespace core = threatlas::core;
    const auto value = core::parse_json({reinterpret_cast<const char*>(data), size}, "fuzz");
    if (!value || !value->is_object()) return 0;
    const auto& object = value->get_object();
    static const nodes::NodeKey nobody = nodes::NodeKey::of_seed(std::string(64, '9')).value();
    if (const auto seal = nodes::seal_of(object)) {
        // Nobody holds this key: nothing is signed with it, until we do.
        if (nodes::check_author(object, *seal, nobody.open()) || nodes::check_seal(object, *seal, nobody.open())) std::abort();
        const auto ours = nodes::with_seal(nodes::with_author(object, "rs_mup", nobody), "rs_mup", "bg_mvr", 1, nobody);
        const auto way = core::parse_json(core::write_json(ours), "way");
        if (!way) std::abort();
        const auto back = nodes::seal_of(way->as_object());
        if (!back || !nodes::check_author(way->as_object(), *back, nobody.open()) || !nodes::check_seal(way->as_object(), *back, nobody.open())) std::abort();
    }
    (void)threatlas::exchange::stix::carried(object);
    return 0;
}
