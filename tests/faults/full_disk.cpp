// Loaded before the C library into a server of the tests: while the file named by THREATLAS_FULL_DISK is there, no file
// grows. What the disk holds already can be written over, as on a disk that is full.
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

namespace {

bool grows(int file, off_t end) {
    const char* const flag = ::getenv("THREATLAS_FULL_DISK");
    struct stat info {};
    return flag != nullptr && ::access(flag, F_OK) == 0 && ::fstat(file, &info) == 0 && S_ISREG(info.st_mode) && end > info.st_size;
}

template <class Function>
Function* next(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

int full() {
    errno = ENOSPC;
    return -1;
}

}  // namespace

extern "C" {

ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t at) {
    static auto* const real = next<ssize_t(int, const void*, size_t, off64_t)>("pwrite64");
    return grows(file, at + static_cast<off_t>(size)) ? full() : real(file, bytes, size, at);
}
ssize_t pwrite(int file, const void* bytes, size_t size, off_t at) { return pwrite64(file, bytes, size, at); }

ssize_t pwritev64(int file, const iovec* parts, int count, off64_t at) {
    static auto* const real = next<ssize_t(int, const iovec*, int, off64_t)>("pwritev64");
    off_t size = 0;
    for (int i = 0; i < count; ++i) size += static_cast<off_t>(parts[i].iov_len);
    return grows(file, at + size) ? full() : real(file, parts, count, at);
}
ssize_t pwritev(int file, const iovec* parts, int count, off_t at) { return pwritev64(file, parts, count, at); }

}  // extern "C"
