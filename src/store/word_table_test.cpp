#include "store/word_table.hpp"

#include <cstring>

#include "store/test_folder.hpp"

namespace threatlas::store {
namespace {

using testing::Folder;
using testing::must;

// What it hands out at the end, taken apart: words in the order of their numbers, and their uses.
struct Written {
    std::vector<std::string> words;
    std::vector<std::uint8_t> uses;
};

Written written(const WordTable& table) {
    std::string all;
    must(table.write([&](const void* bytes, std::size_t size) {
        all.append(static_cast<const char*>(bytes), size);
        return core::Result<void>{};
    }));
    Written out;
    const std::size_t count = table.size();
    std::uint32_t from = 0;
    for (std::size_t i = 0; i < count; ++i) {
        std::uint32_t end = 0;
        std::memcpy(&end, all.data() + 4 * i, 4);
        out.words.push_back(all.substr(4 * count + from, end - from));
        from = end;
    }
    EXPECT_EQ(from, table.letters());
    for (std::size_t i = 4 * count + from; i < all.size(); ++i)
        out.uses.push_back(static_cast<std::uint8_t>(all[i]));
    return out;
}

TEST(WordTable, one_number_a_word_until_it_spills) {
    const Folder folder;
    WordTable table(folder / "words");
    EXPECT_EQ(table.number(""), 0u);
    EXPECT_EQ(table.number("a"), 1u);
    EXPECT_EQ(table.number(""), 0u);
    EXPECT_TRUE(table.use(1, 2));
    EXPECT_FALSE(table.use(1, 2));
    EXPECT_TRUE(table.is(1, "a"));
    EXPECT_FALSE(table.is(1, "b"));
    EXPECT_FALSE(table.is(WordTable::kNone, ""));
    must(table.spill());
    EXPECT_FALSE(table.is(1, "a"));
    EXPECT_EQ(table.number("b"), 2u);
    EXPECT_EQ(table.number("a"), 3u);
    must(table.spill());
    EXPECT_EQ(table.number("a"), 4u);
    table.use(4, 8);
    const Written out = written(table);
    EXPECT_EQ(out.words, (std::vector<std::string>{"", "a", "b", "a", "a"}));
    EXPECT_EQ(out.uses, (std::vector<std::uint8_t>{0, 2, 0, 0, 8}));
    EXPECT_TRUE(std::filesystem::is_empty(folder / "")) << "the spool has no name";
}

TEST(WordTable, many_words_keep_their_numbers) {
    const Folder folder;
    WordTable table(folder / "words");
    for (std::uint32_t i = 0; i < 50000; ++i) ASSERT_EQ(table.number(std::to_string(i)), i);
    for (std::uint32_t i = 50000; i-- > 0;) ASSERT_EQ(table.number(std::to_string(i)), i);
    EXPECT_EQ(written(table).words[49999], "49999");
}

}  // namespace
}  // namespace threatlas::store
