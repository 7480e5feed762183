#include "serve/taxii/next.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "core/text.hpp"

namespace threatlas::serve::taxii {
namespace {

TEST(TaxiiNext, serves_for_the_same_question_alone) {
    const store::FieldKey key;
    const std::string next = write_next(key, "taxii next a", 1772366400000000);
    EXPECT_EQ(read_next(key, "taxii next a", next).value(), 1772366400000000);
    EXPECT_EQ(next.find("1772"), std::string::npos);
    for (const std::string& odd : {std::string(), std::string("v1."), next.substr(1), next + "A", next.substr(0, next.size() - 1), std::string(1000, 'A')}) EXPECT_EQ(read_next(key, "taxii next a", odd).error().code, core::ErrorCode::bad_usage) << odd;
    EXPECT_EQ(read_next(key, "taxii next b", next).error().code, core::ErrorCode::bad_usage);
}

TEST(TaxiiNext, of_the_corpus_one_opens) {
    const store::FieldKey key;
    std::string opened;
    for (const auto& file : std::filesystem::directory_iterator(THREATLAS_SOURCE_DIR "/fuzz/corpus/cursor")) {
        const std::string text = core::read_file(file.path().string()).value();
        if (text.front() == '0' && read_next(key, "taxii next fuzz", text.substr(1))) opened += file.path().filename().string();
    }
    EXPECT_EQ(opened, "next");
}

}  // namespace
}  // namespace threatlas::serve::taxii
