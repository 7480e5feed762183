// The door as a client meets it: requests through the dispatcher, a clock that is moved, cheap passwords.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <thread>

#include "core/json.hpp"
#include "core/text.hpp"
#include "serve/access/door.hpp"
#include "serve/access/totp.hpp"
#include "store/test_folder.hpp"

namespace threatlas::serve::access {
namespace {

using store::testing::Folder;
using store::testing::must;
namespace json = core::json;

constexpr const char* kPassword = "a long enough pass phrase 7";

struct Browser {
    std::string cookie, csrf, address = "192.0.2.1", token, certificate;
    bool secure = false;
};

class DoorTest : public ::testing::Test {
  protected:
    DoorTest() : store_(must(store::Store::create(folder_ / "data"))) {
        catalogue_.members = {{"bg_mvr", "Bulgaria", "Ministry", "BG"}, {"rs_mup", "Serbia", "Ministry", "RS"}};
        AccessOptions options;
        options.now = [this] { return now_; };
        options.cost = {1, 8192};
        access_ = std::make_shared<Access>(*must(store_->accounts()), options);
        Routes routes = access_routes(access_, catalogue_);
        const auto say = [](const Call& call) -> core::Result<net::Response> { return net::text_response(200, call.caller.reader.organisation + " " + call.caller.reader.purpose + " " + call.caller.reader.clearance); };
        routes.push_back({"GET", "/api/v1/submissions", "submissions_list", "", "", say});
        routes.push_back({"PUT", "/api/v1/workbench/{assessment}/weights/{member}", "workbench_weights_put", "", "", say});
        routes.push_back({"POST", "/api/v1/uploads", "upload_create", "", "", say});
        routes.push_back({"GET", "/api/v1/nobodys", "nobodys", "", "", say});
        dispatcher_ = std::make_unique<Dispatcher>(std::move(routes), make_door(access_), [](const net::Request&) { return net::text_response(200, "page"); }, nullptr);
    }

    net::Response send(Browser& browser, const std::string& method, const std::string& path, const json::value& body = nullptr, net::Headers more = {}) {
        net::Request request;
        request.method = method, request.path = path.substr(0, path.find('?')), request.id = "r";
        if (const auto mark = path.find('?'); mark != std::string::npos) {
            const auto parts = core::split(path.substr(mark + 1), '=');
            request.query = {{parts[0], parts[1]}};
        }
        request.headers = std::move(more);
        request.peer = {browser.address, browser.secure, browser.certificate};
        if (!body.is_null()) request.body = core::write_json(body), request.headers.emplace_back("content-type", "application/json");
        if (!browser.cookie.empty()) request.headers.emplace_back("cookie", browser.cookie);
        if (!browser.csrf.empty()) request.headers.emplace_back("x-csrf-token", browser.csrf);
        if (!browser.token.empty()) request.headers.emplace_back("authorization", "Bearer " + browser.token);
        request.headers.emplace_back("user-agent", "test");
        net::Response answer = (*dispatcher_)(request);
        for (const auto& [name, value] : answer.headers)
            if (name == "Set-Cookie") browser.cookie = value.find("Max-Age=0") == std::string::npos ? value.substr(0, value.find(';')) : "";
        return answer;
    }
    static json::object body(const net::Response& answer) { return core::parse_json(std::get<std::string>(answer.body), "answer")->as_object(); }
    static std::string text(const net::Response& answer) { return std::get<std::string>(answer.body); }

