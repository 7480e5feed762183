#include "serve/observation_index.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <limits>
#include <set>

#include "core/json.hpp"
#include "model/json_codec.hpp"
#include "store/snapshot_builder_test.hpp"

namespace threatlas::serve {
namespace {

using model::Observation;

Observation made(int what, int place, int year, int submission, int state) {
    Observation o = store::SnapshotBuilder::yearly("w" + std::to_string(what), std::string(1, static_cast<char>('A' + place)), 2000 + year, what * 10.0 + place);
    o.submission = "s" + std::to_string(submission), o.state = static_cast<model::State>(state), o.member = place % 2 == 0 ? "m" : "";
    return o;
}

std::vector<Observation> some() {
    std::vector<Observation> out;
    const int count = *rc::gen::inRange(0, 80);
    for (int i = 0; i < count; ++i)
        out.push_back(made(*rc::gen::inRange(0, 4), *rc::gen::inRange(0, 4), *rc::gen::inRange(0, 5), *rc::gen::inRange(0, 3), *rc::gen::inRange(0, 4)));
    return out;
}

store::Snapshot snapshot_of(const std::vector<Observation>& rows) {
    store::SnapshotBuilder builder;
    for (const auto& each : rows) builder.add(each);
    return builder.done();
}

std::string text(const Observation& o) { return core::write_json(model::to_json(o)); }

TEST(ObservationIndex, FindsWhatAPlainLookFinds) {
    EXPECT_TRUE(rc::check("the same rows, in the order of periods", [] {
        const auto rows = some();
        const ObservationIndex index(snapshot_of(rows));
        ObservationQuery query;
        const auto pick = [&](const std::string& field, const std::vector<std::string>& values) {
            if (*rc::gen::inRange(0, 3) != 0) return;
            std::vector<std::string> wanted{*rc::gen::elementOf(values)};
            if (*rc::gen::arbitrary<bool>()) wanted.push_back(*rc::gen::elementOf(values));
            query.filters.emplace_back(field, wanted);
        };
        pick("what", {"w0", "w1", "w2", "none"});
        pick("place", {"A", "B", "C"});
        pick("member", {"m", ""});
        pick("submission", {"s0", "s1"});
        pick("state", {"measured", "withheld"});
        pick("nature", {"reported_crime", "loss"});
        if (*rc::gen::arbitrary<bool>()) query.from = core::year_interval(2001).begin;
        if (*rc::gen::arbitrary<bool>()) query.to = core::year_interval(2003).begin;
        const auto found = index.find(query);
        std::multiset<std::string> expected, got;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const Observation o = snapshot_of(rows).at(i);
            const auto value = [&](const std::string& field) { return field == "what" ? o.what : field == "place" ? o.place : field == "member" ? o.member : field == "submission" ? o.submission : field == "state" ? std::string(model::name_of(o.state)) : std::string(model::name_of(o.nature)); };
            const bool fits = std::all_of(query.filters.begin(), query.filters.end(), [&](const auto& f) { return std::find(f.second.begin(), f.second.end(), value(f.first)) != f.second.end(); });
            if (fits && (!query.from || o.period.begin >= *query.from) && (!query.to || o.period.begin <= *query.to)) expected.insert(text(o));
        }
        for (std::size_t i = 0; i < found.size(); ++i) {
            got.insert(text(index.at(found.at(i))));
            if (i > 0) RC_ASSERT(index.at(found.at(i - 1)).period.begin <= index.at(found.at(i)).period.begin);
        }
        RC_ASSERT(got == expected);
    }));
}

TEST(ObservationIndex, APlaceHoldsInAnotherSnapshot) {
    EXPECT_TRUE(rc::check("what comes after a place is the same, whatever came or went meanwhile", [] {
        auto rows = some();
        RC_PRE(!rows.empty());
        const ObservationIndex before(snapshot_of(rows));
        const auto at = *rc::gen::inRange<std::uint32_t>(0, static_cast<std::uint32_t>(before.size()));
        const auto place = before.place_of(at);
        RC_ASSERT(before.before(place) == at);
        RC_ASSERT(before.after(place) == at + 1);
        // Rows are appended to the builder's file, so the old ones keep their row numbers.
        for (const auto& each : some()) rows.push_back(each);
        const ObservationIndex after(snapshot_of(rows));
        std::vector<std::string> old, now;
        for (std::uint32_t i = at + 1; i < before.size(); ++i) old.push_back(text(before.at(i)));
        for (std::uint32_t i = after.after(place); i < after.size(); ++i) now.push_back(text(after.at(i)));
        std::multiset<std::string> rest(now.begin(), now.end());
        for (const auto& each : old) RC_ASSERT(rest.contains(each));
        for (std::uint32_t i = 0; i <= at; ++i) RC_ASSERT(!rest.contains(text(before.at(i))));
    }));
}

TEST(ObservationIndex, WritesAsTheRecordDoes) {
    Observation odd = made(1, 1, 1, 1, 1);
    odd.dims = {{"a\"b", "c\\d\n"}, {"k", "ž;=%"}};
    odd.file = "a\"b\x7f\t.csv", odd.flags = "€", odd.value = 0.1, odd.upper = 1e22, odd.period = {core::Day{3}, core::Day{17}};
    Observation odder = made(2, 0, 2, 0, 3);
    odder.value = std::numeric_limits<double>::quiet_NaN(), odder.statement = model::Statement::assessment;
    const ObservationIndex index(snapshot_of({odd, odder, made(0, 0, 0, 0, 0)}));
    for (std::uint32_t i = 0; i < index.size(); ++i) {
        std::string written;
        index.write(i, written);
        EXPECT_EQ(written, text(index.at(i)));
    }
}

}  // namespace
}  // namespace threatlas::serve
