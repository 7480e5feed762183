#include "core/words.hpp"

namespace threatlas::core {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 128; }

}  // namespace

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> out;
    std::string word;
    for (const char c : text) {
        if (is_letter(c)) word += c;
        else if (!word.empty()) out.push_back(std::move(word)), word.clear();
    }
    if (!word.empty()) out.push_back(std::move(word));
    return out;
}

double word_weight(std::string_view text, std::string_view word) {
    if (word.empty()) return 0;
    double best = 0;
    for (auto at = text.find(word); at != std::string_view::npos && best < 3; at = text.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        if (at > 0 && is_letter(text[at - 1])) best = word.size() >= 3 && best < 1 ? 1 : best;
        else best = end == text.size() || !is_letter(text[end]) ? 3 : best < 2 ? 2 : best;
    }
    return best;
}

}  // namespace threatlas::core