    int sign_in(Browser& browser, const std::string& name, const std::string& password = kPassword, const std::string& code = {}) {
        const net::Response answer = send(browser, "POST", "/api/v1/session", {{"name", name}, {"password", password}, {"code", code}});
        if (answer.status == 200) browser.csrf = std::string(body(answer)["csrf"].as_string());
        return answer.status;
    }
    Browser administrator() {
        Browser browser;
        const std::string token = must(access_->offer_setup()).value();
        EXPECT_EQ(send(browser, "POST", "/api/v1/setup", {{"token", token}, {"name", "ada"}, {"password", kPassword}}).status, 201);
        EXPECT_EQ(sign_in(browser, "ada"), 200);
        return browser;
    }
    Browser member(Browser& admin, const std::string& name, const std::string& role, const std::string& organisation = "bg_mvr", const std::string& clearance = "TLP:AMBER") {
        const json::object made = body(send(admin, "POST", "/api/v1/invitations", {{"organisation", organisation}, {"role", role}, {"clearance", clearance}}));
        Browser browser;
        EXPECT_EQ(send(browser, "POST", "/api/v1/invitations/" + std::string(made.at("token").as_string()), {{"name", name}, {"password", kPassword}}).status, 201);
        EXPECT_EQ(sign_in(browser, name), 200);
        return browser;
    }
    std::string id_of(Browser& browser) { return std::string(body(send(browser, "GET", "/api/v1/session"))["account"].as_string()); }
    std::string code_of(const std::string& secret) { return totp_code(*base32_bytes(secret), now_ / kTotpStep); }

