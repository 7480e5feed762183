#include "publish/svg/map.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <numbers>

namespace threatlas::publish::svg {
namespace {

// On a standard parallel a small step has its true length; between the two it is shorter, beyond longer.
double scale_at(double latitude) {
    constexpr double kStep = 1e-5, kDegree = std::numbers::pi / 180;
    const auto a = lambert(20, latitude), b = lambert(20, latitude + kStep);
    return std::hypot(b.first - a.first, b.second - a.second) / (kStep * kDegree);
}

TEST(Map, LambertIsTrueOnItsStandardParallels) {
    EXPECT_NEAR(scale_at(38), 1, 1e-5);
    EXPECT_NEAR(scale_at(48), 1, 1e-5);
    EXPECT_LT(scale_at(43), 1);
    EXPECT_GT(scale_at(52), 1);
}

TEST(Map, LambertKeepsAngles) {
    constexpr double kStep = 1e-5;
    const auto o = lambert(26, 45), e = lambert(26 + kStep, 45), n = lambert(26, 45 + kStep);
    const double dot = (e.first - o.first) * (n.first - o.first) + (e.second - o.second) * (n.second - o.second);
    EXPECT_NEAR(dot / std::hypot(e.first - o.first, e.second - o.second) / std::hypot(n.first - o.first, n.second - o.second), 0, 1e-5);
    EXPECT_NEAR(lambert(22, 42).first, 0, 1e-12);
    EXPECT_NEAR(lambert(22, 42).second, 0, 1e-12);
}

TEST(Map, DrawsFiguresAndTellsNoDataFromNotAMember) {
    const auto shapes = read_map(THREATLAS_SOURCE_DIR "/catalogue/see/map.geojson");
    ASSERT_TRUE(shapes) << core::describe(shapes.error());
    std::vector<assess::Figure> figures(5);
    const char* places[] = {"RO", "BG", "RS", "AL", "GR"};
    std::vector<const assess::Figure*> list;
    for (std::size_t i = 0; i < 5; ++i) figures[i].id = "F-" + std::to_string(i), figures[i].place = places[i], figures[i].title = "Rate", figures[i].value.q50 = 10.0 * static_cast<double>(i + 1), list.push_back(&figures[i]);
    const std::string svg = map(*shapes, list);
    for (const auto& f : figures) EXPECT_NE(svg.find("data-ev=\"" + f.id + "\""), std::string::npos);
    EXPECT_NE(svg.find("fill=\"url(#none)\""), std::string::npos);   // a member without a figure
    EXPECT_TRUE(svg == map(*shapes, list));
}

TEST(Map, ADamagedMapIsAnError) {
    const auto path = std::filesystem::temp_directory_path() / "threatlas_map_test.geojson";
    for (const char* text : {"", "{}", "{\"features\":3}", "{\"features\":[{}]}", "{\"features\":[{\"properties\":{\"id\":\"A\",\"name\":\"A\",\"member\":true},\"geometry\":{\"coordinates\":[[[[\"x\",1]]]]}}]}"}) {
        std::ofstream(path) << text;
        const auto read = read_map(path.string());
        ASSERT_FALSE(read) << text;
        EXPECT_FALSE(read.error().message.empty());
    }
    std::filesystem::remove(path);
}

}  // namespace
}  // namespace threatlas::publish::svg
