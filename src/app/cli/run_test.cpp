#include "app/cli/run.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace threatlas::app {
namespace {

TEST(CommandLine, UnknownCommandIsBadUsage) {
    std::ostringstream out, err;
    EXPECT_EQ(run({"frobnicate"}, out, err), 2);
    EXPECT_NE((out.str() + err.str()).find("frobnicate"), std::string::npos);
}

TEST(CommandLine, HelpIsNotAnError) {
    std::ostringstream out, err;
    EXPECT_EQ(run({"--help"}, out, err), 0);
    EXPECT_NE(out.str().find("ingest"), std::string::npos);
}

TEST(CommandLine, ErrorsAreJsonWhenAskedFor) {
    std::ostringstream out, err;
    EXPECT_EQ(run({"--json", "status", "--data", "no/such/folder"}, out, err), 4);
    EXPECT_NE(out.str().find("\"error\":\"not_found\""), std::string::npos);
}

}  // namespace
}  // namespace threatlas::app
