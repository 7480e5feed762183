#include "ingest/xlsx_parts.hpp"

#include <expat.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <map>

namespace threatlas::ingest {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr std::size_t kMaxStringBytes = std::size_t{256} << 20;
// Of honest workbooks, measured: sheets of a million equal rows pack 60 to 1, elements nest 8 deep, the longest
// element is one cell's text. What goes far beyond was made to harm.
constexpr std::uint64_t kMaxPartBytes = std::uint64_t{8} << 30, kMaxRatio = 250, kFreeBytes = std::uint64_t{32} << 20;
constexpr std::int64_t kMaxElementBytes = 4 << 20;
constexpr int kMaxDepth = 64;
constexpr std::size_t kMaxSheets = 4096, kMaxStyles = 65536;
constexpr zip_int64_t kMaxEntries = 20'000;

std::string local(const char* name) {
    const char* colon = std::strrchr(name, ':');
    return colon != nullptr ? colon + 1 : name;
}

std::string_view attribute(const char** attributes, std::string_view name) {
    for (const char** a = attributes; *a != nullptr; a += 2)
        if (local(a[0]) == name) return a[1];
    return {};
}

std::size_t number(std::string_view text) {
    std::size_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

}  // namespace

struct ZipXml::State {
    zip_file_t* file = nullptr;
    XML_Parser parser = nullptr;
    std::string entry, path;
    std::uint64_t done = 0, size = 0, packed = 0;
    int depth = 0;
    bool stopped = false, doctype = false, ended = false, too_deep = false;
    std::function<void(const std::string&, const char**)> start;
    std::function<void(const std::string&)> end;
    std::function<void(std::string_view)> text;
    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() {
        if (file != nullptr) zip_fclose(file);
        if (parser != nullptr) XML_ParserFree(parser);
    }
};

ZipXml::ZipXml() = default;
ZipXml::~ZipXml() = default;
ZipXml::ZipXml(ZipXml&&) noexcept = default;
ZipXml& ZipXml::operator=(ZipXml&&) noexcept = default;
void ZipXml::on_start(std::function<void(const std::string&, const char**)> call) { state_->start = std::move(call); }
void ZipXml::on_end(std::function<void(const std::string&)> call) { state_->end = std::move(call); }
void ZipXml::on_text(std::function<void(std::string_view)> call) { state_->text = std::move(call); }
std::uint64_t ZipXml::done() const { return state_ ? state_->done : 0; }
std::uint64_t ZipXml::size() const { return state_ ? state_->size : 0; }

void ZipXml::stop() {
    state_->stopped = true;
    XML_StopParser(state_->parser, XML_FALSE);
}

Result<ZipXml> ZipXml::open(zip_t* zip, const std::string& entry, const std::string& path) {
    ZipXml xml;
    xml.state_ = std::make_unique<State>();
    State& s = *xml.state_;
    s.entry = entry;
    s.path = path;
    zip_stat_t info;
    zip_stat_init(&info);
    if (zip_stat(zip, entry.c_str(), 0, &info) != 0)
        return fail(ErrorCode::bad_input, "the workbook has no part '" + entry + "'", {path, 0, ""});
    s.size = info.size;
    s.packed = info.comp_size;
    if (zip_get_num_entries(zip, 0) > kMaxEntries || s.size > kMaxPartBytes)
        return fail(ErrorCode::bad_input, "the workbook unpacks to more than any spreadsheet holds: save the sheet as CSV", {path, 0, ""});
    s.file = zip_fopen(zip, entry.c_str(), 0);
    if (s.file == nullptr) return fail(ErrorCode::bad_input, "the part '" + entry + "' cannot be unpacked (encrypted or damaged)", {path, 0, ""});
    s.parser = XML_ParserCreate(nullptr);
    XML_SetUserData(s.parser, &s);
    XML_SetElementHandler(s.parser,
        [](void* user, const char* name, const char** attributes) {
            auto& state = *static_cast<State*>(user);
            if (++state.depth > kMaxDepth) {
                state.too_deep = true;
                XML_StopParser(state.parser, XML_FALSE);
                return;
            }
            if (state.start && !state.stopped) state.start(local(name), attributes);
        },
        [](void* user, const char* name) {
            auto& state = *static_cast<State*>(user);
            --state.depth;
            if (state.end && !state.stopped) state.end(local(name));
        });
    XML_SetCharacterDataHandler(s.parser, [](void* user, const char* text, int size) {
        auto& state = *static_cast<State*>(user);
        if (state.text && !state.stopped) state.text(std::string_view(text, static_cast<std::size_t>(size)));
    });
    XML_SetStartDoctypeDeclHandler(s.parser, [](void* user, const char*, const char*, const char*, int) {
        auto& state = *static_cast<State*>(user);
        state.doctype = true;
        XML_StopParser(state.parser, XML_FALSE);
    });
    return xml;
}

Result<bool> ZipXml::pump() {
    State& s = *state_;
    if (s.ended || s.stopped) return false;
    constexpr int kChunk = 1 << 16;
    void* buffer = XML_GetBuffer(s.parser, kChunk);
    if (buffer == nullptr) return fail(ErrorCode::unavailable, "not enough memory to read '" + s.entry + "'", {s.path, 0, ""});
    const zip_int64_t n = zip_fread(s.file, buffer, kChunk);
    if (n < 0) return fail(ErrorCode::bad_input, "the part '" + s.entry + "' is damaged: " + zip_file_strerror(s.file), {s.path, 0, ""});
    s.done += static_cast<std::uint64_t>(n);
    s.ended = n == 0;
    if (s.done > kFreeBytes && s.done / kMaxRatio > s.packed)
        return fail(ErrorCode::bad_input, "the part '" + s.entry + "' unpacks to more than " + std::to_string(kMaxRatio) + " times its size, as no workbook does", {s.path, 0, ""});
    if (s.done > kMaxPartBytes) return fail(ErrorCode::bad_input, "the part '" + s.entry + "' unpacks to more than it says", {s.path, 0, ""});
    if (XML_ParseBuffer(s.parser, static_cast<int>(n), s.ended ? 1 : 0) == XML_STATUS_ERROR) {
        if (s.stopped) return false;
        if (s.too_deep) return fail(ErrorCode::bad_input, "the part '" + s.entry + "' nests deeper than any workbook does", {s.path, 0, ""});
        if (s.doctype) return fail(ErrorCode::bad_input, "the part '" + s.entry + "' declares a document type, which no workbook needs", {s.path, 0, ""});
        return fail(ErrorCode::bad_input, "the part '" + s.entry + "' is not well-formed: " + XML_ErrorString(XML_GetErrorCode(s.parser)), {s.path, 0, ""});
    }
    // What the parser still holds is one unfinished element.
    if (!s.ended && !s.stopped && static_cast<std::int64_t>(s.done) - static_cast<std::int64_t>(XML_GetCurrentByteIndex(s.parser)) > kMaxElementBytes)
        return fail(ErrorCode::bad_input, "one element of the part '" + s.entry + "' is longer than 4 MiB", {s.path, 0, ""});
    return !s.ended;
}

Result<void> ZipXml::all() {
    for (;;) {
        THREATLAS_TRY(const bool more, pump());
        if (!more) return {};
    }
}

bool is_date_format(std::string_view format) {
    bool quoted = false, bracket = false;
    for (std::size_t i = 0; i < format.size(); ++i) {
        const char c = format[i];
        if (quoted) quoted = c != '"';
        else if (bracket) bracket = c != ']';
        else if (c == '"') quoted = true;
        else if (c == '[') bracket = true;
        else if (c == '\\' || c == '_' || c == '*') ++i;
        else if (c == 'y' || c == 'Y' || c == 'd' || c == 'D') return true;
    }
    return false;
}

namespace {

Result<void> read_sheet_list(zip_t* zip, const std::string& path, const std::string& wanted, Workbook& out) {
    std::vector<std::pair<std::string, std::string>> sheets;  // name, relation
    THREATLAS_TRY(auto book, ZipXml::open(zip, "xl/workbook.xml", path));
    book.on_start([&](const std::string& name, const char** attributes) {
        if (name == "sheet" && sheets.size() < kMaxSheets) sheets.emplace_back(attribute(attributes, "name"), "");
        if (name == "sheet")
            for (const char** a = attributes; *a != nullptr; a += 2)
                if (std::strchr(a[0], ':') != nullptr && local(a[0]) == "id") sheets.back().second = a[1];
        if (name == "workbookPr") {
            const auto flag = attribute(attributes, "date1904");
            out.since_1904 = flag == "1" || flag == "true";
        }
    });
    THREATLAS_CHECK(book.all());
    for (const auto& each : sheets) out.sheets.push_back(each.first);
    if (sheets.empty()) return fail(ErrorCode::bad_input, "the workbook has no sheet", {path, 0, ""});
    auto chosen = sheets.begin();
    if (!wanted.empty()) {
        chosen = std::find_if(sheets.begin(), sheets.end(), [&](const auto& s) { return s.first == wanted; });
        if (chosen == sheets.end()) {
            std::string known;
            for (const auto& each : sheets) known += (known.empty() ? "'" : ", '") + each.first + "'";
            return fail(ErrorCode::bad_input, "there is no sheet '" + wanted + "'; the workbook has: " + known, {path, 0, ""});
        }
    }
    THREATLAS_TRY(auto relations, ZipXml::open(zip, "xl/_rels/workbook.xml.rels", path));
    relations.on_start([&](const std::string& name, const char** attributes) {
        if (name != "Relationship" || attribute(attributes, "Id") != chosen->second) return;
        const std::string target(attribute(attributes, "Target"));
        out.sheet = target.starts_with('/') ? target.substr(1) : "xl/" + target;
    });
    THREATLAS_CHECK(relations.all());
    if (out.sheet.empty()) return fail(ErrorCode::bad_input, "the sheet '" + chosen->first + "' has no content", {path, 0, ""});
    return {};
}

Result<void> read_strings(zip_t* zip, const std::string& path, Workbook& out) {
    if (zip_name_locate(zip, "xl/sharedStrings.xml", 0) < 0) return {};
    THREATLAS_TRY(auto xml, ZipXml::open(zip, "xl/sharedStrings.xml", path));
    std::string text;
    bool in_text = false, reading_aid = false, too_much = false;
    xml.on_start([&](const std::string& name, const char**) {
        if (name == "si") text.clear();
        else if (name == "rPh") reading_aid = true;
        else if (name == "t") in_text = !reading_aid;
    });
    xml.on_end([&](const std::string& name) {
        if (name == "rPh") reading_aid = false;
        else if (name == "t") in_text = false;
        else if (name == "si") out.strings.add(text);
        if (out.strings.bytes() > kMaxStringBytes) { too_much = true; xml.stop(); }
    });
    xml.on_text([&](std::string_view more) {
        if (!in_text) return;
        text += more;
        if (text.size() > kMaxStringBytes) { too_much = true; xml.stop(); }
    });
    THREATLAS_CHECK(xml.all());
    if (too_much) return fail(ErrorCode::bad_input, "the workbook's texts exceed 256 MiB: save the sheet as CSV", {path, 0, ""});
    return {};
}

Result<void> read_styles(zip_t* zip, const std::string& path, Workbook& out) {
    if (zip_name_locate(zip, "xl/styles.xml", 0) < 0) return {};
    THREATLAS_TRY(auto xml, ZipXml::open(zip, "xl/styles.xml", path));
    std::map<std::size_t, bool> own;
    bool in_cell_styles = false;
    xml.on_start([&](const std::string& name, const char** attributes) {
        if (name == "numFmt" && own.size() < kMaxStyles) own[number(attribute(attributes, "numFmtId"))] = is_date_format(attribute(attributes, "formatCode"));
        else if (name == "cellXfs") in_cell_styles = true;
        else if (name == "xf" && in_cell_styles && out.date_styles.size() < kMaxStyles) {
            const std::size_t id = number(attribute(attributes, "numFmtId"));
            // ECMA-376 part 1, 18.8.30: 14 to 17 and 22 are built-in dates; 27-36 and 50-58 in East Asian locales.
            const auto found = own.find(id);
            out.date_styles.push_back(found != own.end() ? found->second : (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58));
        }
    });
    xml.on_end([&](const std::string& name) { if (name == "cellXfs") in_cell_styles = false; });
    return xml.all();
}

}  // namespace

Result<std::vector<std::string>> read_sheets(zip_t* zip, const std::string& path) {
    Workbook out;
    THREATLAS_CHECK(read_sheet_list(zip, path, "", out));
    return std::move(out.sheets);
}

Result<Workbook> read_workbook(zip_t* zip, const std::string& path, const std::string& sheet) {
    Workbook out;
    THREATLAS_CHECK(read_sheet_list(zip, path, sheet, out));
    THREATLAS_CHECK(read_strings(zip, path, out));
    THREATLAS_CHECK(read_styles(zip, path, out));
    return out;
}

}  // namespace threatlas::ingest
