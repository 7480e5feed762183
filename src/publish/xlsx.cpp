// All tables of an assessment, with libxlsxwriter in constant memory: rows are written in order.
#include <xlsxwriter.h>

#include <cmath>
#include <limits>
#include <cstdio>
#include <string>
#include <vector>

#include "publish/publish.hpp"

namespace threatlas::publish {
namespace {

class Sheet {
  public:
    Sheet(lxw_workbook* book, lxw_format* bold, const char* name, const std::vector<const char*>& headings) : sheet_(workbook_add_worksheet(book, name)) {
        for (const char* heading : headings) worksheet_write_string(sheet_, 0, column_++, heading, bold);
        worksheet_freeze_panes(sheet_, 1, 0);
        worksheet_set_column(sheet_, 0, static_cast<lxw_col_t>(headings.size() - 1), 18, nullptr);
    }
    Sheet& row() {
        ++row_;
        column_ = 0;
        return *this;
    }
    // Always a string cell, never a formula: '=1+1' from a source stays text.
    Sheet& operator<<(const std::string& text) {
        if (!text.empty()) worksheet_write_string(sheet_, row_, column_, text.substr(0, 32767).c_str(), nullptr);
        ++column_;
        return *this;
    }
    Sheet& operator<<(double value) {
        if (std::isfinite(value)) worksheet_write_number(sheet_, row_, column_, value, nullptr);
        ++column_;
        return *this;
    }

  private:
    lxw_worksheet* sheet_;
    lxw_row_t row_ = 0;
    lxw_col_t column_ = 0;
};

constexpr double kEmpty = std::numeric_limits<double>::quiet_NaN();

std::string joined(const std::vector<std::string>& list) {
    std::string out;
    for (const auto& each : list) out += (out.empty() ? "" : ", ") + each;
    return out;
}

}  // namespace

core::Result<void> write_xlsx(const assess::Assessment& a, const model::Catalogue& catalogue, Edition edition, const std::string& path) {
    const std::string part = path + ".part";
    lxw_workbook_options options{};
    options.constant_memory = LXW_TRUE;
    lxw_workbook* book = workbook_new_opt(part.c_str(), &options);
    if (book == nullptr) return core::fail(core::ErrorCode::unavailable, "the workbook cannot be created", {path, 0, ""});
    lxw_doc_properties properties{};
    properties.created = static_cast<time_t>(a.manifest.as_of.number) * 86400;  // no time of the machine in the file
    workbook_set_properties(book, &properties);
    lxw_format* bold = workbook_add_format(book);
    format_set_bold(bold);

    {
        Sheet s(book, bold, "Ranking", {"rank", "threat", "title", "area", "band", "score", "score 5 %", "score 95 %", "rank 5 %", "rank 95 %", "P(top five)", "P(first)", "measured", "judged", "imputed", "trend", "P(rising)", "rank measured only", "edition"});
        for (const auto& t : a.ranking)
            s.row() << double(t.rank) << t.threat << t.title << t.area << double(t.band) << t.score.q50 << t.score.q05 << t.score.q95 << double(t.rank_low) << double(t.rank_high) << t.p_top5 << t.p_first
                    << t.measured << t.judged << t.imputed << t.trend.word << t.trend.p_rising << double(t.rank_measured_only) << std::string(edition == Edition::restricted ? "restricted" : "public");
    }
    {
        Sheet s(book, bold, "Criteria", {"threat", "criterion", "score", "5 %", "95 %", "measured", "judged", "imputed", "attribution", "figures"});
        for (const auto& t : a.ranking)
            for (const auto& c : t.criteria) s.row() << t.threat << c.criterion << c.score.q50 << c.score.q05 << c.score.q95 << c.measured << c.judged << c.imputed << c.attribution << joined(c.figures);
    }
    {
        Sheet s(book, bold, "Members", {"member", "country", "country figures", "threat", "rank", "rank 5 %", "rank 95 %", "score", "5 %", "95 %"});
        for (const auto& m : a.members)
            for (const auto& r : m.ranking)
                s.row() << m.member << m.country << std::string(m.country_figures ? "yes" : "no") << r.threat << double(r.rank) << double(r.rank_low) << double(r.rank_high) << r.score.q50 << r.score.q05 << r.score.q95;
    }
    {
        Sheet s(book, bold, "Figures", {"id", "title", "basis", "indicator", "threat", "lens", "criterion", "place", "value", "5 %", "95 %", "unit", "score", "score 5 %", "score 95 %", "formula", "sources", "handling", "rows"});
        for (const auto& f : a.figures)
            s.row() << f.id << f.title << f.basis << f.indicator << f.threat << f.lens << f.criterion << f.place << f.value.q50 << f.value.q05 << f.value.q95 << f.unit << f.score.q50 << f.score.q05
                    << f.score.q95 << f.formula << joined(f.sources) << f.handling << double(f.rows.size());
    }
    {
        Sheet s(book, bold, "Evidence rows", {"figure", "file", "row", "source", "what", "place", "period", "state", "value", "upper", "unit", "dims", "flags", "text", "submission"});
        for (const auto& f : a.figures)
            for (const auto& r : f.rows) {
                const bool told = r.state == "measured" || r.state == "censored";   // else the cells stay empty: no zero
                s.row() << f.id << r.file << double(r.row) << r.source << r.what << r.place << r.period << r.state << (told ? r.value : kEmpty) << (told ? r.upper : kEmpty) << r.unit << r.dims << r.flags << r.text << r.submission;
            }
    }
    {
        Sheet s(book, bold, "Gaps", {"threat", "criterion", "member", "information (bits)", "question"});
        for (const auto& g : a.gaps) s.row() << g.threat << g.criterion << g.member << g.information << g.question;
    }
    {
        Sheet s(book, bold, "Assumptions", {"id", "title", "low", "high", "largest rank move", "threat moved", "source"});
        for (const auto& x : a.assumptions) s.row() << x.id << x.title << x.low << x.high << x.largest_rank_move << x.moved_threat << x.source;
    }
    {
        Sheet s(book, bold, "Sources", {"id", "title", "publisher", "licence", "address", "cadence", "definitions", "gaps"});
        for (const auto& x : catalogue.sources) s.row() << x.id << x.title << x.publisher << x.licence << x.url << x.cadence << x.definitions << x.gaps;
    }
    const lxw_error failed = workbook_close(book);
    if (failed != LXW_NO_ERROR || std::rename(part.c_str(), path.c_str()) != 0) {
        std::remove(part.c_str());
        return core::fail(core::ErrorCode::unavailable, std::string("the workbook cannot be written: ") + (failed != LXW_NO_ERROR ? lxw_strerror(failed) : "it cannot be put in place"), {path, 0, ""});
    }
    return {};
}

}  // namespace threatlas::publish
