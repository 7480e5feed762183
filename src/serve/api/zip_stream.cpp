#include "serve/api/zip_stream.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <cerrno>
#include <new>

namespace threatlas::serve::api {

using core::ErrorCode;
using core::fail;
using core::Result;

struct ZipStream::State {
    struct archive* zip = nullptr;
    std::string out;
    bool ready = false, abandoned = false;
    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() {
        abandoned = true;   // closing a half-written archive ends it, for nobody; failing it instead leaks what its packer holds (3.6.2)
        archive_write_free(zip);
    }

    static la_ssize_t take(struct archive* zip, void* to, const void* bytes, std::size_t size) noexcept {
        State& self = *static_cast<State*>(to);
        try {
            if (!self.abandoned) self.out.append(static_cast<const char*>(bytes), size);
            return static_cast<la_ssize_t>(size);
        } catch (const std::bad_alloc&) {
            archive_set_error(zip, ENOMEM, "no memory");
            return -1;
        }
    }
    Result<void> said(int code) const {
        if (code == ARCHIVE_OK) return {};
        const char* why = zip == nullptr ? "no memory" : archive_error_string(zip);
        return fail(ErrorCode::unavailable, std::string("the archive cannot be written: ") + (why == nullptr ? "no reason is given" : why));
    }
    Result<void> open() {
        if (ready) return {};
        zip = archive_write_new();
        if (zip == nullptr) return said(ARCHIVE_FATAL);
        THREATLAS_CHECK(said(archive_write_set_format_zip(zip)));
        // Without the long form of sizes, as spreadsheet programs write: not every one of them reads it.
        THREATLAS_CHECK(said(archive_write_set_options(zip, "zip:compression=deflate,zip:compression-level=1,!zip64")));
        THREATLAS_CHECK(said(archive_write_set_bytes_per_block(zip, 0)));
        THREATLAS_CHECK(said(archive_write_open(zip, this, nullptr, &State::take, nullptr)));
        ready = true;
        return {};
    }
};

ZipStream::ZipStream() : state_(std::make_unique<State>()) {}
ZipStream::~ZipStream() = default;
ZipStream::ZipStream(ZipStream&&) noexcept = default;
ZipStream& ZipStream::operator=(ZipStream&&) noexcept = default;

std::string& ZipStream::out() { return state_->out; }

Result<void> ZipStream::begin(const std::string& name) {
    THREATLAS_CHECK(state_->open());
    const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(), &archive_entry_free);
    if (!entry) return state_->said(ARCHIVE_FATAL);
    archive_entry_set_pathname(entry.get(), name.c_str());
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0644);
    return state_->said(archive_write_header(state_->zip, entry.get()));
}

Result<void> ZipStream::add(std::string_view bytes) {
    while (!bytes.empty()) {
        const la_ssize_t took = archive_write_data(state_->zip, bytes.data(), bytes.size());
        if (took <= 0) return state_->said(ARCHIVE_FATAL);
        bytes.remove_prefix(static_cast<std::size_t>(took));
    }
    return {};
}

Result<void> ZipStream::finish() {
    THREATLAS_CHECK(state_->open());
    const int code = archive_write_close(state_->zip);
    return state_->said(code);
}

}  // namespace threatlas::serve::api
