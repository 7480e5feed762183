#include "store/file_io.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

namespace threatlas::store {

using core::ErrorCode;
using core::fail;
using core::Result;

constexpr ::mode_t kMode = 0640;

tl::unexpected<core::Error> system_error(int error, const std::string& doing,
                                         const std::string& path) {
    std::string sentence = doing + ": ";
    if (error == ENOSPC || error == EFBIG || error == EDQUOT)
        sentence += "the disk is full; make room and try again";
    else if (error == EROFS || error == EACCES || error == EPERM)
        sentence += "the folder may not be written or read by this user";
    else
        sentence += std::generic_category().message(error);
    return fail(error == ENOENT ? ErrorCode::not_found : ErrorCode::unavailable, sentence,
                {path, 0, ""});
}

File& File::operator=(File&& other) noexcept {
    if (this != &other) {
        close();
        handle_ = std::exchange(other.handle_, -1);
        path_ = other.path_;
    }
    return *this;
}

void File::close() {
    if (handle_ >= 0) ::close(handle_);
    handle_ = -1;
}

Result<File> File::create(const std::string& path) {
    File file;
    file.path_ = path;
    file.handle_ = ::open(path.c_str(), O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, kMode);
    if (file.handle_ < 0) return system_error(errno, "the file cannot be created", path);
    (void)::fchmod(file.handle_, kMode);  // fails when it was another's: then its mode is theirs
    return file;
}

Result<File> File::overwrite(const std::string& path) {
    File file;
    file.path_ = path;
    file.handle_ = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (file.handle_ < 0) return system_error(errno, "the file cannot be opened for writing", path);
    return file;
}

Result<File> File::read(const std::string& path) {
    File file;
    file.path_ = path;
    file.handle_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file.handle_ < 0) return system_error(errno, "the file cannot be opened", path);
    return file;
}

Result<File> File::lock(const std::string& path, const std::string& sentence) {
    File file;
    file.path_ = path;
    file.handle_ = ::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, kMode);
    if (file.handle_ < 0) return system_error(errno, "the lock file cannot be opened", path);
    (void)::fchmod(file.handle_, kMode);
    if (::flock(file.handle_, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) return fail(ErrorCode::conflict, sentence, {path, 0, ""});
        return system_error(errno, "the lock cannot be taken", path);
    }
    return file;
}

Result<void> File::write(const void* bytes, std::size_t size) {
    const char* from = static_cast<const char*>(bytes);
    while (size > 0) {
        const ssize_t done = ::write(handle_, from, size);
        if (done < 0) {
            if (errno == EINTR) continue;
            return system_error(errno, "the file cannot be written", path_);
        }
        from += done;
        size -= static_cast<std::size_t>(done);
    }
    return {};
}

Result<void> File::read_at(std::uint64_t offset, void* into, std::size_t size) const {
    char* to = static_cast<char*>(into);
    while (size > 0) {
        const ssize_t done = ::pread(handle_, to, size, static_cast<off_t>(offset));
        if (done < 0) {
            if (errno == EINTR) continue;
            return system_error(errno, "the file cannot be read", path_);
        }
        if (done == 0) return fail(ErrorCode::mismatch, "the file ends too early", {path_, 0, ""});
        to += done;
        offset += static_cast<std::uint64_t>(done);
        size -= static_cast<std::size_t>(done);
    }
    return {};
}

Result<std::uint64_t> File::size() const {
    struct stat status {};
    if (::fstat(handle_, &status) != 0)
        return system_error(errno, "the file cannot be read", path_);
    return static_cast<std::uint64_t>(status.st_size);
}

Result<void> File::sync() {
    if (::fsync(handle_) != 0) return system_error(errno, "the file cannot be written", path_);
    return {};
}

Result<void> sync_folder(const std::string& folder) {
    THREATLAS_TRY(File handle, File::read(folder));
    return handle.sync();
}

Result<void> write_secret(const std::string& path, const std::string& content) {
    const int handle = ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (handle < 0 && errno == EEXIST) return fail(ErrorCode::conflict, "the file is there already", {path, 0, ""});
    if (handle < 0) return system_error(errno, "the file cannot be created", path);
    const bool whole = ::write(handle, content.data(), content.size()) == static_cast<ssize_t>(content.size()) && ::fsync(handle) == 0;
    const int error = errno;
    ::close(handle);
    if (whole) return {};
    ::unlink(path.c_str());
    return system_error(error, "the file cannot be written", path);
}

Result<void> write_durably(const std::string& path, const std::string& content) {
    const std::string part = path + "." + std::to_string(::getpid()) + ".part";
    auto written = [&]() -> Result<void> {
        THREATLAS_TRY(File file, File::create(part));
        THREATLAS_CHECK(file.write(content.data(), content.size()));
        THREATLAS_CHECK(file.sync());
        if (::rename(part.c_str(), path.c_str()) != 0)
            return system_error(errno, "the file cannot be put in place", path);
        return {};
    }();
    if (!written) ::unlink(part.c_str());
    return written;
}

}  // namespace threatlas::store
