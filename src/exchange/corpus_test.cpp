// What the fuzzers began from and found goes through the decoders in every run.
#include <gtest/gtest.h>

#include <filesystem>

#include "core/text.hpp"
#include "exchange/misp/event.hpp"
#include "exchange/misp/vocabulary.hpp"
#include "exchange/stix/slices.hpp"
#include "exchange/stix/validate.hpp"

namespace threatlas::exchange {
namespace {

std::vector<std::string> corpus(const std::string& name) {
    std::vector<std::string> out;
    for (const auto& each : std::filesystem::directory_iterator(THREATLAS_SOURCE_DIR "/fuzz/corpus/" + name)) out.push_back(*core::read_file(each.path().string()));
    EXPECT_GE(out.size(), 3u) << name;
    return out;
}

TEST(Corpus, Stix) {
    std::size_t read = 0;
    for (const auto& text : corpus("stix")) {
        const auto all = stix::slices(text, "t");
        if (!all) continue;
        ++read;
        std::vector<std::string> texts;
        for (const auto& each : all->slices) texts.emplace_back(each.text);
        const std::string written = stix::bundle(texts);
        const auto back = stix::slices(written, "t");
        ASSERT_TRUE(back);
        ASSERT_EQ(back->slices.size(), texts.size());
        for (std::size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(back->slices[i].text, texts[i]);
        static_cast<void>(stix::validate(text, "t"));
    }
    EXPECT_GE(read, 5u);
}

TEST(Corpus, Misp) {
    std::size_t events = 0, words = 0;
    for (const auto& text : corpus("misp_event"))
        if (const auto all = misp::events_of(text, "t"))
            for (const auto& each : *all)
                if (const auto event = misp::from_json(each)) {
                    ++events;
                    EXPECT_EQ(*misp::from_json(misp::to_json(*event)), *event);
                }
    for (const auto& text : corpus("misp_words"))
        if (const auto all = misp::words_of(text, "t")) words += all->words.size();
    EXPECT_GE(events, 2u);
    EXPECT_GE(words, 3u);
}

}  // namespace
}  // namespace threatlas::exchange
