// A table that somebody has just handed in, seen for the first time: how it is written, its headings, some
// rows, and a guess at what the columns mean. A guess is shown and corrected; what is ingested is what the
// mapping says.
#pragma once

#include <string>
#include <vector>

#include "core/json.hpp"
#include "core/result.hpp"
#include "ingest/table.hpp"
#include "model/catalogue.hpp"

namespace threatlas::work {

struct Preview {
    ingest::TableOptions format;                 // as detected, or as asked for
    std::vector<std::string> sheets;             // of a workbook
    std::vector<std::string> headings;
    std::vector<std::vector<std::string>> sample;    // the first rows, cells in UTF-8, shortened
    std::vector<std::vector<std::string>> columns;   // of each column the first distinct cells, at most 200; for the guess
    std::vector<std::size_t> numbers;            // of each column: cells that are numbers by their type
    std::size_t looked_at = 0;                   // rows read for this
    bool corrected = false;                      // it is a file of refused rows that came back
};

// Names under which refused rows go out and come back, beside their own columns.
inline constexpr const char* kRefusedRow = "threatlas_row";
inline constexpr const char* kRefusedColumn = "threatlas_column";
inline constexpr const char* kRefusedReason = "threatlas_reason";

// Reads at most 2,000 rows. wanted: what the person has said already ('sheet', 'encoding' ...); what is empty
// is detected. bad_input for what is no table.
core::Result<Preview> preview(const std::string& path, const ingest::TableOptions& wanted = {});

// The mapping as JSON, in the form of docs/HOWTO-mapping.md, as far as it can be told: heading names in the
// region's languages, cells that are countries, codes, drugs or periods of the catalogue, number habits.
// 'unsure' lists in words what to look at; it is no part of the mapping.
struct Guess {
    core::json::object mapping;
    std::vector<std::string> unsure;
};
Guess guess_mapping(const Preview& preview, const model::Catalogue& catalogue, const std::string& member, const std::string& id);

core::json::object format_json(const ingest::TableOptions& format);

}  // namespace threatlas::work
