#include "serve/web_files.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace threatlas::serve {
namespace {

net::Request get(std::string path, net::Headers headers = {}) {
    net::Request out;
    out.method = "GET", out.path = std::move(path), out.headers = std::move(headers);
    return out;
}
std::string header(const net::Response& response, std::string_view name) {
    for (const auto& [each, value] : response.headers)
        if (each == name) return value;
    return {};
}
std::string body(const net::Response& response) {
    const auto* shared = std::get_if<net::Shared>(&response.body);
    return shared != nullptr ? **shared : std::get<std::string>(response.body);
}

TEST(WebFiles, SaySoWhenThereAreNone) {
    if (!web_files().empty()) GTEST_SKIP() << "this program has the dashboard";
    EXPECT_EQ(web_answer(get("/")).status, 404);
    EXPECT_NE(body(web_answer(get("/"))).find("without the dashboard"), std::string::npos);
}

TEST(WebFiles, AreThePageForEveryAddressOfIts) {
    if (web_files().empty()) GTEST_SKIP() << "this program was built without the dashboard";
    const net::Response page = web_answer(get("/"));
    EXPECT_EQ(page.status, 200);
    EXPECT_EQ(header(page, "Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(header(page, "Cache-Control"), "no-cache");
    const std::string policy = header(page, "Content-Security-Policy");
    for (const char* part : {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"}) EXPECT_NE(policy.find(part), std::string::npos) << part;
    EXPECT_EQ(policy.find("unsafe"), std::string::npos);
    EXPECT_EQ(body(web_answer(get("/threats/drugs.heroin"))), body(page)) << "an id with a dot is no file";
    EXPECT_EQ(web_answer(get("/missing.html")).status, 404);
    EXPECT_EQ(web_answer(get("/", {{"if-none-match", header(page, "ETag")}})).status, 304);
    EXPECT_EQ(web_answer(get("/assets/missing.js")).status, 404);
    EXPECT_EQ(body(web_answer(get("/signals"))), body(page));
}

TEST(WebFiles, AreKeptForEverWhenTheirNameSaysWhatTheyAre) {
    if (web_files().empty()) GTEST_SKIP() << "this program was built without the dashboard";
    const auto& all = web_files();
    const auto script = std::find_if(all.begin(), all.end(), [](const WebFile& each) { return each.path.starts_with("/assets/") && (each.path.ends_with(".js") || each.path.ends_with(".mjs")); });
    ASSERT_NE(script, all.end());
    const net::Response plain = web_answer(get(std::string(script->path)));
    EXPECT_EQ(header(plain, "Content-Type"), "text/javascript; charset=utf-8");
    EXPECT_NE(header(plain, "Cache-Control").find("immutable"), std::string::npos);
    const net::Response packed = web_answer(get(std::string(script->path), {{"accept-encoding", "gzip"}}));
    EXPECT_EQ(header(packed, "Content-Encoding"), "gzip");
    EXPECT_LT(body(packed).size(), body(plain).size());
    EXPECT_EQ(body(packed).substr(0, 2), "\x1f\x8b");
}

}  // namespace
}  // namespace threatlas::serve
