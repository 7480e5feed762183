// Every trap of the published sources, on small tables written here.
#include <gtest/gtest.h>

#include <fstream>

#include "core/text.hpp"
#include "ingest/ingest.hpp"
#include "ingest/sources/rows.hpp"

namespace threatlas::ingest {
namespace {

const model::Catalogue& catalogue() {
    static const model::Catalogue loaded = [] {
        auto read = model::load_catalogue(THREATLAS_SOURCE_DIR "/catalogue/see");
        if (!read) throw std::runtime_error(core::describe(read.error()));
        return *read;
    }();
    return loaded;
}

class Kept final : public Sink {
  public:
    core::Result<void> accept(model::Observation o) override { observations.push_back(std::move(o)); return {}; }
    core::Result<void> accept(model::Claim c) override { claims.push_back(std::move(c)); return {}; }
    core::Result<void> set_aside(std::string_view verdict, std::uint64_t row, std::string_view, std::string reason, std::string_view) override {
        aside.push_back(std::string(verdict) + " " + std::to_string(row) + ": " + reason);
        return {};
    }
    void rows_read(std::uint64_t, std::uint64_t) override {}
    std::vector<model::Observation> observations;
    std::vector<model::Claim> claims;
    std::vector<std::string> aside;
};

const Importer& importer(const std::string& source) {
    static const auto all = make_importers();
    for (const auto& each : all)
        if (each->source() == source) return *each;
    throw std::runtime_error("no importer " + source);
}

core::Result<void> try_read(const std::string& source, const std::string& text, Kept& kept) {
    const std::string path = testing::TempDir() + "importer_" + source + (source == "eurostat_crime" ? ".tsv" : ".csv");
    std::ofstream(path, std::ios::binary) << text;
    return importer(source).read(path, catalogue(), kept);
}

Kept read(const std::string& source, const std::string& text) {
    Kept kept;
    const auto done = try_read(source, text, kept);
    EXPECT_TRUE(done) << core::describe(done.error());
    return kept;
}

const std::string kEurostat = "freq,iccs,unit,geo\\TIME_PERIOD\t2019 \t2020 \n";
const std::string kSurvey = "Iso3_code,Country,Region,Subregion,Indicator,Dimension,Category,Sex,Age,Year,Unit of measurement,";
const std::string kSeizures = "COUNTRY,ADMINISTRATIVE_DIVISION,PLACE,SEIZURE_DATE,DRUG_NAME,AMOUNT,DRUG_UNIT,HIDING_PLACE,INSTALLATION,TRANSPORT,PRODUCING_COUNTRY,DEPARTURE_COUNTRY,DESTINATION_COUNTRY,ROUTING\n";

TEST(Frontex, KeepsUnknownCitizenshipApartAndInventsNoZero) {
    const Kept kept = read("frontex_detections", "route,type,nat,t,n\nWestern Balkan Route,Land,UNK,2015-01,7\nWestern Balkan Route,Land,SYR,2015-03,9\n");
    ASSERT_EQ(kept.observations.size(), 2U);  // February has no row, and gets none
    EXPECT_EQ(kept.observations[0].dims.at("citizenship"), "UNK");
    EXPECT_EQ(kept.observations[0].dims.at("route"), "western_balkan");
    EXPECT_EQ(kept.observations[0].place, "");
    EXPECT_EQ(core::iso(kept.observations[0].known_at), "2015-03-18");
    EXPECT_EQ(kept.observations[1].row, 3U);
}

TEST(Frontex, RefusesWhatItDoesNotKnow) {
    const Kept kept = read("frontex_detections", "route,type,nat,t,n\n,Land,SYR,2015-01,7\nWestern Balkan Route,Land,SYR,2015-13,9\nWestern Balkan Route,Land,SYR,2015-01,-9\n");
    EXPECT_TRUE(kept.observations.empty());
    ASSERT_EQ(kept.aside.size(), 3U);
    EXPECT_NE(kept.aside[0].find("refused 2: no route is named"), std::string::npos);
}

TEST(Frontex, ShippedFileHoldsTheWesternBalkanTotalOf2015) {
    Kept kept;
    ASSERT_TRUE(importer("frontex_detections").read(THREATLAS_SOURCE_DIR "/examples/see/data/frontex_monthly_detections.csv", catalogue(), kept));
    double total = 0;
    for (const auto& o : kept.observations)
        if (o.dims.at("route") == "western_balkan" && core::iso(o.period.begin).starts_with("2015")) total += o.value;
    EXPECT_EQ(total, 764033);
}

TEST(Eurostat, MissingIsAbsentZeroIsZeroAndFlagsStay) {
    const Kept kept = read("eurostat_crime", kEurostat + "A,ICCS0401,NR,EL\t0 \t12 b\nA,ICCS0401,NR,RO\t: \t: c\n");
    ASSERT_EQ(kept.observations.size(), 4U);
    EXPECT_EQ(kept.observations[0].place, "GR");
    EXPECT_EQ(kept.observations[0].state, model::State::measured);
    EXPECT_EQ(kept.observations[0].value, 0);
    EXPECT_EQ(kept.observations[1].flags, "b");
    EXPECT_EQ(kept.observations[2].state, model::State::absent);
    EXPECT_EQ(kept.observations[3].state, model::State::withheld);
}

TEST(Eurostat, RefusesUnknownCountryAndUnit) {
    const Kept kept = read("eurostat_crime", kEurostat + "A,ICCS0401,NR,QQ\t1 \t2 \nA,ICCS0401,MIO,RO\t1 \t2 \nA,ICCS0401,NR,RO\tx \t2 \n");
    EXPECT_EQ(kept.observations.size(), 1U);
    ASSERT_EQ(kept.aside.size(), 5U);
    EXPECT_NE(kept.aside[0].find("unknown country 'QQ'"), std::string::npos);
}

TEST(Eurostat, NamesTheHeadingThatIsWrong) {
    Kept kept;
    const auto done = try_read("eurostat_crime", "geo\t2019\nRO\t1\n", kept);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, core::ErrorCode::bad_input);
    EXPECT_EQ(done.error().where.column, "geo");
}

TEST(Glotip, CensoredThousandsRepeatedAndContradicting) {
    const std::string cell = "SRB,Serbia,Europe,Southern Europe,Persons convicted,Total,Total,Total,Total,";
    const Kept kept = read("unodc_glotip", kSurvey + "txtVALUE,Source\n" + cell + "2003,Counts,<5,GLOTIP\n" + cell + "2004,Counts,\"1,780\",GLOTIP\n" + cell + "2004,Counts,\"1,780\",GLOTIP\n" + cell +
                                                   "2004,Counts,9,GLOTIP\n" + cell + "2005,Counts,\"1,78\",GLOTIP\n");
    ASSERT_EQ(kept.observations.size(), 2U);
    EXPECT_EQ(kept.observations[0].state, model::State::censored);
    EXPECT_EQ(kept.observations[0].value, 1);
    EXPECT_EQ(kept.observations[0].upper, 4);
    EXPECT_EQ(kept.observations[1].value, 1780);
    ASSERT_EQ(kept.aside.size(), 3U);
    EXPECT_EQ(kept.aside[0], "duplicate 4: says the same as row 3");
    EXPECT_NE(kept.aside[1].find("refused 5: contradicts row 3"), std::string::npos);
    EXPECT_NE(kept.aside[2].find("refused 6"), std::string::npos);
}

TEST(Survey, KosovoIsATerritoryAndAnUnknownCountryIsRefused) {
    const std::string rest = ",Kosovo under UNSCR 1244,Europe,Southern Europe,Offences,by type of offence,Burglary,Total,Total,2015,Counts,5,CTS\n";
    const Kept kept = read("unodc_cts", kSurvey + "VALUE,Source\nXKX" + rest + "QQQ" + rest);
    ASSERT_EQ(kept.observations.size(), 1U);
    EXPECT_EQ(kept.observations[0].place, "XK");
    EXPECT_EQ(kept.observations[0].what, "cts.offences.burglary");
    EXPECT_EQ(kept.aside.size(), 1U);
}

TEST(Seizures, TheSameSeizureTwiceIsSetAside) {
    const Kept kept = read("unodc_seizures", kSeizures + "Bulgaria,,Kapitan Andreevo,2012-01-02,Heroin,2.786,Kilogram,,Car,Private road,,,,\n"
                                                         "Bulgaria,,Kapitan Andreevo BCP,2012-01-02,Heroin,2786,Gram,Car Parts,Vehicle,,,,,\n"
                                                         "Bulgaria,,Sofia,2012-01-02,Ecstasy,2786,Tablet,,,,,,,\nBulgaria,,Sofia,2012-01-02,Ecstasy,2.786,Kilogram,,,,,,,\n"
                                                         "Bulgaria,,Sofia,2012-01-03,Ecstasy,2.786,Kilogram,,,,,,,\n");
    EXPECT_EQ(kept.observations.size(), 3U);  // the third day is another seizure: the negative control
    ASSERT_EQ(kept.aside.size(), 2U);
    EXPECT_NE(kept.aside[0].find("duplicate 3: reports the seizure of row 2 again"), std::string::npos);
    EXPECT_NE(kept.aside[1].find("duplicate 5"), std::string::npos);
}

TEST(Seizures, NoUnitIsGuessed) {
    const Kept kept = read("unodc_seizures", kSeizures + "Bulgaria,,Sofia,2012-01-02,Heroin,3,,,,,,,,\nBulgaria,,Sofia,2012-01-02,Heroin,3,Bucket,,,,,,,\nBulgaria,,Sofia,2012-02-31,Heroin,3,Gram,,,,,,,\n");
    EXPECT_TRUE(kept.observations.empty());
    ASSERT_EQ(kept.aside.size(), 3U);
    EXPECT_NE(kept.aside[0].find("no unit is stated"), std::string::npos);
    EXPECT_NE(kept.aside[2].find("does not exist"), std::string::npos);
}

TEST(Ransomwhere, KeepsNoAddress) {
    const Kept kept = read("ransomwhere", "family,blockchain,address,tx_hash,time_utc,amount_satoshi,amount_usd\nLocky,bitcoin,1Abc,f00,2016-03-01T10:00:00,5,10.5\nLocky,bitcoin,1Abc,f00,2016-03-01T10:00:00,5,10.5\n");
    ASSERT_EQ(kept.observations.size(), 1U);
    EXPECT_EQ(kept.observations[0].dims.size(), 1U);
    EXPECT_EQ(kept.aside.size(), 1U);
}

TEST(Wastewater, ADateThatWasADecimal) {
    const Kept kept = read("euda_wastewater", "Year,Metabolite,Country,City,Daily mean\n2020,cocaine,AT,Graz,06.01\n2020,MDMA,AT,Graz,3.5\n2020,cocaine,AT,Hall,\n");
    ASSERT_EQ(kept.observations.size(), 3U);
    EXPECT_EQ(kept.observations[0].value, 6.01);
    EXPECT_EQ(kept.observations[2].state, model::State::absent);
}

TEST(Statements, SixtyJudgementsAreTakenInWhole) {
    Kept kept;
    ASSERT_TRUE(importer("sepca_2019").read(THREATLAS_SOURCE_DIR "/examples/see/data/sepca_2019_statements.csv", catalogue(), kept));
    EXPECT_EQ(kept.claims.size(), 60U);
    EXPECT_TRUE(kept.aside.empty());
}

TEST(Importers, SurviveMutatedBytes) {
    const std::map<std::string, std::string> seeds{{"frontex_detections", "route,type,nat,t,n\nWestern Balkan Route,Land,UNK,2015-01,7\n"},
                                                   {"eurostat_crime", kEurostat + "A,ICCS0401,NR,EL\t0 \t12 b\n"},
                                                   {"unodc_seizures", kSeizures + "Bulgaria,,Sofia,2012-01-02,Heroin,3,Gram,,,,,,,\n"}};
    std::uint32_t state = 12345;
    int accepted = 0;
    for (const auto& [source, seed] : seeds)
        for (int round = 0; round < 400; ++round) {
            std::string text = seed;
            for (int change = 0; change < 3; ++change) {
                state = state * 1664525U + 1013904223U;
                text[(state >> 8) % text.size()] = static_cast<char>(state >> 24);
            }
            Kept kept;
            static_cast<void>(try_read(source, text, kept));
            accepted += static_cast<int>(kept.observations.size());
        }
    EXPECT_GT(accepted, 0);  // some mutations leave a whole row: the loop does reach the parsers
}

}  // namespace
}  // namespace threatlas::ingest
