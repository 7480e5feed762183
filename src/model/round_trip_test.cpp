// Every described record goes through JSON and through YAML and comes back the same: the field list
// is the only place that says what a record holds, so what one codec drops, all readers lose.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "model/claim.hpp"
#include "model/observation.hpp"
#include "model/schema.hpp"
#include "model/yaml_codec.hpp"

namespace threatlas::model {
namespace {

// Any value of any member: text with quotes, breaks, colons, accents, Cyrillic; numbers of any size.
template <class T>
T any() {
    if constexpr (std::is_same_v<T, std::string>) {
        static const std::vector<std::string> kPieces{"a", "Z", "0", " ", "'", "\"", "\\", "\n", "\t", ":", ": ", "#", " #", "- ", "|", "{", "]", ",", "&", "*", "!", "%", "~", "null", "true", "1.5", "ž", "Ђ", "€", "\U0001F600", "=", "/", "\u00a0", "\x01"};
        std::string out;
        for (const auto& piece : *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(kPieces))) out += piece;
        return out;
    } else if constexpr (std::is_same_v<T, core::Day>) return core::Day{*rc::gen::inRange(-700000, 2900000)};
    else if constexpr (std::is_same_v<T, core::Interval>) {
        const core::Day begin = any<core::Day>();
        return {begin, core::Day{begin.number + *rc::gen::inRange(1, 1000)}};
    } else if constexpr (Named<T>) return EnumNames<T>::names[*rc::gen::inRange<std::size_t>(0, EnumNames<T>::names.size())].first;
    else if constexpr (std::is_floating_point_v<T>) {
        const T x = *rc::gen::arbitrary<T>();
        return std::isfinite(x) ? x : T{};
    } else if constexpr (std::is_integral_v<T>) return *rc::gen::arbitrary<T>();
    else if constexpr (detail::is_vector<T>) {
        T out;
        for (int n = *rc::gen::inRange(0, 4); n > 0; --n) out.push_back(any<typename T::value_type>());
        return out;
    } else if constexpr (detail::is_map<T>) {
        T out;
        for (int n = *rc::gen::inRange(0, 4); n > 0; --n) out[any<std::string>()] = any<typename T::mapped_type>();
        return out;
    } else {
        T out;
        for_each_field<T>([&](const auto& f) { out.*f.member = any<std::remove_cvref_t<decltype(out.*f.member)>>(); });
        return out;
    }
}

template <class T>
void check_json() {
    const T value = any<T>();
    const std::string text = core::write_json(to_json(value));
    const auto parsed = core::parse_json(text, "t");
    RC_ASSERT(parsed.has_value());
    T back;
    const auto read = from_json(*parsed, back, "record");
    if (!read) RC_FAIL(core::describe(read.error()));
    RC_ASSERT(core::write_json(to_json(back)) == text);
}

// JSON is YAML (1.2), so what the JSON writer wrote must read the same through the YAML reader.
template <class T>
void check_yaml() {
    const T value = any<T>();
    const std::string text = core::write_json(to_json(value), 1);
    std::vector<CatalogueProblem> found;
    YamlProblems problems("t.yaml", found);
    T back;
    from_yaml(YAML::Load(text), back, "record", problems);
    if (!found.empty()) RC_FAIL(found.front().message + "\n" + text);
    RC_ASSERT(core::write_json(to_json(back), 1) == text);
}

RC_GTEST_PROP(RoundTrip, Observation, ()) { check_json<Observation>(); }
RC_GTEST_PROP(RoundTrip, Claim, ()) { check_json<Claim>(); }

template <class T>
class CatalogueRecord : public ::testing::Test {};
using Records = ::testing::Types<Region, Country, Member, Area, Threat, Lens, Criterion, Code, What, Unit, Drug, Route, Indicator, Source, YardstickWord, Grade, Handling, Profile, Recommendation>;
TYPED_TEST_SUITE(CatalogueRecord, Records);

TYPED_TEST(CatalogueRecord, JsonComesBack) { EXPECT_TRUE(rc::check([] { check_json<TypeParam>(); })); }
TYPED_TEST(CatalogueRecord, YamlComesBack) { EXPECT_TRUE(rc::check([] { check_yaml<TypeParam>(); })); }

// Each field of the list is told apart from every other, in the codec and in the schema.
TYPED_TEST(CatalogueRecord, EveryFieldHasItsOwnNameAndAMeaning) {
    std::set<std::string_view> names;
    std::size_t count = 0;
    for_each_field<TypeParam>([&](const auto& f) {
        ++count;
        names.insert(f.name);
        EXPECT_FALSE(f.meaning.empty()) << f.name;
    });
    EXPECT_EQ(names.size(), count);
    const auto schema = json_schema<TypeParam, Form::yaml>();
    EXPECT_EQ(schema.at("properties").as_object().size(), count);
}

// A member left out of the list would be lost without a word: its bytes would make the record larger
// than the members named. Padding alone is allowed for.
TYPED_TEST(CatalogueRecord, NoMemberIsLeftOutOfTheList) {
    std::size_t named = 0;
    for_each_field<TypeParam>([&](const auto& f) { named += sizeof(std::declval<TypeParam&>().*f.member); });
    EXPECT_LT(sizeof(TypeParam) - named, 2 * sizeof(double)) << "a member has no field(...)";
}

TEST(RoundTripControl, ADroppedFieldIsSeen) {
    Claim a, b;
    a.text = "x", b.text = "y";
    EXPECT_NE(core::write_json(to_json(a)), core::write_json(to_json(b)));
    Observation largest;
    largest.row = std::numeric_limits<std::uint64_t>::max();
    EXPECT_NE(core::write_json(to_json(largest)).find("\"row\":18446744073709551615"), std::string::npos);
}

TEST(Schema, CataloguesLeaveOutWhatIsNotKnownAssessmentsWriteNull) {
    EXPECT_EQ((json_schema<double, Form::yaml>().at("type")), "number");
    EXPECT_TRUE(json_schema<double>().at("type").is_array());
    EXPECT_EQ((json_schema<std::vector<Area>, Form::yaml>().at("items").as_object().at("required").as_array().at(0)), "id");
    const auto drug = json_schema<Drug, Form::yaml>();
    EXPECT_EQ(drug.at("required").as_array().size(), 3U) << "aliases are not";
    EXPECT_EQ(drug.at("properties").at("id").at("pattern"), "[^\\s]") << "nor is a blank an id";
    EXPECT_FALSE(json_schema<Drug>().contains("required"));
    EXPECT_NE(field_table<Drug>().find("`id` *"), std::string::npos);
    EXPECT_NE(field_table<Claim>().find("joined by \\| |"), std::string::npos) << "a bar ends the cell";
}

}  // namespace
}  // namespace threatlas::model
