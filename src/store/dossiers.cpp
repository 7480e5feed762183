#include "store/dossiers.hpp"

#include <algorithm>
#include <set>

#include "core/hash.hpp"
#include "store/erasure.hpp"
#include "store/rights.hpp"

namespace threatlas::store {

using core::ErrorCode;
using core::fail;
using core::Result;

Result<bool> insert_dossier(Database& database, const Dossier& head) {
    THREATLAS_TRY(Statement present, database.prepare("SELECT 1 FROM dossiers WHERE kind = $1 AND id = $2"));
    THREATLAS_TRY(const bool there, present.bind(head.kind, head.id).step());
    if (there) return false;
    THREATLAS_CHECK(database.run("INSERT INTO dossiers (number, kind, id, handling, at, body, marking, originators, audience) VALUES ((SELECT COALESCE(MAX(number), 0) + 1 FROM dossiers), $1, $2, $3, $4, $5, $6, $7, $8)", head.kind, head.id,
                                 handling_rank(head.handling), head.at, head.json, text(parse_marking(head.handling)), packed(head.originators), packed(head.audience)));
    return true;
}

Result<DossierRow> find_dossier(Database& database, const std::string& kind, const std::string& id) {
    THREATLAS_TRY(Statement row, database.prepare("SELECT number, handling, (SELECT COUNT(*) FROM dossier_steps WHERE dossier = dossiers.number), marking, originators, audience FROM dossiers WHERE kind = $1 AND id = $2"));
    THREATLAS_TRY(const bool there, row.bind(kind, id).step());
    if (!there) return fail(ErrorCode::not_found, "there is no " + kind + " '" + id + "'; 'threatlas " + kind + "s list' lists them");
    return DossierRow{row.integer(0), stored_marking(row.text(3), row.integer(1)), unpacked(row.text(4)), row.integer(2), unpacked(row.text(5))};
}

Result<void> insert_step(Database& database, const DossierRow& dossier, const DossierStep& step) {
    return database.run("INSERT INTO dossier_steps (dossier, number, at, person, organisation, action, body) VALUES ($1, $2, $3, $4, $5, $6, $7)", dossier.number, dossier.steps + 1, step.at, step.person,
                        step.organisation, step.action, step.json);
}

Result<std::vector<Dossier>> load_dossiers(Database& database, const std::string& kind, std::vector<bool>* marked, const std::string& subject) {
    THREATLAS_TRY(Statement row, database.prepare("SELECT d.number, d.kind, d.id, d.handling, d.at, d.body, s.number, s.at, s.person, s.organisation, s.action, s.body, d.marking, d.originators, d.audience FROM dossiers d "
                                                  "LEFT JOIN dossier_steps s ON s.dossier = d.number WHERE ($1 = '' OR d.kind = $1) AND ($2 = '' OR d.id = $2 OR d.id LIKE $3) ORDER BY d.number, s.number"));
    row.bind(kind, subject, subject + ".%");
    std::vector<Dossier> out;
    std::int64_t last = 0;
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) return out;
        if (row.integer(0) != last) {
            last = row.integer(0);
            out.push_back({row.text(1), row.text(2), text(stored_marking(row.text(12), row.integer(3))), row.text(4), row.text(5), {}, unpacked(row.text(13)), unpacked(row.text(14))});
            if (marked != nullptr) marked->push_back(!row.text(12).empty());
        }
        if (row.integer(6) > 0) out.back().steps.push_back({row.text(7), row.text(8), row.text(9), row.text(10), row.text(11)});
    }
}

std::string_view subject_of(std::string_view id) { return id.substr(0, id.rfind('.')); }

std::string marks_object(const std::string& handling, const std::vector<std::string>& originators, const std::vector<std::string>& audience) {
    std::string marking = text(parse_marking(handling));
    std::replace(marking.begin(), marking.end(), ' ', ',');
    return " marked " + marking + (originators.empty() ? "" : " of " + packed(originators)) + (audience.empty() ? "" : " to " + packed(audience));
}

std::string open_object(const Dossier& head, bool marked, const std::string& body) {
    return head.kind + " " + head.id + " opened body " + (body.empty() ? core::sha256(head.json) : body) + " handling " + std::to_string(handling_rank(head.handling)) +
           (marked ? marks_object(head.handling, head.originators, head.audience) : "") + " at " + head.at;
}

std::string step_object(const Dossier& head, std::size_t number, const DossierStep& step, const std::string& body) {
    return head.kind + " " + head.id + " step " + std::to_string(number) + " " + step.action + " body " + (body.empty() ? core::sha256(step.json) : body) + " at " + step.at + " by " + step.person + " of " + step.organisation;
}

Result<std::vector<std::string>> check_dossiers(Database& database) {
    std::set<std::string> noted;
    THREATLAS_TRY(Statement row, database.prepare("SELECT object FROM audit WHERE action = 'follow'"));
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) break;
        noted.insert(row.text(0));
    }
    std::vector<std::string> problems;
    const auto known = [&](const std::string& object, const std::string& what) {
        if (noted.erase(object) == 0) problems.push_back(what + " is not as the log has it");
    };
    std::vector<bool> marked;
    THREATLAS_TRY(const auto all, load_dossiers(database, "", &marked));
    THREATLAS_TRY(const auto before, bodies_before_erasure(database));
    for (std::size_t d = 0; d < all.size(); ++d) {
        const Dossier& each = all[d];
        known(open_object(each, marked[d], before.of(each.kind, each.id, core::sha256(each.json))), each.kind + " " + each.id);
        for (std::size_t i = 0; i < each.steps.size(); ++i)
            known(step_object(each, i + 1, each.steps[i], before.of(each.kind, each.id, core::sha256(each.steps[i].json))), "step " + std::to_string(i + 1) + " of " + each.kind + " " + each.id);
    }
    for (const std::string& object : noted) problems.push_back("'" + object.substr(0, object.find(" body ")) + "' is in the log and not in the store");
    return problems;
}

}  // namespace threatlas::store
