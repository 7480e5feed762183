// Reading what is exchanged, page by page.
#include <algorithm>
#include <charconv>

#include "core/hash.hpp"
#include "core/text.hpp"
#include "store/collection_rows.hpp"
#include "store/postgres/segments.hpp"

namespace threatlas::store {

using core::ErrorCode;
using core::fail;
using core::Result;

std::int64_t id_hash(std::string_view id) {
    const std::string digest = core::sha256(id);
    std::uint64_t out = 0;
    std::from_chars(digest.data(), digest.data() + 12, out, 16);
    return static_cast<std::int64_t>(out);
}

std::string number_list(const std::vector<std::int64_t>& numbers) {
    std::string out = "(";
    for (const std::int64_t each : numbers) out += (out.size() > 1 ? ", " : "") + std::to_string(each);
    return out + ")";
}

namespace {

std::string summary(const Collection& collection, const ObjectFilter& filter) {
    std::string out = (filter.texts ? "objects of " : "manifest of ") + place_of(collection);
    for (const auto& [name, list] : {std::pair{"id", &filter.ids}, std::pair{"type", &filter.types}, std::pair{"spec", &filter.spec_versions}, std::pair{"version", &filter.versions}})
        if (!list->empty()) out += " " + std::string(name) + "=" + core::join(*list, ",").substr(0, 200);
    return out + (filter.all ? " all versions" : filter.first ? " first versions" : "");
}

}  // namespace

Conditions conditions_of(const ObjectFilter& filter, const std::map<std::int64_t, Mark>& marks) {
    Conditions out;
    for (const auto& [number, mark] : marks)
        if (mark.visible) out.visible.push_back(number);
    const bool everything = out.visible.size() == marks.size();
    const std::string seen = everything ? "" : " AND n.mark IN " + number_list(out.visible);
    if (!everything) out.sql += " AND o.mark IN " + number_list(out.visible);
    const auto one_of = [&](const std::string& column, const std::vector<std::string>& values) {
        if (values.empty()) return;
        out.sql += " AND " + column + " IN (";
        for (std::size_t i = 0; i < values.size(); ++i) {
            out.texts.push_back(values[i]);
            out.sql += (i == 0 ? "$" : ", $") + std::to_string(out.texts.size() + 2);
        }
        out.sql += ")";
    };
    if (!filter.ids.empty()) {
        std::vector<std::int64_t> hashes;
        for (const std::string& each : filter.ids) hashes.push_back(id_hash(each));
        out.sql += " AND o.id_hash IN " + number_list(hashes);
    }
    one_of("o.object", filter.ids);
    one_of("o.type", filter.types);
    one_of("o.spec_version", filter.spec_versions);
    const auto no_other = [&](const char* how) { return "NOT EXISTS (SELECT 1 FROM collection_objects n WHERE n.collection = o.collection AND n.id_hash = o.id_hash AND n.object = o.object AND " + std::string(how) + seen + ")"; };
    if (filter.all) {
        // Of several specification versions, the latest, unless asked for (TAXII 2.1, 3.4.1).
        if (filter.spec_versions.empty()) out.sql += " AND " + no_other("n.spec_version > o.spec_version");
        return out;
    }
    std::string versions;
    const auto either = [&](const std::string& condition) { versions += (versions.empty() ? "" : " OR ") + condition; };
    if (filter.last) either(everything ? "o.newest = 1" : "o.newest = 1 OR " + no_other("n.version > o.version"));
    if (filter.first) either(no_other("n.version < o.version"));
    std::vector<std::int64_t> exact;
    for (const std::string& each : filter.versions)
        if (const auto moment = moment_of(each)) exact.push_back(*moment);
    if (!exact.empty()) either("o.version IN " + number_list(exact));
    out.sql += " AND (" + (versions.empty() ? "1 = 0" : versions) + ")";
    return out;
}

Result<ObjectPage> Collections::page(const model::Reader& reader, const Collection& collection, const ObjectFilter& filter) {
    Engine& engine = *parts_->engine;
    ObjectPage out;
    std::size_t bytes = 0;
    {
        const std::lock_guard guard(engine.mutex);
        THREATLAS_TRY(const StoredCollection stored, parts_->find(collection));
        if (!stored.collection.may_read(reader)) return fail(ErrorCode::not_allowed, "you may not read this collection");
        THREATLAS_TRY(const Sight sight, sight_of(engine, reader));
        THREATLAS_TRY(const auto marks, parts_->marks(stored, sight));
        const Conditions conditions = conditions_of(filter, marks);
        if (!conditions.visible.empty()) {
            const postgres::ActingFor acting(engine.database, reader, sight);
            // Few objects by name are found by name, whatever order the index by number would give.
            const bool named = !filter.ids.empty();
            THREATLAS_TRY(Statement row, engine.database.prepare("SELECT o.number, o.object, o.version_text, o.media, o.spec_version, o.mark" + std::string(filter.texts ? ", o.body" : "") + " FROM collection_objects o WHERE o.collection = $1 AND " + (named ? "o.number + 0" : "o.number") + " > $2" +
                                                                    conditions.sql + " ORDER BY " + (named ? "o.number + 0" : "o.number") + " LIMIT " + std::to_string(filter.limit + 1)));
            row.bind(stored.number, filter.after);
            for (std::size_t i = 0; i < conditions.texts.size(); ++i) row.put(static_cast<int>(i) + 3, conditions.texts[i]);
            for (;;) {
                THREATLAS_TRY(const bool more, row.step());
                if (!more) break;
                if (out.objects.size() == filter.limit || (bytes >= filter.bytes && !out.objects.empty())) {
                    out.more = true;
                    break;
                }
                const Mark& mark = marks.at(row.integer(5));
                out.objects.push_back({row.integer(0), row.text(1), row.text(2), row.text(3), row.text(4), text(mark.marking), mark.originators, filter.texts ? row.text(6) : std::string()});
                bytes += out.objects.back().text.size();
            }
        }
    }
    if (filter.noted) THREATLAS_CHECK(parts_->noted(reader, summary(collection, filter)));
    return out;
}

}  // namespace threatlas::store
