#include <gmock/gmock.h>

#include <cmath>

#include "core/text.hpp"
#include "ingest/sources/kept_test.hpp"
#include "ingest/table.hpp"

namespace threatlas::ingest::sources::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

Kept fixture_rows() { return read_file("euda_wastewater", fixture("euda_wastewater/fixtures/wastewater.csv")); }

TEST(EudaWastewater, ADecimalThatBecameADateIsReadAsPrinted) {
    const Kept kept = fixture_rows();
    EXPECT_EQ(kept.at(3).value, 9.01);
    EXPECT_EQ(kept.at(4).value, 1.02);
    EXPECT_EQ(kept.at(8).value, 6.01);
    EXPECT_THAT(kept.why(12), StartsWith("refused Daily mean: '06.01.2020'"));  // a whole date has no such reading
}

// The mean of the seven days tells '06.01' from 6.1: in the shipped file each is nearer to the reading as printed.
TEST(EudaWastewater, TheDaysOfTheWeekBearTheReadingOut) {
    std::map<std::uint64_t, double> read;
    for (const auto& o : read_file("euda_wastewater", example("euda_wastewater_2020_2024.csv")).observations) read[o.row] = o.value;
    const auto table = ingest::testing::must(open_table(example("euda_wastewater_2020_2024.csv")));
    std::vector<std::string_view> cells;
    int dates = 0;
    while (ingest::testing::must(table->next(cells))) {
        const std::string_view mean = cells[13];
        if (mean.size() != 5 || mean[0] != '0' || mean[2] != '.' || mean[3] != '0' || !read.contains(table->row())) continue;
        double sum = 0, days = 0;
        for (std::size_t day = 4; day < 11; ++day)
            if (const auto load = core::parse_number(cells[day])) sum += *load, ++days;
        if (days == 0) continue;
        const double other = (mean[1] - '0') + (mean[4] - '0') / 10.0;
        EXPECT_LT(std::abs(sum / days - read[table->row()]), std::abs(sum / days - other)) << "row " << table->row();
        ++dates;
    }
    EXPECT_GE(dates, 40);
}

TEST(EudaWastewater, CityIsADimensionAndZeroIsALoad) {
    const Kept kept = fixture_rows();
    EXPECT_EQ(kept.at(5).what, "wastewater.methamphetamine");
    EXPECT_EQ(kept.at(5).unit, "mg_per_1000_per_day");
    EXPECT_EQ(kept.at(5).place, "RS");
    EXPECT_EQ(kept.at(5).dims.at("city"), "Novi Sad");
    EXPECT_EQ(kept.at(5).value, 0);
    EXPECT_EQ(kept.at(5).state, model::State::measured);
    EXPECT_EQ(kept.at(6).what, "wastewater.mdma");
    EXPECT_EQ(core::iso(kept.at(6).known_at), "2021-04-01");
    EXPECT_EQ(kept.at(11).state, model::State::absent);
}

TEST(EudaWastewater, SaysOfEachOtherRowWhy) {
    const Kept kept = fixture_rows();
    EXPECT_EQ(kept.why(7), "refused Country: unknown country 'H'");  // Debrecen is Hungarian, but the code is none
    EXPECT_EQ(kept.why(9), "duplicate : says the same as row 8");
    EXPECT_THAT(kept.why(10), StartsWith("refused : contradicts row 8"));
    EXPECT_THAT(kept.why(13), StartsWith("refused Daily mean:"));
    EXPECT_EQ(kept.why(14), "refused Metabolite: unknown code 'wastewater.gold'");
    EXPECT_EQ(kept.why(15), "refused City: no city is named");
    EXPECT_THAT(kept.why(16), StartsWith("refused Year:"));
    EXPECT_EQ(kept.why(17), "refused Country: unknown country 'QQ'");
    EXPECT_THAT(kept.why(18), HasSubstr("another number of cells"));
}

}  // namespace
}  // namespace threatlas::ingest::sources::testing
