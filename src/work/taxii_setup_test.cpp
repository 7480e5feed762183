#include "work/taxii_setup.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "core/text.hpp"

namespace threatlas::work {
namespace {

using core::ErrorCode;

core::Result<TaxiiSetup> read(const std::string& text) {
    return read_taxii_setup(text, "setup.json", [&](const std::string&) -> core::Result<std::string> { return text; });
}

TEST(TaxiiSetup, users_have_a_password_a_token_or_a_certificate) {
    const auto setup = read(R"({"api_roots":[],"users":[{"name":"a","password":"p"},{"name":"b","token":"t"},{"name":"c","certificate":")" + std::string("AB:").append(std::string(90, 'c')).append("CD") + R"("}]})");
    EXPECT_EQ(setup.error().where.column, "certificate") << "no SHA-256";
    std::string digits = "AB";
    for (int i = 0; i < 31; ++i) digits += ":0C";
    const auto good = read(R"({"api_roots":[],"users":[{"name":"c","certificate":")" + digits + R"("}]})");
    ASSERT_TRUE(good);
    EXPECT_EQ(good->users.at(0).certificate.substr(0, 6), "ab0c0c");
    EXPECT_EQ(good->users.at(0).certificate.size(), 64u);
}

TEST(TaxiiSetup, a_file_that_names_itself_is_refused) {
    const auto found = read(R"({"backend":{"filename":"setup.json"}})");
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, ErrorCode::bad_input);
    EXPECT_NE(found.error().message.find("names no further one"), std::string::npos) << found.error().message;
}

TEST(TaxiiSetup, the_corpus_is_read_or_refused_in_words) {
    std::size_t good = 0, all = 0;
    for (const auto& file : std::filesystem::directory_iterator(THREATLAS_SOURCE_DIR "/fuzz/corpus/taxii_setup")) {
        const auto found = read(core::read_file(file.path().string()).value());
        EXPECT_TRUE(found || !found.error().message.empty());
        good += found.has_value(), ++all;
        if (file.path().filename() == "own_users") {
            ASSERT_TRUE(found);
            EXPECT_NE(found->collections.at(0).objects.at(0).find("1.5"), std::string::npos);
            EXPECT_EQ(found->warnings.size(), 1u) << "a hash is no password";
        }
    }
    EXPECT_EQ(good, 5u);
    EXPECT_EQ(all, 8u);
}

}  // namespace
}  // namespace threatlas::work
