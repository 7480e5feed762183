// The target of a request: split, decoded once, checked. What is odd is refused, never repaired.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.hpp"

namespace threatlas::serve::net {

struct Target {
    std::string path;    // begins with '/'; no empty, '.' or '..' segment but a last empty one; no control character, no backslash
    std::vector<std::pair<std::string, std::string>> query;
};

// bad_input: no origin form, a broken escape, text that is not UTF-8 after decoding, a path as above forbids,
// more than 100 parameters.
core::Result<Target> parse_target(std::string_view target);

// One pass of percent-decoding; plus: '+' is a space. bad_input for a broken escape.
core::Result<std::string> percent_decoded(std::string_view text, bool plus);

}  // namespace threatlas::serve::net
