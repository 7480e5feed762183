// The cells of a workbook's sheet as its XML has them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace threatlas::serve::api {

inline constexpr std::size_t kCellCharacters = 32767;   // UTF-16 units, the format's own limit

std::string column_letters(std::size_t column);   // 0: 'A', 26: 'AA'

// Appends a text as XML: mark-up escaped; what XML cannot hold as '_x0007_', and what looks like that as '_x005F_x0007_';
// bytes that are no UTF-8 as U+FFFD. Beyond a cell's limit it is cut and says so.
void append_xml(std::string& out, std::string_view text);

// Appends one cell; nothing for an empty text or a number that is none. A text is never a formula. style: 0 plain, 1 bold.
void append_cell(std::string& out, std::string_view reference, std::string_view text, int style = 0);
void append_cell(std::string& out, std::string_view reference, double number);   // shortest form that reads back to the same bits

}  // namespace threatlas::serve::api
