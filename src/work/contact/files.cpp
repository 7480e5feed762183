#include "work/contact/files.hpp"

#include <algorithm>

#include "core/hash.hpp"
#include "core/text.hpp"
#include "store/desk.hpp"

namespace threatlas::work::contact {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

bool holds(std::string_view content, std::string_view what) { return content.find(what) != std::string_view::npos; }

// What office programs write is a ZIP; the names in it stand in the clear.
std::string office_media(std::string_view content) {
    if (holds(content, "word/document.xml")) return "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    if (holds(content, "xl/workbook.xml")) return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    for (const char* each : {"application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet"})
        if (content.size() > 110 && content.substr(30, 80).starts_with(std::string("mimetype") + each)) return each;
    return {};
}

}  // namespace

Result<std::string> media_of(std::string_view content) {
    if (content.empty()) return fail(ErrorCode::bad_input, "the file is empty");
    if (content.size() > kMostFile) return fail(ErrorCode::bad_input, "a file of more than 4 MiB is not sent; make it smaller, or send it another way");
    if (content.starts_with("%PDF-")) {
        for (const char* each : {"/JavaScript", "/Launch", "/EmbeddedFile", "/OpenAction"})
            if (holds(content, each)) return fail(ErrorCode::bad_input, "the PDF acts when it is opened (" + std::string(each) + "); print it to a new PDF");
        return std::string("application/pdf");
    }
    if (content.starts_with("\x89PNG\r\n\x1a\n")) return std::string("image/png");
    if (content.starts_with("\xff\xd8\xff")) return std::string("image/jpeg");
    if (content.starts_with(std::string_view("PK\x03\x04", 4))) {
        const std::string media = office_media(content);
        for (const char* each : {"vbaProject.bin", "/activeX", "/embeddings/", "Basic/", "Scripts/", "externalLinks/"})
            if (holds(content, each)) return fail(ErrorCode::bad_input, "the document holds macros or things embedded (" + std::string(each) + ")");
        if (!media.empty()) return media;
    } else if (core::is_utf8(content) && std::none_of(content.begin(), content.end(), [](char c) { return c == 127 || (static_cast<unsigned char>(c) < 32 && c != '\n' && c != '\r' && c != '\t'); }) && !content.starts_with("#!") && !content.starts_with("<")) {
        return std::string("text/plain");
    }
    return fail(ErrorCode::bad_input, "a file is PDF, PNG, JPEG, plain text or CSV in UTF-8, DOCX, XLSX, ODT or ODS, without macros; this is none");
}

std::string plain_name(std::string_view name) {
    name = name.substr(name.find_last_of("/\\") + 1);
    std::string out;
    if (core::is_utf8(name))
        for (const char c : name) out += static_cast<unsigned char>(c) < 32 || c == 127 || std::string_view("\"<>:|?*;,").find(c) != std::string_view::npos ? '_' : c;
    while (out.starts_with('.') || out.starts_with(' ')) out.erase(0, 1);
    if (out.size() > 100) {   // its ending says what it is
        const auto dot = out.rfind('.');
        const std::string ending = dot != std::string::npos && out.size() - dot <= 8 ? out.substr(dot) : "";
        out.resize(100 - ending.size());
        while (!core::is_utf8(out)) out.pop_back();
        out += ending;
    }
    return out.empty() ? "file" : out;
}

Result<model::Attachment> keep_file(const Desk& desk, const model::Reader& who, const std::string& name, const std::string& content) {
    THREATLAS_CHECK(may_speak(who, "attaching files"));
    THREATLAS_TRY(const std::string media, media_of(content));
    THREATLAS_TRY(store::Desk * kept, desk.store.desk());
    THREATLAS_TRY(const std::uint64_t bytes, kept->kept_bytes(who.organisation));
    if (bytes + content.size() > kMostKept) return fail(ErrorCode::unavailable, "the files of this organisation fill their gibibyte");
    THREATLAS_TRY(const std::string hash, kept->keep_file(who, content, desk.now()));
    return model::Attachment{plain_name(name), media, hash, content.size()};
}

Result<void> files_of(const Desk& desk, const std::string& organisation, std::vector<model::Attachment>& wanted) {
    if (wanted.empty()) return {};
    if (wanted.size() > kMostFiles) return fail(ErrorCode::bad_input, "more than " + std::to_string(kMostFiles) + " files");
    THREATLAS_TRY(store::Desk * kept, desk.store.desk());
    for (auto& each : wanted) {
        const auto content = kept->file(organisation, each.sha256);
        if (!content) return fail(content.error().code == ErrorCode::not_found ? ErrorCode::bad_input : content.error().code, "'attachments': " + content.error().message + "; send it first");
        THREATLAS_TRY(each.media, media_of(*content));
        each.size = content->size(), each.name = plain_name(each.name);
    }
    return {};
}

template <class T>
Result<File> file_of(const Desk& desk, const model::Reader& reader, const std::string& id, const std::string& sha256) {
    THREATLAS_TRY(const auto found, opened<T>(desk, reader, id));
    const auto at = std::find_if(found.record.attachments.begin(), found.record.attachments.end(), [&](const auto& each) { return each.sha256 == sha256; });
    if (at == found.record.attachments.end()) return fail(ErrorCode::not_found, "it has no such file");
    THREATLAS_TRY(const store::Sight sight, desk.store.sight(reader));
    if (may_go(Exit::file, sight, found.marked) != Extent::whole) return fail(ErrorCode::not_allowed, "it is marked " + found.record.handling + ": its files are not saved without the recorded consent of its originator");
    THREATLAS_TRY(store::Desk * kept, desk.store.desk());
    auto content = kept->file(found.record.originator, sha256);
    if (!content && content.error().code == ErrorCode::not_found) return fail(ErrorCode::not_found, "the file has not come yet from " + found.record.originator);
    if (!content) return tl::unexpected<core::Error>(content.error());
    THREATLAS_CHECK(desk.store.audit(reader, "disclose", "file " + sha256 + " of " + std::string(T::kKind) + " " + found.record.id + ", " + std::to_string(content->size()) + " bytes"));
    return File{*at, std::move(*content)};
}

template Result<File> file_of<model::Bulletin>(const Desk&, const model::Reader&, const std::string&, const std::string&);
template Result<File> file_of<model::Request>(const Desk&, const model::Reader&, const std::string&, const std::string&);
template Result<File> file_of<model::Answer>(const Desk&, const model::Reader&, const std::string&, const std::string&);

}  // namespace threatlas::work::contact
