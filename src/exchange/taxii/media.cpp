#include "exchange/taxii/media.hpp"

#include <optional>
#include <vector>

#include "core/text.hpp"

namespace threatlas::exchange::taxii {
namespace {

struct Media {
    std::string type;                      // lower case
    std::optional<std::string> version;
    double quality = 1;
    bool whole = true;                     // could be read
};

// Split where quotes are closed: a parameter's value may hold ',' and ';'.
std::vector<std::string> split_outside_quotes(std::string_view text, char separator) {
    std::vector<std::string> out(1);
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') quoted = !quoted;
        if (quoted && text[i] == '\\' && i + 1 < text.size()) {
            out.back() += text[i++];
        } else if (!quoted && text[i] == separator) {
            out.emplace_back();
            continue;
        }
        out.back() += text[i];
    }
    return out;
}

Media media_of(std::string_view text) {
    const auto parts = split_outside_quotes(text, ';');
    Media out;
    out.type = core::lower_ascii(std::string(core::trim(parts.front())));
    for (std::size_t i = 1; i < parts.size(); ++i) {
        const std::size_t equals = parts[i].find('=');
        const std::string name = core::lower_ascii(std::string(core::trim(std::string_view(parts[i]).substr(0, equals))));
        if (name.empty() && equals == std::string::npos) continue;
        if (equals == std::string::npos) return out.whole = false, out;
        std::string value(core::trim(std::string_view(parts[i]).substr(equals + 1)));
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
        if (name == "version") out.version = value;
        if (name == "q") {
            const auto quality = core::parse_number(value);
            if (!quality || *quality < 0 || *quality > 1) return out.whole = false, out;
            out.quality = *quality;
        }
    }
    return out;
}

}  // namespace

bool accepts_taxii(std::string_view accept) {
    if (core::trim(accept).empty()) return true;
    int exact = -1;
    double quality = 0;
    for (const std::string& each : split_outside_quotes(accept, ',')) {
        const Media media = media_of(each);
        if (!media.whole) continue;
        const int here = media.type == "application/taxii+json" ? (media.version ? 3 : 2) : media.type == "application/*" ? 1 : media.type == "*/*" ? 0 : -1;
        if (here < 0 || (media.version && *media.version != "2.1")) continue;
        if (here > exact || (here == exact && media.quality > quality)) exact = here, quality = media.quality;
    }
    return exact >= 0 && quality > 0;
}

bool is_taxii(std::string_view content_type) {
    if (content_type.find(',') != std::string_view::npos) return false;
    const Media media = media_of(content_type);
    return media.whole && media.type == "application/taxii+json" && (!media.version || *media.version == "2.1");
}

}  // namespace threatlas::exchange::taxii
