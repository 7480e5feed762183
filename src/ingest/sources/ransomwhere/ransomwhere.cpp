#include "ingest/sources/ransomwhere/ransomwhere.hpp"

#include "core/text.hpp"
#include "ingest/sources/rows.hpp"

namespace threatlas::ingest::sources {
namespace {

class Ransomwhere final : public Importer {
  public:
    std::string source() const override { return "ransomwhere"; }
    core::Day published() const override { return edition_day(2021, 9, 30); }

    core::Result<void> read(const std::string& path, const model::Catalogue&, Sink& sink) const override {
        std::map<std::string, std::uint64_t> seen;
        return for_each_row(path, {"family", "address", "tx_hash", "time_utc", "amount_satoshi", "amount_usd"}, sink, [&](const auto& cells, const RowSource& table) -> core::Result<void> {
            const auto refuse = [&](const char* column, std::string reason) { return sink.set_aside("refused", table.row(), column, std::move(reason), table.original()); };
            const auto day = leading_day(cells[3]);
            if (!day) return refuse("time_utc", day.error().message);
            const auto usd = core::parse_number(cells[5]);
            if (!usd || *usd <= 0) return refuse("amount_usd", "'" + std::string(cells[5]) + "' is not an amount above zero");
            const std::string family = slug(cells[0]);
            if (family.empty()) return refuse("family", "no family is named");
            // Address and transaction make the key and are not kept: the family is enough.
            const auto [first, fresh] = seen.emplace(std::string(cells[1]) + "|" + std::string(cells[2]) + "|" + std::string(cells[4]), table.row());
            if (!fresh) return sink.set_aside("duplicate", table.row(), "", "the payment of row " + std::to_string(first->second) + " again", table.original());
            model::Observation o;
            o.what = "ransom.payment";
            o.period = {*day, {day->number + 1}};
            o.value = o.upper = *usd;
            o.unit = "USD";
            o.nature = model::Nature::loss;
            o.dims["family"] = family;
            o.known_at = known_at(o.period.end, 30, published());
            o.row = table.row();
            return sink.accept(std::move(o), table);
        });
    }
};

}  // namespace

std::unique_ptr<Importer> make_ransomwhere() { return std::make_unique<Ransomwhere>(); }

}  // namespace threatlas::ingest::sources
