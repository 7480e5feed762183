#include "serve/replays.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "store/store.hpp"
#include "store/test_folder.hpp"

namespace threatlas::serve {
namespace {

struct Changing : testing::Test {
    store::testing::Folder folder;
    std::unique_ptr<store::Store> store = std::move(*store::Store::create(folder / "data", {.clock = {}, .key_file = folder / "key"}));
    std::int64_t now = 1000;
    Replays replays{**store->idempotency(), [this] { return now; }};
    int changes = 0;
    core::Result<net::Response> ask(const std::string& key, const std::string& body, const std::string& account = "p-1", bool fails = false) {
        net::Request request;
        request.method = "POST", request.path = "/api/v1/things", request.body = body;
        if (!key.empty()) request.headers.emplace_back("idempotency-key", key);
        Caller caller;
        caller.account = account;
        return replays.once(request, caller, [&]() -> core::Result<net::Response> {
            ++changes;
            if (fails) return core::fail(core::ErrorCode::unavailable, "later");
            return net::json_response(201, "{\"secret\":\"only once " + std::to_string(changes) + "\"}");
        });
    }
    static std::string text(const core::Result<net::Response>& answer) { return std::get<std::string>(answer->body); }
};

TEST_F(Changing, IsDoneOnceForAKey) {
    const auto first = ask("k1", "{}"), again = ask("k1", "{}");
    ASSERT_TRUE(first && again);
    EXPECT_EQ(changes, 1);
    EXPECT_EQ(again->status, 201);
    EXPECT_EQ(text(again), text(first));
    EXPECT_TRUE(std::find(again->headers.begin(), again->headers.end(), std::pair<std::string, std::string>("Idempotent-Replay", "true")) != again->headers.end());
    EXPECT_TRUE(std::find(again->headers.begin(), again->headers.end(), std::pair<std::string, std::string>("Content-Type", "application/json")) != again->headers.end());
}

TEST_F(Changing, AnotherBodyIsAConflictAndAnotherCallerAnotherChange) {
    ASSERT_TRUE(ask("k1", "{}"));
    const auto other = ask("k1", "{\"a\":1}");
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().code, core::ErrorCode::conflict);
    ASSERT_TRUE(ask("k1", "{}", "p-2"));
    EXPECT_EQ(changes, 2);
}

TEST_F(Changing, WithoutAKeyOrAfterADayItIsDoneAgain) {
    ASSERT_TRUE(ask("", "{}") && ask("", "{}"));
    EXPECT_EQ(changes, 2);
    ASSERT_TRUE(ask("k1", "{}"));
    now += 24 * 3600;
    ASSERT_TRUE(ask("k1", "{\"other\":1}"));
    EXPECT_EQ(changes, 4);
}

TEST_F(Changing, WhatFailedIsTriedAnew) {
    ASSERT_FALSE(ask("k1", "{}", "p-1", true));
    ASSERT_TRUE(ask("k1", "{}"));
    EXPECT_EQ(changes, 2);
    EXPECT_FALSE(ask(std::string(201, 'k'), "{}"));
    EXPECT_FALSE(ask("a b", "{}"));
}

TEST_F(Changing, TheAnswerIsNotReadableInTheDatabase) {
    ASSERT_TRUE(ask("visible-key", "{}"));
    store.reset();
    bool seen = false;
    for (const char* name : {"threatlas.db", "threatlas.db-wal"}) {
        std::ifstream file((folder / "data") + "/" + name, std::ios::binary);
        const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
        seen = seen || bytes.find("idempotency") != std::string::npos;
        EXPECT_EQ(bytes.find("only once"), std::string::npos);
        EXPECT_EQ(bytes.find("visible-key"), std::string::npos);
    }
    EXPECT_TRUE(seen);
}

}  // namespace
}  // namespace threatlas::serve
