// One sheet of the workbook, written row by row in constant memory.
#pragma once

#include <xlsxwriter.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace threatlas::publish::xlsx {

inline constexpr double kEmpty = std::numeric_limits<double>::quiet_NaN();

class Sheet {
  public:
    Sheet(lxw_workbook* book, lxw_format* bold, const char* name, const std::vector<std::string>& headings) : sheet_(workbook_add_worksheet(book, name)) {
        for (const std::string& heading : headings) worksheet_write_string(sheet_, 0, column_++, heading.c_str(), bold);
        worksheet_freeze_panes(sheet_, 1, 0);
        worksheet_set_column(sheet_, 0, static_cast<lxw_col_t>(headings.size() - 1), 18, nullptr);
    }
    Sheet& row() {
        ++row_;
        column_ = 0;
        return *this;
    }
    // Always a string cell, never a formula: '=1+1' from a source stays text.
    Sheet& operator<<(const std::string& text) {
        if (!text.empty()) worksheet_write_string(sheet_, row_, column_, text.substr(0, 32767).c_str(), nullptr);
        ++column_;
        return *this;
    }
    Sheet& operator<<(double value) {
        if (std::isfinite(value)) worksheet_write_number(sheet_, row_, column_, value, nullptr);
        ++column_;
        return *this;
    }

  private:
    lxw_worksheet* sheet_;
    lxw_row_t row_ = 0;
    lxw_col_t column_ = 0;
};

std::string joined(const std::vector<std::string>& list);   // 'a, b'

}  // namespace threatlas::publish::xlsx
