#include "app/cli/describe.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "core/text.hpp"

namespace threatlas::app {
namespace {

std::string file(const std::string& name) {
    const auto text = core::read_file(THREATLAS_SOURCE_DIR "/" + name);
    return text ? *text : core::describe(text.error());
}

TEST(Describe, ThePageOfTheModelIsCurrent) { EXPECT_TRUE(file("docs/MODEL.md") == model_page()) << "run: threatlas catalogue model > docs/MODEL.md"; }

TEST(Describe, TheSchemasAreCurrent) {
    for (const auto& [name, schema] : schemas())
        EXPECT_TRUE(file("catalogue/schema/" + name + ".schema.json") == core::write_json(schema, 2)) << name << ": run: threatlas catalogue schema";
}

}  // namespace
}  // namespace threatlas::app
