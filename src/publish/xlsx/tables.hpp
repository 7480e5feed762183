// Every table of an assessment as a sheet. What it is given has passed the disclosure rules of its edition.
#pragma once

#include <xlsxwriter.h>

#include "publish/publish.hpp"

namespace threatlas::publish::xlsx {

struct Book {
    lxw_workbook* book;
    lxw_format* bold;
    const assess::Assessment& assessment;
    const model::Catalogue& catalogue;
    Edition edition;
};
void write_tables(const Book& book);

}  // namespace threatlas::publish::xlsx
