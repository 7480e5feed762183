// What the parts of Matching share: changes with their audit entry, sealed JSON.
#pragma once

#include <string>

#include "core/json.hpp"
#include "model/json_codec.hpp"
#include "store/audit_chain.hpp"
#include "store/engine.hpp"
#include "store/matching.hpp"

namespace threatlas::store {

struct Matching::Work {
    static Engine& engine(Matching& matching) { return *matching.engine_; }

    // One change with its audit entry in one transaction; apply returns the entry's object.
    template <class Apply>
    static core::Result<void> audited(Matching& matching, const model::Reader& who, const Apply& apply) {
        Engine& engine = *matching.engine_;
        const std::lock_guard guard(engine.mutex);
        THREATLAS_TRY(Transaction transaction, Transaction::begin(engine.database));
        THREATLAS_TRY(const std::string object, apply(engine.database));
        THREATLAS_TRY(const AuditEntry entry, append_audit(engine, who, "match", object));
        THREATLAS_CHECK(transaction.commit());
        return note_audit_head(engine, entry);
    }
    template <class Record>
    static std::string seal(const FieldKey& key, const std::string& context, const Record& record) { return key.seal(context, core::write_json(model::to_json(record))); }
    template <class Record>
    static core::Result<Record> open(const FieldKey& key, const std::string& context, const std::string& sealed) {
        THREATLAS_TRY(const std::string text, key.open(context, sealed));
        THREATLAS_TRY(const auto value, core::parse_json(text, context));
        Record out;
        THREATLAS_CHECK(model::from_json(value, out, context));
        return out;
    }
};

}  // namespace threatlas::store
