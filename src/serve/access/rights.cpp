#include "serve/access/rights.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace threatlas::serve::access {
namespace {

using core::ErrorCode;
using core::fail;
using model::Role;

// Columns of the third text: contributor, analyst, director, contact_point, auditor, administrator.
constexpr Right kTable[] = {
    // Strangers: the door itself.
    {"healthz", "open", "aaaaaa", "*"},
    {"readyz", "open", "aaaaaa", "*"},
    {"openapi_get", "open", "aaaaaa", "*"},
    {"session_create", "open", "aaaaaa", "*"},
    {"setup_create", "open", "aaaaaa", "*"},
    {"invitation_get", "open", "aaaaaa", "*"},
    {"invitation_accept", "open", "aaaaaa", "*"},
    {"oidc_info", "open", "aaaaaa", "*"},
    {"oidc_start", "open", "aaaaaa", "*"},
    {"oidc_callback", "open", "aaaaaa", "*"},
    // Oneself.
    {"session_get", "any", "aaaaaa", "*"},
    {"session_end", "person", "aaaaaa", "*"},
    {"sessions_list", "person", "aaaaaa", "*"},
    {"sessions_end", "person", "aaaaaa", "*"},
    {"account_change", "person", "aaaaaa", "*"},
    {"account_password", "person", "aaaaaa", "*"},
    {"account_totp", "person", "aaaaaa", "*"},
    {"account_totp_confirm", "person", "aaaaaa", "*"},
    {"account_totp_remove", "person", "aaaaaa", "*"},
    // People, machines, the log.
    {"people_list", "admin", "----aa", "*"},
    {"person_change", "person", "-----a", "*"},
    {"person_erase", "person", "-----a", "*"},
    {"person_unlock", "person", "-----a", "*"},
    {"invitations_list", "admin", "----aa", "*"},
    {"invitation_create", "person", "-----a", "*"},
    {"invitation_delete", "person", "-----a", "*"},
    {"tokens_list", "admin", "----aa", "*"},
    {"token_create", "person", "-----a", "*"},
    {"token_delete", "person", "-----a", "*"},
    {"certificates_list", "admin", "----aa", "*"},
    {"certificate_create", "person", "-----a", "*"},
    {"certificate_delete", "person", "-----a", "*"},
    {"organisations_list", "read", "aaaaaa", "*"},
    {"rights_get", "read", "aaaaaa", "*"},
    {"audit_list", "admin", "----aa", "supervision administration judicial"},
    {"audit_verify", "admin", "----aa", "supervision administration judicial"},
    {"metrics", "metrics", "-----a", "*"},
    // The region.
    {"region_get", "read", "aaaaaa", "*"},
    {"region_codes", "read", "aaaaaa", "*"},
    {"region_map", "read", "aaaaaa", "*"},
    // Assessments: the store narrows by clearance.
    {"assessments_list", "read", "aaaaaa", "*"},
    {"assessment_get", "read", "aaaaaa", "*"},
    {"threats_list", "read", "aaaa-a", "*"},
    {"threat_get", "read", "aaaa-a", "*"},
    {"members_list", "read", "aaaa-a", "*"},
    {"outlooks_list", "read", "aaaa-a", "*"},
    {"assumptions_list", "read", "aaaa-a", "*"},
    {"gaps_list", "read", "aaaa-a", "*"},
    {"figures_list", "read", "aaaa-a", "*"},
    {"figure_get", "read", "aaaa-a", "*"},
    {"changes_get", "read", "aaaa-a", "*"},
    {"report_get", "read", "aaaa-a", "*"},
    {"bundle_get", "read", "-aa---", "assessment management publication judicial"},
    // Signals.
    {"signals_list", "read", "-aaa-a", "*"},
    {"signal_get", "read", "-aaa-a", "*"},
    {"signals_quality", "read", "-aaaaa", "*"},
    {"signal_step", "write", "-aaa--", "*"},
    // Data.
    {"submissions_list", "read", "oaaaaa", "*"},
    {"submission_get", "read", "oaaaaa", "*"},
    {"submission_rejects", "read", "oa----", "*"},
    {"submission_withdraw", "write", "oa----", "*"},
    {"submission_restore", "write", "oa----", "*"},
    {"submission_erase", "person", "oa----", "*"},
    {"observations_list", "read", "oaaa-a", "*"},
    {"coverage_get", "read", "aaaaaa", "*"},
    {"series_get", "read", "oaaa-a", "*"},
    // Uploads.
    {"uploads_list", "ingest", "oa----", "*"},
    {"upload_create", "ingest", "oa----", "*"},
    {"upload_get", "ingest", "oa----", "*"},
    {"upload_check", "ingest", "oa----", "*"},
    {"upload_ingest", "ingest", "oa----", "*"},
    {"upload_refused", "ingest", "oa----", "*"},
    {"upload_delete", "ingest", "oa----", "*"},
    {"mappings_list", "ingest", "oa----", "*"},
    {"mapping_save", "ingest", "oa----", "*"},
    {"mapping_delete", "ingest", "oa----", "*"},
    // Jobs.
    {"jobs_list", "read", "oaaaaa", "*"},
    {"job_create", "write", "-aaaaa", "*"},
    {"job_get", "read", "oaaaaa", "*"},
    {"job_cancel", "write", "oa---a", "*"},
    {"job_log", "read", "oaa--a", "*"},
    {"job_result", "read", "oaaaaa", "*"},
    {"events", "read", "aaaaaa", "*"},
    // Workbench.
    {"workbench_get", "read", "-aaa--", "*"},
    {"workbench_rank", "read", "-aaa--", "*"},
    {"workbench_weights_get", "read", "-aaa--", "*"},
    {"workbench_weights_put", "write", "-oo---", "*"},
    {"workbench_consensus", "read", "-aaa--", "*"},
    {"workbench_dissent", "person", "-oo---", "*"},
    {"workbench_freeze", "person", "-aa---", "*"},
    {"freezes_list", "read", "-aaa--", "*"},
    {"freeze_changes", "read", "-aaa--", "*"},
    {"workbench_publish", "person", "--a---", "publication management"},
    {"judgements_list", "read", "aaaa--", "*"},
    {"judgement_create", "write", "ooo---", "*"},
    // Decisions.
    {"decisions_list", "read", "-aaaa-", "*"},
    {"decision_get", "read", "-aaaa-", "*"},
    {"decision_create", "person", "-aaa--", "*"},
    {"decision_step", "person", "-aaa--", "*"},
    // Profiles.
    {"profiles_list", "read", "-aaaa-", "*"},
    {"profile_compile", "write", "-aa---", "*"},
    {"profile_subscriptions_list", "read", "-aaaa-", "*"},
    {"profile_subscribe", "write", "-aaa--", "*"},
    {"profile_get", "read", "-aaaa-", "*"},
    {"profile_step", "person", "--a---", "*"},
    {"profile_changes", "read", "-aaaa-", "*"},
    {"profile_page", "read", "-aaa--", "*"},
    {"profile_stix", "read", "-aaa--", "*"},
    // Nodes.
    {"node_get", "read", "-aaaaa", "*"},
    {"nodes_list", "read", "-aaaaa", "*"},
    {"node_add", "person", "-----a", "*"},
    {"node_remove", "person", "-----a", "*"},
    {"nodes_aside", "read", "---aaa", "*"},
    // TAXII: of each collection whoever it names, of each object whoever its markings let.
    {"taxii_discovery", "taxii", "aaaa-a", "*"},
    {"taxii_root", "taxii", "aaaa-a", "*"},
    {"taxii_status", "taxii", "aaaa-a", "*"},
    {"taxii_collections", "taxii", "aaaa-a", "*"},
    {"taxii_collection", "taxii", "aaaa-a", "*"},
    {"taxii_manifest", "taxii", "aaaa-a", "*"},
    {"taxii_objects", "taxii", "aaaa-a", "*"},
    {"taxii_objects_add", "taxii", "aaaa--", "*"},
    {"taxii_object", "taxii", "aaaa-a", "*"},
    {"taxii_object_delete", "taxii", "aaaa--", "*"},
    {"taxii_versions", "taxii", "aaaa-a", "*"},
    // The contact desk: the store narrows to what is addressed to, or given by, the own organisation.
    {"bulletins_list", "read", "-aaa--", "*"},
    {"bulletin_create", "write", "-ooo--", "*"},
    {"bulletin_get", "read", "-aaa--", "*"},
    {"bulletin_acknowledge", "write", "-ooo--", "*"},
    {"bulletin_correct", "write", "-ooo--", "*"},
    {"bulletin_withdraw", "write", "-ooo--", "*"},
    {"bulletin_forward", "person", "-ooo--", "*"},
    {"bulletin_consent", "person", "-ooo--", "*"},
    {"bulletin_consents", "read", "-aaa--", "*"},
    {"bulletin_consent_withdraw", "person", "-ooo--", "*"},
    {"bulletin_file", "read", "-aaa--", "*"},
    {"requests_list", "read", "-aaa--", "*"},
    {"request_create", "write", "-ooo--", "*"},
    {"request_get", "read", "-aaa--", "*"},
    {"request_acknowledge", "write", "-ooo--", "*"},
    {"request_correct", "write", "-ooo--", "*"},
    {"request_close", "write", "-ooo--", "*"},
    {"request_withdraw", "write", "-ooo--", "*"},
    {"request_forward", "person", "-ooo--", "*"},
    {"request_consent", "person", "-ooo--", "*"},
    {"request_consents", "read", "-aaa--", "*"},
    {"request_consent_withdraw", "person", "-ooo--", "*"},
    {"request_file", "read", "-aaa--", "*"},
    {"answers_list", "read", "-aaa--", "*"},
    {"answer_create", "write", "-ooo--", "*"},
    {"answer_get", "read", "-aaa--", "*"},
    {"answer_acknowledge", "write", "-ooo--", "*"},
    {"answer_correct", "write", "-ooo--", "*"},
    {"answer_withdraw", "write", "-ooo--", "*"},
    {"answer_forward", "person", "-ooo--", "*"},
    {"answer_consent", "person", "-ooo--", "*"},
    {"answer_consents", "read", "-aaa--", "*"},
    {"answer_consent_withdraw", "person", "-ooo--", "*"},
    {"answer_file", "read", "-aaa--", "*"},
    {"contact_file_create", "write", "-ooo--", "*"},
    {"contact_points_list", "read", "aaaaaa", "*"},
    {"contact_point_create", "write", "-ooo-a", "*"},
    {"contact_point_change", "write", "-ooo-a", "*"},
    {"contact_point_delete", "write", "-ooo-a", "*"},
    {"subscriptions_list", "read", "-ooo--", "*"},
    {"subscription_create", "write", "-ooo--", "*"},
    {"subscription_delete", "write", "-ooo--", "*"},
    {"subscription_take_over", "person", "-ooo--", "*"},
    {"webhooks_list", "read", "-ooo-a", "*"},
    {"webhook_create", "person", "-ooo-a", "*"},
    {"webhook_delete", "person", "-ooo-a", "*"},
    {"webhook_take_over", "person", "-ooo-o", "*"},
    {"contact_state", "read", "-oooaa", "*"},
    {"deliveries_list", "read", "-oooaa", "*"},
    // Private matching: of the node's own organisation. Those of scope 'match' are for other members' nodes.
    {"matching_status", "read", "-ooooo", "*"},
    {"matching_list", "person", "-o-o--", "*"},
    {"matching_list_add", "person", "-o-o--", "*"},
    {"matching_list_remove", "person", "-o-o--", "*"},
    {"matching_publish", "person", "-ooo--", "*"},
    {"matching_ask", "person", "-o-o--", "*"},
    {"matching_log", "read", "-oooo-", "*"},
    {"matching_quotas", "read", "-ooooo", "*"},
    {"matching_contacts", "read", "-oooo-", "*"},
    {"matching_contact_close", "person", "-ooo--", "*"},
    {"matching_alarms", "read", "--ooo-", "*"},
    {"matching_alarm_step", "person", "--oo--", "*"},
    {"matching_sessions", "read", "-oooo-", "*"},
    {"matching_session_propose", "person", "--o---", "*"},
    {"matching_session_step", "person", "-ooo--", "*"},
    {"matching_session_offer", "match", "---a--", "*"},
    {"matching_session_agreement", "match", "---a--", "*"},
    {"matching_session_message", "match", "---a--", "*"},
    {"matching_published", "match", "---a--", "*"},
    {"matching_part", "match", "---a--", "*"},
    {"matching_evaluate", "match", "---a--", "*"},
    {"matching_contact_create", "match", "---a--", "*"},
    // Search finds what each may open.
    {"search", "read", "aaaaaa", "*"},
};

std::size_t column(Role role) { return static_cast<std::size_t>(role); }

std::string role_words(Role role) {
    std::string words(model::name_of(role));
    std::replace(words.begin(), words.end(), '_', ' ');
    return words;
}

bool listed(std::string_view words, std::string_view word) {
    for (const std::string& each : core::split(words, ' '))
        if (each == word) return true;
    return false;
}

}  // namespace

