// Adding to what is exchanged, and taking from it.
#include <algorithm>

#include "core/json.hpp"
#include "store/collection_rows.hpp"
#include "store/records.hpp"

namespace threatlas::store {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

// One request being added, within its transaction.
class Adding {
  public:
    Adding(Engine& engine, StoredCollection& stored, const model::Reader& writer) : engine_(engine), stored_(stored), writer_(writer) {}

    Result<void> prepare() {
        THREATLAS_TRY(auto newest, engine_.database.prepare("SELECT version, version_text, number FROM collection_objects WHERE collection = $1 AND id_hash = $2 AND object = $3 ORDER BY version DESC LIMIT 1"));
        THREATLAS_TRY(auto insert, engine_.database.prepare("INSERT INTO collection_objects (collection, number, object, id_hash, version, version_text, type, spec_version, media, mark, newest, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"));
        newest_.emplace(std::move(newest)), insert_.emplace(std::move(insert));
        return {};
    }

    // number: what it gets if it is added.
    Result<AddedObject> add(const NewObject& object, std::int64_t hash, std::int64_t number) {
        AddedObject out;
        std::int64_t version = 0;
        if (!object.version.empty()) {
            const auto moment = moment_of(object.version);
            if (!moment) return refused("its version '" + object.version.substr(0, 40) + "' is no timestamp");
            version = *moment;
        }
        if (object.id.empty() || object.id.size() > 300 || object.type.empty()) return refused("it has no id");
        THREATLAS_TRY(const bool known, newest_->bind(stored_.number, hash, object.id).step());
        const std::int64_t latest = known ? newest_->integer(0) : 0;
        if (known && object.version.empty()) {
            THREATLAS_TRY(Statement body, engine_.database.prepare("SELECT body FROM collection_objects WHERE collection = $1 AND number = $2"));
            THREATLAS_CHECK(body.bind(stored_.number, newest_->integer(2)).step());
            if (body.text(0) == object.text) return AddedObject{AddedObject::Outcome::present, newest_->integer(2), newest_->text(1), {}};
        }
        if (known && !object.version.empty() && version <= latest) {
            THREATLAS_TRY(Statement same, engine_.database.prepare("SELECT number, version_text FROM collection_objects WHERE collection = $1 AND id_hash = $2 AND object = $3 AND version = $4"));
            THREATLAS_TRY(const bool there, same.bind(stored_.number, hash, object.id, version).step());
            if (there) return AddedObject{AddedObject::Outcome::present, same.integer(0), same.text(1), {}};
        }
        THREATLAS_TRY(const std::int64_t mark, mark_of(object));
        out.number = number;
        stored_.last = std::max(stored_.last, number);
        if (object.version.empty()) version = known ? std::max(out.number, latest + 1) : out.number;
        out.version = object.version.empty() ? moment_text(version) : object.version;
        const bool newest = !known || version > latest;
        if (known && newest) THREATLAS_CHECK(engine_.database.run("UPDATE collection_objects SET newest = 0 WHERE collection = $1 AND id_hash = $2 AND object = $3 AND version = $4", stored_.number, hash, object.id, latest));
        THREATLAS_CHECK(insert_->bind(stored_.number, out.number, object.id, hash, version, out.version, object.type, object.spec_version, object.media.empty() ? stored_.collection.media_types.front() : object.media, mark, newest ? 1 : 0, object.text).run());
        return out;
    }

  private:
    static AddedObject refused(std::string why) { return {AddedObject::Outcome::refused, 0, {}, std::move(why)}; }

    Result<std::int64_t> mark_of(const NewObject& object) {
        const std::string marking = text(parse_marking(object.handling.empty() ? stored_.collection.handling : object.handling));
        const std::string originators = packed(object.originators.empty() ? std::vector<std::string>{writer_.organisation} : object.originators);
        if (const auto known = marks_.find({marking, originators}); known != marks_.end()) return known->second;
        THREATLAS_TRY(Statement present, engine_.database.prepare("SELECT number FROM collection_marks WHERE collection = $1 AND marking = $2 AND originators = $3"));
        THREATLAS_TRY(const bool there, present.bind(stored_.number, marking, originators).step());
        std::int64_t number = there ? present.integer(0) : 0;
        if (!there) {
            THREATLAS_TRY(Statement next, engine_.database.prepare("SELECT COALESCE(MAX(number), 0) + 1 FROM collection_marks"));
            THREATLAS_CHECK(next.step());
            number = next.integer(0);
            THREATLAS_CHECK(engine_.database.run("INSERT INTO collection_marks (number, collection, marking, originators) VALUES ($1, $2, $3, $4)", number, stored_.number, marking, originators));
        }
        marks_.emplace(std::pair{marking, originators}, number);
        return number;
    }

    Engine& engine_;
    StoredCollection& stored_;
    const model::Reader& writer_;
    std::optional<Statement> newest_, insert_;
    std::map<std::pair<std::string, std::string>, std::int64_t> marks_;
};

}  // namespace

Result<std::vector<AddedObject>> Collections::add(const model::Reader& writer, const Collection& collection, std::span<const NewObject> objects) { return add(writer, collection, objects, {}); }

