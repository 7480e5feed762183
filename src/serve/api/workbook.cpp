#include "serve/api/workbook.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "publish/xlsx/sheet.hpp"
#include "serve/api/export.hpp"

namespace threatlas::serve::api {
namespace {

using core::ErrorCode;
using core::fail;

constexpr std::size_t kSheetRows = 1048575;   // beside the heading

}  // namespace

core::Result<std::string> temporary_file() {
    std::error_code error;
    std::string path = (std::filesystem::temp_directory_path(error) / "threatlas-XXXXXX").string();
    const int file = ::mkostemp(path.data(), O_CLOEXEC);
    if (error || file < 0) return fail(ErrorCode::unavailable, "no temporary file can be made; is the disk full?");
    ::close(file);
    return path;
}

core::Result<net::Response> send_once(const std::string& path, const std::string& content_type, const std::string& file_name) {
    struct Sending {
        std::FILE* file = nullptr;
        std::string path;
        ~Sending() {
            if (file != nullptr) std::fclose(file);
            std::remove(path.c_str());
        }
    };
    auto sending = std::make_shared<Sending>();
    sending->path = path;
    sending->file = std::fopen(path.c_str(), "rbe");
    if (sending->file == nullptr) return fail(ErrorCode::unavailable, "what was made cannot be read again; is the disk full?");
    return net::Response{200, {{"Content-Type", content_type}, {"Content-Disposition", "attachment; filename=\"" + file_name + "\""}}, net::Pieces([sending](std::string& piece) -> core::Result<bool> {
        std::array<char, 64 * 1024> block{};
        const std::size_t got = std::fread(block.data(), 1, block.size(), sending->file);
        if (got == 0 && std::ferror(sending->file) != 0) return fail(ErrorCode::unavailable, "the file cannot be read");
        piece.assign(block.data(), got);
        return got > 0;
    })};
}

core::Result<net::Response> workbook(const std::function<bool(core::json::object& row)>& rows, const std::vector<std::string>& fields, const std::string& name) {
    THREATLAS_TRY(const std::string path, temporary_file());
    lxw_workbook_options options{};
    options.constant_memory = LXW_TRUE;
    lxw_workbook* book = workbook_new_opt(path.c_str(), &options);
    lxw_format* bold = workbook_add_format(book);
    format_set_bold(bold);
    {
        publish::xlsx::Sheet sheet(book, bold, name.substr(0, 31).c_str(), fields);
        core::json::object item;
        for (std::size_t count = 0; item.clear(), rows(item); ++count) {
            if (count == kSheetRows) {
                workbook_close(book);
                std::remove(path.c_str());
                return fail(ErrorCode::bad_input, "a sheet holds 1,048,575 rows and this list has more; take it as csv or filter it", {"query", 0, "format"});
            }
            sheet.row();
            for (const std::string& field : fields) {
                const auto* value = item.if_contains(field);
                if (value != nullptr && value->is_number()) sheet << value->to_number<double>();
                else sheet << (value == nullptr ? std::string() : cell(*value));
            }
        }
    }
    if (workbook_close(book) != LXW_NO_ERROR) {
        std::remove(path.c_str());
        return fail(ErrorCode::unavailable, "the workbook cannot be written; is the disk full?");
    }
    return send_once(path, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", name + ".xlsx");
}

}  // namespace threatlas::serve::api
