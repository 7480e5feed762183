// The fuzz corpora, replayed: every file ends in rows or in an error that names it.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "ingest/delimited.hpp"
#include "ingest/json_lines.hpp"
#include "ingest/mapping.hpp"
#include "ingest/test_region.hpp"
#include "ingest/xlsx.hpp"

namespace threatlas::ingest {
namespace {

std::vector<std::string> corpus(const std::string& name) {
    std::vector<std::string> files;
    for (const auto& each : std::filesystem::directory_iterator(THREATLAS_SOURCE_DIR "/fuzz/corpus/" + name)) files.push_back(each.path().string());
    std::sort(files.begin(), files.end());
    return files;
}

// Rows read; the error's message when it fails.
std::string drain(core::Result<std::unique_ptr<RowSource>> table) {
    if (!table) return table.error().message;
    std::vector<std::string_view> cells;
    for (std::size_t rows = 0;; ++rows) {
        const auto more = (*table)->next(cells);
        if (!more) return more.error().message;
        if (!*more) return std::to_string(rows) + " rows";
        EXPECT_EQ(cells.size(), (*table)->headings().size());
    }
}

TEST(Corpus, Delimited) {
    std::map<std::string, std::string> said;
    for (const auto& file : corpus("delimited")) {
        const std::string text = testing::slurp(file);
        said[std::filesystem::path(file).filename().string()] = drain(open_delimited(bytes_of(text), file, {}));
    }
    ASSERT_GE(said.size(), 13u);
    EXPECT_EQ(said["plain"], "1 rows");
    EXPECT_EQ(said["quoted"], "1 rows");
    EXPECT_EQ(said["header"], "0 rows");
    EXPECT_NE(said["unclosed"].find("not closed"), std::string::npos);
    EXPECT_NE(said["nul"].find("NUL"), std::string::npos);
    EXPECT_NE(said["cyrillic"].find("not utf-8"), std::string::npos);
}

TEST(Corpus, JsonLines) {
    std::map<std::string, std::string> said;
    for (const auto& file : corpus("json_lines")) {
        const std::string text = testing::slurp(file);
        said[std::filesystem::path(file).filename().string()] = drain(open_json_lines(bytes_of(text), file, {}));
    }
    EXPECT_EQ(said["plain"], "2 rows");
    EXPECT_EQ(said["marked"], "2 rows");
    EXPECT_NE(said["list"].find("a list"), std::string::npos);
    EXPECT_NE(said["twice"].find("twice"), std::string::npos);
    EXPECT_NE(said["deep"].find("deeper"), std::string::npos);
    EXPECT_NE(said["broken"].find("not JSON"), std::string::npos);
    EXPECT_NE(said["not_utf8"].find("not JSON"), std::string::npos);
}

// As many keys as fit a line: each would be compared with all before it.
TEST(Corpus, an_object_of_half_a_million_keys_is_refused_at_once) {
    std::string text = "{";
    for (int i = 0; text.size() < (std::size_t{4} << 20) - 32; ++i) text += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":1";
    text += "}\n";
    const auto began = std::chrono::steady_clock::now();
    EXPECT_NE(drain(open_json_lines(bytes_of(text), "keys", {})).find("4096"), std::string::npos);
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(20));
}

TEST(Corpus, Xlsx) {
    std::map<std::string, std::string> said;
    for (const auto& file : corpus("xlsx")) {
        const std::string bytes = testing::slurp(file);
        said[std::filesystem::path(file).filename().string()] = drain(open_xlsx_bytes(bytes, file, {}));
    }
    EXPECT_EQ(said["seizures"], "3 rows");
    EXPECT_NE(said["truncated"].find("damaged"), std::string::npos);
    EXPECT_NE(said["not_zip"].find("damaged"), std::string::npos);
}

TEST(Corpus, Mapping) {
    for (const auto& file : corpus("mapping")) {
        const auto mapping = parse_mapping(testing::slurp(file), file);
        const std::string name = std::filesystem::path(file).filename().string();
        EXPECT_EQ(mapping.has_value(), name != "deep" && name != "twice" && name != "alias") << name;
        if (!mapping) { EXPECT_EQ(mapping.error().where.source, file); }
    }
}

}  // namespace
}  // namespace threatlas::ingest