    Folder folder_;
    std::int64_t now_ = 1'800'000'000;
    model::Catalogue catalogue_;
    std::unique_ptr<store::Store> store_;
    std::shared_ptr<Access> access_;
    std::unique_ptr<Dispatcher> dispatcher_;
};

TEST_F(DoorTest, a_stranger_gets_nowhere) {
    Browser browser;
    for (const char* path : {"/api/v1/session", "/api/v1/sessions", "/api/v1/people", "/api/v1/tokens", "/api/v1/rights", "/api/v1/submissions", "/api/v1/nobodys", "/api/v1/no/such"}) EXPECT_EQ(send(browser, "GET", path).status, 401) << path;
    browser.cookie = "threatlas_session=planted";
    EXPECT_EQ(send(browser, "GET", "/api/v1/session").status, 401);
    browser.cookie.clear(), browser.token = "tla_guess";
    EXPECT_EQ(send(browser, "GET", "/api/v1/session").status, 401);
    browser.token.clear(), browser.certificate = std::string(64, 'a');
    EXPECT_EQ(send(browser, "GET", "/api/v1/session").status, 401);
}

TEST_F(DoorTest, the_setup_link_serves_once) {
    Browser stranger;
    EXPECT_EQ(send(stranger, "POST", "/api/v1/setup", {{"token", "guess"}, {"name", "eve"}, {"password", kPassword}}).status, 404);
    const std::string token = must(access_->offer_setup()).value();
    EXPECT_EQ(send(stranger, "POST", "/api/v1/setup", {{"token", token}, {"name", "ada"}, {"password", "short"}}).status, 422);
    EXPECT_EQ(send(stranger, "POST", "/api/v1/invitations/" + token, {{"name", "eve"}, {"password", kPassword}}).status, 404) << "it is no invitation";
    const auto made = send(stranger, "POST", "/api/v1/setup", {{"token", token}, {"name", "ada"}, {"password", kPassword}});
    EXPECT_EQ(made.status, 201);
    EXPECT_EQ(body(made)["role"], "administrator");
    EXPECT_EQ(send(stranger, "POST", "/api/v1/setup", {{"token", token}, {"name", "eve"}, {"password", kPassword}}).status, 404);
    EXPECT_FALSE(must(access_->offer_setup())) << "nobody offers one when somebody is there";
    EXPECT_EQ(sign_in(stranger, "ADA"), 200);
}

TEST_F(DoorTest, cookies_are_as_they_should_be) {
    Browser admin = administrator(), plain, secure;
    auto header = [&](Browser& browser) {
        for (const auto& [name, value] : send(browser, "POST", "/api/v1/session", {{"name", "ada"}, {"password", kPassword}}).headers)
            if (name == "Set-Cookie") return value;
        return std::string();
    };
    EXPECT_EQ(header(plain).substr(61), "; Path=/; HttpOnly; SameSite=Strict");
    EXPECT_TRUE(header(plain).starts_with("threatlas_session="));
    secure.secure = true;
    const std::string over_tls = header(secure);
    EXPECT_TRUE(over_tls.starts_with("__Host-threatlas_session=")) << over_tls;
    EXPECT_TRUE(over_tls.ends_with("; Secure")) << over_tls;
    EXPECT_EQ(send(secure, "GET", "/api/v1/session").status, 200);
    secure.secure = false;
    EXPECT_EQ(send(secure, "GET", "/api/v1/session").status, 401) << "the name of the one does not open the other";
}

TEST_F(DoorTest, a_new_session_at_every_sign_in_and_the_former_ends) {
    Browser admin = administrator(), planted = admin;
    const std::string before = admin.cookie;
    EXPECT_EQ(sign_in(admin, "ada"), 200);
    EXPECT_NE(admin.cookie, before);
    EXPECT_EQ(send(planted, "GET", "/api/v1/session").status, 401);
    Browser fixed;
    fixed.cookie = "threatlas_session=chosen-by-somebody-else";
    EXPECT_EQ(sign_in(fixed, "ada"), 200);
    EXPECT_EQ(fixed.cookie.find("chosen"), std::string::npos);
}

TEST_F(DoorTest, a_change_needs_the_token_of_the_session) {
    Browser admin = administrator(), without = admin, wrong = admin;
    without.csrf.clear();
    wrong.csrf.back() = wrong.csrf.back() == '0' ? '1' : '0';
    const json::object invitation{{"organisation", "bg_mvr"}, {"role", "analyst"}};
    EXPECT_EQ(send(without, "POST", "/api/v1/invitations", invitation).status, 403);
    EXPECT_EQ(send(wrong, "POST", "/api/v1/invitations", invitation).status, 403);
    EXPECT_EQ(send(without, "DELETE", "/api/v1/session").status, 403);
    EXPECT_EQ(send(admin, "POST", "/api/v1/invitations", invitation).status, 201);
    Browser another;
    EXPECT_EQ(sign_in(another, "ada"), 200);
    admin.csrf = another.csrf;
    EXPECT_EQ(send(admin, "POST", "/api/v1/invitations", invitation).status, 403) << "of another session of the same person";
}

TEST_F(DoorTest, sessions_end_when_idle_and_when_old) {
    Browser admin = administrator();
    now_ += 29 * 60;
    EXPECT_EQ(send(admin, "GET", "/api/v1/session").status, 200);
    now_ += 29 * 60;
    EXPECT_EQ(send(admin, "GET", "/api/v1/session").status, 200) << "every use begins the half hour anew";
    now_ += 30 * 60;
    EXPECT_EQ(send(admin, "GET", "/api/v1/session").status, 401);
    now_ -= 10 * 60;
    EXPECT_EQ(send(admin, "GET", "/api/v1/session").status, 401) << "gone, not only hidden";
    EXPECT_EQ(sign_in(admin, "ada"), 200);
    const std::int64_t began = now_;
    while (now_ < began + 12 * 3600 - 600) {
        now_ += 600;
        ASSERT_EQ(send(admin, "GET", "/api/v1/session").status, 200) << now_ - began;
    }
    now_ = began + 12 * 3600;
    EXPECT_EQ(send(admin, "GET", "/api/v1/session").status, 401) << "twelve hours at most, used or not";
}

TEST_F(DoorTest, sessions_are_listed_and_ended) {
    Browser admin = administrator(), ana = member(admin, "ana", "analyst"), elsewhere;
    EXPECT_EQ(sign_in(elsewhere, "ana"), 200);
    const json::array all = body(send(ana, "GET", "/api/v1/sessions"))["items"].as_array();
    ASSERT_EQ(all.size(), 2U);
    std::string other;
    for (const auto& each : all)
        if (!each.as_object().at("current").as_bool()) other = std::string(each.as_object().at("id").as_string());
    Browser petar = member(admin, "petar", "analyst");
    EXPECT_EQ(send(petar, "DELETE", "/api/v1/sessions/" + other).status, 404) << "of another person";
    EXPECT_EQ(send(elsewhere, "GET", "/api/v1/session").status, 200);
    EXPECT_EQ(send(ana, "DELETE", "/api/v1/sessions/" + other).status, 204);
    EXPECT_EQ(send(elsewhere, "GET", "/api/v1/session").status, 401) << "at once";
    EXPECT_EQ(send(ana, "DELETE", "/api/v1/session").status, 204);
    EXPECT_EQ(ana.cookie, "");
    EXPECT_EQ(send(ana, "GET", "/api/v1/session").status, 401);
}

TEST_F(DoorTest, wrong_guesses_wait_longer_and_longer) {
    Browser admin = administrator(), guess;
    for (int i = 0; i < 5; ++i) EXPECT_EQ(sign_in(guess, "ada", "wrong guess number"), 401) << i;
    EXPECT_EQ(sign_in(guess, "ada", "wrong guess number"), 401);
    const std::uint64_t hashes = access_->passwords().count();
    EXPECT_EQ(sign_in(guess, "ada", kPassword), 429) << "also the right one";
    EXPECT_EQ(access_->passwords().count(), hashes) << "and it costs nothing";
    now_ += 29;
    EXPECT_EQ(sign_in(guess, "ada", kPassword), 429);
    now_ += 1;
    EXPECT_EQ(sign_in(guess, "ada", "wrong guess number"), 401);
    now_ += 59;
    EXPECT_EQ(sign_in(guess, "ada", kPassword), 429) << "twice as long";
    now_ += 1;
    EXPECT_EQ(sign_in(guess, "ada", kPassword), 200);
    EXPECT_EQ(sign_in(guess, "ada", "wrong guess number"), 401) << "counted from the start again";
    EXPECT_EQ(sign_in(guess, "ada", kPassword), 200);
    EXPECT_EQ(wait_of_name(100), 900);
}

TEST_F(DoorTest, an_address_that_guesses_many_names_waits) {
    Browser admin = administrator(), guess;
    guess.address = "198.51.100.9";
    for (int i = 0; i < 31; ++i) ASSERT_EQ(sign_in(guess, "name " + std::to_string(i), "wrong guess number"), 401) << i;
    EXPECT_EQ(sign_in(guess, "ada"), 429);
    Browser elsewhere;
    EXPECT_EQ(sign_in(elsewhere, "ada"), 200) << "others are not kept out";
}

TEST_F(DoorTest, an_unknown_name_does_the_same_work_and_says_the_same) {
    Browser admin = administrator(), ana = member(admin, "ana", "analyst"), guess;
    const auto audit = [&] { return must(store_->audit_entries({"p-x", "regional", model::Role::auditor, "TLP:CLEAR", "supervision"})).size(); };
    struct Work {
        std::uint64_t hashes = 0;
        std::size_t entries = 0;
        int status = 0;
        std::string said;
    };
    const auto tried = [&](const std::string& name) {
        const std::uint64_t hashes = access_->passwords().count();
        const std::size_t entries = audit();
        const net::Response answer = send(guess, "POST", "/api/v1/session", {{"name", name}, {"password", "wrong guess number"}});
        return Work{access_->passwords().count() - hashes, audit() - entries, answer.status, text(answer)};
    };
    ASSERT_EQ(send(admin, "PATCH", "/api/v1/people/" + id_of(ana), {{"state", "blocked"}}).status, 200);
    const Work known = tried("ada");
    EXPECT_EQ(known.hashes, 1U);
    for (const char* name : {"nobody at all", "ana", "x", "a\nb"}) {
        const Work unknown = tried(name);
        EXPECT_EQ(unknown.hashes, known.hashes) << name;
        EXPECT_EQ(unknown.entries, known.entries) << name;
        EXPECT_EQ(unknown.status, known.status) << name;
        EXPECT_EQ(unknown.said, known.said) << name;
    }
}

TEST_F(DoorTest, a_second_factor_is_asked_for_once_confirmed) {
    Browser admin = administrator(), again;
    const std::string secret(body(send(admin, "POST", "/api/v1/account/totp", json::object{}))["secret"].as_string());
    EXPECT_EQ(sign_in(again, "ada"), 200) << "not yet confirmed";
    EXPECT_EQ(send(admin, "POST", "/api/v1/account/totp/confirm", {{"code", "000000"}}).status, 422);
    const net::Response confirmed = send(admin, "POST", "/api/v1/account/totp/confirm", {{"code", code_of(secret)}});
    ASSERT_EQ(confirmed.status, 200);
    const json::array codes = body(confirmed)["recovery_codes"].as_array();
    ASSERT_EQ(codes.size(), 10U);
    const net::Response asked = send(again, "POST", "/api/v1/session", {{"name", "ada"}, {"password", kPassword}});
    EXPECT_EQ(asked.status, 401);
    EXPECT_EQ(body(asked)["code"], "code_needed");
    EXPECT_EQ(sign_in(again, "ada", kPassword, code_of(secret)), 401) << "used when it was confirmed";
    now_ += 30;
    const std::string code = code_of(secret);
    EXPECT_EQ(sign_in(again, "ada", "wrong guess number", code), 401);
    EXPECT_EQ(sign_in(again, "ada", kPassword, code), 200);
    EXPECT_EQ(sign_in(again, "ada", kPassword, code), 401) << "played again";
    const std::string recovery(codes[3].as_string());
    EXPECT_EQ(sign_in(again, "ada", kPassword, recovery), 200);
    EXPECT_EQ(sign_in(again, "ada", kPassword, recovery), 401) << "each serves once";
    EXPECT_EQ(body(send(again, "GET", "/api/v1/session"))["recovery_codes_left"], 9);
    now_ += 601;
    EXPECT_EQ(send(again, "DELETE", "/api/v1/account/totp").status, 403) << "a session of ten minutes ago needs the password";
    EXPECT_EQ(send(again, "DELETE", "/api/v1/account/totp", {{"password", "wrong guess number"}}).status, 403);
    EXPECT_EQ(send(again, "DELETE", "/api/v1/account/totp", {{"password", kPassword}}).status, 204);
    EXPECT_EQ(sign_in(again, "ada"), 200);
}

TEST_F(DoorTest, a_new_password_ends_the_other_sessions) {
    Browser admin = administrator(), other;
    EXPECT_EQ(sign_in(other, "ada"), 200);
    EXPECT_EQ(send(admin, "POST", "/api/v1/account/password", {{"current", "wrong guess number"}, {"password", "another long pass phrase"}}).status, 403);
    EXPECT_EQ(send(admin, "POST", "/api/v1/account/password", {{"current", kPassword}, {"password", "short"}}).status, 422);
    EXPECT_EQ(send(admin, "POST", "/api/v1/account/password", {{"current", kPassword}, {"password", "another long pass phrase"}}).status, 204);
    EXPECT_EQ(send(admin, "GET", "/api/v1/session").status, 200);
    EXPECT_EQ(send(other, "GET", "/api/v1/session").status, 401);
    EXPECT_EQ(sign_in(other, "ada", kPassword), 401);
    EXPECT_EQ(sign_in(other, "ada", "another long pass phrase"), 200);
}

TEST_F(DoorTest, an_invitation_carries_the_standing_and_serves_once) {
    Browser admin = administrator(), guest;
    const json::object made = body(send(admin, "POST", "/api/v1/invitations", {{"organisation", "rs_mup"}, {"role", "contributor"}, {"clearance", "TLP:GREEN"}, {"hours", 1}}));
    const std::string token(made.at("token").as_string());
    EXPECT_EQ(std::string(made.at("link").as_string()), "/invitation#" + token);
    EXPECT_EQ(body(send(guest, "GET", "/api/v1/invitations/" + token))["organisation"], "rs_mup");
    EXPECT_EQ(send(guest, "POST", "/api/v1/invitations/" + token, {{"name", "vera"}, {"password", kPassword}, {"role", "administrator"}}).status, 422) << "no field of that name";
    EXPECT_EQ(send(guest, "POST", "/api/v1/invitations/" + token, {{"name", "vera"}, {"password", kPassword}}).status, 201);
    EXPECT_EQ(send(guest, "POST", "/api/v1/invitations/" + token, {{"name", "eve"}, {"password", kPassword}}).status, 404);
    EXPECT_EQ(sign_in(guest, "vera"), 200);
    EXPECT_EQ(text(send(guest, "GET", "/api/v1/submissions")), "rs_mup contribution TLP:GREEN");
    const std::string late(body(send(admin, "POST", "/api/v1/invitations", {{"organisation", "rs_mup"}, {"role", "contributor"}, {"hours", 1}})).at("token").as_string());
    now_ += 3600;
    EXPECT_EQ(send(guest, "GET", "/api/v1/invitations/" + late).status, 404);
    EXPECT_EQ(send(admin, "GET", "/api/v1/session").status, 401);
    EXPECT_EQ(sign_in(admin, "ada"), 200);
    EXPECT_EQ(send(admin, "POST", "/api/v1/invitations", {{"organisation", "mars"}, {"role", "analyst"}}).status, 422);
    EXPECT_EQ(send(admin, "POST", "/api/v1/invitations", {{"organisation", "bg_mvr"}, {"role", "king"}}).status, 422);
    EXPECT_EQ(send(admin, "POST", "/api/v1/invitations", {{"organisation", "bg_mvr"}, {"role", "analyst"}, {"clearance", "ALL"}}).status, 422);
}

TEST_F(DoorTest, what_a_person_may_changes_at_once) {
    Browser admin = administrator(), ana = member(admin, "ana", "analyst");
    const std::string id = id_of(ana), own = id_of(admin);
    EXPECT_EQ(send(ana, "GET", "/api/v1/people").status, 403);
    EXPECT_EQ(send(ana, "PATCH", "/api/v1/people/" + id, {{"role", "administrator"}}).status, 403);
    EXPECT_EQ(send(admin, "PATCH", "/api/v1/people/" + own, {{"clearance", "TLP:RED"}}).status, 403) << "nobody gives himself rights";
    EXPECT_EQ(send(admin, "DELETE", "/api/v1/people/" + own).status, 409) << "the last administrator stays";
    EXPECT_EQ(send(admin, "PATCH", "/api/v1/people/" + id, {{"role", "director"}}).status, 200);
    EXPECT_EQ(send(ana, "GET", "/api/v1/session").status, 401) << "the session of the former role ends";
    EXPECT_EQ(sign_in(ana, "ana"), 200);
    EXPECT_EQ(body(send(ana, "GET", "/api/v1/session"))["role"], "director");
    EXPECT_EQ(send(admin, "PATCH", "/api/v1/people/" + id, {{"state", "blocked"}}).status, 200);
    EXPECT_EQ(send(ana, "GET", "/api/v1/session").status, 401);
    EXPECT_EQ(sign_in(ana, "ana"), 401);
    EXPECT_EQ(send(admin, "DELETE", "/api/v1/people/" + id).status, 204);
    EXPECT_EQ(send(admin, "PATCH", "/api/v1/people/" + id, {{"state", "active"}}).status, 404);
    EXPECT_EQ(send(admin, "GET", "/api/v1/people").status, 200);
}

TEST_F(DoorTest, own_means_the_own_member_in_path_and_query) {
    Browser admin = administrator(), director = member(admin, "dora", "director"), giver = member(admin, "gavril", "contributor");
    EXPECT_EQ(send(director, "PUT", "/api/v1/workbench/latest/weights/bg_mvr").status, 200);
    EXPECT_EQ(send(director, "PUT", "/api/v1/workbench/latest/weights/rs_mup").status, 403);
    EXPECT_EQ(send(giver, "GET", "/api/v1/submissions?member=bg_mvr").status, 200);
    EXPECT_EQ(send(giver, "GET", "/api/v1/submissions?member=rs_mup").status, 403);
    EXPECT_EQ(send(director, "GET", "/api/v1/submissions?member=rs_mup").status, 200);
    EXPECT_EQ(send(admin, "GET", "/api/v1/nobodys").status, 403) << "a route without a row";
    EXPECT_EQ(text(send(admin, "GET", "/api/v1/submissions")), "regional administration TLP:CLEAR") << "who runs it reads no protected evidence";
    EXPECT_EQ(text(send(director, "GET", "/api/v1/submissions", nullptr, {{"threatlas-purpose", "joint_operation: Danube"}})), "bg_mvr joint_operation: Danube TLP:AMBER");
    EXPECT_EQ(send(director, "GET", "/api/v1/submissions", nullptr, {{"threatlas-purpose", "administration"}}).status, 403);
}

TEST_F(DoorTest, tokens_are_shown_once_have_scope_and_end) {
    Browser admin = administrator(), machine;
    const json::object asked{{"name", "nightly feed"}, {"organisation", "bg_mvr"}, {"role", "contributor"}, {"clearance", "TLP:AMBER"}, {"scopes", json::array{"ingest"}}, {"days", 2}};
    const json::object made = body(send(admin, "POST", "/api/v1/tokens", asked));
    machine.token = std::string(made.at("token").as_string());
    EXPECT_TRUE(machine.token.starts_with("tla_"));
    EXPECT_EQ(text(send(admin, "GET", "/api/v1/tokens")).find(machine.token), std::string::npos);
    EXPECT_EQ(send(machine, "POST", "/api/v1/uploads").status, 200) << "no token of a session is asked of a machine";
    EXPECT_EQ(send(machine, "GET", "/api/v1/submissions").status, 403) << "not in its scope";
    EXPECT_EQ(send(machine, "POST", "/api/v1/tokens", asked).status, 403);
    EXPECT_NE(text(send(admin, "GET", "/api/v1/tokens")).find("\"last_used\":\"2027"), std::string::npos);
    Browser both = admin;
    both.token = "tla_wrong";
    EXPECT_EQ(send(both, "GET", "/api/v1/session").status, 401) << "a wrong token is not made good by a cookie";
    now_ += 2 * 86400;
    EXPECT_EQ(send(machine, "POST", "/api/v1/uploads").status, 401) << "run out";
    EXPECT_EQ(sign_in(admin, "ada"), 200);
    const json::object second = body(send(admin, "POST", "/api/v1/tokens", asked));
    machine.token = std::string(second.at("token").as_string());
    EXPECT_EQ(send(machine, "POST", "/api/v1/uploads").status, 200);
    EXPECT_EQ(send(admin, "DELETE", "/api/v1/tokens/" + std::string(second.at("id").as_string())).status, 204);
    EXPECT_EQ(send(machine, "POST", "/api/v1/uploads").status, 401) << "revoked at once";
    for (const char* key : {"scopes", "organisation", "name"}) {
        json::object without = asked;
        without.erase(key);
        EXPECT_EQ(send(admin, "POST", "/api/v1/tokens", without).status, 422) << key;
    }
}

TEST_F(DoorTest, a_certificate_is_an_account) {
    Browser admin = administrator(), machine;
    machine.certificate = std::string(64, 'b'), machine.secure = true;
    std::string shown;
    for (int i = 0; i < 32; ++i) shown += i == 0 ? "BB" : ":BB";
    const json::object asked{{"fingerprint", shown}, {"name", "gateway"}, {"organisation", "rs_mup"}, {"role", "contributor"}, {"scopes", json::array{"read"}}};
    const net::Response made = send(admin, "POST", "/api/v1/certificates", asked);
    ASSERT_EQ(made.status, 201) << text(made);
    EXPECT_EQ(text(send(machine, "GET", "/api/v1/submissions")), "rs_mup contribution TLP:AMBER");
    EXPECT_EQ(send(machine, "POST", "/api/v1/uploads").status, 403);
    EXPECT_EQ(send(admin, "POST", "/api/v1/certificates", asked).status, 409);
    EXPECT_EQ(send(admin, "DELETE", "/api/v1/certificates/" + std::string(body(made).at("id").as_string())).status, 204);
    EXPECT_EQ(send(machine, "GET", "/api/v1/submissions").status, 401);
}

TEST_F(DoorTest, a_machine_comes_with_name_and_password) {
    const std::string hashed = must(access_->passwords().hash("Password0"));
    store::Machine machine{.name = "feed", .kind = "basic", .standing = {"rs_mup", model::Role::contributor, "TLP:GREEN"}, .scopes = {"read"}, .made = now_, .password = hashed};
    const model::Reader who{"op", "regional", model::Role::administrator, "TLP:CLEAR", "administration"};
    machine = must(access_->accounts().add_machine(who, machine, "feed"));
    const auto as = [&](const std::string& base64) {
        Browser browser;
        return send(browser, "GET", "/api/v1/submissions", nullptr, {{"authorization", "Basic " + base64}});
    };
    const std::string right = "ZmVlZDpQYXNzd29yZDA=", wrong = "ZmVlZDpQYXNzd29yZDE=";
    EXPECT_EQ(as(right).status, 200);
    const std::uint64_t before = access_->passwords().count();
    now_ += 600;
    EXPECT_EQ(as(right).status, 200);
    EXPECT_EQ(access_->passwords().count(), before) << "compared lately";
    now_ += 600;
    EXPECT_EQ(as(right).status, 200);
    EXPECT_EQ(access_->passwords().count(), before + 1);
    for (const char* odd : {"", "!!", "ZmVlZA==", "OlBhc3N3b3JkMA==", "bm9ib2R5OlBhc3N3b3JkMA=="}) EXPECT_EQ(as(odd).status, 401) << odd;
    for (int i = 0; i < 6; ++i) EXPECT_EQ(as(wrong).status, 401);
    EXPECT_EQ(as(wrong).status, 429);
    EXPECT_EQ(as(right).status, 200) << "one that was found right lately is not kept out by who guesses";
    machine.password = must(access_->passwords().hash("another one"));
    must(access_->accounts().change_machine(who, machine));
    now_ += 3;
    EXPECT_NE(as(right).status, 200) << "the former password";
    now_ += 2000;
    EXPECT_EQ(as("ZmVlZDphbm90aGVyIG9uZQ==").status, 200);
    must(access_->accounts().revoke_machine(who, machine.id));
    now_ += 3;
    EXPECT_EQ(as("ZmVlZDphbm90aGVyIG9uZQ==").status, 401);
    EXPECT_TRUE(must(access_->accounts().machines()).front().password.empty());
}

TEST_F(DoorTest, nothing_secret_is_on_the_disk) {
    Browser admin = administrator(), ana = member(admin, "anamarija", "analyst");
    const std::string secret(body(send(ana, "POST", "/api/v1/account/totp", json::object{}))["secret"].as_string());
    const json::array codes = body(send(ana, "POST", "/api/v1/account/totp/confirm", {{"code", code_of(secret)}}))["recovery_codes"].as_array();
    const json::object token = body(send(admin, "POST", "/api/v1/tokens", {{"name", "feed"}, {"organisation", "bg_mvr"}, {"role", "contributor"}, {"scopes", json::array{"read"}}}));
    std::string all;
    for (const auto& each : std::filesystem::recursive_directory_iterator(folder_ / "data"))
        if (each.is_regular_file()) {
            std::ostringstream bytes;
            bytes << std::ifstream(each.path(), std::ios::binary).rdbuf();
            all += bytes.str();
        }
    ASSERT_NE(all.find(id_of(ana)), std::string::npos) << "the search is blind";
    const std::string cookie = ana.cookie.substr(ana.cookie.find('=') + 1);
    for (const std::string& hidden : {std::string(kPassword), std::string("anamarija"), secret, std::string(codes[0].as_string()), plain_recovery_code(codes[0].as_string()), cookie, ana.csrf, std::string(token.at("token").as_string()), std::string("$argon2id")})
        EXPECT_EQ(all.find(hidden), std::string::npos) << hidden;
}

TEST_F(DoorTest, odd_bodies_are_refused) {
    Browser browser;
    for (const json::value& odd : {json::value(json::array{}), json::value("text"), json::value(7), json::value{{"name", 7}, {"password", kPassword}}, json::value{{"name", "ada"}}, json::value{{"name", "ada"}, {"password", nullptr}}})
        EXPECT_EQ(send(browser, "POST", "/api/v1/session", odd).status, 422) << core::write_json(odd);
}

}  // namespace
}  // namespace threatlas::serve::access
