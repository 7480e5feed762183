// The workbook of all tables, with libxlsxwriter in constant memory: rows are written in order.
#include <xlsxwriter.h>

#include <cstdio>

#include "publish/publish.hpp"
#include "publish/xlsx/tables.hpp"

namespace threatlas::publish {

core::Result<void> write_xlsx(const assess::Assessment& a, const model::Catalogue& catalogue, Edition edition, const std::string& path) {
    const std::string part = path + ".part";
    lxw_workbook_options options{};
    options.constant_memory = LXW_TRUE;
    lxw_workbook* book = workbook_new_opt(part.c_str(), &options);
    if (book == nullptr) return core::fail(core::ErrorCode::unavailable, "the workbook cannot be created", {path, 0, ""});
    lxw_doc_properties properties{};
    properties.created = static_cast<time_t>(a.manifest.as_of.number) * 86400;  // no time of the machine in the file
    workbook_set_properties(book, &properties);
    lxw_format* bold = workbook_add_format(book);
    format_set_bold(bold);

    xlsx::write_tables({book, bold, a, catalogue, edition});
    const lxw_error failed = workbook_close(book);
    if (failed != LXW_NO_ERROR || std::rename(part.c_str(), path.c_str()) != 0) {
        std::remove(part.c_str());
        return core::fail(core::ErrorCode::unavailable, std::string("the workbook cannot be written: ") + (failed != LXW_NO_ERROR ? lxw_strerror(failed) : "it cannot be put in place"), {path, 0, ""});
    }
    return {};
}

}  // namespace threatlas::publish
