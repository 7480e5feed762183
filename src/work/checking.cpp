#include "work/checking.hpp"

#include <cstdio>
#include <filesystem>
#include <map>

#include "core/text.hpp"
#include "work/preview.hpp"
#include "work/table_writer.hpp"

namespace threatlas::work {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;

// A file that goes away with its owner.
class Scratch {
  public:
    explicit Scratch(std::string path) : path_(std::move(path)) {}
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() { std::remove(path_.c_str()); }
    const std::string& path() const { return path_; }

  private:
    std::string path_;
};

// Messages speak of the file as its owner knows it, not of where it lies here.
core::Error renamed(core::Error error, const Table& table, const std::string& mapping_path) {
    const auto swap = [](std::string& text, const std::string& from, const std::string& to) {
        for (auto at = text.find(from); at != std::string::npos && !from.empty(); at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
    };
    for (std::string* text : {&error.message, &error.where.source}) swap(*text, table.path, table.name), swap(*text, mapping_path, "mapping");
    return error;
}

Result<Checked> run(store::Store* store, const model::Reader& who, const model::Catalogue& catalogue, const Table& table, const std::string& scratch, bool dry, core::Progress& progress) {
    THREATLAS_CHECK(mapping_of(table.mapping));
    // Named by content, so that two at a time do not meet in one file of different content.
    const Scratch file(scratch + "/mapping-" + std::to_string(reinterpret_cast<std::uintptr_t>(&table)) + ".yaml");
    THREATLAS_CHECK(core::write_file(file.path(), core::write_json(table.mapping)));
    Checked out;
    ingest::Options options;
    options.dry_run = dry, options.member = table.member, options.known_at = table.known_at, options.today = table.today, options.name = table.name;
    options.refused = [&](const store::Reject& each) {
        if (out.refused.size() < kMostRefused) out.refused.push_back(each);
    };
    options.accepted = [&](const model::Observation& each) {
        if (out.sample.size() < kSampleAccepted) out.sample.push_back(each);
    };
    auto done = ingest::ingest_mapped(store, who, catalogue, file.path(), table.path, options, progress);
    if (!done) return tl::unexpected<core::Error>(renamed(done.error(), table, file.path()));
    out.outcome = std::move(*done);
    return out;
}

// Row number -> what was refused in it.
std::map<std::uint64_t, std::pair<std::string, std::string>> reasons(const std::vector<store::Reject>& refused) {
    std::map<std::uint64_t, std::pair<std::string, std::string>> out;
    for (const auto& each : refused) {
        if (each.verdict != "refused") continue;
        auto& [column, reason] = out[each.row];
        if (column.find(each.column) == std::string::npos) column += (column.empty() ? "" : ", ") + each.column;
        reason += (reason.empty() ? "" : "; ") + each.reason;
    }
    return out;
}

}  // namespace

Result<ingest::Mapping> mapping_of(const core::json::object& mapping) { return ingest::parse_mapping(core::write_json(mapping), "mapping"); }

Result<Checked> check_table(store::Store* store, const model::Reader& reader, const model::Catalogue& catalogue, const Table& table, const std::string& scratch, core::Progress& progress) {
    return run(store, reader, catalogue, table, scratch, true, progress);
}

Result<Checked> take_table(store::Store& store, const model::Reader& writer, const model::Catalogue& catalogue, const Table& table, const std::string& scratch, core::Progress& progress) {
    return run(&store, writer, catalogue, table, scratch, false, progress);
}

Result<void> write_refused(const Table& table, const std::vector<store::Reject>& refused, const std::string& format, const std::string& path) {
    if (format != "csv" && format != "xlsx") return fail(ErrorCode::bad_usage, "refused rows come as csv or xlsx, not '" + format + "'");
    THREATLAS_TRY(const ingest::Mapping mapping, mapping_of(table.mapping));
    const auto opened = ingest::open_table(table.path, mapping.table);
    if (!opened) return tl::unexpected<core::Error>(renamed(opened.error(), table, ""));
    ingest::RowSource& rows = **opened;
    std::vector<std::string> headings;
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < rows.headings().size(); ++i)
        if (const auto& name = rows.headings()[i]; name != kRefusedRow && name != kRefusedColumn && name != kRefusedReason) kept.push_back(i), headings.push_back(name);
    for (const char* each : {kRefusedRow, kRefusedColumn, kRefusedReason}) headings.emplace_back(each);
    THREATLAS_TRY(const auto out, table_writer(format, path, "Refused rows", headings));
    const auto why = reasons(refused);
    std::vector<std::string_view> cells;
    for (;;) {
        const auto more = rows.next(cells);
        if (!more) return tl::unexpected<core::Error>(renamed(more.error(), table, ""));
        if (!*more) break;
        const auto found = why.find(rows.row());
        if (found == why.end()) continue;
        std::vector<std::string> row;
        std::vector<bool> numbers;
        for (const std::size_t i : kept) row.emplace_back(cells[i]), numbers.push_back(rows.is_number(i));
        row.push_back(std::to_string(found->first)), row.push_back(found->second.first), row.push_back(found->second.second);
        THREATLAS_CHECK(out->row(row, numbers));
    }
    return out->finish();
}

}  // namespace threatlas::work
