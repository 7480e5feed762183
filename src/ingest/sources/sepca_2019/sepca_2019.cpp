#include "ingest/sources/sepca_2019/sepca_2019.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "ingest/sources/rows.hpp"

namespace threatlas::ingest::sources {
namespace {

class Statements final : public Importer {
  public:
    std::string source() const override { return "sepca_2019"; }
    core::Day published() const override { return edition_day(2019, 12, 12); }

    core::Result<void> read(const std::string& path, const model::Catalogue&, Sink& sink) const override {
        return for_each_row(path, {"id", "threat", "lens", "criterion", "kind", "value", "statement", "scope"}, sink, [&](const auto& cells, const RowSource& table) -> core::Result<void> {
            const auto refuse = [&](const char* column, std::string reason) { return sink.set_aside("refused", table.row(), column, std::move(reason), table.original()); };
            model::Claim claim;
            const std::string_view kind = cells[4] == "mo" ? "modus_operandi" : cells[4];
            if (!model::from_name(kind, claim.kind)) return refuse("kind", "unknown kind '" + std::string(cells[4]) + "'");
            claim.id = cells[0];
            claim.threat = cells[1];
            claim.lens = cells[2];
            claim.criterion = cells[3];
            claim.value = cells[5];
            claim.text = cells[6];
            claim.scope = cells[7];
            claim.organisation = "sepca_2019";
            claim.dated = claim.known_at = published();
            claim.evaluation = "admiralty:B6";
            claim.row = table.row();
            return sink.accept(std::move(claim), table);
        });
    }
};

}  // namespace

std::unique_ptr<Importer> make_sepca_2019() { return std::make_unique<Statements>(); }

}  // namespace threatlas::ingest::sources
