#include "serve/dispatch.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>

#include "core/json.hpp"

namespace threatlas::serve {
namespace {

net::Request request(std::string method, std::string path, net::Headers headers = {}, std::string body = {}) {
    net::Request out;
    out.method = std::move(method), out.path = std::move(path), out.headers = std::move(headers), out.body = std::move(body), out.id = "r1";
    return out;
}

// 'ada' by cookie, 'machine' by token; the route 'admin' is ada's alone.
Dispatcher made() {
    const auto say = [](std::string what) { return [what = std::move(what)](const Call& call) -> core::Result<net::Response> {
        const auto id = call.path.find("id");
        return net::text_response(200, what + (id == call.path.end() ? "" : " " + id->second) + " " + call.caller.account);
    }; };
    Routes routes;
    routes.push_back({"GET", "/healthz", "healthz", "", "", say("well")});
    routes.push_back({"GET", "/api/v1/things/{id}", "thing", "", "", say("thing")});
    routes.push_back({"GET", "/api/v1/things/latest", "latest", "", "", say("latest")});
    routes.push_back({"POST", "/api/v1/things", "make", "", "", say("made"), {}, {{{"type", "object"}}}});
    routes.push_back({"GET", "/api/v1/admin", "admin", "", "", say("admin")});
    routes.push_back({"GET", "/api/v1/broken", "broken", "", "", [](const Call&) -> core::Result<net::Response> { return core::fail(core::ErrorCode::bad_input, "no such month", {"a.csv", 7, "Month"}); }});
    Door door;
    door.authenticate = [](const net::Request& r) -> core::Result<Caller> {
        Caller caller;
        if (r.cookie("s") == "ada") caller.account = caller.session = "ada", caller.csrf = "token";
        if (r.header("authorization") == "Bearer m") caller.account = "machine";
        return caller;
    };
    door.open_to_strangers = [](const Route& route) { return route.id == "healthz"; };
    door.allow = [](const Route& route, const net::Request&, Caller& caller) -> core::Result<void> {
        if (route.id == "admin" && caller.account != "ada") return core::fail(core::ErrorCode::not_allowed, "not yours");
        return {};
    };
    return Dispatcher(std::move(routes), std::move(door), [](const net::Request&) { return net::text_response(200, "page"); }, {});
}

const net::Headers kAda{{"cookie", "s=ada"}}, kMachine{{"authorization", "Bearer m"}};
std::string text(const net::Response& response) { return std::get<std::string>(response.body); }
std::string header(const net::Response& response, std::string_view name) {
    for (const auto& [each, value] : response.headers)
        if (each == name) return value;
    return {};
}

TEST(Dispatch, AStrangerGetsTheOpenDoorAndNothingElse) {
    const Dispatcher dispatcher = made();
    EXPECT_EQ(dispatcher(request("GET", "/healthz")).status, 200);
    for (const char* path : {"/api/v1/things/1", "/api/v1/nothing", "/api/v1/admin", "/api/v1/things"}) EXPECT_EQ(dispatcher(request("GET", path)).status, 401) << path;
    EXPECT_EQ(text(dispatcher(request("GET", "/threats/x"))), "page");
    EXPECT_EQ(dispatcher(request("POST", "/threats/x")).status, 405);
}

TEST(Dispatch, TellsTheLogAloneWhereSomethingInsideIsNotToBeHad) {
    Routes routes;
    routes.push_back({"GET", "/readyz", "readyz", "", "", [](const Call&) -> core::Result<net::Response> { return core::fail(core::ErrorCode::unavailable, "the database does not answer: see that it runs (no socket /srv/pg)", {"postgres://owner@/x", 0, ""}); }});
    Door door;
    door.open_to_strangers = [](const Route&) { return true; };
    Handled heard;
    const Dispatcher dispatcher(std::move(routes), std::move(door), {}, [&](const net::Request&, const Handled& what) { heard = what; });
    const net::Response response = dispatcher(request("GET", "/readyz"));
    EXPECT_EQ(response.status, 503);
    EXPECT_NE(text(response).find("the database does not answer: see that it runs\""), std::string::npos) << text(response);
    for (const char* hidden : {"/srv/pg", "owner", "where"}) EXPECT_EQ(text(response).find(hidden), std::string::npos) << text(response);
    EXPECT_NE(heard.defect.find("/srv/pg"), std::string::npos) << heard.defect;
}

TEST(Dispatch, TellsNothingOfWhatWasThrownButTheLog) {
    Routes routes;
    routes.push_back({"GET", "/healthz", "healthz", "", "", [](const Call&) -> core::Result<net::Response> { throw std::runtime_error("a secret"); }});
    Door door;
    door.open_to_strangers = [](const Route&) { return true; };
    Handled heard;
    const Dispatcher dispatcher(std::move(routes), std::move(door), {}, [&](const net::Request&, const Handled& what) { heard = what; });
    net::Request secure = request("GET", "/healthz");
    secure.peer.secure = true;
    const net::Response response = dispatcher(secure);
    EXPECT_EQ(response.status, 500);
    EXPECT_EQ(text(response).find("secret"), std::string::npos);
    EXPECT_NE(text(response).find("r1"), std::string::npos);
    EXPECT_EQ(heard.defect, "a secret");
    EXPECT_EQ(heard.bytes, text(response).size());
    EXPECT_EQ(header(response, "Strict-Transport-Security"), "max-age=31536000");
    EXPECT_EQ(header(made()(request("GET", "/healthz")), "Strict-Transport-Security"), "");
}

TEST(Dispatch, WordsGoBeforeNames) {
    const Dispatcher dispatcher = made();
    EXPECT_EQ(text(dispatcher(request("GET", "/api/v1/things/latest", kAda))), "latest ada");
    EXPECT_EQ(text(dispatcher(request("GET", "/api/v1/things/7", kAda))), "thing 7 ada");
    EXPECT_EQ(dispatcher(request("GET", "/api/v1/things/7/more", kAda)).status, 404);
    const auto wrong = dispatcher(request("DELETE", "/api/v1/things/7", kMachine));
    EXPECT_EQ(wrong.status, 405);
    EXPECT_EQ(header(wrong, "Allow"), "GET");
}

TEST(Dispatch, TheTableIsAsked) {
    const Dispatcher dispatcher = made();
    EXPECT_EQ(dispatcher(request("GET", "/api/v1/admin", kAda)).status, 200);
    EXPECT_EQ(dispatcher(request("GET", "/api/v1/admin", kMachine)).status, 403);
}

TEST(Dispatch, AChangeByCookieNeedsTheToken) {
    const Dispatcher dispatcher = made();
    const std::pair<std::string, std::string> token{"x-csrf-token", "token"}, json{"content-type", "application/json"};
    EXPECT_EQ(dispatcher(request("POST", "/api/v1/things", kAda)).status, 403);
    EXPECT_EQ(dispatcher(request("POST", "/api/v1/things", {kAda[0], {"x-csrf-token", "tokem"}})).status, 403);
    EXPECT_EQ(dispatcher(request("POST", "/api/v1/things", {kAda[0], token, json}, "{}")).status, 200);
    EXPECT_EQ(dispatcher(request("POST", "/api/v1/things", {kAda[0], token}, "{}")).status, 415);
    EXPECT_EQ(dispatcher(request("POST", "/api/v1/things", {kMachine[0], json}, "{}")).status, 200) << "a machine sends its secret itself";
    EXPECT_EQ(dispatcher(request("POST", "/api/v1/things", {kAda[0], token, json, {"host", "here"}, {"origin", "https://there"}}, "{}")).status, 403);
    EXPECT_EQ(dispatcher(request("POST", "/api/v1/things", {kAda[0], token, json, {"host", "here"}, {"origin", "https://here"}}, "{}")).status, 200);
}

TEST(Dispatch, WhatIsWrongIsAProblemWithItsPlace) {
    const auto answer = made()(request("GET", "/api/v1/broken", kAda));
    EXPECT_EQ(answer.status, core::error_row(core::ErrorCode::bad_input).http_status);
    EXPECT_EQ(header(answer, "Content-Type"), "application/problem+json");
    const auto body = core::parse_json(text(answer), "answer");
    ASSERT_TRUE(body);
    EXPECT_EQ(body->at("where").at("row").to_number<double>(), 7);
    EXPECT_EQ(body->at("code").as_string(), "bad_input");
    EXPECT_EQ(header(answer, "X-Content-Type-Options"), "nosniff");
}

TEST(Dispatch, TheSameAgainIsNotSentAgain) {
    const Dispatcher dispatcher = made();
    const auto first = dispatcher(request("GET", "/api/v1/things/7", kAda));
    const std::string tag = header(first, "ETag");
    ASSERT_FALSE(tag.empty());
    const auto again = dispatcher(request("GET", "/api/v1/things/7", {kAda[0], {"if-none-match", "\"x\", W/" + tag}}));
    EXPECT_EQ(again.status, 304);
    EXPECT_TRUE(text(again).empty());
    EXPECT_EQ(dispatcher(request("GET", "/api/v1/things/8", {kAda[0], {"if-none-match", tag}})).status, 200);
}

TEST(Dispatch, ADialectHasItsOwnPathsAndItsOwnErrors) {
    Routes routes;
    routes.push_back({"GET", "/taxii2/{root}/things/{id}", "thing", "", "", [](const Call& call) -> core::Result<net::Response> { return net::text_response(200, call.path.at("id") + " " + call.request.path); }});
    Door door;
    door.authenticate = [](const net::Request& r) -> core::Result<Caller> {
        Caller caller;
        if (r.header("authorization") == "good") caller.account = "m";
        if (r.header("authorization") == "hasty") caller.wait = 30;
        return caller;
    };
    door.open_to_strangers = [](const Route&) { return false; };
    door.allow = [](const Route&, const net::Request&, Caller&) -> core::Result<void> { return {}; };
    Dialect dialect;
    dialect.path = [](const net::Request& r) { return r.path.starts_with("/own/") ? std::optional("/taxii2/root/" + r.path.substr(5)) : std::nullopt; };
    dialect.finish = [](const net::Request&, net::Response& response) { response.with("X-Finished", std::to_string(response.status)); };
    const Dispatcher dispatcher(std::move(routes), std::move(door), [](const net::Request&) { return net::text_response(200, "page"); }, {}, dialect);
    const net::Headers good{{"authorization", "good"}};
    EXPECT_EQ(text(dispatcher(request("GET", "/own/things/7", good))), "7 /own/things/7");
    EXPECT_EQ(header(dispatcher(request("GET", "/own/nothing", good)), "X-Finished"), "404");
    EXPECT_EQ(header(dispatcher(request("GET", "/own/things/7")), "X-Finished"), "401");
    const auto wait = dispatcher(request("GET", "/own/things/7", {{"authorization", "hasty"}}));
    EXPECT_EQ(wait.status, 429);
    EXPECT_EQ(header(wait, "Retry-After"), "30");
    EXPECT_EQ(text(dispatcher(request("GET", "/elsewhere"))), "page");
    EXPECT_EQ(header(dispatcher(request("GET", "/elsewhere")), "X-Finished"), "");
}

}  // namespace
}  // namespace threatlas::serve
