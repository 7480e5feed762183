// Spellings that mean alike become one; what is wrong is said with its place and never quoted. Companies and their
// numbers are public ones; people, plates and accounts are made up or are the standards' own examples.
#include "exchange/identifiers/identifier.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "core/text.hpp"
#include "exchange/identifiers/keccak.hpp"

namespace threatlas::exchange::identifiers {
namespace {

std::string of(const Given& what) {
    const auto out = canonical(what);
    return out ? out->value : "refused: " + out.error().message;
}

void all_are(const std::string& kind, const std::string& wanted, const std::vector<std::string>& spellings, const std::string& country = "") {
    for (const auto& each : spellings) EXPECT_EQ(of({kind, each, country, ""}), wanted) << each;
}

void refused(const Given& what, const std::string& part, const std::string& column = "value") {
    const auto out = canonical(what, {"list.csv", 7, ""});
    ASSERT_FALSE(out) << what.value;
    EXPECT_NE(out.error().message.find(part), std::string::npos) << out.error().message;
    EXPECT_EQ(out.error().where.source, "list.csv");
    EXPECT_EQ(out.error().where.row, 7u);
    EXPECT_EQ(out.error().where.column, column);
    if (what.value.size() > 3) { EXPECT_EQ(out.error().message.find(what.value), std::string::npos) << "an error quotes nothing"; }
}

bool meet(const Given& a, const Given& b) {
    const auto x = canonical(a), y = canonical(b);
    if (!x || !y) return false;
    EXPECT_LE(x->spellings.size(), kMostSpellings);
    const std::set<std::string> theirs(y->spellings.begin(), y->spellings.end());
    return std::any_of(x->spellings.begin(), x->spellings.end(), [&](const auto& each) { return theirs.contains(each); });
}

TEST(Identifiers, Phones) {
    all_are("phone", "+381641234567", {"+381641234567", "064 123-45-67", "064/123-4567", "00381 64 1234567", "+381 (0)64 1234567", "+381 064 1234567", "tel:+381-64-123-4567", "381641234567", "＋381 64 1234567"}, "RS");
    all_are("phone", "+35988123456", {"088 123456", "+359 88 123 456"}, "BG");
    all_are("phone", "+302101234567", {"210 1234567", "0030 210 1234567"}, "GR");
    all_are("phone", "+36201234567", {"06 20 123 4567", "+36 20 123 4567"}, "HU");
    EXPECT_EQ(of({"phone", "06 1234 5678", "IT", ""}), "+390612345678") << "Italy keeps its zero";
    refused({"phone", "064 1234567", "", ""}, "needs its country", "country");
    refused({"phone", "+381 64 12", "", ""}, "8 to 10 digits");
    refused({"phone", "call me", "RS", ""}, "digits");
    refused({"phone", "+0381641234567", "", ""}, "begins with 0");
    refused({"phone", "+3816412345678901", "", ""}, "digits");
    refused({"phone", "064 1234567 ext 3", "RS", ""}, "extension");
}

TEST(Identifiers, Plates) {
    all_are("plate", "BG123AB", {"BG-123-AB", "bg 123 ab", "BG·123·AB", "БГ 123 АБ", "ВG123АВ"}, "RS");
    all_are("plate", "NS123AA", {"НС-123-АА", "NS 123 AA"}, "RS");
    all_are("plate", "CB1234PX", {"СВ 1234 РХ", "CB1234PX", "cb-1234-px"}, "BG");
    all_are("plate", "SA123AB", {"ŠA 123 AB", "SA 123 AB"}, "RS");
    all_are("plate", "YZB1234", {"ΥΖΒ-1234", "YZB 1234"}, "GR");
    all_are("plate", "A12K345", {"А12-К-345", "A12-K-345"}, "BA");
    EXPECT_TRUE(canonical({"plate", "BG 123 AB", "RS", ""})->warnings.empty());
    EXPECT_FALSE(canonical({"plate", "BG 12 AB", "RS", ""})->warnings.empty());
    refused({"plate", "BG 123 AB", "", ""}, "needs its country", "country");
    refused({"plate", "BG*123*AB", "RS", ""}, "neither");
    refused({"plate", "B", "RS", ""}, "3 to 10");
    EXPECT_NE(of({"plate", "BG 123 AB", "RS", ""}), of({"plate", "BG 124 AB", "RS", ""}));
    EXPECT_NE(canonical({"plate", "BG 123 AB", "RS", ""})->spellings, canonical({"plate", "BG 123 AB", "ME", ""})->spellings) << "a plate is a country's";
}

TEST(Identifiers, Vehicles) {
    all_are("vin", "1M8GDM9AXKP042788", {"1M8GDM9AXKP042788", "1m8gdm9axkp042788", "1M8 GDM9AX KP-042788", "VIN 1M8GDM9AXKP042788", "1M8GDM9AXKPO42788"});
    EXPECT_TRUE(canonical({"vin", "1M8GDM9AXKP042788", "", ""})->warnings.empty());
    EXPECT_EQ(canonical({"vin", "1M8GDM9A1KP042788", "", ""})->warnings.size(), 1u) << "a wrong check digit is a warning";
    refused({"vin", "1M8GDM9AXKP04278", "", ""}, "17");
    refused({"vin", "1M8GDM9AXKP0427(8", "", ""}, "neither");
}

TEST(Identifiers, Accounts) {
    all_are("iban", "RS35105008123123123173", {"RS35 1050 0812 3123 1231 73", "rs35105008123123123173", "IBAN RS35105008123123123173"});
    for (const char* each : {"AL47212110090000000235698741", "BA391290079401028494", "BG80BNBG96611020345678", "MD24AG000225100013104168", "ME25505000012345678951", "MK07250120000058984", "RO49AAAA1B31007593840000", "XK051212012345678906", "HR1210010051863000160", "GR1601101250000000012300695", "TR330006100519786457841326", "HU42117730161111101800000000", "SI56263300012039086"})
        EXPECT_EQ(of({"iban", each, "", ""}), each);
    refused({"iban", "RS35105008123123123174", "", ""}, "check digits");
    refused({"iban", "RS3510500812312312317", "", ""}, "22 signs");
    refused({"iban", "QQ35105008123123123173", "", ""}, "no country");
    refused({"iban", "12345", "", ""}, "two letters");
}

TEST(Identifiers, Passports) {
    const std::string first = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", second = "L898902C36UTO7408122F1204159ZE184226B<<<<<10";   // ICAO 9303-4
    all_are("passport", "L898902C3", {"L898902C3", "l 898902 c3", "L898902C36", second, first + second, first + "\n" + second}, "RS");
    EXPECT_EQ(canonical({"passport", "012345678", "SRB", ""})->country, "RS");
    EXPECT_EQ(of({"passport", "AB12345", "RS", ""}), "AB12345");
    EXPECT_EQ(of({"passport", "АВ12345", "RS", ""}), "AB12345") << "Cyrillic lookalikes";
    refused({"passport", "L898902C37", "RS", ""}, "check digit");
    refused({"passport", "L898902C3", "", ""}, "needs the country", "country");
    refused({"passport", "ABCDEFG", "RS", ""}, "digits");
    refused({"passport", "L898902C3", "Serbia", ""}, "two letters", "country");
}

TEST(Identifiers, Devices) {
    all_are("imei", "49015420323751", {"490154203237518", "49-015420-323751-8", "49015420323751", "4901542032375101", "IMEI 490154203237518"});
    EXPECT_EQ(canonical({"imei", "490154203237518", "", ""})->spellings, (std::vector<std::string>{"imei 49015420323751"}));
    refused({"imei", "490154203237517", "", ""}, "check digit");
    refused({"imei", "000000000000000", "", ""}, "one digit");
    refused({"imei", "1234", "", ""}, "15 digits");
}

TEST(Identifiers, Wallets) {
    all_are("wallet", "btc:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", {"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "bitcoin:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"});
    EXPECT_EQ(of({"wallet", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", "", ""}), "btc:3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy");
    all_are("wallet", "btc:bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", {"BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"});   // BIP 173
    EXPECT_EQ(of({"wallet", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", "", ""}), "btc:bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0");   // BIP 350
    for (const char* each : {"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359", "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"}) {   // EIP-55
        const auto out = canonical({"wallet", each, "", ""});
        ASSERT_TRUE(out);
        EXPECT_TRUE(out->warnings.empty());
    }
    EXPECT_EQ(canonical({"wallet", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "", ""})->warnings.size(), 1u);
    EXPECT_EQ(of({"wallet", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", "", ""}), "trx:TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t");
    refused({"wallet", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", "", ""}, "checksum");
    refused({"wallet", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", "", ""}, "checksum");
    refused({"wallet", "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7k7grplx", "", ""}, "checksum");   // BIP 173's form of version 1, withdrawn by 350
    refused({"wallet", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed", "", ""}, "checksum");
    refused({"wallet", "hello", "", ""}, "one of Bitcoin");
}

TEST(Identifiers, KeccakIsEthereums) {
    const auto empty = keccak256("");
    EXPECT_EQ(empty[0], 0xc5);
    EXPECT_EQ(empty[31], 0x70);
    const auto long_one = keccak256(std::string(200, 'a'));
    EXPECT_NE(long_one, keccak256(std::string(199, 'a')));
}

TEST(Identifiers, Companies) {
    all_are("company", "100002887", {"100002887", "100 002 887", "RS100002887"}, "RS");
    EXPECT_EQ(of({"company", "17162543", "RS", ""}), "17162543");
    EXPECT_EQ(of({"company", "27759560625", "HR", ""}), "27759560625");
    EXPECT_EQ(of({"company", "RO 1590082", "RO", ""}), "1590082");
    EXPECT_EQ(of({"company", "EL 094019245", "GR", ""}), "094019245");
    EXPECT_EQ(of({"company", "K 12345678 a", "AL", ""}), "K12345678A");
    refused({"company", "100002888", "RS", ""}, "check digit");
    refused({"company", "27759560626", "HR", ""}, "check digit");
    refused({"company", "1234", "RS", ""}, "has this form");
    refused({"company", "ACME", "DE", ""}, "name alone");
    refused({"company", "100002887", "", ""}, "needs its country", "country");
}

TEST(Identifiers, NamesAloneAreRefused) {
    const auto name = canonical({"name", "Marko Petrović", "", ""}), person = canonical({"person", "Marko Petrović", "", ""});
    ASSERT_FALSE(name);
    ASSERT_FALSE(person);
    EXPECT_EQ(name.error().code, core::ErrorCode::not_allowed);
    EXPECT_EQ(person.error().code, core::ErrorCode::not_allowed);
    refused({"person", "Marko Petrović", "", "1980"}, "year alone", "born");
    refused({"person", "Marko Petrović", "", "1980-02-30"}, "names a day", "born");
    refused({"person", "Marko", "", "1980-02-01"}, "one word");
    refused({"phone", "+381641234567", "", "1980-02-01"}, "birth date", "born");
}

TEST(Identifiers, SpellingsOfANameMeet) {
    const std::string day = "1980-02-01";
    const std::vector<std::vector<Given>> same{
        {{"person", "Ђорђе Љубичић", "RS", day}, {"person", "Đorđe Ljubičić", "", day}, {"person", "Ljubicic Djordje", "", "01.02.1980"}, {"person", "DORDE LJUBICIC", "", day}, {"person", "Gjorgje Ljubiçiq", "AL", day}, {"person", "Djordje Ljubichich", "", day}},
        {{"person", "Живко Шћепановић", "ME", day}, {"person", "Živko Šćepanović", "", day}, {"person", "ZIVKO SCEPANOVIC", "", day}, {"person", "Zhivko Shchepanovich", "", day}},
        {{"person", "Джорджи Иванов", "BG", day}, {"person", "Dzhordzhi Ivanov", "", day}, {"person", "Džordži Ivanov", "", day}, {"person", "Xhorxhi Ivanov", "AL", day}},
        {{"person", "Ѓорѓи Ќосев", "MK", day}, {"person", "Gjorgji Kjosev", "", day}, {"person", "Đorđi Ćosev", "", day}},
        {{"person", "Юлия Щърбова", "BG", day}, {"person", "Yulia Shtarbova", "", day}, {"person", "YULIYA SHTARBOVA", "", day}},
        {{"person", "Μπάμπης Παπαδόπουλος", "GR", day}, {"person", "Mpampis Papadopoulos", "", day}, {"person", "Bampis Papadopoulos", "", day}},
        {{"person", "Ștefan Țurcanu", "RO", day}, {"person", "Ştefan Ţurcanu", "", day}, {"person", "Stefan Turcanu", "", day}, {"person", "Shtefan Tsurcanu", "", day}},
        {{"person", "Hysen Hoxha", "AL", day}, {"person", "Hysen Hodža", "", day}, {"person", "Хисен Хоџа", "RS", day}},
        {{"person", "Георги Петров Иванов", "BG", day}, {"person", "Georgi Ivanov", "", day}},
        {{"person", "Иван Ковалёв", "RU", day}, {"person", "Ivan Kovalev", "", day}},
        {{"person", "Jürgen Müller", "DE", day}, {"person", "Juergen Mueller", "", day}, {"person", "Jurgen Muller", "", day}},
        {{"person", "Petrović, Marko", "", day}, {"person", "Марко Петровић", "", day}, {"person", "Marko PETROVIĆ", "", day}}};
    for (const auto& group : same)
        for (std::size_t i = 1; i < group.size(); ++i) EXPECT_TRUE(meet(group[0], group[i])) << group[0].value << " and " << group[i].value;
    // Negative controls.
    EXPECT_FALSE(meet({"person", "Марко Петровић", "", day}, {"person", "Marko Petrović", "", "1980-02-02"}));
    EXPECT_FALSE(meet({"person", "Марко Петровић", "", day}, {"person", "Mirko Petrović", "", day}));
    EXPECT_FALSE(meet({"person", "Đorđe Petrović", "", day}, {"person", "Džordž Petrović", "", day}));
    EXPECT_FALSE(meet({"person", "Иван Иванов", "", day}, {"person", "Ivan Jovanov", "", day}));
}

std::vector<Given> examples() {
    return {{"phone", "+381641234567", "", ""}, {"plate", "BG123AB", "RS", ""}, {"vin", "1M8GDM9AXKP042788", "", ""}, {"iban", "RS35105008123123123173", "", ""}, {"passport", "L898902C3", "RS", ""}, {"imei", "490154203237518", "", ""},
            {"wallet", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "", ""}, {"wallet", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "", ""}, {"company", "100002887", "RS", ""}, {"person", "Ђорђе Љубичић", "RS", "1980-02-01"}};
}

TEST(Identifiers, CorpusReplayed) {
    int read = 0, taken = 0;
    for (const auto& file : std::filesystem::directory_iterator(THREATLAS_SOURCE_DIR "/fuzz/corpus/identifiers")) {
        const auto text = core::read_file(file.path().string());
        ASSERT_TRUE(text);
        const auto bar = text->find('|');
        ++read;
        for (const auto& [kind, name] : model::EnumNames<Kind>::names)
            taken += canonical({std::string(name), text->substr(0, bar), bar == std::string::npos ? "RS" : text->substr(bar + 1), kind == Kind::person ? "1980-02-01" : ""}).has_value();
    }
    EXPECT_GE(read, 12);
    EXPECT_GE(taken, 11);
}

RC_GTEST_PROP(IdentifiersProperty, CanonicalIsItsOwnCanonical, ()) {
    auto one = *rc::gen::elementOf(examples());
    const auto kinds = std::vector<std::string>{"phone", "plate", "vin", "iban", "passport", "imei", "wallet", "company", "person"};
    if (*rc::gen::arbitrary<bool>()) one.kind = *rc::gen::elementOf(kinds);
    // A character changed, now and then.
    if (*rc::gen::arbitrary<bool>()) one.value[*rc::gen::inRange<std::size_t>(0, one.value.size())] = *rc::gen::elementOf(std::string("0123456789ABCXYZabc +-<"));
    const auto once = canonical(one);
    if (!once) return;
    const auto twice = canonical(given(*once));
    RC_ASSERT(twice.has_value());
    RC_ASSERT(twice->value == once->value);
    RC_ASSERT(twice->country == once->country);
    RC_ASSERT(twice->spellings.front() == once->spellings.front());
    RC_ASSERT(once->spellings.size() <= kMostSpellings);
}

RC_GTEST_PROP(IdentifiersProperty, SeparatorsAndCaseSayNothing, ()) {
    auto one = *rc::gen::elementOf(examples());
    if (one.kind == "wallet" || one.kind == "person") return;
    const auto plain = canonical(one);
    std::string spread;
    for (const char c : one.value) {
        spread += *rc::gen::arbitrary<bool>() ? static_cast<char>(std::tolower(c)) : c;
        if (*rc::gen::inRange(0, 3) == 0) spread += *rc::gen::elementOf(std::string(" -./"));
    }
    const auto other = canonical({one.kind, spread, one.country, one.born});
    RC_ASSERT(other.has_value());
    RC_ASSERT(other->spellings == plain->spellings);
}

RC_GTEST_PROP(IdentifiersProperty, AnyBytesAreAnAnswer, (const std::string& value)) {
    for (const char* kind : {"phone", "plate", "vin", "iban", "passport", "imei", "wallet", "company", "person"}) {
        const auto out = canonical({kind, value, "RS", std::string(kind) == "person" ? "1980-01-01" : ""});
        RC_ASSERT(out.has_value() || !out.error().message.empty());
    }
}

}  // namespace
}  // namespace threatlas::exchange::identifiers
