#include "exchange/stix/slices.hpp"

#include <algorithm>

#include "core/hash.hpp"
#include "exchange/stix/ids.hpp"

namespace threatlas::exchange::stix {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr std::size_t kMostHead = std::size_t{1} << 20;

bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Walks JSON text by its brackets and strings alone.
class Scanner {
  public:
    Scanner(std::string_view text, std::string_view source) : text_(text), source_(source) {}

    Result<Envelope> run() {
        if (text_.size() > kMaxBytes) return wrong("the file is larger than 1 GiB");
        space();
        Envelope out;
        if (at_ < text_.size() && text_[at_] == '[') {
            THREATLAS_CHECK(list(out));
            space();
            if (at_ != text_.size()) return wrong("something stands after the list");
            return out;
        }
        if (at_ >= text_.size() || text_[at_] != '{') return wrong("neither a bundle, nor a list of objects, nor an object");
        const std::size_t begin = at_;
        const auto found = find_objects();
        if (!found) {   // one object
            at_ = begin;
            if (!value()) return wrong("a bracket or a string is not closed");
            const std::string_view whole = text_.substr(begin, at_ - begin);
            const std::uint64_t first = line(begin);
            space();
            if (at_ != text_.size()) return wrong("something stands after the object");
            // A bundle of nothing has no list, for STIX knows no empty one.
            if (whole.size() <= kMostHead)
                if (auto head = core::parse_json(whole, source_); head && head->is_object())
                    if (const auto* type = head->get_object().if_contains("type"); type != nullptr && *type == "bundle") {
                        if (head->get_object().contains("objects")) return wrong("the objects of a bundle are a list");
                        out.head = std::move(head->get_object());
                        return out;
                    }
            out.slices.push_back({whole, first});
            return out;
        }
        const std::size_t open = at_;
        THREATLAS_CHECK(list(out));
        // What is left is small, whatever the number of objects.
        const std::string rest = std::string(text_.substr(0, open)) + "[]" + std::string(text_.substr(at_));
        if (rest.size() > kMostHead) return wrong("beside its objects the file holds more than 1 MiB");
        THREATLAS_TRY(const auto head, core::parse_json(rest, source_));
        if (!head.is_object()) return wrong("neither a bundle nor an envelope");
        out.head = head.get_object();
        out.head.erase("objects");
        return out;
    }

  private:
    tl::unexpected<core::Error> wrong(const std::string& what) const { return fail(ErrorCode::bad_input, what, {std::string(source_), line(at_), ""}); }
    std::uint64_t line(std::size_t upto) const {
        // Asked in rising order: each stretch is counted once.
        if (upto < counted_) counted_ = 0, lines_ = 1;
        lines_ += static_cast<std::uint64_t>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(counted_), text_.begin() + static_cast<std::ptrdiff_t>(std::min(upto, text_.size())), '\n'));
        counted_ = std::min(upto, text_.size());
        return lines_;
    }
    void space() {
        while (at_ < text_.size() && blank(text_[at_])) ++at_;
    }
    // Past a string, whose opening quote stands at at_. False when it does not end.
    bool string() {
        for (++at_;;) {
            at_ = text_.find_first_of("\"\\", at_);
            if (at_ == std::string_view::npos) return at_ = text_.size(), false;
            if (text_[at_] == '"') return ++at_, true;
            at_ += 2;
        }
    }
    // Past a value in brackets. False when they do not close.
    bool value() {
        std::size_t depth = 0;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '"') {
                if (!string()) return false;
                continue;
            }
            ++at_;
            if (c == '{' || c == '[') ++depth;
            else if ((c == '}' || c == ']') && --depth == 0) return true;
        }
        return false;
    }
    // To the '[' of "objects" in the object at at_. False when it has none, or its "objects" is no list (observed-data
    // of old has an object there).
    bool find_objects() {
        std::size_t depth = 0;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c != '"') {
                ++at_;
                if (c == '{' || c == '[') ++depth;
                else if (c == '}' || c == ']') {
                    if (depth == 0 || --depth == 0) return false;
                }
                continue;
            }
            const std::size_t from = at_;
            if (!string()) return false;
            if (depth != 1 || text_.substr(from, at_ - from) != "\"objects\"") continue;
            space();
            if (at_ >= text_.size() || text_[at_] != ':') continue;
            ++at_;
            space();
            return at_ < text_.size() && text_[at_] == '[';
        }
        return false;
    }
    Result<void> list(Envelope& out) {
        ++at_;
        space();
        if (at_ < text_.size() && text_[at_] == ']') return ++at_, Result<void>{};
        for (;;) {
            space();
            if (at_ >= text_.size() || text_[at_] != '{') return wrong("something else than an object stands in the list of objects");
            const std::size_t begin = at_;
            if (!value()) return wrong("a bracket or a string is not closed");
            if (out.slices.size() == kMaxSlices) return wrong("the file holds more than 10 million objects");
            out.slices.push_back({text_.substr(begin, at_ - begin), line(begin)});
            space();
            if (at_ < text_.size() && text_[at_] == ',') {
                ++at_;
                continue;
            }
            if (at_ < text_.size() && text_[at_] == ']') return ++at_, Result<void>{};
            return wrong("between two objects stands no comma");
        }
    }

    std::string_view text_, source_;
    std::size_t at_ = 0;
    mutable std::size_t counted_ = 0;
    mutable std::uint64_t lines_ = 1;
};

}  // namespace

Result<Envelope> slices(std::string_view text, std::string_view source) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    return Scanner(text, source).run();
}

Result<core::json::object> object_of(const Slice& slice, std::string_view source) {
    auto value = core::parse_json(slice.text, source);
    if (!value) {
        core::Error error = value.error();
        error.where.row += slice.line - 1;
        return tl::unexpected<core::Error>(std::move(error));
    }
    if (!value->is_object()) return fail(ErrorCode::bad_input, "not an object", {std::string(source), slice.line, ""});
    return std::move(value->get_object());
}

std::string bundle(const std::vector<std::string>& texts) {
    core::Sha256 hash;
    std::size_t size = 120;
    for (const auto& each : texts) hash.add(each), hash.add("\n"), size += each.size() + 2;
    std::string out;
    out.reserve(size);
    out += R"({"type":"bundle","id":")" + id_of("bundle", hash.finish()) + '"';
    for (std::size_t i = 0; i < texts.size(); ++i) out += (i == 0 ? ",\"objects\":[\n" : ",\n") + texts[i];
    return out + (texts.empty() ? "}\n" : "\n]}\n");
}

}  // namespace threatlas::exchange::stix
