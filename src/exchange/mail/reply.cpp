#include "exchange/mail/reply.hpp"

#include "core/text.hpp"

namespace threatlas::exchange::mail {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr std::size_t kLine = 2000, kLines = 200;

std::string upper(std::string_view text) {
    std::string out(text);
    for (char& each : out)
        if (each >= 'a' && each <= 'z') each = static_cast<char>(each - 32);
    return out;
}

}  // namespace

bool Reply::says(std::string_view keyword) const {
    for (const auto& each : lines)
        if (const std::string line = upper(each); line == keyword || line.starts_with(std::string(keyword) + " ")) return true;
    return false;
}

std::string_view Reply::after(std::string_view keyword) const {
    for (const auto& each : lines)
        if (upper(each).starts_with(std::string(keyword) + " ")) return std::string_view(each).substr(keyword.size() + 1);
    return {};
}

std::string Reply::text() const {
    std::string out = std::to_string(code);
    for (const auto& each : lines) out += " " + each;
    out.resize(std::min<std::size_t>(out.size(), 200));
    for (char& each : out)
        if (static_cast<unsigned char>(each) < 32 || static_cast<unsigned char>(each) > 126) each = '?';
    return out;
}

Result<void> ReplyReader::line() {
    if (line_.ends_with('\r')) line_.pop_back();
    int code = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        if (line_.size() < 3 || line_[i] < '0' || line_[i] > '9') return fail(ErrorCode::bad_input, "the mail server does not speak SMTP");
        code = 10 * code + (line_[i] - '0');
    }
    const char mark = line_.size() > 3 ? line_[3] : ' ';
    if (code < 200 || code > 599 || (mark != ' ' && mark != '-') || (reply_.code != 0 && reply_.code != code)) return fail(ErrorCode::bad_input, "the mail server does not speak SMTP");
    reply_.code = code;
    if (reply_.lines.size() >= kLines) return fail(ErrorCode::bad_input, "the mail server says too much");
    reply_.lines.push_back(line_.size() > 4 ? line_.substr(4) : "");
    done_ = mark == ' ';
    line_.clear();
    return {};
}

Result<std::size_t> ReplyReader::take(std::string_view bytes) {
    std::size_t taken = 0;
    while (taken < bytes.size() && !done_) {
        const char each = bytes[taken++];
        if (each == '\n') THREATLAS_CHECK(line());
        else if (line_.size() >= kLine) return fail(ErrorCode::bad_input, "the mail server says too much");
        else line_ += each;
    }
    return taken;
}

}  // namespace threatlas::exchange::mail
