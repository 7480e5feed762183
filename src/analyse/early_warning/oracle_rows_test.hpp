// Rows of an oracle's CSV, plain or gzipped, cells as text without quotation marks.
#pragma once

#include <gtest/gtest.h>
#include <zlib.h>

#include <cmath>
#include <string>
#include <vector>

namespace threatlas::analyse::early_warning::testing {

inline std::vector<std::vector<std::string>> oracle_rows(const std::string& name) {
    gzFile file = gzopen((THREATLAS_SOURCE_DIR "/tests/oracle/" + name).c_str(), "rb");
    std::vector<std::vector<std::string>> out;
    if (file == nullptr) {
        ADD_FAILURE() << name << " is missing";
        return out;
    }
    char line[4096];
    while (gzgets(file, line, sizeof line) != nullptr) {
        std::vector<std::string> cells(1);
        for (const char* c = line; *c != '\0' && *c != '\n' && *c != '\r'; ++c) {
            if (*c == ',') cells.emplace_back();
            else if (*c != '"') cells.back() += *c;
        }
        out.push_back(std::move(cells));
    }
    gzclose(file);
    if (!out.empty()) out.erase(out.begin());   // the heading
    return out;
}

inline double value(const std::string& cell) { return cell == "NA" || cell.empty() ? std::nan("") : std::stod(cell); }

// 0 when both are missing, huge when one is.
inline double relative(double ours, double theirs) {
    if (std::isnan(ours) || std::isnan(theirs)) return std::isnan(ours) == std::isnan(theirs) ? 0 : 1e9;
    return std::abs(ours - theirs) / std::max(1e-300, std::abs(theirs));
}

}  // namespace threatlas::analyse::early_warning::testing
