#include <iostream>
#include <string>
#include <vector>

#include "app/cli/run.hpp"

int main(int argc, char** argv) {
    return threatlas::app::run({argv + 1, argv + argc}, std::cout, std::cerr);
}
