#include "serve/uploads/uploads.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "core/text.hpp"
#include "store/test_folder.hpp"

namespace threatlas::serve {
namespace {

using core::ErrorCode;

model::Reader person(const std::string& organisation) { return {"p-" + organisation, organisation, model::Role::contributor, "TLP:AMBER", "contribution"}; }

net::Request body(std::string text) {
    net::Request out;
    out.body = std::move(text);
    return out;
}

TEST(UploadName, IsTheLastPartOfWhatCameAndNeverAPath) {
    EXPECT_EQ(upload_name("october.csv")->file, "october.csv");
    EXPECT_EQ(upload_name("../../etc/passwd.csv")->file, "passwd.csv");
    EXPECT_EQ(upload_name("..%2F..%2Fetc%2Fcron.d%2Fx.csv")->file, "x.csv");
    EXPECT_EQ(upload_name("C:\\Users\\a\\October.XLSX")->file, "October.xlsx");
    EXPECT_EQ(upload_name("..csv")->file, "upload.csv");
    EXPECT_EQ(upload_name("")->file, "upload.csv");
    EXPECT_EQ(upload_name("%D0%9A%D1%80%D0%B0%D1%92%D0%B5.csv")->file, "Крађе.csv");
    EXPECT_EQ(upload_name("a%00b%0d%0a.jsonl.gz")->file, "ab.jsonl.gz");
    EXPECT_EQ(upload_name("run.sh").error().code, ErrorCode::bad_input);
    EXPECT_EQ(upload_name("book.xlsx.gz").error().code, ErrorCode::bad_input);
    EXPECT_EQ(upload_name("%ff%fe.csv").error().code, ErrorCode::bad_input);
    EXPECT_LE(upload_name(std::string(5000, 'x') + ".csv")->file.size(), 150U);
}

TEST(Uploads, BelongToTheirOrganisationForAWeek) {
    const store::testing::Folder folder;
    std::int64_t now = 1'800'000'000;
    Uploads uploads({.folder = folder / "uploads", .clock = [&] { return now; }});
    const auto mine = uploads.add(person("rs_mup"), "a.csv", body("x,y\n1,2\n"));
    ASSERT_TRUE(mine) << core::describe(mine.error());
    EXPECT_EQ(uploads.find(person("rs_mup"), mine->id)->file, "a.csv");
    EXPECT_EQ(core::read_file(uploads.path(*mine)).value(), "x,y\n1,2\n");
    EXPECT_EQ(uploads.find(person("me_up"), mine->id).error().code, ErrorCode::not_found);
    EXPECT_EQ(uploads.remove(person("me_up"), mine->id).error().code, ErrorCode::not_found);
    EXPECT_TRUE(uploads.list(person("me_up"))->empty());
    EXPECT_EQ(uploads.find(person("rs_mup"), "../" + mine->id).error().code, ErrorCode::not_found);
    struct stat info {};
    ASSERT_EQ(::stat((folder / "uploads").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0700);
    ASSERT_EQ(::stat(uploads.path(*mine).c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600);
    now += 7 * 24 * 3600 + 1;
    EXPECT_EQ(uploads.find(person("rs_mup"), mine->id).error().code, ErrorCode::not_found);
    EXPECT_EQ(uploads.sweep(), 2U);
    EXPECT_FALSE(std::filesystem::exists(uploads.path(*mine)));
}

TEST(Uploads, KeepWithinTheQuotaOfTheirOrganisation) {
    const store::testing::Folder folder;
    Uploads uploads({.folder = folder / "uploads", .quota = 100, .most = 3});
    ASSERT_TRUE(uploads.add(person("rs_mup"), "a.csv", body(std::string(60, 'x'))));
    EXPECT_EQ(uploads.add(person("rs_mup"), "b.csv", body(std::string(60, 'x'))).error().code, ErrorCode::not_allowed);
    ASSERT_TRUE(uploads.add(person("me_up"), "b.csv", body(std::string(60, 'x'))));
    ASSERT_TRUE(uploads.add(person("rs_mup"), "b.csv", body("x")));
    const auto third = uploads.add(person("rs_mup"), "c.csv", body("x"));
    ASSERT_TRUE(third);
    EXPECT_EQ(uploads.add(person("rs_mup"), "d.csv", body("x")).error().code, ErrorCode::not_allowed);
    ASSERT_TRUE(uploads.remove(person("rs_mup"), third->id));
    EXPECT_TRUE(uploads.add(person("rs_mup"), "d.csv", body("x")));
    EXPECT_EQ(uploads.add(person("rs_mup"), "e.csv", body("")).error().code, ErrorCode::bad_input);
}

TEST(Uploads, RememberWhatWasRefused) {
    const store::testing::Folder folder;
    Uploads uploads({.folder = folder / "uploads"});
    const auto one = uploads.add(person("rs_mup"), "a.csv", body("x\n1\n"));
    ASSERT_TRUE(one);
    EXPECT_EQ(uploads.refused(*one).error().code, ErrorCode::not_found);
    ASSERT_TRUE(uploads.keep_refused(*one, {{"id", "m"}}, {{"a.csv", 7, "x", "refused", "is no number", "=1+1"}}));
    const auto kept = uploads.refused(*one);
    ASSERT_TRUE(kept);
    ASSERT_EQ(kept->second.size(), 1U);
    EXPECT_EQ(kept->second[0].row, 7U);
    EXPECT_EQ(kept->second[0].original, "=1+1");
    EXPECT_EQ(kept->first.at("id").as_string(), "m");
}

}  // namespace
}  // namespace threatlas::serve
