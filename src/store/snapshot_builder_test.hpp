// For tests: a snapshot made in memory.
#pragma once

#include <map>
#include <string>

#include "store/snapshot.hpp"

namespace threatlas::store {

class SnapshotBuilder {
  public:
    SnapshotBuilder() { code(""); }

    SnapshotBuilder& add(const model::Observation& o) {
        auto& c = snapshot_.columns;
        c.what.push_back(code(o.what)), c.member.push_back(code(o.member)), c.place.push_back(code(o.place)), c.unit.push_back(code(o.unit));
        c.dims.push_back(code(store::pack_dims(o.dims))), c.flags.push_back(code(o.flags)), c.evaluation.push_back(code(o.evaluation));
        c.handling.push_back(code(o.handling)), c.source.push_back(code(o.source)), c.submission.push_back(code(o.submission)), c.file.push_back(code(o.file));
        c.begin.push_back(o.period.begin.number), c.end.push_back(o.period.end.number), c.known_at.push_back(o.known_at.number);
        c.value.push_back(o.value), c.upper.push_back(o.state == model::State::censored ? o.upper : o.value);
        c.state.push_back(static_cast<std::uint8_t>(o.state)), c.nature.push_back(static_cast<std::uint8_t>(o.nature));
        c.statement.push_back(static_cast<std::uint8_t>(o.statement)), c.row.push_back(++rows_);
        return *this;
    }
    SnapshotBuilder& year(const std::string& what, const std::string& place, int year, double value, const std::map<std::string, std::string>& dims = {}) {
        return add(yearly(what, place, year, value, dims));
    }
    static model::Observation yearly(const std::string& what, const std::string& place, int year, double value, const std::map<std::string, std::string>& dims = {}) {
        model::Observation o;
        o.what = what, o.place = place, o.period = core::year_interval(year), o.value = value, o.unit = "count", o.dims = dims;
        o.nature = model::Nature::reported_crime, o.source = "published", o.file = "file.csv", o.submission = "s1";
        return o;
    }
    SnapshotBuilder& claim(const model::Claim& claim) { return snapshot_.claims.push_back(claim), *this; }
    store::Snapshot done() const { return snapshot_; }

  private:
    std::uint32_t code(const std::string& text) {
        const auto [found, fresh] = codes_.try_emplace(text, static_cast<std::uint32_t>(snapshot_.dictionary.size()));
        if (fresh) snapshot_.dictionary.push_back(text);
        return found->second;
    }
    store::Snapshot snapshot_;
    std::map<std::string, std::uint32_t> codes_;
    std::uint64_t rows_ = 1;
};

}  // namespace threatlas::store
