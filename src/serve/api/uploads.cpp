// Files on their way in: handed in, looked at, checked, mended, ingested; and the mappings people keep.
#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "core/text.hpp"
#include "model/schema.hpp"
#include "serve/api/bodies.hpp"
#include "serve/api/listing.hpp"
#include "serve/jobs/office.hpp"
#include "serve/uploads/uploads.hpp"
#include "work/checking.hpp"
#include "work/preview.hpp"

namespace threatlas::serve {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;
using model::Role;
using net::Response;
namespace json = core::json;

constexpr std::size_t kShownRefused = 200;

std::string text_at(const json::object& object, const char* key) {
    const auto* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

json::object shown(const Office& office, const Upload& upload, const work::Preview& seen, const std::string& member) {
    const work::Guess guess = work::guess_mapping(seen, office.catalogue, member, upload.organisation + "_upload");
    json::array sheets(seen.sheets.begin(), seen.sheets.end()), headings(seen.headings.begin(), seen.headings.end()), rows, unsure(guess.unsure.begin(), guess.unsure.end());
    for (const auto& each : seen.sample) rows.emplace_back(json::array(each.begin(), each.end()));
    json::object out = model::to_json(upload).as_object();
    out["sheets"] = std::move(sheets), out["headings"] = std::move(headings), out["sample"] = std::move(rows), out["format"] = work::format_json(seen.format);
    out["guess"] = guess.mapping, out["unsure"] = std::move(unsure), out["corrected"] = seen.corrected;
    return out;
}

// A message speaks of the file by its owner's name.
core::Error named(core::Error error, const Uploads& uploads, const Upload& upload) {
    const std::string path = uploads.path(upload);
    for (std::string* text : {&error.message, &error.where.source})
        for (auto at = text->find(path); at != std::string::npos; at = text->find(path)) text->replace(at, path.size(), upload.file);
    return error;
}

std::string own_member(const Office& office, const model::Reader& reader) { return office.catalogue.member(reader.organisation) != nullptr ? reader.organisation : ""; }

Result<json::object> look(Office& office, const model::Reader& reader, const Upload& upload, const ingest::TableOptions& wanted) {
    const auto seen = work::preview(office.uploads->path(upload), wanted);
    if (!seen) return tl::unexpected<core::Error>(named(seen.error(), *office.uploads, upload));
    return shown(office, upload, *seen, own_member(office, reader));
}

Result<Response> add(Office& office, const Call& call) {
    THREATLAS_CHECK(only_roles(call.caller.reader, {Role::contributor, Role::analyst}, "handing in data"));
    THREATLAS_TRY(const Upload upload, office.uploads->add(call.caller.reader, std::string(call.request.header("x-filename")), call.request));
    auto seen = look(office, call.caller.reader, upload, {});
    if (!seen) {   // what is no table is not kept
        static_cast<void>(office.uploads->remove(call.caller.reader, upload.id));
        return tl::unexpected<core::Error>(seen.error());
    }
    THREATLAS_CHECK(office.store.audit(call.caller.reader, "upload", "upload " + upload.id + ", " + std::to_string(upload.bytes) + " bytes"));
    return answer(*seen, 201);
}

Result<Response> get(Office& office, const Call& call) {
    THREATLAS_TRY(const Upload upload, office.uploads->find(call.caller.reader, path_value(call, "upload")));
    ingest::TableOptions wanted;
    if (const auto sheet = call.request.parameter("sheet")) wanted.sheet = *sheet;
    if (const auto row = call.request.parameter("heading_row")) {
        const auto number = core::parse_number(*row);
        if (!number || *number < 1 || *number > 1000) return fail(ErrorCode::bad_usage, "'heading_row' is a number from 1 to 1000");
        wanted.heading_row = static_cast<std::uint64_t>(*number);
    }
    THREATLAS_TRY(const auto seen, look(office, call.caller.reader, upload, wanted));
    return answer(seen);
}

const api::Listing& uploads_listing() {
    static const api::Listing it{"uploads", {"id", "file", "extension", "owner", "organisation", "created", "expires", "bytes"}, "id", "-created"};
    return it;
}
const api::Listing& mappings_listing() {
    static const api::Listing it{"mappings", {"id", "organisation", "person", "at", "mapping"}, "id", "id"};
    return it;
}

Result<Response> list(Office& office, const Call& call) {
    THREATLAS_TRY(const auto all, office.uploads->list(call.caller.reader));
    std::vector<json::object> items;
    for (const auto& each : all) items.push_back(model::to_json(each).as_object());
    return api::list(call, std::move(items), uploads_listing());
}

Result<Response> remove(Office& office, const Call& call) {
    THREATLAS_CHECK(office.uploads->remove(call.caller.reader, path_value(call, "upload")));
    return Response{204, {}, std::string()};
}

struct Asked {
    Upload upload;
    work::Table table;
};

// Mapping and member of a check or an ingest. Members' people speak for their own organisation alone.
Result<Asked> asked(Office& office, const model::Reader& who, const std::string& id, json::object body) {
    THREATLAS_CHECK(only_roles(who, {Role::contributor, Role::analyst}, "handing in data"));
    Asked out;
    THREATLAS_TRY(out.upload, office.uploads->find(who, id));
    for (const auto& each : body)
        if (each.key() != "mapping" && each.key() != "member" && each.key() != "known_at" && each.key() != "upload") return fail(ErrorCode::bad_usage, "a check has no setting '" + std::string(each.key()) + "'; it has: mapping, member, known_at");
    auto* mapping = body.if_contains("mapping");
    if (mapping == nullptr || !mapping->is_object()) return fail(ErrorCode::bad_input, "'mapping' is missing: send the mapping as JSON, for a start the upload's 'guess'");
    out.table.mapping = std::move(mapping->get_object());
    out.table.path = office.uploads->path(out.upload), out.table.name = out.upload.file, out.table.today = office.today();
    const std::string said = text_at(body, "member"), stated = text_at(out.table.mapping, "member");
    out.table.member = said;
    const std::string member = stated.empty() ? said : stated;
    if (who.organisation != "regional") {
        if (member.empty()) out.table.member = who.organisation;
        else if (member != who.organisation) return fail(ErrorCode::not_allowed, "you hand in for '" + who.organisation + "', not for '" + member + "'");
    }
    if (const std::string day = text_at(body, "known_at"); !day.empty()) {
        THREATLAS_TRY(out.table.known_at, core::parse_day(day));
    }
    // How this file is written is told from this file where the mapping leaves it open; always so for refused rows that
    // come back, which are written our way.
    const bool open = !out.table.mapping.contains("format");
    const auto seen = work::preview(out.table.path, {});
    if (!seen) return tl::unexpected<core::Error>(named(seen.error(), *office.uploads, out.upload));
    if (open || seen->corrected) out.table.mapping["format"] = work::format_json(seen->format);
    THREATLAS_CHECK(work::mapping_of(out.table.mapping));
    return out;
}

// A mapping whose rows name their member must not bring in another's.
Result<void> own_rows(const model::Reader& who, const work::Checked& checked) {
    if (who.organisation == "regional") return {};
    for (const auto& each : checked.sample)
        if (each.member != who.organisation) return fail(ErrorCode::not_allowed, "row " + std::to_string(each.row) + " is of '" + each.member + "': you hand in for '" + who.organisation + "'");
    return {};
}

// The mapping of somebody who speaks for one member must not take the member from a column.
Result<void> one_member(const model::Reader& who, const work::Table& table) {
    if (who.organisation == "regional") return {};
    THREATLAS_TRY(const ingest::Mapping mapping, work::mapping_of(table.mapping));
    if (mapping.member_rule.given) return fail(ErrorCode::not_allowed, "rows that name their member are handed in by the regional working group: leave out 'columns.member'");
    return {};
}

json::object counts(const work::Checked& checked) {
    const auto& info = checked.outcome.info;
    json::array first, notes(checked.outcome.notes.begin(), checked.outcome.notes.end());
    for (const auto& each : checked.refused) {
        if (first.size() == kShownRefused) break;
        first.push_back({{"row", each.row}, {"column", each.column}, {"verdict", each.verdict}, {"reason", each.reason}, {"original", each.original}});
    }
    return {{"rows", info.rows}, {"accepted", info.accepted}, {"refused", info.rejected}, {"duplicates", info.duplicates}, {"first_refused", std::move(first)}, {"notes", std::move(notes)}};
}

Result<Response> check(Office& office, const Call& call) {
    THREATLAS_TRY(auto body, body_of(call));
    const model::Reader& who = call.caller.reader;
    THREATLAS_TRY(const Asked wanted, asked(office, who, path_value(call, "upload"), std::move(body)));
    THREATLAS_CHECK(one_member(who, wanted.table));
    core::NoProgress quiet;
    THREATLAS_TRY(const work::Checked checked, work::check_table(&office.store, who, office.catalogue, wanted.table, office.uploads->folder(), quiet));
    THREATLAS_CHECK(own_rows(who, checked));
    THREATLAS_CHECK(office.uploads->keep_refused(wanted.upload, wanted.table.mapping, checked.refused));
    json::object out = counts(checked);
    out["sample"] = model::to_json(checked.sample), out["mapping"] = wanted.table.mapping;
    return answer(out);
}

Result<JobWork> make_ingest(Office& office, const model::Reader& owner, const json::object& request) {
    THREATLAS_TRY(const Asked wanted, asked(office, owner, text_at(request, "upload"), request));
    THREATLAS_CHECK(one_member(owner, wanted.table));
    return JobWork([&office, wanted](JobContext& context) -> Result<json::object> {
        THREATLAS_TRY(const work::Checked done, work::take_table(office.store, context.reader(), office.catalogue, wanted.table, office.uploads->folder(), context));
        THREATLAS_CHECK(office.uploads->keep_refused(wanted.upload, wanted.table.mapping, done.refused));
        json::object out = counts(done);
        out["submission"] = done.outcome.info.id, out["already_there"] = done.outcome.already_there;
        context.log(done.outcome.already_there ? "the very file is in the store already" : std::to_string(done.outcome.info.accepted) + " accepted, " + std::to_string(done.outcome.info.rejected) + " refused, " + std::to_string(done.outcome.info.duplicates) + " repeated");
        context.result({.title = "Submission " + done.outcome.info.id.substr(0, 12), .link = "/api/v1/submissions/" + done.outcome.info.id, .file = {}, .media = {}, .handling = "TLP:CLEAR"});
        out.erase("first_refused");   // rows of people are not kept with the job
        return out;
    });
}

Result<Response> ingest(Office& office, const Call& call) {
    THREATLAS_TRY(auto body, body_of(call));
    body["upload"] = path_value(call, "upload");
    THREATLAS_TRY(const Upload upload, office.uploads->find(call.caller.reader, path_value(call, "upload")));
    THREATLAS_TRY(const Job job, office.jobs.submit(call.caller.reader, "ingest", body, "Ingest " + upload.file));
    return answer(to_json(job), 202);
}

Result<Response> refused(Office& office, const Call& call) {
    THREATLAS_TRY(const Upload upload, office.uploads->find(call.caller.reader, path_value(call, "upload")));
    THREATLAS_TRY(const auto kept, office.uploads->refused(upload));
    const std::string format = call.request.parameter("format").value_or("xlsx");
    const std::string scratch = office.uploads->folder() + "/" + random_id('t') + "." + (format == "csv" ? "csv" : "xlsx");
    const work::Table table{office.uploads->path(upload), upload.file, kept.first, {}, {}, {}};
    const auto written = work::write_refused(table, kept.second, format, scratch);
    auto bytes = written ? core::read_file(scratch) : Result<std::string>(tl::unexpected<core::Error>(written.error()));
    std::remove(scratch.c_str());
    if (!bytes) return tl::unexpected<core::Error>(bytes.error());
    THREATLAS_CHECK(office.store.audit(call.caller.reader, "disclose", "refused rows of upload " + upload.id + " as " + format));
    const std::string stem = upload.file.substr(0, upload.file.size() - upload.extension.size());
    return Response{200, {}, std::move(*bytes)}
        .with("Content-Type", format == "csv" ? "text/csv; charset=utf-8" : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        .with("Content-Disposition", attachment(stem + " refused." + format))
        .with("Cache-Control", "no-store");
}

// Mappings that people keep: a dossier each, the latest step counts.
Result<std::vector<json::object>> kept_mappings(Office& office, const model::Reader& reader) {
    THREATLAS_TRY(const auto all, office.store.dossiers(reader, "mapping"));
    std::vector<json::object> out;
    for (const auto& each : all) {
        const auto slash = each.id.find('/');
        if (slash == std::string::npos || each.id.substr(0, slash) != reader.organisation || each.steps.empty() || each.steps.back().action != "saved") continue;
        THREATLAS_TRY(auto body, core::parse_json(each.steps.back().json, "mapping"));
        out.push_back({{"id", each.id.substr(slash + 1)}, {"organisation", reader.organisation}, {"person", each.steps.back().person}, {"at", each.steps.back().at}, {"mapping", std::move(body)}});
    }
    return out;
}

bool plain_id(const std::string& id) {
    return !id.empty() && id.size() <= 80 && id.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.") == std::string::npos;
}

Result<Response> mappings(Office& office, const Call& call) {
    THREATLAS_TRY(auto all, kept_mappings(office, call.caller.reader));
    return api::list(call, std::move(all), mappings_listing());
}

Result<Response> save_mapping(Office& office, const Call& call) {
    const model::Reader& who = call.caller.reader;
    THREATLAS_CHECK(only_roles(who, {Role::contributor, Role::analyst}, "keeping a mapping"));
    THREATLAS_TRY(const json::object mapping, body_of(call));
    THREATLAS_TRY(const ingest::Mapping read, work::mapping_of(mapping));
    if (!plain_id(read.id)) return fail(ErrorCode::bad_input, "a mapping's 'id' is made of letters, digits, '_', '-' and '.', at most 80");
    if (who.organisation != "regional" && !read.member.empty() && read.member != who.organisation) return fail(ErrorCode::not_allowed, "the mapping is for '" + read.member + "': you keep those of '" + who.organisation + "'");
    const std::string name = who.organisation + "/" + read.id;
    THREATLAS_CHECK(office.store.open_dossier(who, {.kind = "mapping", .id = name, .handling = "TLP:CLEAR", .at = {}, .json = "{}", .steps = {}}));
    THREATLAS_CHECK(office.store.add_step(who, "mapping", name, "saved", core::write_json(mapping)));
    return answer(json::object{{"id", read.id}, {"organisation", who.organisation}, {"mapping", mapping}}, 201);
}

Result<Response> drop_mapping(Office& office, const Call& call) {
    THREATLAS_CHECK(only_roles(call.caller.reader, {Role::contributor, Role::analyst}, "removing a mapping"));
    THREATLAS_TRY(const auto all, kept_mappings(office, call.caller.reader));
    const std::string& id = path_value(call, "mapping");
    if (std::none_of(all.begin(), all.end(), [&](const auto& each) { return each.at("id").as_string() == std::string_view(id); })) return fail(ErrorCode::not_found, "there is no mapping '" + id + "'");
    THREATLAS_CHECK(office.store.add_step(call.caller.reader, "mapping", call.caller.reader.organisation + "/" + id, "removed", "{}"));
    return Response{204, {}, std::string()};
}

}  // namespace

Routes uploads_routes(Office& office) {
    office.jobs.add_kind("ingest", [&office](const model::Reader& owner, const json::object& request) { return make_ingest(office, owner, request); });
    const auto with = [&office](auto handle) { return [&office, handle](const Call& call) { return handle(office, call); }; };
    const json::object object{{"type", "object"}};
    const Body checked{{{"type", "object"}, {"required", json::array{"mapping"}}, {"properties", json::object{{"mapping", object}, {"member", json::object{{"type", "string"}}}, {"known_at", json::object{{"type", "string"}, {"format", "date"}}}}}}, "application/json"};
    const Body raw{{{"type", "string"}, {"format", "binary"}}, "application/octet-stream"};
    return {
        {"POST", "/api/v1/uploads", "upload_create", "Hand in a table (raw body, name in X-Filename); what it seems to be, and a guess at its mapping", "uploads", with(add), {}, raw, {object}, 201},
        {"GET", "/api/v1/uploads", "uploads_list", "Uploads of the own organisation", "uploads", with(list), api::list_parameters(uploads_listing()), {}, {api::list_schema(model::json_schema<Upload>())}},
        {"GET", "/api/v1/uploads/{upload}", "upload_get", "One upload with headings, sample and guess", "uploads", with(get), {{"sheet", "sheet of a workbook"}, {"heading_row", "row of the headings", {{"type", "integer"}}}}, {}, {object}},
        {"DELETE", "/api/v1/uploads/{upload}", "upload_delete", "Remove an upload", "uploads", with(remove), {}, {}, {}, 204},
        {"POST", "/api/v1/uploads/{upload}/check", "upload_check", "Check an upload against a mapping; nothing is stored", "uploads", with(check), {}, checked, {object}},
        {"POST", "/api/v1/uploads/{upload}/ingest", "upload_ingest", "Ingest an upload; a job", "uploads", with(ingest), {}, checked, {object}, 202},
        {"GET", "/api/v1/uploads/{upload}/refused", "upload_refused", "The refused rows of the last check, to mend and hand in again", "uploads", with(refused), {{"format", "csv or xlsx"}}, {}, {{{"type", "string"}, {"format", "binary"}}, "application/octet-stream"}},
        {"GET", "/api/v1/mappings", "mappings_list", "Mappings the own organisation keeps", "uploads", with(mappings), api::list_parameters(mappings_listing()), {}, {api::list_schema(object)}},
        {"POST", "/api/v1/mappings", "mapping_save", "Keep a mapping under its id; the newest counts", "uploads", with(save_mapping), {}, {object}, {object}, 201},
        {"DELETE", "/api/v1/mappings/{mapping}", "mapping_delete", "Remove a mapping", "uploads", with(drop_mapping), {}, {}, {}, 204},
    };
}

}  // namespace threatlas::serve
