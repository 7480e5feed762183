#include "core/json.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <cmath>
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
    boost::system::error_code error;
    json::value value = json::parse(json::string_view(text.data(), text.size()), error, {}, options);
    if (error) return fail(ErrorCode::bad_input, "not valid JSON: " + error.message(), {std::string(source), 0, ""});
    return value;
}

std::string write_json(const json::value& value, int indent) {
    std::string out;
    write(out, value, indent, 0);
    if (indent != 0) out += '\n';
    return out;
}

}  // namespace threatlas::core
