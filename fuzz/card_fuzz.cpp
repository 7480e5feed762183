// Any bytes as a node's card. Nobody signed an input: none may be believed.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "exchange/nodes/card.hpp"
#include "model/json_codec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace nodes = threatlas::exchange::nodes;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto card = nodes::read_card(text, "fuzz");
    if (!card) return 0;
    // What is believed says the same again, and of the corpus alone.
    const auto again = nodes::read_card(threatlas::core::write_json(threatlas::model::to_json(*card)), "again");
    if (!again || again->signature != card->signature || card->public_key != nodes::NodeKey::of_seed(std::string(64, '1'))->open()) std::abort();
    return 0;
}