Result<std::vector<AddedObject>> Collections::add(const model::Reader& writer, const Collection& collection, std::span<const NewObject> objects, const std::function<ExchangeStatus(const std::vector<AddedObject>&)>& status) {
    THREATLAS_CHECK(clearance_of(writer));
    Engine& engine = *parts_->engine;
    std::vector<AddedObject> out(objects.size());
    const std::lock_guard guard(engine.mutex);
    THREATLAS_TRY(Transaction transaction, Transaction::begin(engine.database));
    THREATLAS_TRY(StoredCollection stored, parts_->find(collection));
    if (!stored.collection.may_write(writer)) return fail(ErrorCode::not_allowed, "you may not write to this collection");
    Adding adding(engine, stored, writer);
    THREATLAS_CHECK(adding.prepare());
    // Numbers in the order given; but into the index by hash, whose pages are then met one after another.
    struct Turn {
        std::int64_t hash = 0, number = 0;
        std::size_t at = 0;
    };
    std::vector<Turn> turns;
    turns.reserve(objects.size());
    std::int64_t last = stored.last;
    for (const NewObject& each : objects) {
        last = each.added > last ? each.added : std::max(last + 1, each.added > 0 ? 0 : engine.micros());
        turns.push_back({id_hash(each.id), last, turns.size()});
    }
    std::stable_sort(turns.begin(), turns.end(), [](const Turn& a, const Turn& b) { return a.hash < b.hash; });
    std::size_t added = 0, present = 0;
    for (const Turn& turn : turns) {
        THREATLAS_TRY(out[turn.at], adding.add(objects[turn.at], turn.hash, turn.number));
        added += out[turn.at].outcome == AddedObject::Outcome::added, present += out[turn.at].outcome == AddedObject::Outcome::present;
    }
    THREATLAS_CHECK(engine.database.run("UPDATE collections SET last_number = $2 WHERE number = $1", stored.number, stored.last));
    if (status) {
        const ExchangeStatus kept = status(out);
        const std::int64_t now = engine.micros();
        THREATLAS_CHECK(engine.database.run("DELETE FROM exchange_statuses WHERE made < $1 AND owner <> '*'", now - std::int64_t{7} * 86400 * 1'000'000));
        THREATLAS_CHECK(engine.database.run("INSERT INTO exchange_statuses (root, id, owner, made, body) VALUES ($1, $2, $3, $4, $5)", collection.root, kept.id, writer.organisation, now, kept.json));
    }
    THREATLAS_TRY(const AuditEntry entry, append_audit(engine, writer, "exchange", "added " + std::to_string(added) + ", there already " + std::to_string(present) + ", refused " + std::to_string(objects.size() - added - present) + " in " + place_of(collection) + " up to " + std::to_string(stored.last)));
    THREATLAS_CHECK(transaction.commit());
    THREATLAS_CHECK(parts_->note_head(entry));
    return out;
}

Result<std::uint64_t> Collections::remove(const model::Reader& writer, const Collection& collection, const std::string& id, const ObjectFilter& filter) {
    Engine& engine = *parts_->engine;
    const std::lock_guard guard(engine.mutex);
    THREATLAS_TRY(const Sight sight, sight_of(engine, writer));
    THREATLAS_TRY(Transaction transaction, Transaction::begin(engine.database));
    THREATLAS_TRY(const StoredCollection stored, parts_->find(collection));
    if (!stored.collection.may_read(writer) || !stored.collection.may_write(writer)) return fail(ErrorCode::not_allowed, "to delete needs the right to read and to write this collection");
    THREATLAS_TRY(const auto marks, parts_->marks(stored, sight));
    ObjectFilter narrowed = filter;
    narrowed.ids = {id};
    const Conditions conditions = conditions_of(narrowed, marks);
    std::vector<std::int64_t> gone;
    if (!conditions.visible.empty()) {
        THREATLAS_TRY(Statement row, engine.database.prepare("SELECT o.number FROM collection_objects o WHERE o.collection = $1 AND o.number + 0 > $2" + conditions.sql));
        row.bind(stored.number, 0);
        for (std::size_t i = 0; i < conditions.texts.size(); ++i) row.put(static_cast<int>(i) + 3, conditions.texts[i]);
        for (;;) {
            THREATLAS_TRY(const bool more, row.step());
            if (!more) break;
            gone.push_back(row.integer(0));
        }
    }
    if (gone.empty()) return 0;
    for (const std::int64_t each : gone) THREATLAS_CHECK(engine.database.run("DELETE FROM collection_objects WHERE collection = $1 AND number = $2", stored.number, each));
    THREATLAS_CHECK(engine.database.run("UPDATE collection_objects SET newest = 1 WHERE collection = $1 AND id_hash = $2 AND object = $3 AND newest = 0 AND version = (SELECT MAX(version) FROM collection_objects WHERE collection = $1 AND id_hash = $2 AND object = $3)", stored.number, id_hash(id), id));
    THREATLAS_TRY(const AuditEntry entry, append_audit(engine, writer, "exchange", "deleted " + std::to_string(gone.size()) + " versions of " + id.substr(0, 100) + " in " + place_of(collection)));
    THREATLAS_CHECK(transaction.commit());
    THREATLAS_CHECK(parts_->note_head(entry));
    return gone.size();
}

}  // namespace threatlas::store
