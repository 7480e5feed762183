// Words found in texts. Both sides are folded before (fold_name), so script, case and accents do not matter.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace threatlas::core {

// Runs of ASCII letters and digits and of bytes beyond ASCII.
std::vector<std::string> words_of(std::string_view text);
// 3: a whole word of the text, 2: its beginning, 1: within one (three letters and more), 0: not there.
double word_weight(std::string_view text, std::string_view word);

}  // namespace threatlas::core