Reach Right::reach(Role role) const {
    const char letter = column(role) < by_role.size() ? by_role[column(role)] : '-';
    return letter == 'a' ? Reach::any : letter == 'o' ? Reach::own : Reach::none;
}

const std::vector<Right>& rights_table() {
    static const std::vector<Right> table(std::begin(kTable), std::end(kTable));
    return table;
}

const Right* right_of(std::string_view route) {
    for (const Right& each : kTable)
        if (each.route == route) return &each;
    return nullptr;
}

core::Result<void> may(std::string_view route, const Caller& caller) {
    const Right* right = right_of(route);
    if (right == nullptr) return fail(ErrorCode::not_allowed, "the rights table has no row for this, so nobody may");
    if (right->scope == "open") return {};
    if (right->reach(caller.reader.role) == Reach::none) return fail(ErrorCode::not_allowed, "this is not for the role " + role_words(caller.reader.role) + "; docs/RIGHTS.md says for whom it is");
    if (!caller.machine || right->scope == "any") return {};
    if (right->scope == "person") return fail(ErrorCode::not_allowed, "this is for people who are signed in, not for tokens and certificates");
    if (std::find(caller.scopes.begin(), caller.scopes.end(), right->scope) == caller.scopes.end())
        return fail(ErrorCode::not_allowed, "this token or certificate does not have the scope '" + std::string(right->scope) + "'");
    return {};
}

