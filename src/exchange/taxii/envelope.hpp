// An envelope (TAXII 2.1, 3.7) taken apart: each object as the very text it came in, with what a store needs to know of
// it. The whole text is checked to be JSON; what an object says is checked cheaply, object by object.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace threatlas::exchange::taxii {

struct SentObject {
    std::string_view text;         // within the envelope
    std::string id, type;
    std::string version;           // 'modified', else 'created'; empty: it has neither
    std::string spec_version;      // as said; else 2.1 for what has no 'created', which 2.0 knows of none
    bool marked = false;           // says something of its handling: markings or extensions
    std::string fault;             // empty: it may be kept
};

class Envelope {
  public:
    // bad_usage: no JSON; bad_input: no object with a list 'objects'; more than `most` objects, or deeper than 64. An object without an
    // id that is a text is a fault of the whole: nobody could be told of it.
    static core::Result<Envelope> read(std::string_view text, std::size_t most);

    const std::vector<SentObject>& objects() const { return objects_; }
    bool has_objects() const { return has_objects_; }   // there is a list 'objects'
    bool more() const { return more_; }
    const std::string& next() const { return next_; }

  private:
    std::unique_ptr<char[]> bytes_;   // what the texts are within, with room behind
    std::vector<SentObject> objects_;
    std::string next_;
    bool more_ = false, has_objects_ = false;
};

// The items of the list at a JSON pointer (RFC 6901), each as it stands in the text. Empty when there is none. bad_usage: no JSON.
core::Result<std::vector<std::string>> raw_list(std::string_view json, std::string_view pointer);

}  // namespace threatlas::exchange::taxii
