// Text in and out: trimming, splitting, strict numbers, encodings.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace threatlas::core {

std::string_view trim(std::string_view text);  // ASCII white space and U+00A0
std::vector<std::string> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::string lower_ascii(std::string_view text);

// The whole text as a finite number with a decimal point ('1234.5'), or nothing.
std::optional<double> parse_number(std::string_view text);

bool is_utf8(std::string_view bytes);
// From an encoding ICU knows ('windows-1250', 'windows-1251', 'utf-8') to UTF-8.
// bad_input when a byte has no meaning in it.
Result<std::string> to_utf8(std::string_view bytes, const std::string& encoding);
// Lower case, without accents, Cyrillic and Greek in Latin letters: for comparing names only.
std::string fold_name(std::string_view utf8);

// Reads a whole file; not_found or unavailable otherwise.
Result<std::string> read_file(const std::string& path);
// Writes beside the target and renames, so the file is whole or absent.
Result<void> write_file(const std::string& path, std::string_view content);

}  // namespace threatlas::core
