// What must be known of a YAML text before it is read as one document.
#pragma once

#include <cstdint>
#include <string>

namespace threatlas::model {

// Line of the second document, counted from 1; 0 when there is none. A reader of one document would leave the second
// out without a word. Throws YAML::Exception on what is not YAML. Cost: one pass over at most two documents.
std::uint64_t second_document_line(const std::string& text);

}  // namespace threatlas::model
