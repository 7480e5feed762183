#include "core/result.hpp"

#include <array>

namespace threatlas::core {
namespace {

constexpr std::array<ErrorRow, 9> kTable{{
    {ErrorCode::bad_usage, "bad_usage", 400, 2, "the command or request is not understood"},
    {ErrorCode::bad_input, "bad_input", 422, 3, "a file, row or value is not what it should be"},
    {ErrorCode::not_found, "not_found", 404, 4, "no such file, identifier or code"},
    {ErrorCode::not_allowed, "not_allowed", 403, 5, "a right or a disclosure rule refuses"},
    {ErrorCode::conflict, "conflict", 409, 6, "another writer, or an identifier already in use"},
    {ErrorCode::not_enough_data, "not_enough_data", 422, 7, "too little evidence: not assessed"},
    {ErrorCode::mismatch, "mismatch", 409, 8, "a verification found a difference"},
    {ErrorCode::unavailable, "unavailable", 503, 9, "disk full, read-only, locked or interrupted"},
    {ErrorCode::internal, "internal", 500, 70, "a defect of Threatlas: please report it"},
}};

}  // namespace

const ErrorRow& error_row(ErrorCode code) {
    for (const ErrorRow& row : kTable)
        if (row.code == code) return row;
    return kTable.back();
}

std::string describe(const Error& error) {
    std::string text = error.where.source;
    if (error.where.row != 0) text += (text.empty() ? "row " : ":") + std::to_string(error.where.row);
    if (!error.where.column.empty()) text += " [" + error.where.column + "]";
    if (!text.empty()) text += ": ";
    return text + error.message;
}

}  // namespace threatlas::core
