#include "store/collections.hpp"

#include <algorithm>
#include <array>

#include "core/json.hpp"
#include "core/text.hpp"
#include "model/json_codec.hpp"
#include "store/collection_rows.hpp"
#include "store/records.hpp"

namespace threatlas::store {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr std::int64_t kStatusKept = std::int64_t{7} * 86400 * 1'000'000;

bool concerns(const CollectionGrant& grant, const model::Reader& reader) { return grant.who == "*" || grant.who == reader.person || grant.who == reader.organisation; }

bool is_uuid(std::string_view text) {
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        if (hyphen ? text[i] != '-' : !((text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f'))) return false;
    }
    return true;
}

// A root hides what lies there: the API, what watches the server, and the pages of the dashboard and its files.
bool reserved(std::string_view path) {
    constexpr std::array<std::string_view, 23> kTaken{"api", "assets", "metrics", "healthz", "readyz", "index.html", "icon.svg", "favicon.ico", "threats", "signals", "map", "data",
                                                      "workbench", "decisions", "desk", "match", "profiles", "search", "admin", "account", "sign-in", "setup", "invitation"};
    const std::string first = core::lower_ascii(path.substr(1, path.find('/', 1) - 1));
    return std::find(kTaken.begin(), kTaken.end(), first) != kTaken.end();
}

}  // namespace

Result<void> well_formed(const ApiRoot& root) {
    const auto wrong = [&](const std::string& why) { return fail(ErrorCode::bad_input, "'" + root.path.substr(0, 200) + "' is no path of an API root: " + why); };
    const std::string& path = root.path;
    if (path.size() < 3 || path.size() > 200 || path.front() != '/' || path.back() != '/' || path.find("//") != std::string::npos) return wrong("it begins and ends with '/'");
    if (std::any_of(path.begin(), path.end(), [](char c) { return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~' || c == '/'); }) || path.find("/.") != std::string::npos)
        return wrong("it holds letters, digits, '-', '_', '~' and '.' between the '/'");
    if (reserved(path)) return wrong("that is where other things are; take another, or a 'name': it lies below /taxii2/ then");
    if (root.title.empty() || root.title.size() > 500 || root.description.size() > 5000) return fail(ErrorCode::bad_input, "an API root needs a title, of at most 500 bytes");
    if (root.max_content_length < 1024 || root.max_content_length > (std::int64_t{256} << 20)) return fail(ErrorCode::bad_input, "max_content_length lies between 1 KiB and 256 MiB");
    return {};
}

Result<void> well_formed(const Collection& collection) {
    if (!is_uuid(collection.id)) return fail(ErrorCode::bad_input, "'" + collection.id.substr(0, 100) + "' is no id of a collection: a UUID in lower case");
    if (collection.title.empty() || collection.title.size() > 500 || collection.description.size() > 5000 || collection.alias.size() > 200) return fail(ErrorCode::bad_input, "a collection needs a title, of at most 500 bytes", {collection.id, 0, ""});
    if (is_uuid(collection.alias) || collection.alias.find('/') != std::string::npos) return fail(ErrorCode::bad_input, "an alias is no UUID and holds no '/'", {collection.id, 0, ""});
    for (const auto* list : {&collection.media_types, &collection.audience})
        for (const std::string& each : *list)
            if (each.empty() || each.size() > 200 || each.find(',') != std::string::npos) return fail(ErrorCode::bad_input, "media types and organisations are names without ','", {collection.id, 0, ""});
    if (collection.media_types.empty()) return fail(ErrorCode::bad_input, "a collection has a media type at least", {collection.id, 0, ""});
    return {};
}

bool Collection::may_know(const model::Reader& reader) const {
    return std::any_of(grants.begin(), grants.end(), [&](const auto& each) { return concerns(each, reader); });
}
bool Collection::may_read(const model::Reader& reader) const {
    return std::any_of(grants.begin(), grants.end(), [&](const auto& each) { return each.read && concerns(each, reader); });
}
bool Collection::may_write(const model::Reader& reader) const {
    return std::any_of(grants.begin(), grants.end(), [&](const auto& each) { return each.write && concerns(each, reader); });
}

std::string place_of(const Collection& collection) { return collection.root + " " + collection.id; }

Collections::Collections(std::shared_ptr<Engine> engine) : parts_(std::make_unique<Parts>()) { parts_->engine = std::move(engine); }
Collections::~Collections() {
    const std::lock_guard guard(parts_->engine->mutex);
    if (parts_->behind) (void)start_audit_head(*parts_->engine);
}

Result<void> Collections::Parts::note_head(const AuditEntry& entry) {
    const auto now = std::chrono::steady_clock::now();
    behind = now - noted_at < std::chrono::seconds(1);
    if (behind) return {};
    noted_at = now;
    return note_audit_head(*engine, entry);
}

Result<void> Collections::Parts::noted(const model::Reader& reader, const std::string& object) {
    if (note) return note(reader, object);
    const std::lock_guard guard(engine->mutex);
    return record_audit(*engine, reader, "read", object);
}

void Collections::note_reads_by(Note note) { parts_->note = std::move(note); }
Result<void> Collections::noted(const model::Reader& reader, const std::string& object) { return parts_->noted(reader, object); }

Result<bool> Collections::put(const model::Reader& writer, const ApiRoot& root) {
    THREATLAS_CHECK(clearance_of(writer));
    THREATLAS_CHECK(well_formed(root));
    const std::string body = core::write_json(model::to_json(root));
    Engine& engine = *parts_->engine;
    const std::lock_guard guard(engine.mutex);
    THREATLAS_TRY(Transaction transaction, Transaction::begin(engine.database));
    THREATLAS_TRY(Statement present, engine.database.prepare("SELECT body FROM api_roots WHERE path = $1"));
    THREATLAS_TRY(const bool there, present.bind(root.path).step());
    if (there && present.text(0) == body) return false;
    if (there) THREATLAS_CHECK(engine.database.run("UPDATE api_roots SET body = $2 WHERE path = $1", root.path, body));
    else THREATLAS_CHECK(engine.database.run("INSERT INTO api_roots (number, path, body) VALUES ((SELECT COALESCE(MAX(number), 0) + 1 FROM api_roots), $1, $2)", root.path, body));
    THREATLAS_TRY(const AuditEntry entry, append_audit(engine, writer, "exchange", "API root " + root.path + (there ? " changed" : " made")));
    THREATLAS_CHECK(transaction.commit());
    THREATLAS_CHECK(parts_->note_head(entry));
    return true;
}

Result<bool> Collections::put(const model::Reader& writer, const Collection& collection) {
    THREATLAS_CHECK(clearance_of(writer));
    THREATLAS_CHECK(well_formed(collection));
    const std::string body = core::write_json(model::to_json(collection));
    Engine& engine = *parts_->engine;
    const std::lock_guard guard(engine.mutex);
    THREATLAS_TRY(Transaction transaction, Transaction::begin(engine.database));
    THREATLAS_TRY(Statement root, engine.database.prepare("SELECT 1 FROM api_roots WHERE path = $1"));
    THREATLAS_TRY(const bool rooted, root.bind(collection.root).step());
    if (!rooted || collection.root == "/taxii2/") return fail(ErrorCode::not_found, "there is no API root '" + collection.root + "'");
    THREATLAS_TRY(Statement present, engine.database.prepare("SELECT body FROM collections WHERE root = $1 AND id = $2"));
    THREATLAS_TRY(const bool there, present.bind(collection.root, collection.id).step());
    if (there && present.text(0) == body) return false;
    if (there) THREATLAS_CHECK(engine.database.run("UPDATE collections SET body = $3, audience = $4 WHERE root = $1 AND id = $2", collection.root, collection.id, body, packed(collection.audience)));
    else THREATLAS_CHECK(engine.database.run("INSERT INTO collections (number, root, id, body, audience, last_number) VALUES ((SELECT COALESCE(MAX(number), 0) + 1 FROM collections), $1, $2, $3, $4, 0)", collection.root, collection.id, body, packed(collection.audience)));
    std::string grants;
    for (const CollectionGrant& each : collection.grants) grants += " " + each.who + ":" + (each.read ? "r" : "") + (each.write ? "w" : "");
    THREATLAS_TRY(const AuditEntry entry, append_audit(engine, writer, "exchange", "collection " + place_of(collection) + (there ? " changed" : " made") + " grants" + grants.substr(0, 500)));
    THREATLAS_CHECK(transaction.commit());
    THREATLAS_CHECK(parts_->note_head(entry));
    return true;
}

Result<std::vector<ApiRoot>> Collections::roots(const model::Reader& reader) {
    THREATLAS_CHECK(clearance_of(reader));
    const std::lock_guard guard(parts_->engine->mutex);
    THREATLAS_TRY(Statement row, parts_->engine->database.prepare("SELECT path, body FROM api_roots ORDER BY number"));
    std::vector<ApiRoot> out;
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) return out;
        THREATLAS_TRY(const auto value, core::parse_json(row.text(1), "API root " + row.text(0)));
        THREATLAS_CHECK(model::from_json(value, out.emplace_back(), "API root " + row.text(0)));
    }
}

Result<std::vector<Collection>> Collections::collections(const model::Reader& reader, const std::string& root) {
    THREATLAS_CHECK(clearance_of(reader));
    const std::lock_guard guard(parts_->engine->mutex);
    THREATLAS_TRY(Statement row, parts_->engine->database.prepare("SELECT id, body FROM collections WHERE $1 = '' OR root = $1 ORDER BY number"));
    row.bind(root);
    std::vector<Collection> out;
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) return out;
        THREATLAS_TRY(const auto value, core::parse_json(row.text(1), "collection " + row.text(0)));
        THREATLAS_CHECK(model::from_json(value, out.emplace_back(), "collection " + row.text(0)));
    }
}

Result<Collection> Collections::collection(const model::Reader& reader, const std::string& root, const std::string& id) {
    THREATLAS_TRY(auto all, collections(reader, root));
    for (const bool by_alias : {false, true})
        for (Collection& each : all)
            if (by_alias ? !id.empty() && each.alias == id : each.id == id) return std::move(each);
    return fail(ErrorCode::not_found, "there is no collection '" + id.substr(0, 100) + "' here");
}

Result<StoredCollection> Collections::Parts::find(const Collection& collection) {
    THREATLAS_TRY(Statement row, engine->database.prepare("SELECT number, last_number, body FROM collections WHERE root = $1 AND id = $2"));
    THREATLAS_TRY(const bool there, row.bind(collection.root, collection.id).step());
    if (!there) return fail(ErrorCode::not_found, "there is no collection '" + collection.id.substr(0, 100) + "' here");
    StoredCollection out{row.integer(0), row.integer(1), {}};
    THREATLAS_TRY(const auto value, core::parse_json(row.text(2), "collection " + collection.id));
    THREATLAS_CHECK(model::from_json(value, out.collection, "collection " + collection.id));
    return out;
}

Result<std::map<std::int64_t, Mark>> Collections::Parts::marks(const StoredCollection& stored, const Sight& sight) {
    const bool addressed = std::find(stored.collection.audience.begin(), stored.collection.audience.end(), sight.organisation()) != stored.collection.audience.end();
    THREATLAS_TRY(Statement row, engine->database.prepare("SELECT number, marking, originators FROM collection_marks WHERE collection = $1"));
    row.bind(stored.number);
    std::map<std::int64_t, Mark> out;
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) return out;
        Mark mark{parse_marking(row.text(1)), unpacked(row.text(2)), false};
        mark.visible = addressed ? sight.allows(mark.marking, true) : sight.may_disclose(mark.marking, mark.originators).has_value();
        out.emplace(row.integer(0), std::move(mark));
    }
}

