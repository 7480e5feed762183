// An e-mail as it is sent (RFC 5322, 2045, 2047): plain text in UTF-8. What a writer says cannot become a header or end the
// message.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace threatlas::exchange::mail {

struct Message {
    std::string from, to;             // 'desk@police.example'
    std::string from_name{};          // shown beside it, any language
    std::string subject, text;        // UTF-8
    std::string id;                   // left of the '@' of Message-ID: letters, digits, '.', '-', '_'
    std::int64_t date = 0;            // seconds since 1970
    std::vector<std::pair<std::string, std::string>> more{};   // further headers
};

// Lines end in CRLF and have at most 76 bytes. bad_input for an address that is none, a control character in a header, or
// text that is not UTF-8.
core::Result<std::string> written(const Message& message);

// A header's value: as it is when ASCII and short, else encoded words of at most 75 bytes, folded, never within a character.
// always: also what could stand as it is, so that nothing in it needs quoting.
std::string encoded_words(std::string_view utf8, std::size_t begins_at, bool always = false);
std::string quoted_printable(std::string_view utf8);
// As DATA wants it: a line's first dot doubled, and the end.
std::string dot_stuffed(std::string_view message);
// One address, as simple as possible: no comments, no quotes, no display name.
bool is_address(std::string_view text);

}  // namespace threatlas::exchange::mail
