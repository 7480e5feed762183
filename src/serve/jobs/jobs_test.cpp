#include "serve/jobs/jobs.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <thread>

#include "core/text.hpp"
#include "store/test_folder.hpp"

namespace threatlas::serve {
namespace {

using core::ErrorCode;
namespace json = core::json;

model::Reader person(const std::string& organisation, model::Role role = model::Role::analyst, const std::string& clearance = "TLP:AMBER") { return {"p-" + organisation, organisation, role, clearance, "assessment"}; }

class JobsTest : public ::testing::Test {
  protected:
    void SetUp() override {
        auto made = store::Store::create(folder_ / "store");
        ASSERT_TRUE(made) << core::describe(made.error());
        store_ = std::move(*made);
    }
    std::unique_ptr<Jobs> jobs(unsigned workers = 1) {
        auto out = std::make_unique<Jobs>(*store_, events_, JobOptions{.workers = workers, .waiting_each = 3, .kept = 50, .folder = folder_ / "jobs"});
        out->add_kind("quick", [](const model::Reader&, const json::object& request) -> core::Result<JobWork> {
            if (request.contains("wrong")) return core::fail(ErrorCode::bad_usage, "'wrong' is no setting");
            return JobWork([](JobContext& context) -> core::Result<json::object> {
                context.step("counting", 3, 10);
                context.log("counted");
                EXPECT_TRUE(core::write_file(context.folder() + "/out.txt", "content"));
                context.result({.title = "Out", .link = {}, .file = "out.txt", .media = "text/plain", .handling = "TLP:AMBER"});
                return json::object{{"answer", 42}};
            });
        });
        out->add_kind("fails", [](const model::Reader&, const json::object&) -> core::Result<JobWork> {
            return JobWork([](JobContext&) -> core::Result<json::object> { return core::fail(ErrorCode::not_enough_data, "too little"); });
        });
        out->add_kind("throws", [](const model::Reader&, const json::object&) -> core::Result<JobWork> {
            return JobWork([](JobContext&) -> core::Result<json::object> { throw std::runtime_error("disk gone"); });
        });
        out->add_kind("waits", [this](const model::Reader& owner, const json::object&) -> core::Result<JobWork> {
            return JobWork([this, who = owner.organisation](JobContext& context) -> core::Result<json::object> {
                { const std::lock_guard guard(mutex_); order_.push_back(who); }
                ++running_;
                while (!context.cancelled() && !let_go_) std::this_thread::sleep_for(std::chrono::milliseconds(1));
                THREATLAS_CHECK(core::go_on(context));
                return json::object{};
            });
        });
        return out;
    }
    void until_running(int count) {
        for (int i = 0; i < 5000 && running_ < count; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        ASSERT_EQ(running_, count);
    }
    template <class T>
    T must(core::Result<T> result) {
        if (!result) throw std::runtime_error(core::describe(result.error()));
        return std::move(*result);
    }

    store::testing::Folder folder_;
    std::unique_ptr<store::Store> store_;
    EventLog events_;
    std::atomic<int> running_{0};
    std::atomic<bool> let_go_{false};
    std::mutex mutex_;
    std::vector<std::string> order_;
};

TEST_F(JobsTest, RunsKeepsAndIsFoundAfterARestart) {
    std::string id;
    {
        auto runner = jobs();
        ASSERT_TRUE(runner->start());
        id = must(runner->submit(person("rs_mup"), "quick", {}, "Try")).id;
        const Job done = must(runner->wait(id, 20));
        EXPECT_EQ(done.state, "done");
        EXPECT_EQ(done.outcome.at("answer").as_int64(), 42);
        ASSERT_EQ(done.results.size(), 1U);
        EXPECT_EQ(done.results[0].link, "/api/v1/jobs/" + id + "/results/out.txt");
        ASSERT_EQ(done.log.size(), 1U);
        EXPECT_NE(done.log[0].find("counted"), std::string::npos);
    }
    auto again = jobs();
    ASSERT_TRUE(again->start());
    const Job found = must(again->find(person("rs_mup"), id));
    EXPECT_EQ(found.state, "done");
    EXPECT_EQ(found.title, "Try");
    EXPECT_EQ(found.outcome.at("answer").as_int64(), 42);
    ASSERT_EQ(found.results.size(), 1U);
    EXPECT_EQ(core::read_file(must(again->file(person("rs_mup"), id, "out.txt")).second).value(), "content");
}

TEST_F(JobsTest, AreSeenByTheirOrganisationAndTheAdministratorAlone) {
    auto runner = jobs();
    ASSERT_TRUE(runner->start());
    const std::string id = must(runner->submit(person("rs_mup"), "quick", {}, "")).id;
    must(runner->wait(id, 20));
    EXPECT_EQ(runner->find(person("me_up"), id).error().code, ErrorCode::not_found);
    EXPECT_EQ(runner->cancel(person("me_up"), id).error().code, ErrorCode::not_found);
    EXPECT_TRUE(runner->list(person("me_up")).empty());
    EXPECT_EQ(runner->list(person("regional", model::Role::administrator)).size(), 1U);
    // The administrator sees that it ran, not what it found; nor does a colleague with less clearance.
    EXPECT_EQ(runner->file(person("regional", model::Role::administrator, "TLP:RED"), id, "out.txt").error().code, ErrorCode::not_allowed);
    EXPECT_EQ(runner->file(person("rs_mup", model::Role::analyst, "TLP:GREEN"), id, "out.txt").error().code, ErrorCode::not_allowed);
    EXPECT_EQ(runner->file(person("rs_mup"), id, "../../store/threatlas.db").error().code, ErrorCode::not_found);
    EXPECT_TRUE(runner->file(person("rs_mup"), id, "out.txt"));
}

TEST_F(JobsTest, FailuresSayWhatIsWrong) {
    auto runner = jobs();
    ASSERT_TRUE(runner->start());
    const Job failed = must(runner->wait(must(runner->submit(person("rs_mup"), "fails", {}, "")).id, 20));
    EXPECT_EQ(failed.state, "failed");
    EXPECT_EQ(failed.error, "too little");
    EXPECT_EQ(failed.code, "not_enough_data");
    const Job threw = must(runner->wait(must(runner->submit(person("rs_mup"), "throws", {}, "")).id, 20));
    EXPECT_EQ(threw.state, "failed");
    EXPECT_EQ(threw.error, "the work broke off: disk gone");
    EXPECT_EQ(runner->submit(person("rs_mup"), "quick", {{"wrong", 1}}, "").error().code, ErrorCode::bad_usage);
    EXPECT_EQ(runner->submit(person("rs_mup"), "nonsense", {}, "").error().code, ErrorCode::bad_usage);
}

TEST_F(JobsTest, AreCancelledWaitingAndRunning) {
    auto runner = jobs();
    ASSERT_TRUE(runner->start());
    const std::string first = must(runner->submit(person("rs_mup"), "waits", {}, "")).id;
    until_running(1);
    const std::string second = must(runner->submit(person("rs_mup"), "quick", {}, "")).id;
    EXPECT_EQ(must(runner->cancel(person("rs_mup"), second)).state, "cancelled");
    ASSERT_TRUE(runner->cancel(person("rs_mup"), first));
    EXPECT_EQ(must(runner->wait(first, 20)).state, "cancelled");
    EXPECT_EQ(runner->cancel(person("rs_mup"), first).error().code, ErrorCode::conflict);
    let_go_ = true;
    EXPECT_EQ(must(runner->wait(must(runner->submit(person("rs_mup"), "waits", {}, "")).id, 20)).state, "done");
}

TEST_F(JobsTest, OrganisationsTakeTurnsAndNoneFillsTheQueue) {
    auto runner = jobs();
    ASSERT_TRUE(runner->start());
    ASSERT_TRUE(runner->submit(person("rs_mup"), "waits", {}, ""));
    until_running(1);
    std::string last;
    for (int i = 0; i < 3; ++i) last = must(runner->submit(person("rs_mup"), "waits", {}, "")).id;
    EXPECT_EQ(runner->submit(person("rs_mup"), "waits", {}, "").error().code, ErrorCode::conflict);
    ASSERT_TRUE(runner->submit(person("me_up"), "waits", {}, ""));
    let_go_ = true;
    must(runner->wait(last, 20));
    ASSERT_GE(order_.size(), 2U);
    EXPECT_EQ(order_[1], "me_up") << "who was not served yet comes before who was";
}

TEST_F(JobsTest, WhatWasInterruptedSaysSo) {
    std::string id;
    {
        auto runner = jobs();
        ASSERT_TRUE(runner->start());
        id = must(runner->submit(person("rs_mup"), "waits", {}, "")).id;
        until_running(1);
        runner->stop();
        EXPECT_EQ(must(runner->find(person("rs_mup"), id)).state, "failed");
    }
    // A run that was killed leaves a job without an end.
    ASSERT_TRUE(store_->open_dossier(person("rs_mup"), {.kind = "job", .id = "jkilled", .handling = "TLP:CLEAR", .at = {}, .json = R"({"kind":"assess","title":"T","owner":"o","organisation":"rs_mup","request":{}})", .steps = {}}));
    ASSERT_TRUE(store_->add_step(person("rs_mup"), "job", "jkilled", "running", "{}"));
    for (int round = 0; round < 2; ++round) {
        auto again = jobs();
        ASSERT_TRUE(again->start());
        const Job killed = must(again->find(person("rs_mup"), "jkilled"));
        EXPECT_EQ(killed.state, "failed");
        EXPECT_NE(killed.error.find("the server stopped"), std::string::npos);
        EXPECT_EQ(killed.code, "unavailable");
    }
    EXPECT_TRUE(store_->verify_audit(person("regional", model::Role::auditor, "TLP:RED")));
}

TEST(Events, GrowOverARestartAndReachWhoMaySeeThem) {
    const store::testing::Folder folder;
    const std::string path = folder / "events.jsonl";
    std::uint64_t last = 0;
    {
        EventLog log(path, 3);
        int woken = 0;
        log.on_new([&] { ++woken; });
        log.tell({"job", {{"id", "j1"}}, "rs_mup", "TLP:CLEAR"});
        log.tell({"signal", {{"id", "S-1"}}, "", "TLP:AMBER"});
        log.tell({"signal", {{"id", "S-2"}}, "", "TLP:RED"});
        EXPECT_EQ(woken, 3);
        last = log.last();
        EXPECT_EQ(log.since(person("rs_mup"), 0).size(), 2U);
        EXPECT_EQ(log.since(person("me_up"), 0).size(), 1U);
        EXPECT_EQ(log.since(person("me_up", model::Role::analyst, "TLP:GREEN"), 0).size(), 0U);
        EXPECT_EQ(log.since(person("regional", model::Role::administrator, "TLP:RED"), 0).size(), 3U);
    }
    std::ofstream(path, std::ios::app) << "{\"id\":99,\"ty";   // cut short by a crash
    EventLog log(path, 3);
    EXPECT_EQ(log.last(), last);
    log.tell({"job", {{"id", "j2"}}, "rs_mup", "TLP:CLEAR"});
    EXPECT_GT(log.last(), last);
    const auto resumed = log.since(person("rs_mup"), last);
    ASSERT_EQ(resumed.size(), 1U);
    EXPECT_EQ(resumed[0].data, R"({"id":"j2"})");
    EXPECT_EQ(log.since(person("regional", model::Role::administrator, "TLP:RED"), 0).size(), 3U) << "the oldest is forgotten";
}

TEST(Events, AStreamBeginsNowOrAfterTheLastSeen) {
    EventLog log;
    log.tell({"job", {{"id", "old"}}, "", "TLP:CLEAR"});
    const auto stream = log.stream(person("rs_mup"));
    EXPECT_TRUE(stream.since(std::nullopt).empty());
    log.tell({"job", {{"id", "new"}}, "", "TLP:CLEAR"});
    const auto got = stream.since(std::nullopt);
    ASSERT_EQ(got.size(), 1U);
    EXPECT_EQ(got[0].type, "job");
    EXPECT_TRUE(stream.since(got[0].id).empty());
    EXPECT_EQ(stream.since(std::uint64_t{1}).size(), 2U);
}

}  // namespace
}  // namespace threatlas::serve
