// Two desks that speak over HTTP with each other, and what a peer that lies gets: without the rest of the server, which
// tests/e2e/matching.py has.
#include <gtest/gtest.h>

#include <atomic>

#include "model/json_codec.hpp"
#include "serve/net/server.hpp"
#include "serve/problem.hpp"
#include "store/test_folder.hpp"
#include "work/matching/desk.hpp"
#include "work/matching/parts.hpp"
#include "work/matching/sessions.hpp"

namespace threatlas::serve {
namespace {

using core::ErrorCode;
using core::Result;
using store::testing::must;
namespace matching = work::matching;

model::Reader point(const std::string& organisation, model::Role role = model::Role::contact_point) { return {"p-" + organisation, organisation, role, "TLP:RED H3", "joint_operation"}; }

// A member's node with the routes for nodes alone; the bearer's token is its organisation.
struct Node {
    explicit Node(const std::string& own) : organisation(own), store(must(store::Store::create(folder / own))), desk(*store), sessions(*store, desk) {
        matching::Settings settings;
        settings.organisation = own, settings.daily = 100;
        must(desk.set_up(point(own), settings));
        net::Options options;
        options.spool_folder = folder / "spool";
        server = must(net::Server::start(options, [this](const net::Request& request) { return answered(request); }));
    }
    net::Response answered(const net::Request& request) {
        auto out = routed(request);
        return out ? std::move(*out) : problem(out.error(), request.id);
    }
    template <class T>
    static Result<T> body(const net::Request& request) {
        THREATLAS_TRY(const auto value, core::parse_json(request.body, "body"));
        T out;
        THREATLAS_CHECK(model::from_json(value, out, "body"));
        return out;
    }
    Result<net::Response> routed(const net::Request& request) {
        const model::Reader who{"m-1", std::string(request.header("authorization").substr(7)), model::Role::contact_point, "TLP:AMBER", "joint_operation"};
        const std::string path = request.path.substr(std::string("/api/v1/matching/").size());
        const auto json = [](const core::json::value& value) { return net::json_response(200, core::write_json(value)); };
        if (path == "published") {
            THREATLAS_TRY(auto text, desk.published(who));
            if (lie == "key") text.replace(text.find("\"public_key\":\"") + 14, 2, text.substr(text.find("\"public_key\":\"") + 14, 2) == "00" ? "01" : "00");
            return net::json_response(200, text);
        }
        if (path.starts_with("parts/")) {
            const auto slash = path.find('/', 6);
            THREATLAS_TRY(auto bytes, desk.part(who, std::stoll(path.substr(6, slash - 6)), std::stoll(path.substr(slash + 1))));
            if (lie == "part") bytes.back() = static_cast<char>(bytes.back() ^ 1);
            return net::Response{200, {{"Content-Type", "application/octet-stream"}}, std::move(bytes)};
        }
        if (path == "evaluations") {
            THREATLAS_TRY(const auto wanted, body<matching::Evaluation>(request));
            THREATLAS_TRY(auto done, desk.evaluate(who, wanted));
            if (lie == "proof") {
                auto bytes = must(matching::from_base64(done.message));
                bytes.back() = static_cast<char>(bytes.back() ^ 1);
                done.message = matching::base64(bytes);
            }
            return json(model::to_json(done));
        }
        if (path == "contacts") {
            if (lie == "away") return core::fail(ErrorCode::unavailable, "away");
            THREATLAS_TRY(const auto wanted, body<matching::ContactRequest>(request));
            THREATLAS_CHECK(desk.receive(who, wanted));
            return json(core::json::object{});
        }
        if (path == "sessions/offers") {
            THREATLAS_TRY(const auto wanted, body<matching::Offer>(request));
            THREATLAS_CHECK(sessions.receive(who, wanted));
            return json(core::json::object{});
        }
        const std::string id = path.substr(9, path.find('/', 9) - 9);
        if (path.ends_with("/agreement")) {
            THREATLAS_TRY(const auto found, sessions.agreement(who, id));
            return json(model::to_json(found));
        }
        THREATLAS_TRY(const auto given, body<matching::BulkMessage>(request));
        THREATLAS_TRY(const auto mine, sessions.message(who, id, given));
        return json(model::to_json(mine));
    }
    void knows(Node& other) {
        must(desk.set_peer(point(organisation), {other.organisation, "http://127.0.0.1:" + std::to_string(other.server->port()), must(other.desk.public_key()), organisation, "", "", ""}));
    }
    void lists(const std::vector<std::string>& phones) {
        std::vector<matching::Wanted> rows;
        for (const auto& each : phones) rows.push_back({"phone", each, "", "", "DP 1/26", "", "TLP:AMBER"});
        must(desk.add(point(organisation), rows));
    }

