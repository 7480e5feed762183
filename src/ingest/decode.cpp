#include "ingest/decode.hpp"

#include <cstdio>

#include "core/text.hpp"
#include "ingest/table.hpp"

namespace threatlas::ingest {

using core::ErrorCode;
using core::fail;
using core::Result;

Result<Decoder> Decoder::make(const std::string& encoding) {
    Decoder decoder;
    decoder.encoding_ = core::lower_ascii(encoding);
    decoder.utf8_ = decoder.encoding_ == "utf-8" || decoder.encoding_ == "utf8" || decoder.encoding_.empty();
    if (decoder.utf8_) return decoder;
    std::size_t known = 0;
    for (int byte = 0; byte < 256; ++byte) {
        const char c = static_cast<char>(byte);
        const auto letter = core::to_utf8(std::string_view(&c, 1), encoding);
        // ICU reads bytes without a meaning as C1 controls (U+0080..U+009F); no table holds those.
        if (!letter || (letter->size() == 2 && (*letter)[0] == '\xC2' && static_cast<unsigned char>((*letter)[1]) < 0xA0)) continue;
        decoder.letters_[static_cast<std::size_t>(byte)] = *letter;
        known += letter->empty() ? 0 : 1;
    }
    if (known < 200 || decoder.letters_['A'] != "A")
        return fail(ErrorCode::bad_input, "'" + encoding + "' is not an encoding that can be read: use utf-8, windows-1250 or windows-1251, or save the file as UTF-8");
    return decoder;
}

Result<void> Decoder::decode(std::string_view record, std::vector<std::string_view>& cells) {
    const auto wrong = [this](std::string_view cell, std::size_t column, std::size_t at) {
        char byte[8] = "";
        std::snprintf(byte, sizeof byte, "0x%02X", static_cast<unsigned>(static_cast<unsigned char>(cell[at])));
        return fail(ErrorCode::bad_input, std::string("the byte ") + byte + " is not " + encoding_ + ": state the file's encoding (windows-1250, windows-1251 ...) or save it as UTF-8",
                    {"", 0, std::to_string(column + 1)});
    };
    if (utf8_) {
        if (core::is_utf8(record)) return {};
        for (std::size_t i = 0; i < cells.size(); ++i)
            if (!core::is_utf8(cells[i])) {
                std::size_t at = 0;
                while (at + 1 < cells[i].size() && static_cast<unsigned char>(cells[i][at]) < 128) ++at;
                return wrong(cells[i], i, at);
            }
        return {};
    }
    std::size_t size = 0;
    for (const auto cell : cells) size += cell.size();
    held_.clear();
    held_.reserve(size * 4);  // views into it must not move
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::size_t from = held_.size();
        for (std::size_t at = 0; at < cells[i].size(); ++at) {
            const std::string& letter = letters_[static_cast<unsigned char>(cells[i][at])];
            if (letter.empty()) return wrong(cells[i], i, at);
            held_ += letter;
        }
        cells[i] = std::string_view(held_).substr(from);
    }
    return {};
}

std::string Decoder::shorten(std::string_view text) const {
    std::string out;
    if (utf8_) {
        out = shortened(text);
        if (!core::is_utf8(out))
            for (char& c : out)
                if (static_cast<unsigned char>(c) >= 128) c = '?';
        return out;
    }
    for (const char c : text.substr(0, 8192)) {
        const std::string& letter = letters_[static_cast<unsigned char>(c)];
        out += letter.empty() ? "?" : letter;
    }
    return shortened(out);
}

}  // namespace threatlas::ingest
