// Files handed in and not yet ingested: kept under random names in a folder of their own, each belonging
// to an organisation, for seven days.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/json.hpp"
#include "core/result.hpp"
#include "model/fields.hpp"
#include "model/reader.hpp"
#include "serve/net/message.hpp"
#include "store/store.hpp"

namespace threatlas::serve {

struct Upload {
    std::string id, file, extension;      // file: its owner's name for it, never a path; extension: ours, '.csv'
    std::string owner, organisation;
    std::string created, expires;         // ISO 8601 UTC
    std::uint64_t bytes = 0;
    static constexpr auto fields() {
        using T = Upload;
        using model::field;
        return std::make_tuple(field("id", &T::id, "id"), field("file", &T::file, "its name"), field("extension", &T::extension, "kind of file"), field("owner", &T::owner, "who handed it in"), field("organisation", &T::organisation, "whose it is"),
            field("created", &T::created, "when"), field("expires", &T::expires, "until when it is kept"), field("bytes", &T::bytes, "size"));
    }
};

struct UploadOptions {
    std::string folder;                                     // made, 0700
    std::uint64_t quota = std::uint64_t{2} << 30;           // bytes of one organisation
    std::size_t most = 200;                                 // files of one organisation
    std::int64_t keep_seconds = 7 * 24 * 3600;
    std::function<std::int64_t()> clock{};                  // seconds since 1970; default the system's
};

class Uploads {
  public:
    explicit Uploads(UploadOptions options);

    // bad_input for a name whose ending is none of .csv .tsv .txt .xlsx .jsonl .ndjson (and .gz of the text ones)
    // or an empty body; not_allowed above the quota. The name's path, if it has one, is dropped.
    core::Result<Upload> add(const model::Reader& who, const std::string& name, const net::Request& request);
    core::Result<Upload> find(const model::Reader& reader, const std::string& id) const;   // own organisation only; else not_found
    core::Result<std::vector<Upload>> list(const model::Reader& reader) const;             // newest first
    core::Result<void> remove(const model::Reader& who, const std::string& id);
    // What has expired goes, and files nobody names. Returns how many.
    std::size_t sweep();

    std::string path(const Upload& upload) const;
    const std::string& folder() const { return options_.folder; }
    // What the last check or ingest refused, with the mapping it was read by.
    core::Result<void> keep_refused(const Upload& upload, const core::json::object& mapping, const std::vector<store::Reject>& refused) const;
    core::Result<std::pair<core::json::object, std::vector<store::Reject>>> refused(const Upload& upload) const;   // not_found before a check

  private:
    std::vector<Upload> all() const;
    std::string note(const std::string& id) const { return options_.folder + "/" + id + ".json"; }

    UploadOptions options_;
    mutable std::mutex mutex_;
};

// From the X-Filename header: percent-encoding undone, the last part of a path, at most 150 bytes of UTF-8
// without control characters; 'upload.csv' when nothing is left. extension: with the dot, lower case.
struct UploadName {
    std::string file, extension;
};
core::Result<UploadName> upload_name(std::string_view header);

}  // namespace threatlas::serve
