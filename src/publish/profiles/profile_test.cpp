#include "publish/profiles/profile.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "core/json.hpp"
#include "core/text.hpp"
#include "model/json_codec.hpp"

namespace threatlas::publish {
namespace {

using core::ErrorCode;

const model::Catalogue& shipped() {
    static const model::Catalogue loaded = [] {
        auto out = model::load_catalogue(THREATLAS_SOURCE_DIR "/catalogue/see");
        EXPECT_TRUE(out) << core::describe(out.error());
        return *out;
    }();
    return loaded;
}

assess::Figure measured(const std::string& id, const std::string& indicator, const std::string& place, double value) {
    const auto* known = shipped().indicator(indicator);
    assess::Figure f;
    f.id = id, f.basis = "measured", f.indicator = indicator, f.title = known->title, f.threat = known->threat, f.lens = known->lens, f.criterion = known->criterion, f.measure = known->measure, f.place = place, f.unit = known->unit;
    f.value = {value, 1, value - 1, value, value, value, value + 1}, f.score = {50, 1, 48, 49, 50, 51, 52}, f.handling = "TLP:AMBER H1", f.sources = known->sources, f.from = f.to = "2023";
    return f;
}

// One area, one threat: trafficking for sexual exploitation has victims in the catalogue's indicators.
const model::Indicator& victims_indicator() {
    for (const auto& each : shipped().indicators)
        for (const auto& what : each.whats)
            if (const auto* known = shipped().what(what); known != nullptr && known->nature == "victim" && each.scope == "country" && each.measure != "trend") return each;
    throw std::runtime_error("no indicator of victims");
}

assess::Assessment small(double first_count = 3) {
    const auto& indicator = victims_indicator();
    assess::Assessment a;
    a.id = "see-1", a.manifest.created_for = "Test", a.manifest.as_of = core::Day{19700};
    assess::ThreatResult t;
    t.threat = indicator.threat, t.area = shipped().threat(indicator.threat)->area, t.title = shipped().threat(indicator.threat)->title, t.rank = 1, t.rank_low = 1, t.rank_high = 3, t.trend.word = "not assessed";
    for (const auto& lens : shipped().lenses) t.lenses.push_back({lens.id, lens.id == indicator.lens, {}, lens.question});
    a.ranking = {t};
    double count = first_count;
    for (const char* place : {"AL", "RS", "BG"}) {
        auto f = measured(std::string("F-") + place, indicator.id, place, count);
        assess::EvidenceRow old, row;
        row.what = indicator.whats.front(), row.place = place, row.unit = "count", row.state = "measured", row.period = "2023", row.value = row.upper = count, row.file = "victims.csv", row.row = 2;
        old = row, old.period = "2022", old.value = 99;
        f.rows = {old, row};
        a.figures.push_back(f), count += 10;
    }
    assess::Figure judged;
    judged.id = "F-judged", judged.basis = "judged", judged.threat = t.threat, judged.criterion = "actor_capability", judged.title = "Groups", judged.handling = "TLP:AMBER+STRICT";
    assess::EvidenceRow said;
    said.text = "Family groups of four to six work from two towns", said.member = "rs_mup";
    judged.rows = {said};
    a.figures.push_back(judged);
    a.gaps.push_back({t.threat, "scale", "", "state_of_affairs", 0.2, "How many cases ended in court?"});
    return a;
}

AreaProfile compiled(const assess::Assessment& a, int version = 1) {
    auto made = compile_profile(a, shipped(), a.ranking.front().area, {});
    EXPECT_TRUE(made) << core::describe(made.error());
    AreaProfile p = *made;
    p.organisation = "rs_mup", p.version = version, p.handling = "TLP:AMBER+STRICT H1", p.originators = {"rs_mup"}, p.made = "2026-11-29T10:00:00Z";
    p.id = p.organisation + "." + p.area + "." + std::to_string(version);
    return p;
}

const ProfileStatement* said(const AreaProfile& p, const std::string& key) {
    for (const auto& section : p.sections)
        for (const auto& each : section.statements)
            if (each.key.starts_with(key)) return &each;
    return nullptr;
}

TEST(Profile, SaysWhatIsThereAndWhatIsNot) {
    const auto p = compiled(small());
    const auto* counts = said(p, "victims/counts/");
    ASSERT_NE(counts, nullptr);
    EXPECT_NE(counts->text.find("Albania 3 (2023)"), std::string::npos) << counts->text;   // a small count is a count, of the last period
    EXPECT_EQ(counts->nature, "fact"); EXPECT_EQ(counts->figures.size(), 3U); EXPECT_EQ(counts->handling, "TLP:AMBER H1");
    const auto* silent = said(p, "victims/silent/");
    ASSERT_NE(silent, nullptr);
    EXPECT_EQ(silent->nature, "gap");
    EXPECT_NE(silent->text.find("not known, which is not none"), std::string::npos);
    const auto* groups = said(p, "groups/judged/");
    ASSERT_NE(groups, nullptr);
    EXPECT_EQ(groups->text, "Family groups of four to six work from two towns.");
    EXPECT_EQ(groups->by, std::vector<std::string>{"rs_mup"}); EXPECT_EQ(groups->nature, "assessment"); EXPECT_EQ(groups->handling, "TLP:AMBER+STRICT");
    for (const char* empty : {"routes/none", "forecasts/none", "arising/none"}) {
        ASSERT_NE(said(p, empty), nullptr) << empty;
        EXPECT_EQ(said(p, empty)->nature, "gap");
    }
    ASSERT_NE(said(p, "gaps/gap/"), nullptr);
    for (const auto& section : p.sections)
        for (const auto& each : section.statements)
            for (const auto& id : each.figures) EXPECT_TRUE(std::any_of(p.figures.begin(), p.figures.end(), [&](const auto& f) { return f.id == id; })) << id << " opens within the profile";
    EXPECT_EQ(compile_profile(small(), shipped(), "weather", {}).error().code, ErrorCode::bad_input);
    EXPECT_EQ(compile_profile(small(), shipped(), "cyber", {}).error().code, ErrorCode::not_enough_data);
}

TEST(Profile, ThePublicEditionPassesDisclosureControl) {
    const auto out = disclose(small(), shipped(), Edition::public_edition);
    const auto p = compiled(out.assessment);
    const std::string text = profile_text(p);
    EXPECT_EQ(text.find("Albania 3"), std::string::npos);
    EXPECT_EQ(text.find("Family groups"), std::string::npos);
    EXPECT_EQ(said(p, "victims/counts/"), nullptr);
    ASSERT_NE(said(p, "victims/none"), nullptr);
    EXPECT_FALSE(out.withheld.empty());
}

TEST(Profile, ReadsBackAndRefusesWhatIsNone) {
    const auto p = compiled(small());
    const auto json = model::to_json(p);
    const auto back = read_profile(core::parse_json(core::write_json(json), "x").value(), "x");
    ASSERT_TRUE(back) << core::describe(back.error());
    EXPECT_EQ(core::write_json(model::to_json(*back)), core::write_json(json));
    const auto spoilt = [&](auto change) {
        AreaProfile other = p;
        change(other);
        return read_profile(model::to_json(other), "x");
    };
    EXPECT_FALSE(spoilt([](auto& x) { x.version = 0; }));
    EXPECT_FALSE(spoilt([](auto& x) { x.id = "bg_mvr.x.1"; }));
    EXPECT_FALSE(spoilt([](auto& x) { x.edition = "secret"; }));
    EXPECT_FALSE(spoilt([](auto& x) { x.figures[0].id = "\"><script>"; }));
    EXPECT_FALSE(spoilt([](auto& x) { x.sections[0].statements.resize(3000); }));
    EXPECT_FALSE(spoilt([](auto& x) { x.figures[0].value.q50 = 1.0 / 0.0; }));
    EXPECT_FALSE(read_profile(core::parse_json("[]", "x").value(), "x"));
}

TEST(Profile, ComparedInWordsAndFigures) {
    const auto one = compiled(small()), same = compiled(small(), 2), other = compiled(small(4), 3);
    EXPECT_EQ(compare_profiles(one, same).summary, "Nothing it says has changed.");
    const auto diff = compare_profiles(one, other);
    const auto changed = std::find_if(diff.changes.begin(), diff.changes.end(), [](const auto& c) { return c.key.starts_with("victims/counts/"); });
    ASSERT_NE(changed, diff.changes.end());
    EXPECT_NE(changed->before.find("Albania 3"), std::string::npos);
    EXPECT_NE(changed->after.find("Albania 4"), std::string::npos);
    EXPECT_TRUE(std::any_of(diff.changes.begin(), diff.changes.end(), [](const auto& c) { return c.section == "figures" && c.kind == "changed"; }));
    auto less = other;
    less.sections[0].statements.clear();
    const auto gone = compare_profiles(other, less);
    EXPECT_TRUE(std::any_of(gone.changes.begin(), gone.changes.end(), [](const auto& c) { return c.kind == "gone"; }));
}

// Every text of it is a stranger's, once it has come over a feed.
void poison(core::json::value& value, const std::string& text, const std::string& key = {}) {
    static const std::vector<std::string> kKept{"id", "organisation", "area", "edition", "nature", "figures", "as_of", "indicator", "place", "threat", "lens", "period"};
    if (value.is_object()) {
        for (auto& [name, each] : value.as_object()) poison(each, text, std::string(name));
    } else if (value.is_array()) {
        for (auto& each : value.as_array()) poison(each, text, key);
    } else if (value.is_string() && std::find(kKept.begin(), kKept.end(), key) == kKept.end()) {
        value = core::json::string(text);
    }
}

TEST(Profile, HostileTextStaysText) {
    auto a = small();
    assess::Outlook o;
    o.threat = a.ranking[0].threat, o.title = "Detections", o.kind = "years", o.unit = "count", o.p_rise = 0.7, o.last = 3, o.next = 4, o.next_low = 2, o.next_high = 6;
    for (int year = 2018; year < 2024; ++year) o.history.push_back({std::to_string(year), 3, 3, 3});
    assess::FanPoint point;
    point.period = "2024", point.mean = 4;
    for (int i = 0; i < 23; ++i) point.quantiles.push_back(i);
    o.fan = {point};
    a.outlooks = {o};
    auto json = model::to_json(compiled(a));
    poison(json, "</script><script>alert(1)</script><img src=x onerror=\"y\">");
    const auto p = read_profile(json, "x");
    ASSERT_TRUE(p) << core::describe(p.error());
    const std::string html = html_profile(*p, shipped(), {}, "draft<img src=x>");
    EXPECT_EQ(html.find("<script>alert"), std::string::npos);
    EXPECT_EQ(html.find("<img"), std::string::npos);
    for (const char* mark : {"src=\"http", "href=\"http", "@import", "url(http", "<link"}) EXPECT_EQ(html.find(mark), std::string::npos) << mark;
}

// The fuzz corpus, replayed.
TEST(Profile, Corpus) {
    std::map<std::string, bool> said;
    for (const auto& file : std::filesystem::directory_iterator(THREATLAS_SOURCE_DIR "/fuzz/corpus/profile")) {
        const auto p = read_profile(core::parse_json(core::read_file(file.path().string()).value(), "corpus").value(), "corpus");
        said[file.path().filename().string()] = p.has_value();
        EXPECT_TRUE(!p || !html_profile(*p, shipped(), {}, "draft").empty());
    }
    EXPECT_EQ(said, (std::map<std::string, bool>{{"empty", true}, {"small", true}, {"version_none", false}}));
}

}  // namespace
}  // namespace threatlas::publish
