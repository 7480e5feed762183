#include "ingest/questionnaire.hpp"

#include <array>

#include "core/text.hpp"
#include "ingest/table.hpp"

namespace threatlas::ingest {
namespace {

using core::Result;

class Questionnaire final : public Importer {
  public:
    std::string source() const override { return "questionnaire"; }
    core::Day published() const override { return {}; }

    Result<void> read(const std::string& path, const model::Catalogue&, Sink& sink) const override {
        THREATLAS_TRY(const auto table, open_table(path));
        enum { id, threat, lens, criterion, kind, value, statement, scope, organisation, dated, q10, q50, q90, evaluation, handling };
        THREATLAS_TRY(const auto at, table->columns({"id", "threat", "lens", "criterion", "kind", "value", "statement", "scope", "organisation", "dated", "q10", "q50", "q90", "evaluation", "handling"}));
        std::vector<std::string_view> cells;
        std::uint64_t rows = 0;
        for (;;) {
            THREATLAS_TRY(const bool more, table->next(cells));
            if (!more) break;
            const auto cell = [&](std::size_t which) { return std::string(core::trim(cells[at[which]])); };
            const auto refuse = [&](std::string_view column, std::string reason) { return sink.set_aside("refused", table->row(), column, std::move(reason), table->original()); };
            if (table->ragged()) {
                ++rows;
                THREATLAS_CHECK(refuse("", "the row has more or fewer cells than the heading row"));
                continue;
            }
            if (cell(value).empty() && cell(statement).empty() && cell(q10).empty() && cell(q50).empty() && cell(q90).empty()) continue;  // a question left open is no row
            ++rows;
            model::Claim claim;
            claim.id = cell(id);
            claim.threat = cell(threat);
            claim.lens = cell(lens);
            claim.criterion = cell(criterion);
            const std::string word = cell(kind) == "mo" ? "modus_operandi" : cell(kind);
            if (!model::from_name(word, claim.kind)) {
                THREATLAS_CHECK(refuse("kind", "a kind is grade, trend, role, mo, note or quantiles, not '" + word + "'"));
                continue;
            }
            claim.value = cell(value);
            claim.text = cell(statement);
            claim.scope = cell(scope);
            claim.organisation = cell(organisation);
            if (!cell(evaluation).empty()) claim.evaluation = cell(evaluation);
            claim.handling = cell(handling);  // blank: as the source's
            const auto day = core::parse_day(cell(dated));
            if (!day) {
                THREATLAS_CHECK(refuse("dated", day.error().message));
                continue;
            }
            claim.dated = claim.known_at = *day;
            claim.row = table->row();
            bool whole = true;
            const std::array<std::pair<std::size_t, double*>, 3> quantiles{{{q10, &claim.q10}, {q50, &claim.q50}, {q90, &claim.q90}}};
            for (const auto& [which, to] : quantiles) {
                const std::string text = cell(which);
                if (text.empty() && claim.kind != model::ClaimKind::quantiles) continue;
                const auto number = core::parse_number(text);
                if (number) {
                    *to = *number;
                    continue;
                }
                THREATLAS_CHECK(refuse(table->headings()[at[which]], "'" + text + "' is not a number with a decimal point"));
                whole = false;
                break;
            }
            if (whole) THREATLAS_CHECK(sink.accept(std::move(claim), *table));
        }
        sink.rows_read(rows, table->bytes_read());
        return {};
    }
};

}  // namespace

std::unique_ptr<Importer> make_questionnaire_importer() { return std::make_unique<Questionnaire>(); }

}  // namespace threatlas::ingest
