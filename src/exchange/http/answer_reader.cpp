#include "exchange/http/answer_reader.hpp"

#include <algorithm>
#include <charconv>

#include "core/text.hpp"

namespace threatlas::exchange::http {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr std::size_t kHead = 64 * 1024, kHeaders = 200;

tl::unexpected<core::Error> no_http(const std::string& what) { return fail(ErrorCode::bad_input, "the answer is not HTTP: " + what); }

bool token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f && std::string_view("\"(),/:;<=>?@[\\]{}").find(c) == std::string_view::npos; });
}

}  // namespace

Result<std::size_t> AnswerReader::line(std::string_view bytes) {
    const std::size_t end = bytes.find('\n'), size = end == std::string_view::npos ? bytes.size() : end + 1;
    head_bytes_ += size;
    if (head_bytes_ > kHead) return no_http("its head is longer than 64 KiB");
    line_ += bytes.substr(0, size);
    return size;
}

Result<void> AnswerReader::take(std::string_view bytes) {
    if (!bytes.empty()) begun_ = true;
    while (!bytes.empty()) {
        switch (state_) {
            case State::done: return no_http("something comes after its end");
            case State::sized:
            case State::until_close:
            case State::chunk: {
                const std::size_t size = state_ == State::until_close ? bytes.size() : static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
                if (answer_.body.size() + size > most_) return fail(ErrorCode::bad_input, "the answer is longer than the " + std::to_string(most_) + " bytes taken here");
                answer_.body += bytes.substr(0, size);
                bytes.remove_prefix(size);
                left_ -= state_ == State::until_close ? 0 : size;
                if (state_ != State::until_close && left_ == 0) state_ = state_ == State::sized ? State::done : State::chunk_end;
                break;
            }
            default: {
                THREATLAS_TRY(const std::size_t taken, line(bytes));
                bytes.remove_prefix(taken);
                if (line_.back() != '\n') return {};
                line_.pop_back();
                if (!line_.empty() && line_.back() == '\r') line_.pop_back();
                THREATLAS_CHECK(line_done());
                line_.clear();
            }
        }
    }
    return {};
}

Result<void> AnswerReader::line_done() {
    if (std::any_of(line_.begin(), line_.end(), [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; })) return no_http("a line holds a control character");
    if (state_ == State::chunk_end) {
        if (!line_.empty()) return no_http("a chunk is longer than it says");
        state_ = State::chunk_size, head_bytes_ = 0;
    } else if (state_ == State::chunk_size) {
        const std::string_view digits = core::trim(std::string_view(line_).substr(0, line_.find(';')));
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), left_, 16);
        if (error != std::errc() || end != digits.data() + digits.size()) return no_http("the size of a chunk is no number");
        if (left_ > most_) return fail(ErrorCode::bad_input, "the answer is longer than the " + std::to_string(most_) + " bytes taken here");
        state_ = left_ == 0 ? State::trailers : State::chunk;
    } else if (state_ == State::trailers) {
        if (line_.empty()) state_ = State::done;
    } else if (answer_.status == 0) {
        int status = 0;
        const char* const from = line_.data() + 9;
        if (!line_.starts_with("HTTP/1.") || line_.size() < 12 || line_[8] != ' ' || std::from_chars(from, from + 3, status).ptr != from + 3 || status < 100 || status > 599 || (line_.size() > 12 && line_[12] != ' ')) return no_http("it begins with no status line");
        answer_.status = status, keeps_ = line_[7] != '0';
    } else if (line_.empty()) {
        return head();
    } else {
        const std::size_t colon = line_.find(':');
        if (answer_.headers.size() == kHeaders || colon == std::string::npos || !token(std::string_view(line_).substr(0, colon))) return no_http("a header cannot be read");
        answer_.headers.emplace_back(core::lower_ascii(line_.substr(0, colon)), std::string(core::trim(std::string_view(line_).substr(colon + 1))));
    }
    return {};
}

Result<void> AnswerReader::head() {
    if (answer_.status < 200 && answer_.status != 101) {   // '100 Continue' and its like: the answer is still to come
        answer_ = {};
        return {};
    }
    std::string length;
    bool chunked = false;
    for (const auto& [name, value] : answer_.headers) {
        if (name == "connection" && core::lower_ascii(value).find("close") != std::string::npos) keeps_ = false;
        if (name == "content-encoding" && core::lower_ascii(value) != "identity") return no_http("it is encoded as '" + value.substr(0, 40) + "', which was not asked for");
        if (name == "transfer-encoding") {
            if (core::lower_ascii(value) != "chunked" || chunked) return no_http("it is transferred as '" + value.substr(0, 40) + "'");
            chunked = true;
        }
        if (name != "content-length") continue;
        if (!length.empty() && length != value) return no_http("it states two lengths");
        length = value;
    }
    if (chunked && !length.empty()) return no_http("it states a length and comes in chunks");
    if (!length.empty() && (length.size() > 18 || length.find_first_not_of("0123456789") != std::string::npos)) return no_http("its length is no number");
    left_ = length.empty() ? 0 : std::stoull(length);
    if (head_only_ || answer_.status == 204 || answer_.status == 304 || answer_.status == 101) state_ = State::done;
    else if (chunked) state_ = State::chunk_size;
    else if (length.empty()) state_ = State::until_close, keeps_ = false;
    else if (left_ > most_) return fail(ErrorCode::bad_input, "the answer is longer than the " + std::to_string(most_) + " bytes taken here");
    else state_ = left_ == 0 ? State::done : State::sized;
    head_bytes_ = 0;
    return {};
}

Result<void> AnswerReader::end() {
    if (state_ == State::until_close) state_ = State::done;
    if (!done()) return fail(ErrorCode::unavailable, "the answer breaks off");
    return {};
}

}  // namespace threatlas::exchange::http
