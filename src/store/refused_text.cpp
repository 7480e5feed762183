#include "store/refused_text.hpp"

#include <vector>

#include "store/engine_key.hpp"
#include "store/field_key.hpp"

namespace threatlas::store {
namespace {

using core::Result;

std::string place_of(const std::string& submission, std::int64_t number) { return "rejects.original " + submission + " " + std::to_string(number); }

}  // namespace

Result<std::string> seal_original(Engine& engine, const std::string& submission, std::int64_t number, const std::string& text) {
    THREATLAS_TRY(const auto key, field_key(engine));
    return key->seal(place_of(submission, number), text);
}

Result<std::string> open_original(Engine& engine, const std::string& submission, std::int64_t number, const std::string& kept) {
    THREATLAS_TRY(const auto key, field_key(engine));
    return key->open(place_of(submission, number), kept);
}

Result<void> seal_old_originals(Engine& engine) {
    struct Old {
        std::string submission, text;
        std::int64_t number;
    };
    // In pieces: there may be millions.
    for (;;) {
        std::vector<Old> some;
        {
            THREATLAS_TRY(Statement row, engine.database.prepare("SELECT submission, number, original FROM rejects WHERE sealed = 0 LIMIT 10000"));
            for (;;) {
                THREATLAS_TRY(const bool more, row.step());
                if (!more) break;
                some.push_back({row.text(0), row.text(2), row.integer(1)});
            }
        }
        if (some.empty()) return {};
        THREATLAS_TRY(Statement update, engine.database.prepare("UPDATE rejects SET original = $1, sealed = 1 WHERE submission = $2 AND number = $3"));
        for (const Old& each : some) {
            THREATLAS_TRY(const std::string sealed, seal_original(engine, each.submission, each.number, each.text));
            THREATLAS_CHECK(update.bind(sealed, each.submission, each.number).run());
        }
    }
}

}  // namespace threatlas::store
