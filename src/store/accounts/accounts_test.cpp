#include "store/accounts/accounts.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <thread>

#include "store/test_folder.hpp"

namespace threatlas::store {
namespace {

using core::ErrorCode;
using testing::Folder;
using testing::must;

const model::Reader kAdministrator{"p-admin", "regional", model::Role::administrator, "TLP:CLEAR", "administration"};
constexpr std::int64_t kNow = 1'800'000'000;

class AccountsTest : public ::testing::Test {
  protected:
    AccountsTest() : store_(must(Store::create(folder_ / "data"))), accounts_(*must(store_->accounts())) {}

    Person person(const std::string& name, const std::string& email = {}) {
        Person made;
        made.name = name, made.email = email, made.password = "argon2 of a pass phrase", made.totp = "JBSWY3DPEHPK3PXP", made.made = kNow;
        made.standing = {"bg_mvr", model::Role::analyst, "TLP:AMBER"};
        return must(accounts_.add(kAdministrator, made));
    }
    std::string audit_text() {
        std::string all;
        for (const AuditEntry& each : must(store_->audit_entries(kAdministrator))) all += each.person + " " + each.action + " " + each.object + "\n";
        return all;
    }
    // Every byte the store has written.
    std::string bytes() {
        std::string all;
        for (const auto& each : std::filesystem::recursive_directory_iterator(folder_ / "data"))
            if (each.is_regular_file()) {
                std::ostringstream text;
                text << std::ifstream(each.path(), std::ios::binary).rdbuf();
                all += text.str();
            }
        return all;
    }

