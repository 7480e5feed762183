#include "serve/net/body_sink.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace threatlas::serve::net {
namespace {

core::Result<void> no_room(const std::string& folder) {
    return core::fail(core::ErrorCode::unavailable, "what was sent cannot be kept in " + folder + ": " + std::strerror(errno) + "; make room and send it again");
}

}  // namespace

BodySink::~BodySink() {
    if (file_ >= 0) ::close(file_);
    if (!path_.empty()) ::unlink(path_.c_str());
}

core::Result<void> BodySink::add(std::string_view piece) {
    bytes_ += piece.size();
    if (file_ < 0) {
        if (bytes_ <= in_memory_ || folder_.empty()) return text_.append(piece), core::Result<void>{};
        std::string path = folder_ + "/body-XXXXXX";
        file_ = ::mkostemp(path.data(), O_CLOEXEC);   // mode 0600
        if (file_ < 0) return no_room(folder_);
        path_ = std::move(path);
        THREATLAS_CHECK(write(text_));
        text_ = {};
    }
    return write(piece);
}

core::Result<void> BodySink::write(std::string_view piece) {
    while (!piece.empty()) {
        const ssize_t done = ::write(file_, piece.data(), piece.size());
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return no_room(folder_);
        piece.remove_prefix(static_cast<std::size_t>(done));
    }
    return {};
}

core::Result<void> BodySink::finish(Request& into) {
    if (file_ < 0) {
        into.body = std::move(text_);
        return {};
    }
    const bool whole = ::close(file_) == 0;
    file_ = -1;
    if (!whole) return no_room(folder_);
    into.spooled = std::make_shared<const Spooled>(std::move(path_), bytes_);
    path_.clear();
    return {};
}

}  // namespace threatlas::serve::net