bool own_only(std::string_view route, const Caller& caller) {
    const Right* right = right_of(route);
    return right == nullptr || right->reach(caller.reader.role) != Reach::any;
}

const std::vector<std::string_view>& purposes_of(Role role) {
    static const std::array<std::vector<std::string_view>, 6> all{{{"contribution"},
                                                                   {"assessment", "early_warning", "joint_operation", "publication", "judicial"},
                                                                   {"management", "assessment", "joint_operation", "publication"},
                                                                   {"early_warning", "joint_operation"},
                                                                   {"supervision", "judicial"},
                                                                   {"administration"}}};
    return all[column(role)];
}

core::Result<std::string> purpose_for(std::string_view route, Role role, std::string_view stated) {
    const Right* right = right_of(route);
    const std::string_view allowed = right == nullptr ? "" : right->purposes;
    const auto fits = [&](std::string_view word) { return allowed == "*" || listed(allowed, word); };
    const std::vector<std::string_view>& mine = purposes_of(role);
    if (core::trim(stated).empty()) {
        const auto found = std::find_if(mine.begin(), mine.end(), fits);
        if (found == mine.end()) return fail(ErrorCode::not_allowed, "the role " + role_words(role) + " has no purpose for which this may be read");
        return std::string(*found);
    }
    const std::string_view word = core::trim(stated.substr(0, stated.find(':')));
    if (stated.size() > 200 || !core::is_utf8(stated)) return fail(ErrorCode::not_allowed, "the purpose is a word, and at most 200 bytes with what is said after it");
    if (std::find(mine.begin(), mine.end(), word) == mine.end() || !fits(word))
        return fail(ErrorCode::not_allowed, "this may not be read for the purpose '" + std::string(word) + "' in the role " + role_words(role));
    return std::string(core::trim(stated));
}

