#include "serve/api/listing.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <set>

namespace threatlas::serve::api {
namespace {

namespace json = core::json;

std::vector<json::object> items(int count) {
    std::vector<json::object> out;
    for (int i = 0; i < count; ++i) out.push_back({{"id", "n" + std::to_string(i)}, {"group", i % 3 == 0 ? "a" : "b"}, {"value", i % 7}, {"text", i == 4 ? "=1+1" : "plain"}});
    return out;
}
const Listing kListing{"things", {"id", "group", "value", "text"}};

core::Result<net::Response> ask(const std::vector<std::pair<std::string, std::string>>& query, std::vector<json::object> of) {
    net::Request request;
    request.query = query;
    const Caller caller;
    return list({request, caller, {}}, std::move(of), kListing);
}
json::value body(const core::Result<net::Response>& response) {
    return *core::parse_json(std::get<std::string>(response->body), "answer");
}
std::string pulled(const net::Response& response) {
    std::string all, piece;
    for (const auto& pieces = std::get<net::Pieces>(response.body);; piece.clear()) {
        const auto more = pieces(piece);
        all += piece;
        if (!more || !*more) return all;
    }
}

TEST(Listing, FiltersSortsAndCuts) {
    const auto answer = body(ask({{"group", "a"}, {"sort", "-value"}, {"fields", "id,value"}, {"limit", "2"}}, items(10)));
    EXPECT_EQ(answer.at("total").to_number<int>(), 4);
    const auto& page = answer.at("items").as_array();
    ASSERT_EQ(page.size(), 2U);
    EXPECT_EQ(page[0].at("id").as_string(), "n6");
    EXPECT_EQ(page[0].as_object().size(), 2U);
    EXPECT_EQ(page[1].at("value").to_number<int>(), 3);
}

TEST(Listing, PagesNeitherRepeatNorLoseWhateverComesMeanwhile) {
    EXPECT_TRUE(rc::check("every item that stays is seen once", [] {
        const int count = *rc::gen::inRange(0, 60), limit = *rc::gen::inRange(1, 9);
        const std::string sort = *rc::gen::element<std::string>("", "value", "-value", "id", "-group");
        const int vanishing = *rc::gen::inRange(0, 60);
        std::multiset<std::string> seen;
        std::string cursor;
        for (int page = 0; page < 100; ++page) {
            std::vector<std::pair<std::string, std::string>> query{{"limit", std::to_string(limit)}};
            if (!sort.empty()) query.emplace_back("sort", sort);
            if (!cursor.empty()) query.emplace_back("cursor", cursor);
            auto now = items(count);
            // One item goes and another comes after the first page.
            if (page > 0) {
                std::erase_if(now, [&](const auto& each) { return std::string(each.at("id").as_string()) == "n" + std::to_string(vanishing); });
                now.push_back({{"id", "z"}, {"group", "a"}, {"value", 3}, {"text", ""}});
            }
            const auto answer = body(ask(query, now));
            for (const auto& each : answer.at("items").as_array()) seen.insert(std::string(each.at("id").as_string()));
            const auto* next = answer.as_object().if_contains("next");
            if (next == nullptr) break;
            cursor = std::string(next->as_string());
        }
        for (int i = 0; i < count; ++i)
            if (i != vanishing) RC_ASSERT(seen.count("n" + std::to_string(i)) == 1U);
        RC_ASSERT(seen.count("z") <= 1U);
    }));
}

TEST(Listing, SaysWhatItDoesNotHave) {
    for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{{"colour", "red"}, {"sort", "colour"}, {"fields", "id,colour"}, {"limit", "0"}, {"limit", "1001"}, {"limit", "x"}, {"cursor", "???"}, {"cursor", "W10"}, {"format", "pdf"}}) {
        const auto answer = ask({{name, value}}, items(3));
        ASSERT_FALSE(answer) << name << value;
        EXPECT_EQ(answer.error().code, core::ErrorCode::bad_input);
    }
}

TEST(Listing, ACsvHoldsEverythingAndNoFormula) {
    const auto answer = ask({{"format", "csv"}, {"limit", "2"}}, items(5000));
    ASSERT_TRUE(answer);
    const std::string text = pulled(*answer);
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 5001);
    EXPECT_NE(text.find("'=1+1"), std::string::npos);
    EXPECT_EQ(text.find(",=1+1"), std::string::npos);
}

TEST(Listing, AWorkbookIsSentWhole) {
    const auto answer = ask({{"format", "xlsx"}}, items(2000));
    ASSERT_TRUE(answer);
    const std::string bytes = pulled(*answer);
    EXPECT_EQ(bytes.substr(0, 2), "PK");
    EXPECT_GT(bytes.size(), 10000U);
}

}  // namespace
}  // namespace threatlas::serve::api
