// MISP galaxies and taxonomies: files of words, and which of our codes and threats a machine tag names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/json.hpp"
#include "model/catalogue.hpp"

namespace threatlas::exchange::misp {

// 'namespace:predicate="value"', 'namespace:predicate', 'misp-galaxy:type="value"'.
struct Tag {
    std::string space, predicate, value;
    bool operator==(const Tag&) const = default;
};
// None of it when it is no machine tag.
bool parse_tag(std::string_view text, Tag& out);
std::string text_of(const Tag& tag);

struct Named {
    std::vector<std::string> codes, threats;   // catalogue ids, in its order
};
// By the catalogue's own `misp` lists, whatever the case: the whole tag, or a namespace or galaxy alone ('ransomware').
class Vocabulary {
  public:
    explicit Vocabulary(const model::Catalogue& catalogue);
    Named of(std::string_view tag) const;
    Named of(const std::vector<std::string>& tags) const;

  private:
    struct Entry {
        std::string tag, id;   // lower case; a tag without ':' is a namespace
        bool code;
    };
    std::vector<Entry> entries_;
};

// One word of a galaxy or taxonomy.
struct Word {
    std::string tag, title, description, uuid;
    std::vector<std::string> synonyms, refs;
    core::json::object record;       // as the file has it
};
struct Words {
    std::string kind;                // galaxy or taxonomy
    std::string name, title, uuid;   // name: the galaxy's type, the taxonomy's namespace
    std::int64_t version = 0;
    std::vector<Word> words;
};
// bad_input for a file that is neither.
core::Result<Words> words_of(std::string_view text, std::string_view source);

// The word as a STIX object: attack-pattern, malware, location, identity (a class), course-of-action, by its galaxy.
core::json::object to_stix(const Words& file, const Word& word, const Named& named, const model::Catalogue& catalogue);

}  // namespace threatlas::exchange::misp
