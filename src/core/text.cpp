#include "core/text.hpp"

#include <fcntl.h>
#include <unicode/translit.h>
#include <unicode/ucnv.h>
#include <unicode/unistr.h>
#include <unicode/ustring.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <mutex>

namespace threatlas::core {

std::string_view trim(std::string_view text) {
    const auto starts_blank = [](std::string_view t) -> std::size_t {
        if (t.starts_with("\xC2\xA0")) return 2;
        return !t.empty() && std::strchr(" \t\r\n\f\v", t.front()) != nullptr && t.front() != '\0' ? 1 : 0;
    };
    while (const std::size_t n = starts_blank(text)) text.remove_prefix(n);
    for (;;) {
        if (text.ends_with("\xC2\xA0")) text.remove_suffix(2);
        else if (!text.empty() && text.back() != '\0' && std::strchr(" \t\r\n\f\v", text.back()) != nullptr) text.remove_suffix(1);
        else return text;
    }
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    for (std::size_t at = 0;;) {
        const std::size_t next = text.find(separator, at);
        parts.emplace_back(text.substr(at, next == std::string_view::npos ? next : next - at));
        if (next == std::string_view::npos) return parts;
        at = next + 1;
    }
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
    std::string out;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i != 0) out += separator;
        out += parts[i];
    }
    return out;
}

std::string lower_ascii(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return out;
}

std::optional<double> parse_number(std::string_view text) {
    double value = 0;
    if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
    const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || end.ec != std::errc{} || end.ptr != text.data() + text.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

bool is_utf8(std::string_view bytes) {
    UErrorCode status = U_ZERO_ERROR;
    std::int32_t length = 0;
    u_strFromUTF8(nullptr, 0, &length, bytes.data(), static_cast<std::int32_t>(bytes.size()), &status);
    return status != U_INVALID_CHAR_FOUND;  // an overflow of the empty target is expected
}

Result<std::string> to_utf8(std::string_view bytes, const std::string& encoding) {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<UConverter, decltype(&ucnv_close)> converter(ucnv_open(encoding.c_str(), &status), &ucnv_close);
    if (U_FAILURE(status)) return fail(ErrorCode::bad_input, "no such encoding: '" + encoding + "'");
    ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
    icu::UnicodeString text(bytes.data(), static_cast<std::int32_t>(bytes.size()), converter.get(), status);
    if (U_FAILURE(status))
        return fail(ErrorCode::bad_input, "the text is not valid " + encoding + ": name its encoding in the mapping");
    std::string out;
    text.toUTF8String(out);
    return out;
}

std::string fold_name(std::string_view utf8) {
    // ASCII folds to its small letters, a hundred times as fast; text_test.cpp compares.
    if (std::all_of(utf8.begin(), utf8.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; })) return lower_ascii(utf8);
    static std::mutex mutex;
    static const std::unique_ptr<icu::Transliterator> fold = [] {
        UErrorCode status = U_ZERO_ERROR;
        return std::unique_ptr<icu::Transliterator>(icu::Transliterator::createInstance(
            "Any-Latin; NFD; [:Nonspacing Mark:] Remove; Latin-ASCII; Lower", UTRANS_FORWARD, status));
    }();
    icu::UnicodeString text = icu::UnicodeString::fromUTF8(icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size())));
    // One letter in Cyrillic, two in Latin, as Serbian and Macedonian write them; ISO 9, which ICU follows, has marks instead.
    for (const auto& [cyrillic, latin] : {std::pair{u"љ", u"lj"}, {u"Љ", u"Lj"}, {u"њ", u"nj"}, {u"Њ", u"Nj"}, {u"џ", u"dž"}, {u"Џ", u"Dž"}}) text.findAndReplace(cyrillic, latin);
    {
        const std::lock_guard lock(mutex);  // a Transliterator is not safe to share
        fold->transliterate(text);
    }
    std::string out;
    text.toUTF8String(out);
    return out;
}

Result<std::string> read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return fail(ErrorCode::not_found, "the file cannot be opened", {path, 0, ""});
    std::string text;
    std::vector<char> buffer(1 << 16);
    while (file) {
        file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
        text.append(buffer.data(), static_cast<std::size_t>(file.gcount()));
    }
    if (file.bad()) return fail(ErrorCode::unavailable, "the file cannot be read to its end", {path, 0, ""});
    return text;
}

Result<void> write_file(const std::string& path, std::string_view content) {
    const std::string part = path + ".part";
    const auto refuse = [&](const char* what) {
        const std::string why = std::strerror(errno);
        std::remove(part.c_str());
        return fail(ErrorCode::unavailable, std::string(what) + ": " + why, {path, 0, ""});
    };
    const int file = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0) return refuse("the file cannot be created");
    while (!content.empty()) {
        const ssize_t written = ::write(file, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) {
            ::close(file);
            return refuse("the file cannot be written");
        }
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(file) != 0) {
        ::close(file);
        return refuse("the file cannot be written");
    }
    if (::close(file) != 0) return refuse("the file cannot be written");
    if (std::rename(part.c_str(), path.c_str()) != 0) return refuse("the file cannot be put in place");
    return {};
}

}  // namespace threatlas::core
