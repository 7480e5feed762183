#include "core/json.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_stack.hpp>
#include <charconv>
#include <cmath>
#include <unordered_set>
#include <vector>

namespace threatlas::core {
namespace {

void line(std::string& out, int indent, int depth) {
    if (indent == 0) return;
    out += '\n';
    out.append(static_cast<std::size_t>(indent * depth), ' ');
}

void write(std::string& out, const json::value& value, int indent, int depth) {
    switch (value.kind()) {
        case json::kind::double_: out += std::isfinite(value.get_double()) ? number_text(value.get_double()) : "null"; break;
        case json::kind::int64: out += std::to_string(value.get_int64()); break;
        case json::kind::array: {
            // A list without lists or records in it stands on one line.
            const auto& items = value.get_array();
            if (std::none_of(items.begin(), items.end(), [](const json::value& each) { return each.is_array() || each.is_object(); })) indent = 0;
            out += '[';
            bool first = true;
            for (const json::value& item : value.get_array()) {
                if (!first) out += ',';
                first = false;
                line(out, indent, depth + 1);
                write(out, item, indent, depth + 1);
            }
            if (!first) line(out, indent, depth);
            out += ']';
            break;
        }
        case json::kind::object: {
            std::vector<const json::key_value_pair*> pairs;
            for (const auto& pair : value.get_object()) pairs.push_back(&pair);
            std::sort(pairs.begin(), pairs.end(), [](auto* a, auto* b) { return a->key() < b->key(); });
            out += '{';
            bool first = true;
            for (const auto* pair : pairs) {
                if (!first) out += ',';
                first = false;
                line(out, indent, depth + 1);
                out += json::serialize(json::value(pair->key()));
                out += indent == 0 ? ":" : ": ";
                write(out, pair->value(), indent, depth + 1);
            }
            if (!first) line(out, indent, depth);
            out += '}';
            break;
        }
        default: out += json::serialize(value);
    }
}

// Boost's own handler keeps the double its parser computed, which may miss the last bit; this one
// reads the digits again, so that what write_json wrote comes back the same. It also refuses a key
// given twice, of which Boost's silently drops the first.
struct Handler {
    static constexpr std::size_t max_object_size = json::object::max_size();
    static constexpr std::size_t max_array_size = json::array::max_size();
    static constexpr std::size_t max_key_size = json::string::max_size();
    static constexpr std::size_t max_string_size = json::string::max_size();
    using Code = json::error_code;
    using Text = json::string_view;

    json::value_stack stack{};
    std::string digits{}, key{};
    std::vector<std::unordered_set<std::string>> keys{};   // of the objects now open
    bool repeated = false;                                   // the last key read was a repeat

    bool on_document_begin(Code&) { stack.reset(); return true; }
    bool on_document_end(Code&) { return true; }
    bool on_object_begin(Code&) { keys.emplace_back(); return true; }
    bool on_object_end(std::size_t n, Code&) { keys.pop_back(); stack.push_object(n); return true; }
    bool on_array_begin(Code&) { return true; }
    bool on_array_end(std::size_t n, Code&) { stack.push_array(n); return true; }
    bool on_key_part(Text part, std::size_t, Code&) { key.append(part.data(), part.size()); stack.push_chars(part); return true; }
    bool on_key(Text part, std::size_t, Code& error) {
        key.append(part.data(), part.size());
        repeated = !keys.back().insert(key).second;
        if (repeated) error = make_error_code(json::error::syntax);
        else key.clear();
        stack.push_key(part);
        return !repeated;
    }
    bool on_string_part(Text part, std::size_t, Code&) { stack.push_chars(part); return true; }
    bool on_string(Text part, std::size_t, Code&) { stack.push_string(part); return true; }
    bool on_number_part(Text part, Code&) { digits.append(part.data(), part.size()); return true; }
    bool on_int64(std::int64_t value, Text, Code&) { digits.clear(); stack.push_int64(value); return true; }
    bool on_uint64(std::uint64_t value, Text, Code&) { digits.clear(); stack.push_uint64(value); return true; }
    bool on_double(double value, Text part, Code& error) {
        digits.append(part.data(), part.size());
        double exact = 0;
        const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), exact);
        if (end.ec == std::errc{} && end.ptr == digits.data() + digits.size()) value = exact;
        digits.clear();
        if (!std::isfinite(value)) {
            error = make_error_code(json::error::exponent_overflow);
            return false;
        }
        stack.push_double(value);
        return true;
    }
    bool on_bool(bool value, Code&) { stack.push_bool(value); return true; }
    bool on_null(Code&) { stack.push_null(); return true; }
    bool on_comment_part(Text, Code&) { return true; }
    bool on_comment(Text, Code&) { return true; }
};

}  // namespace

std::string number_text(double value) {
    if (value == 0) return "0";
    char text[40];
    const auto end = std::to_chars(text, text + sizeof text, value);
    return {text, end.ptr};
}

Result<json::value> parse_json(std::string_view text, std::string_view source) {
    json::parse_options options;
    options.max_depth = 64;
    json::basic_parser<Handler> parser(options);
    json::error_code error;
    std::size_t read = parser.write_some(false, text.data(), text.size(), error);
    if (!error && read < text.size()) error = make_error_code(json::error::extra_data);
    if (!error) return parser.handler().stack.release();
    read = std::min(read, text.size());
    const auto lines = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(read), '\n');
    const Handler& seen = parser.handler();
    return fail(ErrorCode::bad_input, seen.repeated ? "the key '" + seen.key + "' occurs twice in one object" : "not valid JSON: " + error.message(), {std::string(source), static_cast<std::uint64_t>(lines) + 1, ""});
}

std::string write_json(const json::value& value, int indent) {
    std::string out;
    write(out, value, indent, 0);
    if (indent != 0) out += '\n';
    return out;
}

}  // namespace threatlas::core
