// The command line. Returns the exit code of the one table in core/result.cpp; 0 when all went well.
#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace threatlas::app {

int run(std::vector<std::string> arguments, std::ostream& out, std::ostream& err);

}  // namespace threatlas::app
