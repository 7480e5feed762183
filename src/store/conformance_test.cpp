// The same promises of both engines, and that both name the same content the same.
#include <sys/wait.h>

#include <cmath>
#include <csignal>

#include "store/desk.hpp"
#include "store/matching.hpp"
#include "store/peers.hpp"
#include "store/postgres/connection.hpp"
#include "store/postgres_cluster.hpp"
#include "store/rights.hpp"
#include "store/test_folder.hpp"

namespace threatlas::store {
namespace {

using core::ErrorCode;
using testing::analyst;
using testing::Cluster;
using testing::fixed_clock;
using testing::Folder;
using testing::info_of;
using testing::ingest;
using testing::must;
using testing::observation;

struct Place {
    Folder folder;
    std::string where;
    StoreOptions options = fixed_clock();
    explicit Place(bool postgres) : where(postgres ? Cluster::instance().fresh_database() : folder / "s") { options.key_file = folder / "test.key"; }
    std::unique_ptr<Store> create() const { return must(Store::create(where, options)); }
    std::unique_ptr<Store> open() const { return must(Store::open(where, options)); }
};

void give(Store& store, const SubmissionInfo& info, const std::vector<model::Observation>& rows, const std::vector<model::Claim>& claims = {}) {
    auto submission = must(store.begin(analyst(), info));
    ASSERT_NE(submission, nullptr);
    for (const auto& each : rows) must(submission->add(each));
    for (const auto& each : claims) must(submission->add(each));
    must(submission->commit(rows.size() + claims.size()));
}

class BothEngines : public ::testing::TestWithParam<bool> {
  protected:
    Place place_{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Engines, BothEngines, ::testing::Bool(), [](const auto& each) { return each.param ? std::string("postgres") : std::string("embedded"); });

TEST_P(BothEngines, gives_back_every_field_of_every_row) {
    {
        auto store = place_.create();
        ingest(*store, info_of("frontex_detections", "a"), 0, 2000);
    }
    auto store = place_.open();
    const Snapshot snapshot = must(store->snapshot(analyst(), {}));
    ASSERT_EQ(snapshot.size(), 2000u);
    for (std::uint64_t i = 0; i < 2000; ++i) testing::expect_same(snapshot.at(i), observation(i));
    EXPECT_EQ(Store::create(place_.where, place_.options).error().code, ErrorCode::conflict);
    EXPECT_TRUE(store->verify_audit(testing::auditor()));
    core::NoProgress quiet;
    EXPECT_GT(must(store->verify_segments(analyst(), quiet)), 0u);
}

TEST_P(BothEngines, keeps_texts_as_they_came_and_counts) {
    auto store = place_.create();
    const auto info = info_of("frontex_detections", "odd");
    auto submission = must(store->begin(analyst(), info));
    auto odd = observation(1);
    odd.what = std::string("a\0b\xff\xc3", 5), odd.place = "\xf4\x8f\xbf\xbd" "41", odd.file = "Đinđić – '\"\\\t\n.csv", odd.value = -0.0, odd.upper = 1e-300;
    must(submission->add(odd));
    must(submission->reject({"f.csv", 12, "value", "refused", "negative count", odd.what}));
    must(submission->reject({"f.csv", 13, "", "duplicate", "as row 12", std::string(9000, 'x')}));
    const SubmissionInfo done = must(submission->commit(3));
    EXPECT_EQ(done.rejected, 1u);
    EXPECT_EQ(done.duplicates, 1u);
    const Snapshot snapshot = must(store->snapshot(analyst(), {}));
    ASSERT_EQ(snapshot.size(), 1u);
    testing::expect_same(snapshot.at(0), odd);
    EXPECT_TRUE(std::signbit(snapshot.at(0).value));
    const auto rejects = must(store->rejects(analyst(), info.id));
    ASSERT_EQ(rejects.size(), 2u);
    EXPECT_EQ(rejects[0].original, odd.what);
    EXPECT_EQ(rejects[1].original.size(), 8192u);
    EXPECT_TRUE(store->verify_audit(testing::auditor()));
}

TEST_P(BothEngines, one_writer_at_a_time_and_readers_beside_it) {
    auto store = place_.create();
    ingest(*store, info_of("frontex_detections", "a"), 0, 10);
    auto first = must(store->begin(analyst(), info_of("frontex_detections", "b")));
    must(first->add(observation(1)));
    EXPECT_EQ(store->begin(analyst(), info_of("frontex_detections", "c")).error().code, ErrorCode::conflict);
    auto other = place_.open();
    EXPECT_EQ(other->begin(analyst(), info_of("frontex_detections", "c")).error().code, ErrorCode::conflict);
    EXPECT_EQ(must(other->snapshot(analyst(), {})).size(), 10u);
    first.reset();
    EXPECT_NE(must(other->begin(analyst(), info_of("frontex_detections", "c"))), nullptr);
    EXPECT_EQ(must(other->begin(analyst(), info_of("frontex_detections", "a"))), nullptr);
    EXPECT_EQ(must(other->snapshot(analyst(), {})).size(), 10u);
}

TEST_P(BothEngines, assessments_and_dossiers_are_kept) {
    auto store = place_.create();
    must(store->save_assessment(analyst(), {"see-1", "see", "h1", core::Day{20000}, "TLP:CLEAR"}, "{\"a\":1}"));
    must(store->save_assessment(analyst(), {"see-2", "see", "h2", core::Day{19000}, "TLP:RED"}, "{\"a\":2}"));
    EXPECT_EQ(must(store->assessment(analyst(), "latest")), "{\"a\":2}");
    EXPECT_EQ(store->assessment(analyst("TLP:GREEN"), "latest").error().code, ErrorCode::not_allowed);
    Dossier head;
    head.kind = "signal", head.id = "one", head.handling = "TLP:CLEAR", head.json = "{}";
    EXPECT_TRUE(must(store->open_dossier(analyst(), head)));
    EXPECT_FALSE(must(store->open_dossier(analyst(), head)));
    must(store->add_step(analyst(), "signal", "one", "acknowledged", "{}"));
    const auto all = must(store->dossiers(analyst(), "signal"));
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].steps.size(), 1u);
    EXPECT_TRUE(store->verify_audit(testing::auditor()));
}

TEST_P(BothEngines, peers_are_posted_to_once_and_what_came_is_known_again) {
    auto store = place_.create();
    Peers& peers = *must(peers_of(*store));
    EXPECT_FALSE(must(peers.own()));
    must(peers.put_own(analyst(), {"rs_mup", "http://127.0.0.1:1", "k", "{}"}));
    EXPECT_EQ(peers.put_own(analyst(), {"bg_mvr", "", "k", "{}"}).error().code, ErrorCode::conflict);
    must(peers.put(analyst(), {"bg_mvr", "http://127.0.0.1:2", "k", "{}", "{\"token\":\"secret\"}", "m-1", "", false}, "added"));
    must(peers.put(analyst(), {"ro_igpr", "http://127.0.0.1:3", "k", "{}", "{}", "m-2", "", false}, "added"));
    must(peers.put(analyst(), {"bg_mvr", "http://127.0.0.1:4", "k", "{}", "{\"token\":\"other\"}", "m-1", "", false}, "changed"));
    ASSERT_EQ(must(peers.all()).size(), 2u);
    EXPECT_EQ(must(peers.all())[0].organisation, "bg_mvr");
    EXPECT_EQ(must(peers.find("bg_mvr"))->access, "{\"token\":\"other\"}");
    EXPECT_FALSE(must(peers.find("mk_moi")));

    const auto text = [](std::int64_t number) -> core::Result<std::string> { return "body " + std::to_string(number); };
    EXPECT_TRUE(must(peers.post(analyst(), "bg_mvr", "report--1", "2026-01-01T00:00:00.000Z", "h1", "bulletin 1", text)));
    EXPECT_FALSE(must(peers.post(analyst(), "bg_mvr", "report--1", "2026-01-01T00:00:00.000Z", "h1", "bulletin 1", text)));
    EXPECT_TRUE(must(peers.post(analyst(), "ro_igpr", "report--1", "2026-01-01T00:00:00.000Z", "h1", "bulletin 1", text)));
    EXPECT_TRUE(must(peers.post(analyst(), "bg_mvr", "report--1", "2026-01-02T00:00:00.000Z", "h2", "bulletin 1", text)));
    EXPECT_EQ(peers.post(analyst(), "bg_mvr", "report--2", "x", "h3", "bulletin 2", [](std::int64_t) -> core::Result<std::string> { return core::fail(ErrorCode::bad_input, "no"); }).error().code, ErrorCode::bad_input);
    EXPECT_EQ(must(peers.latest_posted("report--1")), "2026-01-02T00:00:00.000Z");
    EXPECT_EQ(must(peers.posted_as("report--1", "h1")), "2026-01-01T00:00:00.000Z");
    auto waiting = must(peers.waiting("bg_mvr", 10));
    ASSERT_EQ(waiting.size(), 2u);
    EXPECT_EQ(waiting[1].body, "body 2");
    EXPECT_EQ(waiting[1].number, 2) << "a post that failed takes no number";
    must(peers.in_feed("bg_mvr", 1));
    ASSERT_EQ(must(peers.waiting("bg_mvr", 10)).size(), 1u);
    EXPECT_EQ(must(peers.counts("bg_mvr")).waiting, 1);

    Arrival came{.peer = "bg_mvr", .hash = "a", .number = 3, .author = "bg_mvr", .object = "report--9", .modified = "2026-01-02T00:00:00.000Z", .kind = "bulletin", .state = "done", .code = "", .reason = "", .at = "", .body = "text", .tries = 1};
    must(peers.put_arrival(came));
    must(peers.put_arrival(came));
    came.hash = "b", came.number = 1, came.state = "aside", came.code = "not_found", came.reason = "of something that has not come";
    must(peers.put_arrival(came));
    const auto counts = must(peers.counts("bg_mvr"));
    EXPECT_EQ(counts.done, 1); EXPECT_EQ(counts.aside, 1); EXPECT_EQ(counts.highest, 3); EXPECT_EQ(counts.missing, 1);
    EXPECT_EQ(must(peers.arrival("bg_mvr", "a"))->body, "text");
    EXPECT_EQ(must(peers.latest("bg_mvr", "report--9"))->hash, "a");
    EXPECT_EQ(must(peers.aside("", 10, true)).at(0).body, "text");
    EXPECT_EQ(must(peers.aside_size("bg_mvr")), (std::pair<std::int64_t, std::int64_t>{1, 4}));
    must(peers.drop_aside(analyst(), "bg_mvr", "b", "looked at"));
    EXPECT_EQ(peers.drop_aside(analyst(), "bg_mvr", "b", "again").error().code, ErrorCode::not_found);

    must(peers.put_state({.organisation = "bg_mvr", .resume = "r", .contact = 5, .whole = 4, .tried = 6, .next = 7, .failures = 2, .error = "away"}));
    EXPECT_EQ(must(peers.state("bg_mvr")).resume, "r");
    EXPECT_EQ(must(peers.state("ro_igpr")).failures, 0);
    store.reset();
    store = place_.open();
    EXPECT_EQ(must(must(peers_of(*store))->own())->organisation, "rs_mup");
    EXPECT_TRUE(store->verify_audit(testing::auditor()));
}

TEST_P(BothEngines, the_contact_desk_keeps_its_things) {
    {
        auto store = place_.create();
        Desk* desk = must(store->desk());
        must(desk->put(analyst(), {"subscription", "U-1", "bg_mvr", 100, "{\"email\":\"desk@police.example\"}"}, "made"));
        must(desk->put(analyst(), {"subscription", "U-1", "bg_mvr", 200, "{}"}, "changed"));
        EXPECT_EQ(must(desk->items("subscription")).size(), 1u);
        EXPECT_EQ(must(desk->item("subscription", "U-1"))->body, "{}");
        EXPECT_EQ(must(desk->item("subscription", "U-1"))->made, 100);
        const std::string content = std::string("a\0b\xff", 4) + std::string(100'000, 'x'), hash = must(desk->keep_file(analyst(), content, 1));
        EXPECT_EQ(must(desk->keep_file(analyst(), content, 2)), hash);
        EXPECT_EQ(must(desk->file("regional", hash)), content);
        EXPECT_EQ(desk->file("bg_mvr", hash).error().code, ErrorCode::not_found);
        EXPECT_EQ(must(desk->kept_bytes("regional")), content.size());
        const Delivery wanted{.number = 0, .channel = "mail", .target = "U-1", .subject = "bulletin N-1.1", .organisation = "bg_mvr", .state = "waiting", .made = 10, .next = 10, .attempts = {}};
        EXPECT_TRUE(must(desk->plan(wanted)));
        EXPECT_FALSE(must(desk->plan(wanted)));
        EXPECT_TRUE(must(desk->due("mail", 9)).empty());
        auto due = must(desk->due("mail", 10));
        ASSERT_EQ(due.size(), 1u);
        EXPECT_TRUE(must(desk->claim(due[0], 20)));
        EXPECT_FALSE(must(desk->claim(due[0], 20))) << "one at a time";
        must(desk->tried(due[0], {11, "451 later"}, "waiting", 30));
        EXPECT_TRUE(must(desk->due("mail", 29)).empty());
        EXPECT_EQ(must(desk->due("mail", 30))[0].attempts[0].outcome, "451 later");
    }
    auto store = place_.open();
    Desk* desk = must(store->desk());
    EXPECT_EQ(must(desk->newest()), 0u);
    Dossier head{.kind = "bulletin", .id = "N-1.1", .handling = "TLP:RED", .at = {}, .json = "{}", .steps = {}, .originators = {"rs_mup"}, .audience = {"bg_mvr"}};
    must(store->open_dossier(analyst(), head));
    const auto opened = must(desk->opened_after(0, {"bulletin"}));
    ASSERT_EQ(opened.size(), 1u);
    EXPECT_EQ(opened[0].audience, (std::vector<std::string>{"bg_mvr"}));
    EXPECT_TRUE(must(desk->opened_after(opened[0].number, {"bulletin"})).empty());
    EXPECT_EQ(must(store->dossiers_of(model::Reader{"p", "bg_mvr", model::Role::contact_point, "TLP:RED", "joint_operation"}, "bulletin", "N-1")).size(), 1u);
    must(desk->remove(analyst(), "subscription", "U-1"));
    EXPECT_EQ(must(desk->deliveries("bg_mvr"))[0].state, "dropped");
    EXPECT_EQ(desk->remove(analyst(), "subscription", "U-1").error().code, ErrorCode::not_found);
    EXPECT_TRUE(store->verify_audit(testing::auditor()));
}

MatchEntry listed(const std::string& value, const std::string& handling = "TLP:AMBER") {
    MatchEntry out;
    out.kind = "phone", out.value = value, out.case_reference = "KT 1/26", out.handling = handling, out.organisation = "rs_mup";
    return out;
}

TEST_P(BothEngines, matching_keeps_lists_filters_and_quotas) {
    auto store = place_.create();
    const auto tables = must(Matching::of(*store));
    Matching& matching = *tables;
    const model::Reader cleared{"pera", "rs_mup", model::Role::contact_point, "TLP:RED H3", "early_warning"}, other{"mira", "me_up", model::Role::contact_point, "TLP:AMBER", "early_warning"};
    EXPECT_EQ(must(matching.add(cleared, {listed("+381641111111"), listed("+381642222222", "TLP:RED"), listed("+381641111111")})).size(), 2u);
    auto seen = must(matching.entries(cleared));
    ASSERT_EQ(seen.size(), 2u);
    const auto& strict = seen[0].value == "+381642222222" ? seen[0] : seen[1];
    EXPECT_EQ(strict.handling, "TLP:RED");
    EXPECT_EQ(must(matching.entries(other)).size(), 1u) << "TLP:RED is its originator's";
    EXPECT_EQ(must(matching.live()), 2u);
    EXPECT_EQ(must(matching.live("vin")), 0u);

    EXPECT_FALSE(must(matching.seed()));
    const std::uint32_t epoch = must(matching.next_seed()).epoch;
    EXPECT_EQ(epoch, 1u);
    must(matching.publish(cleared, {"", 1, 0, true, 20000, std::string(64, 'a'), std::string("part\0one", 8), 0}, "{}", "published"));
    ASSERT_TRUE(must(matching.seed()));
    must(matching.remove(cleared, strict.id, "closed"));
    EXPECT_EQ(matching.remove(cleared, strict.id, "closed").error().code, ErrorCode::conflict);
    EXPECT_EQ(must(matching.entries(cleared)).size(), 1u);
    EXPECT_EQ(must(matching.all_entries(cleared)).size(), 2u) << "until the filter is without it";
    must(matching.publish(cleared, {"", 1, 1, false, 20001, std::string(64, 'b'), "two", 0}, "{\"n\":2}", "published"));
    EXPECT_EQ(must(matching.all_entries(cleared)).size(), 1u);
    const auto parts = must(matching.parts("", true));
    ASSERT_EQ(parts.size(), 2u);
    EXPECT_EQ(parts[0].bytes, std::string("part\0one", 8));
    EXPECT_EQ(must(matching.commitment("")), "{\"n\":2}");
    const auto old = must(matching.seed())->bytes;
    must(matching.next_seed());
    EXPECT_EQ(must(matching.seed())->bytes, old) << "it counts once it is published";
    must(matching.publish(cleared, {"", 2, 0, true, 20002, std::string(64, 'c'), "three", 0}, "{}", "published"));
    EXPECT_NE(must(matching.seed())->bytes, old);
    EXPECT_EQ(must(matching.parts("", false)).size(), 1u);

    MatchQuery query;
    query.id = "Q-1", query.side = "served", query.party = "bg_mvr", query.case_reference = "DP 7", query.legal_basis = "NPK 159", query.evaluations = 6;
    must(matching.begin(cleared, query, 20000, 10, "served"));
    EXPECT_EQ(matching.begin(cleared, query, 20000, 10, "served").error().code, ErrorCode::conflict) << "a query repeated";
    query.id = "Q-2";
    EXPECT_EQ(matching.begin(cleared, query, 20000, 10, "served").error().code, ErrorCode::not_allowed);
    query.id = "Q-3";
    EXPECT_TRUE(matching.begin(cleared, query, 20001, 10, "served")) << "the next day";
    query.state = "done";
    must(matching.finish(cleared, query, "finished"));
    const auto log = must(matching.queries(cleared, 10));
    ASSERT_EQ(log.size(), 3u);
    EXPECT_EQ(log[0].state, "done");
    EXPECT_EQ(log[1].state, "refused");
    EXPECT_EQ(log[0].case_reference, "DP 7");
    EXPECT_EQ(must(matching.evaluations_of_case("served", "bg_mvr", "DP 7", 20000)), 6u);
    const auto usage = must(matching.usage(20000));
    ASSERT_EQ(usage.size(), 2u);
    EXPECT_EQ(usage[1].evaluations, 6u);
    EXPECT_EQ(usage[1].refused, 1u);

    const std::vector<std::string> asked{"phone 1", "phone 2"}, near{"phone 2", "phone 3"};
    must(matching.remember(asked, 20000, 7));
    EXPECT_EQ(must(matching.seen_before(near)), 1u);
    must(matching.remember({}, 20008, 7));
    EXPECT_EQ(must(matching.seen_before(near)), 0u);
    must(matching.set_peer(cleared, {"bg_mvr", "http://127.0.0.1:1", "00", "tla_secret", "", "", ""}));
    EXPECT_EQ(must(matching.peers()).at(0).token, "tla_secret");
    EXPECT_TRUE(store->verify_audit(testing::auditor()));
}

TEST_P(BothEngines, a_process_killed_while_it_writes_leaves_all_or_nothing) {
    place_.create();
    for (int round = 0; round < 4; ++round) {
        const auto info = info_of("frontex_detections", "round " + std::to_string(round));
        int ready[2];
        ASSERT_EQ(::pipe(ready), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            auto store = Store::open(place_.where, place_.options);
            if (!store) ::_exit(1);
            auto submission = (*store)->begin(analyst(), info);
            if (!submission) ::_exit(2);
            for (std::uint64_t i = 0; i < 20000; ++i)
                if (!(*submission)->add(observation(i))) ::_exit(3);
            if (::write(ready[1], "x", 1) != 1) ::_exit(4);
            (void)(*submission)->commit(20000);
            ::_exit(0);
        }
        char byte = 0;
        ::close(ready[1]);
        ASSERT_EQ(::read(ready[0], &byte, 1), 1);
        ::close(ready[0]);
        ::usleep(static_cast<useconds_t>(round) * 60'000);
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        auto store = place_.open();
        std::uint64_t rows = 0;
        for (const auto& each : must(store->submissions(analyst()))) rows += each.accepted;
        EXPECT_EQ(rows % 20000, 0u);
        EXPECT_EQ(must(store->snapshot(analyst(), {})).replaced.size() + must(store->snapshot(analyst(), {})).submissions.size(), rows / 20000);
        EXPECT_TRUE(store->verify_audit(testing::auditor()));
    }
    auto store = place_.open();
    ingest(*store, info_of("frontex_detections", "after"), 0, 10);
}

// Both hold the same; whatever is asked, by whom, has one name.
TEST(Twins, the_same_content_has_the_same_name_in_both_engines) {
    const Place embedded(false), remote(true);
    auto a = embedded.create(), b = remote.create();
    std::vector<model::Observation> first, second;
    for (std::uint64_t i = 0; i < 3000; ++i) {
        auto o = observation(i);
        constexpr std::array kHandling{"TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED"};
        o.handling = kHandling[i * 7 % 5];
        first.push_back(o);
        if (i % 3 == 0) o.value += 1, o.known_at.number += 5, second.push_back(o);
    }
    model::Claim claim;
    claim.id = "S01", claim.threat = "drugs.heroin", claim.kind = model::ClaimKind::note, claim.text = "through the port", claim.handling = "TLP:AMBER", claim.known_at = core::Day{18242};
    for (Store* each : {a.get(), b.get()}) {
        give(*each, info_of("frontex_detections", "first"), first, {claim});
        give(*each, info_of("frontex_detections", "second"), second);
    }
    const auto compare = [&](const char* when) {
        for (const char* clearance : {"TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED"}) {
            std::vector<SnapshotQuery> queries(5);
            queries[1].as_of = core::Day{17500}, queries[2].whats = {"seizure.heroin"}, queries[3].leave_out_places = {"RS"}, queries[4].leave_out_members = {"bg_mvr"};
            for (const SnapshotQuery& query : queries) {
                const Snapshot x = must(a->snapshot(analyst(clearance), query)), y = must(b->snapshot(analyst(clearance), query));
                EXPECT_EQ(x.hash, y.hash) << when << " " << clearance;
                ASSERT_EQ(x.size(), y.size()) << when << " " << clearance;
                for (std::size_t i = 0; i < x.size(); i += 97) testing::expect_same(x.at(i), y.at(i));
            }
        }
    };
    compare("two submissions");
    const std::string gone = info_of("frontex_detections", "second").id;
    for (Store* each : {a.get(), b.get()}) must(each->withdraw(analyst(), {gone, core::Day{17400}, "for the wrong member"}));
    compare("one withdrawn");
}

class Postgres : public ::testing::Test {
  protected:
    std::string sql(const std::string& text, const std::string& role = "threatlas_owner") { return Cluster::instance().psql(Cluster::database_of(place_.where), role, text); }
    void cut_connections() {
        Cluster::instance().psql("postgres", "postgres", "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'threatlas' AND datname = '" + Cluster::database_of(place_.where) + "'");
    }
    Place place_{true};
};

TEST_F(Postgres, who_comes_by_another_way_sees_what_the_settings_allow_and_nothing_without) {
    auto store = place_.create();
    std::vector<model::Observation> rows;
    for (std::uint64_t i = 0; i < 10; ++i) rows.push_back(observation(i)), rows.back().handling = i < 4 ? "TLP:GREEN" : i < 7 ? "TLP:RED" : "nobody knows this word", rows.back().member = i == 9 ? "bg_mvr" : "rs_mup";
    give(*store, info_of("frontex_detections", "a"), rows);
    for (const char* table : {"observations", "submissions", "claims", "rejects", "assessments", "dossiers", "dossier_steps", "desk_items", "attachments", "deliveries"})
        for (const char* role : {"threatlas_app", "threatlas_owner"}) EXPECT_EQ(sql("SELECT count(*) FROM " + std::string(table), role), "0\n") << table << role;
    const auto seen = [&](const std::string& organisation, const std::string& clearance, const std::string& codes) {
        return sql("BEGIN; SET LOCAL app.organisation = '" + organisation + "'; SET LOCAL app.clearance = '" + clearance + "'; SET LOCAL app.codes = '" + codes + "'; SET LOCAL app.purpose = 'assessment'; SELECT count(*) FROM observations; COMMIT", "threatlas_app");
    };
    EXPECT_EQ(seen("regional", "TLP:CLEAR", ""), "0\n");
    EXPECT_EQ(seen("regional", "TLP:AMBER", ""), "4\n");
    EXPECT_EQ(seen("regional", "TLP:RED", ""), "7\n");
    EXPECT_EQ(seen("regional", "TLP:RED", "H3"), "10\n");
    EXPECT_EQ(seen("me_up", "TLP:RED", ""), "4\n");
    EXPECT_EQ(seen("rs_mup", "TLP:RED", "H3"), "9\n");
    EXPECT_EQ(seen("", "TLP:RED", "H3"), "0\n");
}

TEST_F(Postgres, a_lost_connection_is_found_again_and_a_lost_ingest_leaves_nothing) {
    auto store = place_.create();
    ingest(*store, info_of("frontex_detections", "a"), 0, 100);
    cut_connections();
    EXPECT_EQ(must(store->snapshot(analyst(), {})).size(), 100u);
    auto submission = must(store->begin(analyst(), info_of("frontex_detections", "b")));
    for (std::uint64_t i = 0; i < 100; ++i) must(submission->add(observation(i)));
    cut_connections();
    EXPECT_EQ(submission->commit(100).error().code, ErrorCode::unavailable);
    submission.reset();
    EXPECT_EQ(must(store->submissions(analyst())).size(), 1u);
    EXPECT_EQ(sql("BEGIN; SET LOCAL app.whole = 'on'; SELECT count(*) FROM observations; COMMIT"), "100\n");
    ingest(*store, info_of("frontex_detections", "b"), 0, 100);
    EXPECT_TRUE(store->verify_audit(testing::auditor()));
}

TEST_F(Postgres, a_row_changed_by_another_way_is_named) {
    auto store = place_.create();
    ingest(*store, info_of("frontex_detections", "a"), 0, 100);
    sql("BEGIN; SET LOCAL app.whole = 'on'; UPDATE observations SET value = value + 1 WHERE position = 7; COMMIT");
    EXPECT_EQ(store->snapshot(analyst(), {}).error().code, ErrorCode::mismatch);
    core::NoProgress quiet;
    EXPECT_EQ(store->verify_segments(analyst(), quiet).error().code, ErrorCode::mismatch);
}

TEST(PostgresText, carries_any_bytes_as_text_and_back) {
    for (const std::string& each : {std::string("plain"), std::string("a\0b", 3), std::string("\xff\xfe"), std::string("\xed\xa0\x80"), std::string("\xf4\x8f\xbf\xbd"), std::string("\xc3"), std::string("Ђинђић")})
        EXPECT_EQ(postgres::from_text(postgres::to_text(each)), each);
    EXPECT_EQ(postgres::to_text("Ђинђић"), "Ђинђић");
    EXPECT_EQ(postgres::without_password("postgres://a:secret@h:1/d?password=x&sslmode=require"), "postgres://a@h:1/d?sslmode=require");
}

TEST(PostgresAddress, nobody_answering_is_unavailable) {
    EXPECT_EQ(Store::open("postgres://nobody@/none?host=/nonexistent").error().code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace threatlas::store
