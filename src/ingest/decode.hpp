// Cells from a file's encoding to UTF-8. UTF-8 is verified; single-byte encodings go through a table
// of 256 entries made once with ICU, so a row costs no converter.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace threatlas::ingest {

class Decoder {
  public:
    // bad_input for an encoding that is not known or takes several bytes a letter (other than UTF-8).
    static core::Result<Decoder> make(const std::string& encoding);
    // Replaces the record's cells by views of UTF-8 held until the next call. bad_input, with the byte, when it
    // does not belong to the encoding.
    core::Result<void> decode(std::string_view record, std::vector<std::string_view>& cells);
    // The text in UTF-8 for the eye, through shortened(); undecodable bytes become '?'.
    std::string shorten(std::string_view text) const;

  private:
    std::string encoding_ = "utf-8";
    bool utf8_ = true;
    std::array<std::string, 256> letters_{};
    std::string held_;
};

}  // namespace threatlas::ingest
