// Result<T>: what a function returns when a user can cause it to fail.
// An Error carries a code, one sentence that says what to do next, and where in the input it arose.
// Exceptions are left for lost disk, memory or database.
#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace threatlas::core {

enum class ErrorCode {
    bad_usage,         // the command line or request is not understood
    bad_input,         // a file, row or value is not what it should be
    not_found,         // no such file, id or code
    not_allowed,       // the reader has no right, or a disclosure rule refuses
    conflict,          // two writers, or an id that exists with other content
    not_enough_data,   // too little evidence: 'not assessed', never a low score
    mismatch,          // a verification found a difference
    unavailable,       // disk full, read-only, locked, interrupted
    internal,          // a defect of ours
};

// One line of the one table: error code -> HTTP status -> exit code.
struct ErrorRow {
    ErrorCode code;
    const char* name;
    int http_status;
    int exit_code;
    const char* meaning;
};

// Never fails: every code has a row.
const ErrorRow& error_row(ErrorCode code);

// Where in an input an error arose. row and column count from 1; 0 means 'not known'.
struct Location {
    std::string source;
    std::uint64_t row = 0;
    std::string column;
};

struct Error {
    ErrorCode code = ErrorCode::internal;
    std::string message;
    Location where{};
};

// 'file.csv:12 [value]: sentence', the column in brackets, leaving out what is not known.
std::string describe(const Error& error);

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ErrorCode code, std::string message, Location where = {}) {
    return tl::unexpected<Error>(Error{code, std::move(message), std::move(where)});
}

}  // namespace threatlas::core

// Assigns the value of a Result, or returns its error from the enclosing function.
#define THREATLAS_TRY_CONCAT_(a, b) a##b
#define THREATLAS_TRY_NAME_(line) THREATLAS_TRY_CONCAT_(threatlas_try_, line)
#define THREATLAS_TRY(declaration, expression)                                                  \
    auto THREATLAS_TRY_NAME_(__LINE__) = (expression);                                          \
    if (!THREATLAS_TRY_NAME_(__LINE__))                                                         \
        return tl::unexpected<::threatlas::core::Error>(                                        \
            std::move(THREATLAS_TRY_NAME_(__LINE__)).error());                                  \
    declaration = std::move(*THREATLAS_TRY_NAME_(__LINE__))
#define THREATLAS_CHECK(expression)                                                             \
    do {                                                                                        \
        auto threatlas_check = (expression);                                                    \
        if (!threatlas_check)                                                                   \
            return tl::unexpected<::threatlas::core::Error>(std::move(threatlas_check).error()); \
    } while (false)
