// Small things the parts of Desk share.
#pragma once

#include <sodium.h>

#include <array>
#include <string>
#include <string_view>

#include "core/hexadecimal.hpp"
#include "core/result.hpp"
#include "model/reader.hpp"
#include "work/matching/desk.hpp"

namespace threatlas::work::matching {

using core::from_hexadecimal;
using core::hexadecimal;

std::string base64(std::string_view bytes);
core::Result<std::string> from_base64(std::string_view text);
std::string new_id(std::string_view letter, std::string_view organisation);
std::string iso_time(std::int64_t seconds);
std::string iso_day(std::int32_t day);
// Visible text of a stranger, for people: no control characters, at most so many bytes.
std::string shown(std::string_view text, std::size_t most = 300);

// Of the node's own organisation, in one of the roles that work with the list; or who keeps the node (the command line).
core::Result<void> may_work(const model::Reader& who, const Settings& settings, const std::string& what);
core::Result<void> may_look(const model::Reader& who, const Settings& settings, const std::string& what);
exchange::matching::Digest digest_from(const std::string& hexadecimal_text);
core::Result<exchange::matching::Verify> verifier(const std::string& public_key);

}  // namespace threatlas::work::matching
