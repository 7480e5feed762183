#include "assess/assessment.hpp"

#include "assess/assess.hpp"
#include "model/json_codec.hpp"

namespace threatlas::assess {

std::string to_json_text(const Assessment& assessment) { return core::write_json(model::to_json(assessment), 1); }

core::Result<Assessment> from_json_text(std::string_view text, const std::string& where) {
    THREATLAS_TRY(const core::json::value value, core::parse_json(text, where));
    Assessment out;
    auto read = model::from_json(value, out, "assessment");
    if (!read) {
        core::Error error = std::move(read).error();
        error.where.source = where;
        return tl::unexpected<core::Error>(std::move(error));
    }
    return out;
}

const Figure* Assessment::figure(const std::string& id_or_prefix) const {
    if (id_or_prefix.empty()) return nullptr;
    const Figure* found = nullptr;
    for (const Figure& each : figures) {
        if (each.id == id_or_prefix) return &each;
        if (!each.id.starts_with(id_or_prefix)) continue;
        if (found != nullptr && found->id != each.id) return nullptr;   // the prefix names two
        found = &each;
    }
    return found;
}

}  // namespace threatlas::assess
