#include "store/field_key.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <set>
#include <thread>

#include "core/text.hpp"
#include "store/accounts/accounts.hpp"
#include "store/test_folder.hpp"

namespace threatlas::store {
namespace {

using core::ErrorCode;
using testing::Folder;
using testing::must;

TEST(FieldKey, is_made_once_for_its_owner_alone) {
    Folder folder;
    const std::string path = folder / "data.key";
    const FieldKey first = must(FieldKey::open_or_create(path)), second = must(FieldKey::open_or_create(path));
    struct stat info{};
    ASSERT_EQ(::stat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600);
    EXPECT_EQ(must(core::read_file(path)).size(), 65U);
    EXPECT_EQ(must(second.open("a", first.seal("a", "Ана"))), "Ана");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder / ""), {}), 1) << "nothing is left beside it";
}

TEST(FieldKey, several_that_start_together_get_the_same) {
    Folder folder;
    const std::string path = folder / "data.key";
    std::vector<std::string> indices(8);
    std::vector<std::thread> threads;
    for (auto& index : indices) threads.emplace_back([&] { index = must(FieldKey::open_or_create(path)).index("x", "y"); });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(std::set(indices.begin(), indices.end()).size(), 1U);
}

TEST(FieldKey, opens_only_what_it_sealed_where_it_was_sealed) {
    Folder folder;
    const FieldKey key = must(FieldKey::open_or_create(folder / "a.key")), other = must(FieldKey::open_or_create(folder / "b.key"));
    const std::string sealed = key.seal("people.name.p-1", "Vesna");
    EXPECT_EQ(sealed.find("Vesna"), std::string::npos);
    EXPECT_NE(sealed, key.seal("people.name.p-1", "Vesna")) << "equal names must not look equal";
    EXPECT_EQ(must(key.open("people.name.p-1", sealed)), "Vesna");
    EXPECT_EQ(must(key.open("x", key.seal("x", ""))), "");
    EXPECT_EQ(key.open("people.name.p-2", sealed).error().code, ErrorCode::mismatch) << "moved to another row";
    EXPECT_EQ(other.open("people.name.p-1", sealed).error().code, ErrorCode::mismatch);
    EXPECT_FALSE(key.open("people.name.p-1", "Vesna"));
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        std::string changed = sealed;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        const auto opened = key.open("people.name.p-1", changed);
        EXPECT_FALSE(opened) << "letter " << i;
        EXPECT_FALSE(key.open("people.name.p-1", sealed.substr(0, i))) << "cut at " << i;
    }
}

TEST(FieldKey, index_finds_and_tells_nothing) {
    Folder folder;
    const FieldKey key = must(FieldKey::open_or_create(folder / "a.key")), other = must(FieldKey::open_or_create(folder / "b.key"));
    EXPECT_EQ(key.index("name", "ana"), key.index("name", "ana"));
    EXPECT_NE(key.index("name", "ana"), key.index("email", "ana"));
    EXPECT_NE(key.index("name", "ana"), other.index("name", "ana"));
    EXPECT_NE(key.index("na", "mana"), key.index("nam", "ana"));
    EXPECT_EQ(random_text(32).size(), 43U);
    EXPECT_NE(random_text(32), random_text(32));
}

TEST(FieldKey, refuses_a_file_that_is_no_key_or_for_others) {
    Folder folder;
    for (const char* text : {"", "short", "zz", "0000000000000000000000000000000000000000000000000000000000000000ff"}) {
        must(core::write_file(folder / "a.key", text));
        ASSERT_EQ(::chmod((folder / "a.key").c_str(), 0600), 0);
        EXPECT_EQ(FieldKey::open_or_create(folder / "a.key").error().code, ErrorCode::bad_input) << text;
    }
    must(FieldKey::open_or_create(folder / "b.key"));
    ASSERT_EQ(::chmod((folder / "b.key").c_str(), 0604), 0);
    EXPECT_EQ(FieldKey::open_or_create(folder / "b.key").error().code, ErrorCode::not_allowed);
    EXPECT_FALSE(FieldKey::open_or_create(folder / "nowhere/a.key"));
}

TEST(FieldKey, lies_beside_the_folder_not_in_it) {
    EXPECT_EQ(FieldKey::default_path("var/demo"), "var/demo.key");
    EXPECT_EQ(FieldKey::default_path("var/demo/"), "var/demo.key");
    ASSERT_EQ(::setenv("THREATLAS_KEY_FILE", "/etc/threatlas.key", 1), 0);
    EXPECT_EQ(FieldKey::default_path("var/demo"), "/etc/threatlas.key");
    ::unsetenv("THREATLAS_KEY_FILE");
}

TEST(FieldKey, a_store_keeps_to_its_key) {
    Folder folder;
    {
        auto store = must(Store::create(folder / "data"));
        EXPECT_FALSE(std::filesystem::exists(folder / "data.key")) << "made at first need";
        must(store->accounts());
        EXPECT_TRUE(std::filesystem::exists(folder / "data.key"));
        EXPECT_EQ(must(store->accounts()), must(store->accounts()));
    }
    {
        auto store = must(Store::open(folder / "data", {.clock = {}, .key_file = folder / "other.key"}));
        EXPECT_EQ(store->accounts().error().code, ErrorCode::not_found) << "a store with encrypted fields gets no new key";
        must(FieldKey::open_or_create(folder / "other.key"));
        EXPECT_EQ(store->accounts().error().code, ErrorCode::mismatch);
    }
    std::filesystem::rename(folder / "data.key", folder / "moved.key");
    EXPECT_EQ(must(Store::open(folder / "data"))->accounts().error().code, ErrorCode::not_found);
    EXPECT_TRUE(must(Store::open(folder / "data", {.clock = {}, .key_file = folder / "moved.key"}))->accounts());
}

}  // namespace
}  // namespace threatlas::store