    Folder folder_;
    std::unique_ptr<Store> store_;
    Accounts& accounts_;
};

TEST_F(AccountsTest, a_person_is_found_by_name_however_it_is_written) {
    const Person ana = person("Ана Петровић", "Ana.P@Example.org");
    EXPECT_EQ(ana.id.size(), 12U);
    EXPECT_TRUE(ana.id.starts_with("p-"));
    for (const char* name : {"Ана Петровић", "ана петровић", "  Ana Petrović ", "ana petrovic"}) {
        const auto found = must(accounts_.person_named(name));
        ASSERT_TRUE(found) << name;
        EXPECT_EQ(found->id, ana.id);
        EXPECT_EQ(found->name, "Ана Петровић");
        EXPECT_EQ(found->totp, "JBSWY3DPEHPK3PXP");
    }
    EXPECT_FALSE(must(accounts_.person_named("Ana")));
    EXPECT_FALSE(must(accounts_.person_named("")));
    EXPECT_FALSE(must(accounts_.person_named("erased " + ana.id)));
    EXPECT_EQ(must(accounts_.person_with_email("ana.p@example.ORG"))->id, ana.id);
    EXPECT_FALSE(must(accounts_.person_with_email("")));
    EXPECT_EQ(accounts_.add(kAdministrator, ana).error().code, ErrorCode::conflict);
    person("Petar", "ana.p@example.org");
    EXPECT_FALSE(must(accounts_.person_with_email("ana.p@example.org"))) << "an address two people have names neither";
    EXPECT_EQ(must(accounts_.count()), 2U);
    EXPECT_EQ(must(accounts_.people())[0].password, "*") << "lists hold no secrets";
}

TEST_F(AccountsTest, bad_names_and_standings_are_refused) {
    Person made;
    made.standing = {"regional", model::Role::analyst, "TLP:AMBER"};
    for (const char* name : {"", "x", " ", "a\nb", "\x80zz", "0123456789012345678901234567890123456789012345678901234567890123456789"}) {
        made.name = name;
        EXPECT_EQ(accounts_.add(kAdministrator, made).error().code, ErrorCode::bad_input) << name;
    }
    made.name = "fine";
    made.standing.clearance = "SECRET";
    EXPECT_EQ(accounts_.add(kAdministrator, made).error().code, ErrorCode::bad_input);
    made.standing = {"", model::Role::analyst, "TLP:AMBER"};
    EXPECT_EQ(accounts_.add(kAdministrator, made).error().code, ErrorCode::bad_input);
}

TEST_F(AccountsTest, nothing_secret_is_in_the_database_or_the_audit) {
    const Person ana = person("Anamarija", "anamarija@example.org");
    must(accounts_.set_recovery_codes(kAdministrator, ana.id, {"recovery-one"}));
    must(accounts_.add_session({.person = ana.id, .address = "192.0.2.77", .agent = "Browser 9", .made = kNow, .seen = kNow}, "session-secret"));
    must(accounts_.add_invitation(kAdministrator, {.email = "petar@example.org", .standing = ana.standing, .expires = kNow + 9}, "invitation-secret"));
    must(accounts_.add_machine(kAdministrator, {.name = "feed", .standing = ana.standing, .scopes = {"read"}}, "tla_token-secret"));
    must(accounts_.link(kAdministrator, ana.id, "https://id.example", "subject-77", kNow));
    must(accounts_.attempt(Accounts::attempts_of_name("Anamarija"), kNow, [](int) { return 0; }));
    const std::string all = bytes();
    ASSERT_NE(all.find(ana.id), std::string::npos) << "the search is blind";
    for (const char* secret : {"namarija", "example.org", "argon2 of", "JBSWY3DPEHPK3PXP", "recovery-one", "session-secret", "192.0.2.77", "Browser 9", "invitation-secret", "token-secret", "subject-77"})
        EXPECT_EQ(all.find(secret), std::string::npos) << secret;
    EXPECT_NE(audit_text().find("account person " + ana.id + " added, organisation bg_mvr role analyst clearance TLP:AMBER"), std::string::npos) << audit_text();
    EXPECT_TRUE(store_->verify_audit(kAdministrator));
}

TEST_F(AccountsTest, erasing_keeps_the_id_alone) {
    Person ana = person("Anamarija", "a@example.org");
    must(accounts_.add_session({.person = ana.id, .made = kNow, .seen = kNow}, "secret"));
    must(accounts_.link(kAdministrator, ana.id, "https://id.example", "77", kNow));
    must(accounts_.erase(kAdministrator, ana.id));
    EXPECT_FALSE(must(accounts_.person_named("Anamarija")));
    EXPECT_FALSE(must(accounts_.person_with_email("a@example.org")));
    EXPECT_FALSE(must(accounts_.person_linked("https://id.example", "77")));
    EXPECT_FALSE(must(accounts_.session("secret")));
    const Person left = *must(accounts_.person(ana.id));
    EXPECT_EQ(left.state, "erased");
    EXPECT_EQ(left.name + left.email + left.password + left.totp, "");
    EXPECT_EQ(must(accounts_.count()), 0U);
    EXPECT_EQ(accounts_.change(kAdministrator, ana, "back").error().code, ErrorCode::not_found) << "nobody is brought back";
    EXPECT_EQ(accounts_.erase(kAdministrator, ana.id).error().code, ErrorCode::not_found);
    person("Anamarija");
    EXPECT_EQ(must(accounts_.count()), 1U) << "the name is free again";
}

TEST_F(AccountsTest, an_invitation_serves_once) {
    const Invitation made = must(accounts_.add_invitation(kAdministrator, {.email = "P@example.org", .standing = {"rs_mup", model::Role::director, "TLP:RED"}, .made_by = "p-admin", .made = kNow, .expires = kNow + 100}, "secret"));
    EXPECT_FALSE(must(accounts_.invitation("other", kNow)));
    EXPECT_FALSE(must(accounts_.invitation("secret", kNow + 100))) << "run out";
    EXPECT_EQ(must(accounts_.invitation_for("p@EXAMPLE.org", kNow))->id, made.id);
    ASSERT_EQ(must(accounts_.invitation("secret", kNow))->standing.organisation, "rs_mup");
    person("petar");
    Person guest;
    guest.name = "Petar";
    guest.standing = {"regional", model::Role::administrator, "TLP:RED"};
    EXPECT_EQ(accounts_.accept(made.id, guest, kNow).error().code, ErrorCode::conflict);
    EXPECT_EQ(accounts_.accept(made.id, guest, kNow + 100).error().code, ErrorCode::not_found);
    guest.name = "Petar P";
    const Person there = must(accounts_.accept(made.id, guest, kNow));
    EXPECT_EQ(there.standing.role, model::Role::director) << "what the invitation says, not what the guest says";
    EXPECT_EQ(there.standing.organisation, "rs_mup");
    guest.name = "another";
    EXPECT_EQ(accounts_.accept(made.id, guest, kNow).error().code, ErrorCode::not_found);
    EXPECT_FALSE(must(accounts_.invitation("secret", kNow)));
}

TEST_F(AccountsTest, setup_is_for_the_first_alone) {
    const Invitation setup{.standing = {"regional", model::Role::administrator, "TLP:CLEAR"}, .expires = kNow + 100};
    EXPECT_TRUE(must(accounts_.offer_setup(setup, "one")));
    EXPECT_TRUE(must(accounts_.offer_setup(setup, "two")));
    EXPECT_FALSE(must(accounts_.invitation("one", kNow))) << "a new start makes the former link void";
    const std::string id = must(accounts_.invitation("two", kNow))->id;
    person("somebody");
    Person first;
    first.name = "first";
    EXPECT_EQ(accounts_.accept(id, first, kNow).error().code, ErrorCode::conflict);
    EXPECT_FALSE(must(accounts_.offer_setup(setup, "three")));
    EXPECT_FALSE(must(accounts_.invitation("two", kNow)));
    EXPECT_FALSE(must(accounts_.invitation("three", kNow)));
}

TEST_F(AccountsTest, codes_serve_once_even_when_many_try_together) {
    const Person ana = person("ana");
    EXPECT_TRUE(must(accounts_.use_totp_step(ana.id, 50)));
    EXPECT_FALSE(must(accounts_.use_totp_step(ana.id, 50)));
    EXPECT_FALSE(must(accounts_.use_totp_step(ana.id, 49)));
    must(accounts_.set_recovery_codes(kAdministrator, ana.id, {"a", "b"}));
    std::atomic<int> let_in = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) threads.emplace_back([&] {
        let_in += must(accounts_.use_recovery_code(kAdministrator, ana.id, "a"));
        let_in += must(accounts_.use_totp_step(ana.id, 51));
    });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(let_in, 2);
    EXPECT_FALSE(must(accounts_.use_recovery_code(kAdministrator, person("petar").id, "b"))) << "of another person";
    EXPECT_EQ(must(accounts_.recovery_codes(ana.id)), 1U);
}

TEST_F(AccountsTest, sessions_end) {
    const Person ana = person("ana");
    const Session one = must(accounts_.add_session({.person = ana.id, .address = "::1", .made = kNow, .seen = kNow}, "one"));
    must(accounts_.add_session({.person = ana.id, .made = kNow + 5, .seen = kNow + 5}, "two"));
    must(accounts_.add_session({.person = ana.id, .made = kNow + 5, .seen = kNow + 5}, "three"));
    EXPECT_EQ(must(accounts_.session("one"))->address, "::1");
    must(accounts_.touch_session(one.id, kNow + 60));
    EXPECT_EQ(must(accounts_.session("one"))->seen, kNow + 60);
    EXPECT_EQ(must(accounts_.sessions(ana.id)).size(), 3U);
    EXPECT_EQ(must(accounts_.sessions("p-nobody")).size(), 0U);
    EXPECT_TRUE(must(accounts_.end_session(kAdministrator, must(accounts_.session("three"))->id)));
    EXPECT_FALSE(must(accounts_.end_session(kAdministrator, "s-none")));
    must(accounts_.end_sessions_of(kAdministrator, ana.id, one.id));
    EXPECT_TRUE(must(accounts_.session("one")));
    EXPECT_FALSE(must(accounts_.session("two")));
    must(accounts_.sweep(kNow + 1, 0, kNow));
    EXPECT_FALSE(must(accounts_.session("one")));
}

TEST_F(AccountsTest, machines_come_by_their_secret_and_kind) {
    const Machine made = must(accounts_.add_machine(kAdministrator, {.name = "feed", .standing = {"rs_mup", model::Role::contributor, "TLP:AMBER"}, .scopes = {"ingest", "read"}, .made = kNow, .expires = kNow + 9}, "secret"));
    const auto found = must(accounts_.machine("token", "secret"));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->scopes, (std::vector<std::string>{"ingest", "read"}));
    EXPECT_FALSE(must(accounts_.machine("certificate", "secret"))) << "a token is no certificate";
    must(accounts_.touch_machine(made.id, kNow + 3));
    must(accounts_.revoke_machine(kAdministrator, made.id));
    EXPECT_TRUE(must(accounts_.machine("token", "secret"))->revoked);
    EXPECT_EQ(must(accounts_.machines())[0].used, kNow + 3);
    EXPECT_EQ(accounts_.revoke_machine(kAdministrator, made.id).error().code, ErrorCode::not_found);
    EXPECT_EQ(accounts_.add_machine(kAdministrator, made, "secret").error().code, ErrorCode::conflict);
}