Result<std::uint64_t> Collections::count(const model::Reader& reader, const Collection& collection) {
    THREATLAS_CHECK(clearance_of(reader));
    const std::lock_guard guard(parts_->engine->mutex);
    THREATLAS_TRY(const StoredCollection stored, parts_->find(collection));
    THREATLAS_TRY(Statement row, parts_->engine->database.prepare("SELECT COUNT(*) FROM collection_objects WHERE collection = $1"));
    THREATLAS_CHECK(row.bind(stored.number).step());
    return static_cast<std::uint64_t>(row.integer(0));
}

Result<std::string> Collections::status(const model::Reader& reader, const std::string& root, const std::string& id) {
    THREATLAS_CHECK(clearance_of(reader));
    std::string body;
    {
        const std::lock_guard guard(parts_->engine->mutex);
        THREATLAS_TRY(Statement row, parts_->engine->database.prepare("SELECT body FROM exchange_statuses WHERE root = $1 AND id = $2 AND (owner = '*' OR owner = $3)"));
        THREATLAS_TRY(const bool there, row.bind(root, id, reader.organisation).step());
        if (!there) return fail(ErrorCode::not_found, "there is no status '" + id.substr(0, 100) + "' here; it is kept for a week");
        body = row.text(0);
    }
    THREATLAS_CHECK(parts_->noted(reader, "status " + root + " " + id));
    return body;
}

Result<void> Collections::put_status(const model::Reader& writer, const std::string& root, const ExchangeStatus& status, const std::string& owner) {
    THREATLAS_CHECK(clearance_of(writer));
    const std::lock_guard guard(parts_->engine->mutex);
    THREATLAS_TRY(Transaction transaction, Transaction::begin(parts_->engine->database));
    const std::int64_t now = parts_->engine->micros();
    THREATLAS_CHECK(parts_->engine->database.run("DELETE FROM exchange_statuses WHERE (made < $1 AND owner <> '*') OR (root = $2 AND id = $3)", now - kStatusKept, root, status.id));
    THREATLAS_CHECK(parts_->engine->database.run("INSERT INTO exchange_statuses (root, id, owner, made, body) VALUES ($1, $2, $3, $4, $5)", root, status.id, owner, now, status.json));
    return transaction.commit();
}

}  // namespace threatlas::store
