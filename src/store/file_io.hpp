// Files with errors a person can act on: full disk, read-only folder, missing file.
// Everything written through File::sync() is on the disk when it returns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "core/result.hpp"

namespace threatlas::store {

// unavailable, with what to do, from errno.
tl::unexpected<core::Error> system_error(int error, const std::string& doing,
                                         const std::string& path);

// An open file; closed with the object.
class File {
  public:
    File() = default;
    File(File&& other) noexcept : handle_(std::exchange(other.handle_, -1)), path_(std::move(other.path_)) {}
    File& operator=(File&& other) noexcept;
    ~File() { close(); }

    // Truncates. Mode 0640 whatever the umask: what a store holds is not for everybody on the machine.
    static core::Result<File> create(const std::string& path);
    static core::Result<File> overwrite(const std::string& path);  // from its beginning, as long as it is
    static core::Result<File> read(const std::string& path);    // not_found when absent
    // Takes the lock at once or returns conflict with the sentence.
    static core::Result<File> lock(const std::string& path, const std::string& sentence);

    core::Result<void> write(const void* bytes, std::size_t size);
    core::Result<void> read_at(std::uint64_t offset, void* into, std::size_t size) const;
    core::Result<std::uint64_t> size() const;
    core::Result<void> sync();
    void close();
    const std::string& path() const { return path_; }

  private:
    int handle_ = -1;
    std::string path_;
};

core::Result<void> sync_folder(const std::string& folder);
// Whole or absent, and on the disk when it returns.
core::Result<void> write_durably(const std::string& path, const std::string& content);
// A new file for its owner alone, from the first byte (0600). conflict when it is there.
core::Result<void> write_secret(const std::string& path, const std::string& content);

}  // namespace threatlas::store
