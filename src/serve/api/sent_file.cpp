#include "serve/api/sent_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

namespace threatlas::serve::api {

using core::ErrorCode;
using core::fail;

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

}  // namespace threatlas::serve::api