    store::testing::Folder folder;
    std::string organisation, lie;
    std::unique_ptr<store::Store> store;
    matching::Desk desk;
    matching::Sessions sessions;
    std::unique_ptr<net::Server> server;
};

class TwoNodes : public ::testing::Test {
  protected:
    void SetUp() override {
        rs_.knows(me_), me_.knows(rs_);
        me_.lists({"+38267100001", "+38267100002"});
        must(me_.desk.publish(point("me_up")));
    }
    matching::PeerAnswer ask(const std::vector<std::string>& phones) {
        matching::Question question;
        for (const auto& each : phones) question.identifiers.push_back({"phone", each, "", ""});
        question.case_reference = "KT 1/26", question.legal_basis = "ZKP 286";
        const auto out = must(rs_.desk.ask(point("rs_mup"), question));
        EXPECT_EQ(out.peers.size(), 1u);
        return out.peers.at(0);
    }
    Node rs_{"rs_mup"}, me_{"me_up"};
};

TEST_F(TwoNodes, AHitIsKnownToTheAskerAndAContactRequestToBoth) {
    const auto hit = ask({"067 100001 is none", "+38267100001", "+38267100003"});
    EXPECT_EQ(hit.state, "answered") << hit.problem;
    EXPECT_EQ(hit.hits, (std::vector<std::uint64_t>{2})) << "rows as they were given";
    EXPECT_EQ(hit.evaluations, 2);
    EXPECT_EQ(hit.left, 98);
    EXPECT_EQ(hit.contact_state, "sent");
    EXPECT_TRUE(ask({"+38267100003"}).hits.empty());
    const auto there = must(me_.desk.contacts(point("me_up")));
    ASSERT_EQ(there.size(), 1u);
    EXPECT_EQ(there[0].id, hit.contact_request);
    EXPECT_EQ(there[0].case_reference, "KT 1/26");
    EXPECT_EQ(there[0].person, "") << "who asked is the asker's own affair";
    const auto served = must(me_.desk.log(point("me_up")));
    ASSERT_EQ(served.size(), 2u);
    EXPECT_EQ(served[0].hits, 0u) << "the holder does not learn it from the query";
    EXPECT_EQ(must(rs_.desk.log(point("rs_mup")))[1].hits, 1u);
    EXPECT_TRUE(rs_.store->verify_audit(store::testing::auditor()));
    EXPECT_TRUE(me_.store->verify_audit(store::testing::auditor()));
}

TEST_F(TwoNodes, IncrementsAndNewKeysAreFollowed) {
    EXPECT_EQ(ask({"+38267100001"}).hits.size(), 1u);
    me_.lists({"+38267100003"});
    must(me_.desk.publish(point("me_up")));
    EXPECT_EQ(ask({"+38267100003"}).hits.size(), 1u);
    must(me_.desk.publish(point("me_up"), true));
    EXPECT_EQ(ask({"+38267100001", "+38267100003", "+38267100009"}).hits, (std::vector<std::uint64_t>{1, 2}));
}

TEST_F(TwoNodes, ALiarIsNotBelievedAndIsAnAlarm) {
    for (const char* how : {"proof", "key", "part"}) {
        me_.lie = how;
        must(me_.desk.publish(point("me_up"), true));   // something new to fetch
        const auto answer = ask({"+38267100001"});
        EXPECT_EQ(answer.state, "failed") << how;
        EXPECT_TRUE(answer.hits.empty()) << how;
    }
    const auto alarms = must(rs_.desk.alarms(point("rs_mup")));
    ASSERT_EQ(alarms.size(), 1u) << "one a day of a kind";
    EXPECT_EQ(alarms[0].rule, "proof");
    me_.lie.clear();
    EXPECT_EQ(ask({"+38267100001"}).state, "answered") << "and nothing of the lie is kept";
}

TEST_F(TwoNodes, AContactRequestThatWaitsIsSentAgain) {
    me_.lie = "away";
    EXPECT_EQ(ask({"+38267100001"}).contact_state, "waiting");
    EXPECT_EQ(must(me_.desk.contacts(point("me_up"))).size(), 0u);
    me_.lie.clear();
    must(rs_.desk.outstanding(point("rs_mup")));
    must(rs_.desk.outstanding(point("rs_mup")));
    EXPECT_EQ(must(me_.desk.contacts(point("me_up"))).size(), 1u);
    EXPECT_EQ(must(rs_.desk.contacts(point("rs_mup")))[0].state, "open");
}

TEST_F(TwoNodes, NumbersThatFollowEachOtherAreSeenByTheAskersSide) {
    for (int i = 0; i < 12; ++i) ask({"+3816411" + std::to_string(1000 + i * 2)});
    const auto alarms = must(rs_.desk.alarms(point("rs_mup")));
    ASSERT_EQ(alarms.size(), 1u);
    EXPECT_EQ(alarms[0].rule, "consecutive");
    EXPECT_EQ(alarms[0].party, "p-rs_mup");
}

TEST_F(TwoNodes, ListsAreComparedWhenBothDirectorsHaveAgreed) {
    rs_.lists({"+38267100002", "+38267100007", "+38267100008"});
    const auto director = [](const std::string& of) { return point(of, model::Role::director); };
    for (const char* kind : {"intersection", "cardinality"}) {
        matching::Terms terms;
        terms.kind = kind, terms.holder = "me_up", terms.kinds = {"phone"}, terms.asker_cap = 10, terms.holder_cap = 10, terms.case_reference = "JO Adria", terms.legal_basis = "ZKP 286", terms.until = "2099-01-01";
        EXPECT_EQ(rs_.sessions.propose(point("rs_mup"), terms).error().code, ErrorCode::not_allowed) << "directors agree";
        const auto proposed = must(rs_.sessions.propose(director("rs_mup"), terms));
        EXPECT_EQ(rs_.sessions.run(point("rs_mup"), proposed.terms.id).error().code, ErrorCode::conflict) << "not before both have";
        EXPECT_EQ(me_.sessions.agree(point("me_up"), proposed.terms.id).error().code, ErrorCode::not_allowed);
        must(me_.sessions.agree(director("me_up"), proposed.terms.id));
        const auto done = must(rs_.sessions.run(point("rs_mup"), proposed.terms.id));
        EXPECT_EQ(done.common, 1);
        EXPECT_EQ(done.peer_items, 2);
        EXPECT_EQ(done.entries.size(), std::string(kind) == "intersection" ? 1u : 0u);
        const auto there = must(me_.sessions.list(point("me_up")))[0];
        EXPECT_EQ(there.state, "done");
        EXPECT_EQ(there.peer_items, 3);
        EXPECT_EQ(there.common, -1);
        EXPECT_EQ(rs_.sessions.run(point("rs_mup"), proposed.terms.id).error().code, ErrorCode::conflict) << "once";
    }
    // A cap that is passed: nothing is sent.
    matching::Terms small;
    small.kind = "cardinality", small.holder = "me_up", small.kinds = {"phone"}, small.asker_cap = 2, small.holder_cap = 10, small.case_reference = "JO Adria", small.legal_basis = "ZKP 286", small.until = "2099-01-01";
    const auto proposed = must(rs_.sessions.propose(director("rs_mup"), small));
    must(me_.sessions.agree(director("me_up"), proposed.terms.id));
    EXPECT_EQ(rs_.sessions.run(point("rs_mup"), proposed.terms.id).error().code, ErrorCode::not_allowed);
    EXPECT_EQ(must(me_.sessions.refuse(director("me_up"), proposed.terms.id, "no basis here")).state, "refused");
    EXPECT_TRUE(rs_.store->verify_audit(store::testing::auditor()));
}

}  // namespace
}  // namespace threatlas::serve
