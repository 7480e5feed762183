#include "serve/net/body.hpp"

#include <algorithm>

namespace threatlas::serve::net {
namespace {

constexpr std::size_t kTrailers = 4096;
constexpr int kDigits = 16;   // of a 64-bit size

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

BodyReader::BodyReader(std::optional<std::uint64_t> length, std::uint64_t limit) : state_(!length ? State::size : *length > 0 ? State::data : State::done), chunked_(!length), left_(length.value_or(0)), limit_(limit) {
    if (left_ > limit_) refuse(413, "the body is larger than is taken here");
}

std::size_t BodyReader::take(std::string_view bytes, BodySink& sink) {
    std::size_t at = 0;
    while (at < bytes.size() && !done() && !refusal_) {
        if (state_ != State::data) {
            next(bytes[at++]);
            continue;
        }
        const std::size_t size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size() - at));
        if (const auto kept = sink.add(bytes.substr(at, size)); !kept) refusal_ = Refusal{503, kept.error().message};
        at += size, left_ -= size;
        if (left_ == 0) state_ = chunked_ ? State::data_return : State::done;
    }
    return at;
}

void BodyReader::next(char c) {
    switch (state_) {
        case State::size:
            if (c == '\r' && digits_ > 0) {
                state_ = State::size_end;
            } else if (const int digit = hex_digit(c); digit < 0 || ++digits_ > kDigits) {
                refuse(400, "the size of a chunk is no number");
            } else {
                left_ = left_ * 16 + static_cast<std::uint64_t>(digit);
            }
            return;
        case State::size_end:
            if (c != '\n') return refuse(400, "the size of a chunk does not end in CR LF");
            if (left_ > limit_ - total_) return refuse(413, "the body is larger than is taken here");
            total_ += left_;
            state_ = left_ == 0 ? State::line_begin : State::data;
            return;
        case State::data_return:
            if (c != '\r') return refuse(400, "a chunk does not end where it should");
            state_ = State::data_end;
            return;
        case State::data_end:
            if (c != '\n') return refuse(400, "a chunk does not end where it should");
            state_ = State::size, digits_ = 0;
            return;
        case State::line_begin:
        case State::line:
            if (c == '\r') {
                state_ = state_ == State::line_begin ? State::last_end : State::line_end;
            } else if (++trailers_ > kTrailers || (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f) {
                refuse(400, "what follows the last chunk cannot be read");
            } else {
                state_ = State::line;
            }
            return;
        case State::line_end:
        case State::last_end:
            if (c != '\n') return refuse(400, "what follows the last chunk cannot be read");
            state_ = state_ == State::last_end ? State::done : State::line_begin;
            return;
        case State::data:
        case State::done: return;
    }
}

}  // namespace threatlas::serve::net
