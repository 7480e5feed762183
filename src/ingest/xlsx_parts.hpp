// The parts of a workbook besides its rows: which sheet, the shared strings, which styles are dates.
// Internal to the XLSX reader.
#pragma once

#include <zip.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

struct XML_ParserStruct;

namespace threatlas::ingest {

struct ZipClose {
    void operator()(zip_t* zip) const { zip_discard(zip); }
};
using ZipPtr = std::unique_ptr<zip_t, ZipClose>;

// One XML entry of the archive, parsed 64 KiB at a time. Names come without their namespace prefix.
class ZipXml {
  public:
    static core::Result<ZipXml> open(zip_t* zip, const std::string& entry, const std::string& path);
    ZipXml();
    ~ZipXml();
    ZipXml(ZipXml&&) noexcept;
    ZipXml& operator=(ZipXml&&) noexcept;

    void on_start(std::function<void(const std::string&, const char**)> call);
    void on_end(std::function<void(const std::string&)> call);
    void on_text(std::function<void(std::string_view)> call);
    core::Result<bool> pump();  // false when the entry has ended; after stop(), false without an error
    core::Result<void> all();
    void stop();
    std::uint64_t done() const, size() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

// Texts one after another; 16 bytes of overhead a text would double the memory of short ones.
class Strings {
  public:
    void add(std::string_view text) {
        text_ += text;
        ends_.push_back(text_.size());
    }
    std::size_t size() const { return ends_.size(); }
    std::size_t bytes() const { return text_.size() + ends_.size() * sizeof(std::size_t); }
    std::string_view at(std::size_t i) const {
        const std::size_t from = i == 0 ? 0 : ends_[i - 1];
        return std::string_view(text_).substr(from, ends_[i] - from);
    }

  private:
    std::string text_;
    std::vector<std::size_t> ends_;
};

struct Workbook {
    std::vector<std::string> sheets;    // names, in order
    std::string sheet;              // archive entry of the sheet asked for
    Strings strings;
    std::vector<bool> date_styles;  // by cell style index
    bool since_1904 = false;
};

// bad_input, listing the sheets, when there is none of that name; empty name: the first.
core::Result<Workbook> read_workbook(zip_t* zip, const std::string& path, const std::string& sheet);

// Names of the sheets, in order.
core::Result<std::vector<std::string>> read_sheets(zip_t* zip, const std::string& path);

// Does this number format show a date ('dd/mm/yyyy'), text in quotes and brackets aside?
bool is_date_format(std::string_view format);

}  // namespace threatlas::ingest