TEST_F(AccountsTest, attempts_are_counted_before_they_are_made) {
    const auto wait = [](int failures) { return failures < 3 ? 0 : 10 * failures; };
    std::atomic<int> tried = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 16; ++i) threads.emplace_back([&] { tried += !must(accounts_.attempt("name ana", kNow, wait)).refused; });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(tried, 3) << "many at once are no way round";
    EXPECT_EQ(must(accounts_.attempt("name ana", kNow + 29, wait)).until, kNow + 30);
    EXPECT_FALSE(must(accounts_.attempt("name ana", kNow + 30, wait)).refused);
    EXPECT_FALSE(must(accounts_.attempt("name petar", kNow, wait)).refused);
    must(accounts_.succeeded("name ana", true));
    EXPECT_EQ(must(accounts_.attempt("name ana", kNow + 31, wait)).failures, 1);
    EXPECT_EQ(must(accounts_.attempt("name ana", kNow + 31, wait)).failures, 2);
    must(accounts_.succeeded("name ana", false));
    EXPECT_EQ(must(accounts_.attempt("name ana", kNow + 32, wait)).failures, 2);
    EXPECT_EQ(must(accounts_.attempt("name ana", kNow + 32 + 86401, wait)).failures, 1) << "forgotten after a day";
    const Person ana = person("Ana");
    EXPECT_EQ(must(accounts_.unlock(kAdministrator, ana.id)), 1U);
    EXPECT_EQ(must(accounts_.attempt(Accounts::attempts_of_name("ANA"), kNow, wait)).failures, 1);
}

}  // namespace
}  // namespace threatlas::store
