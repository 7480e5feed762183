// Handling codes as STIX markings: the TLP word as the object that OASIS published for TLP 2.0 (extension
// 60a3c5c5-...), each code H0 to H3 as a marking-definition with an extension of ours (docs/STIX.md), statements as the
// specification's own (7.2.1.1).
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.hpp"

namespace threatlas::exchange::stix {

// Extensions of ours: 'extension-definition--<uuid>' of 'threatlas/<name>'; names: record, handling, and those of docs/STIX.md.
std::string extension_id(std::string_view name);
extern const std::string_view kTlpExtension;  // of TLP 2.0, as published

// object_marking_refs of 'TLP:AMBER H1 H3'. What is no such text is marked with everything: TLP:RED, H1, H2, H3.
core::json::array marking_refs(std::string_view handling);
// The marking-definition objects themselves, of which a bundle holds those it uses.
std::vector<core::json::object> marking_objects();                 // the five words, then H0 to H3
core::json::object statement_marking(std::string_view statement);  // same text, same id
std::string statement_id(std::string_view statement);

// The marking-definition with this id, or null: those that came with the object.
using Definitions = std::function<const core::json::object*(std::string_view id)>;

// 'TLP:AMBER H1 H3', codes in order: the join of object_marking_refs and granular markings; TLP 1.0 counts (WHITE is
// CLEAR), statements say nothing. "" (strictest) for an object without a TLP word or with a marking that is not known.
std::string handling_of(const core::json::object& object, const Definitions& definitions = {});
// The same, or `otherwise` when no marking is there at all; "" still when one is there that is not known.
std::string handling_of(const core::json::object& object, std::string_view otherwise, const Definitions& definitions = {});

// The stricter of two texts in each respect; "" when either is "" or no such text.
std::string join_handling(std::string_view a, std::string_view b);
// Canonical form, "" for what is no handling text.
std::string plain_handling(std::string_view text);

}  // namespace threatlas::exchange::stix
