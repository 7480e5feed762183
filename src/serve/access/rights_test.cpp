#include "serve/access/rights.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "core/text.hpp"
#include "serve/access/door.hpp"
#include "serve/api/routes.hpp"
#include "serve/jobs/office.hpp"
#include "store/test_folder.hpp"

namespace threatlas::serve::access {
namespace {

using core::ErrorCode;
using model::Role;

Caller caller(Role role, const std::string& organisation = "bg_mvr") {
    Caller out;
    out.reader = {"p-1", organisation, role, "TLP:AMBER", "x"};
    out.account = "p-1", out.session = "s-1", out.scopes = {"*"};
    return out;
}

Caller machine(Role role, std::vector<std::string> scopes) {
    Caller out = caller(role);
    out.session.clear(), out.machine = true, out.scopes = std::move(scopes);
    return out;
}

TEST(Rights, the_table_is_well_formed) {
    std::set<std::string_view> seen;
    std::set<std::string_view> words;
    for (const auto& [role, name] : model::EnumNames<Role>::names) words.insert(purposes_of(role).begin(), purposes_of(role).end());
    for (const Right& each : rights_table()) {
        EXPECT_TRUE(seen.insert(each.route).second) << each.route << " stands twice";
        EXPECT_EQ(each.by_role.size(), 6U) << each.route;
        EXPECT_EQ(each.by_role.find_first_not_of("-oa"), std::string_view::npos) << each.route;
        EXPECT_NE(each.by_role.find_first_of("oa"), std::string_view::npos) << each.route << " is for nobody";
        const bool known = each.scope == "open" || each.scope == "person" || each.scope == "any" || std::find(scopes().begin(), scopes().end(), each.scope) != scopes().end();
        EXPECT_TRUE(known) << each.route << " " << each.scope;
        for (const std::string& word : core::split(each.purposes, ' ')) EXPECT_TRUE(word == "*" || words.contains(word)) << each.route << " " << word;
        // Whoever may must have a purpose to state.
        for (const auto& [role, name] : model::EnumNames<Role>::names)
            EXPECT_TRUE(each.reach(role) == Reach::none || purpose_for(each.route, role, "")) << each.route << " " << name;
    }
}

TEST(Rights, the_document_has_the_same_table) {
    const auto document = core::read_file(std::string(THREATLAS_SOURCE_DIR) + "/docs/RIGHTS.md");
    ASSERT_TRUE(document);
    EXPECT_NE(document->find(rights_markdown()), std::string::npos) << "docs/RIGHTS.md must hold this table:\n" << rights_markdown();
}

TEST(Rights, every_route_has_a_row) {
    Service service;
    const store::testing::Folder folder;
    service.store = store::testing::must(store::Store::create(folder / "data"));
    Office office(*service.store, service.catalogue, {.catalogue_folder = {}, .data = folder / "office"});
    std::vector<std::string> missing;
    for (const Routes& routes : {api::all_routes(service), office_routes(office), access_routes(nullptr, service.catalogue)})
        for (const Route& each : routes)
            if (right_of(each.id) == nullptr) missing.push_back(each.id);
    EXPECT_EQ(core::join(missing, ", "), "") << "routes without a row in the rights table";
}

TEST(Rights, what_has_no_row_is_for_nobody) {
    EXPECT_EQ(may("no_such_route", caller(Role::administrator)).error().code, ErrorCode::not_allowed);
    EXPECT_TRUE(own_only("no_such_route", caller(Role::administrator)));
    EXPECT_FALSE(purpose_for("no_such_route", Role::analyst, ""));
}

TEST(Rights, roles_do_what_they_are_for_and_no_more) {
    const struct {
        const char* route;
        const char* allowed;   // of the six roles, in their order
    } rows[] = {{"upload_create", "yy----"}, {"signal_step", "-yyy--"}, {"decision_create", "-yyy--"}, {"audit_list", "----yy"}, {"person_erase", "-----y"}, {"figure_get", "yyyy-y"}, {"workbench_publish", "--y---"}, {"submission_rejects", "yy----"}};
    for (const auto& row : rows)
        for (const auto& [role, name] : model::EnumNames<Role>::names)
            EXPECT_EQ(may(row.route, caller(role)).has_value(), row.allowed[static_cast<int>(role)] == 'y') << row.route << " " << name;
    // An auditor changes nothing but what is his own; the jobs he may start look things over.
    for (const Right& each : rights_table())
        EXPECT_TRUE(each.reach(Role::auditor) == Reach::none || each.scope == "read" || each.scope == "any" || each.scope == "open" || each.scope == "admin" || each.route.starts_with("account_") || each.route.starts_with("session") || each.route == "job_create") << each.route;
}

TEST(Rights, own_is_of_the_own_organisation) {
    EXPECT_TRUE(own_only("submissions_list", caller(Role::contributor)));
    EXPECT_FALSE(own_only("submissions_list", caller(Role::analyst)));
    EXPECT_TRUE(own_only("workbench_weights_put", caller(Role::director)));
}

TEST(Rights, a_token_needs_the_scope_as_well_as_the_role) {
    EXPECT_TRUE(may("region_get", machine(Role::contributor, {"read"})));
    EXPECT_FALSE(may("region_get", machine(Role::contributor, {"ingest"})));
    EXPECT_FALSE(may("region_get", machine(Role::contributor, {})));
    EXPECT_TRUE(may("upload_create", machine(Role::contributor, {"read", "ingest"})));
    EXPECT_FALSE(may("upload_create", machine(Role::director, {"ingest"})));
    EXPECT_FALSE(may("invitation_create", machine(Role::administrator, {"read", "write", "ingest", "metrics", "admin", "*"}))) << "people alone let people in";
    EXPECT_TRUE(may("session_get", machine(Role::contributor, {"ingest"})));
}

TEST(Rights, purposes_belong_to_roles_and_routes) {
    EXPECT_EQ(*purpose_for("region_get", Role::analyst, ""), "assessment");
    EXPECT_EQ(*purpose_for("region_get", Role::analyst, "judicial: case 7"), "judicial: case 7");
    EXPECT_FALSE(purpose_for("region_get", Role::analyst, "administration"));
    EXPECT_FALSE(purpose_for("region_get", Role::analyst, "curiosity"));
    EXPECT_EQ(*purpose_for("workbench_publish", Role::analyst, ""), "publication");
    EXPECT_FALSE(purpose_for("workbench_publish", Role::analyst, "assessment"));
    EXPECT_FALSE(purpose_for("region_get", Role::analyst, "assessment: " + std::string(300, 'x')));
}

}  // namespace
}  // namespace threatlas::serve::access
