#include "core/words.hpp"

#include <gtest/gtest.h>

#include "core/text.hpp"

namespace threatlas::core {
namespace {

TEST(Words, are_runs_of_letters_and_digits) {
    EXPECT_EQ(words_of("  drugs.heroin, H1-N1 "), (std::vector<std::string>{"drugs", "heroin", "H1", "N1"}));
    EXPECT_EQ(words_of("Ђинђић и луке"), (std::vector<std::string>{"Ђинђић", "и", "луке"}));
    EXPECT_TRUE(words_of(" ,;").empty());
}

TEST(Words, whole_ones_weigh_most) {
    EXPECT_EQ(word_weight("heroin through the port", "heroin"), 3);
    EXPECT_EQ(word_weight("heroine and heroin", "heroin"), 3);
    EXPECT_EQ(word_weight("airports", "air"), 2);
    EXPECT_EQ(word_weight("airports", "ports"), 1);
    EXPECT_EQ(word_weight("airports", "rt"), 0);
    EXPECT_EQ(word_weight("airports", ""), 0);
    EXPECT_EQ(word_weight(fold_name("Кријумчарење дроге"), fold_name("krijumčarenje")), 3);
}

}  // namespace
}  // namespace threatlas::core
