// The card of an analysis: what it is, where its method stands, and how little data is too little.
#pragma once

#include <string>
#include <vector>

namespace threatlas::analyse {

struct Parameter {
    std::string name, unit, meaning;
    double value = 0;
};

struct Card {
    std::string id, title;
    std::string method;        // anchor in docs/METHOD.md
    std::string citation;
    std::vector<Parameter> parameters;
    std::string minimum_data;  // in words; fewer is not_enough_data
    std::string example;       // a command that runs
};

}  // namespace threatlas::analyse
