#include "ingest/byte_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

namespace threatlas::ingest {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;

constexpr std::uint64_t kMaxRatio = 400, kFreeBytes = std::uint64_t{64} << 20;

class File {
  public:
    explicit File(int handle) : handle_(handle) {}
    ~File() { ::close(handle_); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ssize_t read(char* into, std::size_t size) {
        ssize_t n;
        do n = ::read(handle_, into, size);
        while (n < 0 && errno == EINTR);
        if (n > 0) offset_ += static_cast<std::uint64_t>(n);
        return n;
    }
    std::uint64_t offset() const { return offset_; }
    void rewind() {
        ::lseek(handle_, 0, SEEK_SET);
        offset_ = 0;
    }

  private:
    int handle_;
    std::uint64_t offset_ = 0;
};

class PlainBytes final : public ByteSource {
  public:
    PlainBytes(std::unique_ptr<File> file, std::string path, std::uint64_t total)
        : file_(std::move(file)), path_(std::move(path)), total_(total) {}
    Result<std::size_t> read(char* into, std::size_t size) override {
        const ssize_t n = file_->read(into, size);
        if (n < 0) return fail(ErrorCode::unavailable, std::string("the file cannot be read: ") + std::strerror(errno), {path_, 0, ""});
        return static_cast<std::size_t>(n);
    }
    std::uint64_t offset() const override { return file_->offset(); }
    std::uint64_t total() const override { return total_; }

  private:
    std::unique_ptr<File> file_;
    std::string path_;
    std::uint64_t total_;
};

class GzipBytes final : public ByteSource {
  public:
    GzipBytes(std::unique_ptr<File> file, std::string path, std::uint64_t total)
        : file_(std::move(file)), path_(std::move(path)), total_(total), input_(std::size_t{1} << 16) {
        ready_ = inflateInit2(&stream_, 15 + 16) == Z_OK;  // 16: gzip only
    }
    ~GzipBytes() override {
        if (ready_) inflateEnd(&stream_);
    }
    Result<std::size_t> read(char* into, std::size_t size) override {
        if (!ready_) return fail(ErrorCode::unavailable, "not enough memory to unpack the file", {path_, 0, ""});
        stream_.next_out = reinterpret_cast<Bytef*>(into);
        stream_.avail_out = static_cast<uInt>(std::min<std::size_t>(size, std::size_t{1} << 30));
        const uInt asked = stream_.avail_out;
        while (stream_.avail_out == asked) {
            if (stream_.avail_in == 0) {
                const ssize_t n = file_->read(input_.data(), input_.size());
                if (n < 0) return fail(ErrorCode::unavailable, std::string("the file cannot be read: ") + std::strerror(errno), {path_, 0, ""});
                if (n == 0) {
                    if (between_members_) return std::size_t{0};
                    return fail(ErrorCode::bad_input, "the gzip file is truncated: fetch it again", {path_, 0, ""});
                }
                stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
                stream_.avail_in = static_cast<uInt>(n);
            }
            if (between_members_) {  // a .gz may be several, one after another
                inflateReset(&stream_);
                between_members_ = false;
            }
            const int code = inflate(&stream_, Z_NO_FLUSH);
            if (code == Z_STREAM_END) between_members_ = true;
            else if (code != Z_OK && code != Z_BUF_ERROR)
                return fail(ErrorCode::bad_input, std::string("the gzip file is damaged (") + (stream_.msg != nullptr ? stream_.msg : "no detail") + "): fetch it again", {path_, 0, ""});
        }
        made_ += asked - stream_.avail_out;
        // Tables pack 5 to 50 to 1; the most gzip can do is 1032 to 1, with one byte again and again.
        if (made_ > kFreeBytes && made_ / kMaxRatio > file_->offset())
            return fail(ErrorCode::bad_input, "the file unpacks to more than " + std::to_string(kMaxRatio) + " times its size, as no table does", {path_, 0, ""});
        return static_cast<std::size_t>(asked - stream_.avail_out);
    }
    std::uint64_t offset() const override { return file_->offset() - stream_.avail_in; }
    std::uint64_t total() const override { return total_; }

  private:
    std::unique_ptr<File> file_;
    std::string path_;
    std::uint64_t total_;
    std::vector<char> input_;
    z_stream stream_{};
    std::uint64_t made_ = 0;
    bool ready_ = false, between_members_ = false;
};

class TextBytes final : public ByteSource {
  public:
    explicit TextBytes(std::string_view text) : text_(text) {}
    Result<std::size_t> read(char* into, std::size_t size) override {
        const std::size_t n = std::min(size, text_.size() - at_);
        if (n != 0) std::memcpy(into, text_.data() + at_, n);
        at_ += n;
        return n;
    }
    std::uint64_t offset() const override { return at_; }
    std::uint64_t total() const override { return text_.size(); }

  private:
    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace

Result<std::unique_ptr<ByteSource>> open_bytes(const std::string& path) {
    const int handle = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (handle < 0)
        return fail(errno == ENOENT ? ErrorCode::not_found : ErrorCode::unavailable, std::string("the file cannot be opened: ") + std::strerror(errno), {path, 0, ""});
    auto file = std::make_unique<File>(handle);
    struct stat info {};
    if (::fstat(handle, &info) != 0) return fail(ErrorCode::unavailable, std::string("the file cannot be read: ") + std::strerror(errno), {path, 0, ""});
    if (S_ISDIR(info.st_mode)) return fail(ErrorCode::bad_usage, "this is a folder: name a file in it", {path, 0, ""});
    const auto total = static_cast<std::uint64_t>(info.st_size);
    unsigned char magic[2] = {0, 0};
    const ssize_t n = file->read(reinterpret_cast<char*>(magic), 2);
    if (n < 0) return fail(ErrorCode::unavailable, std::string("the file cannot be read: ") + std::strerror(errno), {path, 0, ""});
    file->rewind();
    if (n == 2 && magic[0] == 0x1f && magic[1] == 0x8b) return std::make_unique<GzipBytes>(std::move(file), path, total);
    return std::make_unique<PlainBytes>(std::move(file), path, total);
}

std::unique_ptr<ByteSource> bytes_of(std::string_view text) { return std::make_unique<TextBytes>(text); }

}  // namespace threatlas::ingest
