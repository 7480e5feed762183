// Recipient, subject and text by lines of any bytes: what is written has the headers it should and no other, short lines, and ends where it should.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "exchange/mail/message.hpp"

namespace mail = threatlas::exchange::mail;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto first = text.find('\n'), second = first == std::string::npos ? first : text.find('\n', first + 1);
    mail::Message message{.from = "desk@police.example", .to = text.substr(0, first), .from_name = "Threatlas", .subject = {}, .text = {}, .id = "x", .date = 0, .more = {}};
    if (first != std::string::npos) message.subject = text.substr(first + 1, second == std::string::npos ? second : second - first - 1);
    if (second != std::string::npos) message.text = text.substr(second + 1);
    const auto out = mail::written(message);
    if (!out) return 0;
    std::size_t headers = 0, at = 0;
    bool body = false;
    while (at < out->size()) {
        const auto end = out->find("\r\n", at);
        if (end == std::string::npos) std::abort();
        const std::string_view line(out->data() + at, end - at);
        if (line.size() > 998 || line.find_first_of("\r\n") != std::string_view::npos) std::abort();
        if (line.empty()) body = true;
        else if (!body && line.front() != ' ') ++headers;
        if (body && line.size() > 76) std::abort();
        at = end + 2;
    }
    if (!body || headers != 9) std::abort();
    const std::string sent = mail::dot_stuffed(*out);
    if (sent.find("\r\n.\r\n") != sent.size() - 5) std::abort();
    return 0;
}