const std::vector<std::string_view>& scopes() {
    static const std::vector<std::string_view> all{"read", "write", "ingest", "taxii", "metrics", "admin", "match"};
    return all;
}

core::json::array rights_json() {
    core::json::array rows;
    for (const Right& each : kTable) {
        core::json::object row{{"route", each.route}, {"scope", each.scope}, {"purposes", each.purposes}};
        for (const auto& [role, name] : model::EnumNames<Role>::names) row[name] = each.reach(role) == Reach::any ? "any" : each.reach(role) == Reach::own ? "own" : "none";
        rows.push_back(std::move(row));
    }
    return rows;
}

std::string rights_markdown() {
    std::string out = "| Route | Token needs | contributor | analyst | director | contact point | auditor | administrator | Purposes |\n|---|---|---|---|---|---|---|---|---|\n";
    for (const Right& each : kTable) {
        out += "| `" + std::string(each.route) + "` | " + (each.scope == "person" ? "no token" : each.scope == "open" ? "open" : each.scope == "any" ? "any" : "`" + std::string(each.scope) + "`");
        for (const auto& [role, name] : model::EnumNames<Role>::names) out += each.reach(role) == Reach::any ? " | any" : each.reach(role) == Reach::own ? " | own" : " | ·";
        out += " | " + (each.purposes == "*" ? std::string("all of the role") : core::join(core::split(each.purposes, ' '), ", ")) + " |\n";
    }
    return out;
}

}  // namespace threatlas::serve::access
