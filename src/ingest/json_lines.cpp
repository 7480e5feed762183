#include "ingest/json_lines.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <unordered_map>

#include "core/json.hpp"
#include "core/text.hpp"

namespace threatlas::ingest {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;

constexpr std::size_t kLookAhead = 1000, kLookAheadBytes = std::size_t{8} << 20, kMaxColumns = 4096;
constexpr int kMaxDepth = 8;

struct Value {
    std::string key, text;
    bool number = false;
};

class JsonLines final : public RowSource {
  public:
    JsonLines(std::unique_ptr<ByteSource> bytes, std::string path, std::size_t max_row_bytes)
        : bytes_(std::move(bytes)), path_(std::move(path)), max_row_bytes_(max_row_bytes) {}

    Result<void> open() {
        std::size_t size = 0;
        while (ahead_.size() < kLookAhead && size < kLookAheadBytes) {
            THREATLAS_TRY(const bool more, line());
            if (!more) break;
            size += line_.size();
            THREATLAS_CHECK(parse(line_, number_));
            for (const Value& value : values_) {
                if (index_.contains(value.key)) continue;
                if (headings_.size() == kMaxColumns) return fail(ErrorCode::bad_input, "more than 4096 different keys: not a table", {path_, number_, ""});
                index_.emplace(value.key, headings_.size());
                headings_.push_back(value.key);
            }
            ahead_.emplace_back(line_, number_);
        }
        if (ahead_.empty()) return fail(ErrorCode::bad_input, "the file is empty", {path_, 0, ""});
        if (headings_.empty()) return fail(ErrorCode::bad_input, "no object has a key", {path_, 1, ""});
        return {};
    }

    const std::vector<std::string>& headings() const override { return headings_; }
    Result<bool> next(std::vector<std::string_view>& cells) override {
        if (!ahead_.empty()) {
            line_ = std::move(ahead_.front().first);
            row_ = ahead_.front().second;
            ahead_.pop_front();
        } else {
            THREATLAS_TRY(const bool more, line());
            if (!more) return false;
            row_ = number_;
        }
        THREATLAS_CHECK(parse(line_, row_));
        cells.assign(headings_.size(), {});
        numbers_.assign(headings_.size(), false);
        ragged_ = false;
        for (const Value& value : values_) {
            const auto found = index_.find(value.key);
            if (found == index_.end()) {
                ragged_ = true;
                continue;
            }
            cells[found->second] = value.text;
            numbers_[found->second] = value.number;
        }
        return true;
    }
    std::uint64_t row() const override { return row_; }
    bool ragged() const override { return ragged_; }
    bool is_number(std::size_t column) const override { return column < numbers_.size() && numbers_[column]; }
    std::string original() const override {
        return shortened(line_);  // the parser has refused what is not UTF-8
    }
    std::uint64_t bytes_read() const override { return bytes_->offset(); }
    std::uint64_t bytes_total() const override { return bytes_->total(); }
    const std::string& path() const override { return path_; }

  private:
    // The next line that is not blank, into line_.
    Result<bool> line() {
        for (;;) {
            line_.clear();
            bool any = false;
            for (;;) {
                if (at_ == filled_) {
                    THREATLAS_TRY(filled_, bytes_->read(buffer_.data(), buffer_.size()));
                    at_ = 0;
                    if (filled_ == 0) break;
                }
                any = true;
                const char* from = buffer_.data() + at_;
                const auto* stop = static_cast<const char*>(std::memchr(from, '\n', filled_ - at_));
                const std::size_t size = stop != nullptr ? static_cast<std::size_t>(stop - from) : filled_ - at_;
                if (line_.size() + size > max_row_bytes_)
                    return fail(ErrorCode::bad_input, "the line is longer than " + std::to_string(max_row_bytes_) + " bytes: not JSON lines", {path_, number_ + 1, ""});
                line_.append(from, size);
                at_ += size;
                if (stop != nullptr) {
                    ++at_;
                    break;
                }
            }
            if (!any) return false;
            ++number_;
            if (number_ == 1 && line_.starts_with("\xEF\xBB\xBF")) line_.erase(0, 3);
            if (!core::trim(line_).empty()) return true;
        }
    }

    Result<void> parse(const std::string& text, std::uint64_t row) {
        values_.clear();
        simdjson::dom::element root;
        if (const auto error = parser_.parse(text).get(root); error != simdjson::SUCCESS)
            return fail(ErrorCode::bad_input, std::string("the line is not JSON: ") + simdjson::error_message(error), {path_, row, ""});
        simdjson::dom::object object;
        if (root.get(object) != simdjson::SUCCESS) return fail(ErrorCode::bad_input, "the line is not an object", {path_, row, ""});
        return take(object, "", row, 0);
    }

    Result<void> take(const simdjson::dom::object& object, const std::string& prefix, std::uint64_t row, int depth) {
        if (depth == kMaxDepth) return fail(ErrorCode::bad_input, "objects are nested deeper than 8", {path_, row, prefix});
        for (const auto& member : object) {
            const std::string key = prefix + std::string(member.key);
            Value value{key, "", false};
            switch (member.value.type()) {
                case simdjson::dom::element_type::OBJECT: {
                    const simdjson::dom::object inner = member.value.get_object().value_unsafe();
                    THREATLAS_CHECK(take(inner, key + ".", row, depth + 1));
                    continue;
                }
                case simdjson::dom::element_type::ARRAY: return fail(ErrorCode::bad_input, "a list cannot be a cell of a table", {path_, row, key});
                case simdjson::dom::element_type::STRING: value.text = std::string(member.value.get_string().value_unsafe()); break;
                case simdjson::dom::element_type::BOOL: value.text = member.value.get_bool().value_unsafe() ? "true" : "false"; break;
                case simdjson::dom::element_type::NULL_VALUE: break;
                case simdjson::dom::element_type::INT64: value.text = std::to_string(member.value.get_int64().value_unsafe()); value.number = true; break;
                case simdjson::dom::element_type::UINT64: value.text = std::to_string(member.value.get_uint64().value_unsafe()); value.number = true; break;
                case simdjson::dom::element_type::DOUBLE: value.text = core::number_text(member.value.get_double().value_unsafe()); value.number = true; break;
            }
            if (values_.size() == kMaxColumns) return fail(ErrorCode::bad_input, "more than 4096 keys in one object: not a table", {path_, row, ""});
            for (const Value& other : values_)
                if (other.key == key) return fail(ErrorCode::bad_input, "the key '" + key + "' occurs twice in one object", {path_, row, key});
            values_.push_back(std::move(value));
        }
        return {};
    }

    std::unique_ptr<ByteSource> bytes_;
    std::string path_;
    std::size_t max_row_bytes_;
    std::vector<char> buffer_ = std::vector<char>(std::size_t{1} << 16);
    std::size_t at_ = 0, filled_ = 0;
    std::string line_;
    std::uint64_t number_ = 0, row_ = 0;
    std::deque<std::pair<std::string, std::uint64_t>> ahead_;
    simdjson::dom::parser parser_;
    std::vector<Value> values_;
    std::vector<std::string> headings_;
    std::unordered_map<std::string, std::size_t> index_;
    std::vector<bool> numbers_;
    bool ragged_ = false;
};

}  // namespace

Result<std::unique_ptr<RowSource>> open_json_lines(std::unique_ptr<ByteSource> bytes, const std::string& path, const TableOptions& options) {
    auto table = std::make_unique<JsonLines>(std::move(bytes), path, options.max_row_bytes);
    THREATLAS_CHECK(table->open());
    return table;
}

}  // namespace threatlas::ingest
