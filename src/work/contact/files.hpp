// Files that go with bulletins, requests and answers: kept by their SHA-256, encrypted; of a few types, known by their content;
// given out to be saved, never shown.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "model/bulletin.hpp"
#include "work/contact/papers.hpp"

namespace threatlas::work::contact {

constexpr std::size_t kMostFile = std::size_t{4} << 20, kMostFiles = 4;
constexpr std::uint64_t kMostKept = std::uint64_t{1} << 30;   // of one organisation

// 'application/pdf' and so on, by what it begins with and holds: PDF, PNG, JPEG, text (CSV too), and DOCX, XLSX or ODT/ODS
// without macros. bad_input for anything else.
core::Result<std::string> media_of(std::string_view content);
// A file's own name: its last part, of letters, digits and a few signs; never hidden, at most 100 bytes.
std::string plain_name(std::string_view name);

// Keeps a file for this organisation, to be named in what it issues.
core::Result<model::Attachment> keep_file(const Desk& desk, const model::Reader& who, const std::string& name, const std::string& content);
// Fills in size and type of those named by hash. bad_input for a file this organisation did not keep, too many, or too long.
core::Result<void> files_of(const Desk& desk, const std::string& organisation, std::vector<model::Attachment>& wanted);

struct File {
    model::Attachment what;
    std::string content;
};
// A file of a version the reader may see. not_found also while it has not come yet from the other node. leaving: it is
// written out (Exit::file is asked).
template <class T>
core::Result<File> file_of(const Desk& desk, const model::Reader& reader, const std::string& id, const std::string& sha256);

}  // namespace threatlas::work::contact
