#include "ingest/sources/fiu_goaml/fiu_goaml.hpp"

#include <expat.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "core/text.hpp"
#include "ingest/byte_source.hpp"
#include "ingest/sources/rows.hpp"

namespace threatlas::ingest::sources {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;

constexpr std::size_t kMaxDepth = 64, kMaxText = 200, kMaxKeys = 500'000, kMaxIndicators = 1000, kMaxFlows = 100'000;

// What one report says that is counted; nothing else of it is kept, not even for a moment.
struct Report {
    std::string code, date, country;
    std::vector<std::string> indicators;
    std::vector<std::pair<std::string, std::string>> flows;   // from, to: one a transaction
};

struct Key {
    std::string what, place, code, more, to;
    core::Interval month;
    auto operator<=>(const Key&) const = default;
};
struct Count {
    std::uint64_t reports = 0, first = 0;   // first: number of the first report counted in it
};

// The table that the rest of the room expects: a row is a report, by its number.
class Reports final : public RowSource {
  public:
    explicit Reports(std::string path) : path_(std::move(path)) {}
    const std::vector<std::string>& headings() const override { return headings_; }
    Result<bool> next(std::vector<std::string_view>&) override { return false; }
    std::uint64_t row() const override { return row_; }
    std::string original() const override { return "report " + std::to_string(row_); }   // never its content
    std::uint64_t bytes_read() const override { return 0; }
    std::uint64_t bytes_total() const override { return 0; }
    const std::string& path() const override { return path_; }
    void at(std::uint64_t row) { row_ = row; }

  private:
    std::string path_;
    std::vector<std::string> headings_{"report_code", "submission_date", "country_code", "indicator", "from_country", "to_country"};
    std::uint64_t row_ = 0;
};

bool plain(std::string_view text, std::size_t most) {
    return !text.empty() && text.size() <= most && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.'; });
}

class Counter {
  public:
    Counter(std::string path, const model::Catalogue& catalogue, Sink& sink) : table_(std::move(path)), countries_(catalogue), sink_(sink), parser_(XML_ParserCreate(nullptr)) {
        XML_SetUserData(parser_, this);
        XML_SetElementHandler(parser_, [](void* user, const char* name, const char**) { static_cast<Counter*>(user)->open(name); }, [](void* user, const char*) { static_cast<Counter*>(user)->close(); });
        XML_SetCharacterDataHandler(parser_, [](void* user, const char* text, int size) { static_cast<Counter*>(user)->text({text, static_cast<std::size_t>(size)}); });
        // No document type: so no entity, and nothing that grows or is fetched.
        XML_SetStartDoctypeDeclHandler(parser_, [](void* user, const char*, const char*, const char*, int) { static_cast<Counter*>(user)->stop("the file declares a document type or entities: they are refused"); });
    }
    ~Counter() { XML_ParserFree(parser_); }
    Counter(const Counter&) = delete;
    Counter& operator=(const Counter&) = delete;

    Result<void> take(const char* bytes, std::size_t size, bool last) {
        const auto status = XML_Parse(parser_, bytes, static_cast<int>(size), last ? 1 : 0);
        if (error_) return tl::unexpected<core::Error>(*error_);
        if (status == XML_STATUS_OK) return {};
        return fail(ErrorCode::bad_input, std::string("not well-formed XML: ") + XML_ErrorString(XML_GetErrorCode(parser_)), {table_.path(), XML_GetCurrentLineNumber(parser_), ""});
    }

    Result<void> finish(std::uint64_t bytes) {
        if (reports_ == 0) return fail(ErrorCode::bad_input, "there is no 'report' in it: is it goAML?", {table_.path(), 0, ""});
        for (const auto& [key, count] : counts_) {
            model::Observation o;
            o.what = key.what, o.place = key.place, o.period = key.month;
            o.value = o.upper = static_cast<double>(count.reports);
            o.unit = "count", o.nature = model::Nature::detection, o.handling = "TLP:AMBER";
            o.dims["report_code"] = key.code;
            if (key.what == "fiu.reports.indicator") o.dims["indicator"] = key.more;
            if (key.what == "fiu.reports.transaction") {
                if (!key.more.empty()) o.dims["from_country"] = key.more;
                if (!key.to.empty()) o.dims["to_country"] = key.to;
            }
            o.row = count.first;
            table_.at(count.first);
            THREATLAS_CHECK(sink_.accept(std::move(o), table_));
        }
        sink_.rows_read(reports_, bytes);
        return {};
    }

  private:
    enum class Place { other, report, code, date, location, country, indicators, indicator, transaction, from, to, from_country, to_country };

    void stop(std::string why) {
        if (!error_) error_ = core::Error{ErrorCode::bad_input, std::move(why), {table_.path(), XML_GetCurrentLineNumber(parser_), ""}};
        XML_StopParser(parser_, XML_FALSE);
    }
    void open(std::string_view name) {
        if (const auto colon = name.rfind(':'); colon != std::string_view::npos) name.remove_prefix(colon + 1);
        if (stack_.size() == kMaxDepth) return stop("the elements stand deeper in one another than 64");
        const Place in = stack_.empty() ? Place::other : stack_.back();
        Place place = Place::other;
        if (name == "report" && inside_ == 0) place = Place::report, inside_ = stack_.size() + 1, report_ = {};
        else if (in == Place::report) place = name == "report_code" ? Place::code : name == "submission_date" ? Place::date : name == "location" ? Place::location : name == "report_indicators" ? Place::indicators : name == "transaction" ? Place::transaction : Place::other;
        else if (in == Place::location && name == "country_code") place = Place::country;
        else if (in == Place::indicators && name == "indicator") place = Place::indicator;
        else if (in == Place::transaction) place = name == "t_from" || name == "t_from_my_client" ? Place::from : name == "t_to" || name == "t_to_my_client" ? Place::to : Place::other;
        else if (in == Place::from && name == "from_country") place = Place::from_country;
        else if (in == Place::to && name == "to_country") place = Place::to_country;
        if (place == Place::transaction) {
            if (report_.flows.size() == kMaxFlows) return stop("a report has more than 100,000 transactions");
            report_.flows.emplace_back();
        }
        stack_.push_back(place);
        text_.clear();
    }
    void text(std::string_view more) {
        switch (stack_.empty() ? Place::other : stack_.back()) {
            case Place::code: case Place::date: case Place::country: case Place::indicator: case Place::from_country: case Place::to_country: break;
            default: return;
        }
        if (text_.size() + more.size() > kMaxText) return stop("a code, date or country is longer than 200 bytes");
        text_ += more;
    }
    void close() {
        const std::string word(core::trim(text_));
        switch (stack_.back()) {
            case Place::code: report_.code = word; break;
            case Place::date: report_.date = word; break;
            case Place::country: report_.country = word; break;
            case Place::indicator:
                if (report_.indicators.size() == kMaxIndicators) return stop("a report has more than 1,000 indicators");
                if (!word.empty()) report_.indicators.push_back(word);
                break;
            case Place::from_country: report_.flows.back().first = word; break;
            case Place::to_country: report_.flows.back().second = word; break;
            case Place::report:
                if (auto counted = count(); !counted && !error_) error_ = counted.error(), XML_StopParser(parser_, XML_FALSE);
                inside_ = 0;
                break;
            default: break;
        }
        stack_.pop_back();
        text_.clear();
    }
    Result<void> add(Key key) {
        if (counts_.size() == kMaxKeys && !counts_.contains(key)) return fail(ErrorCode::bad_input, "the file has more than 500,000 different combinations of code, month and country", {table_.path(), 0, ""});
        auto& slot = counts_[std::move(key)];
        if (slot.reports++ == 0) slot.first = reports_;
        return {};
    }
    Result<void> count() {
        ++reports_;
        table_.at(reports_);
        const auto refuse = [&](const char* column, std::string reason) { return sink_.set_aside("refused", reports_, column, std::move(reason), table_.original()); };
        if (!plain(report_.code, 20)) return refuse("report_code", "the report has no report_code of at most 20 letters and digits");
        const auto day = leading_day(report_.date);
        if (!day) return refuse("submission_date", "the report has no submission_date (YYYY-MM-DD)");
        const auto date = core::split(*day);
        THREATLAS_TRY(const auto month, core::month_interval(date.year, date.month));
        std::string place;
        if (!report_.country.empty()) {
            const auto* country = countries_.find(report_.country);
            if (country == nullptr) return refuse("country_code", "the catalogue has no country '" + report_.country + "'");
            place = country->id;
        }
        for (const auto& each : report_.indicators)
            if (!plain(each, 64)) return refuse("indicator", "an indicator is a code of at most 64 letters and digits");
        // A country that is not in the catalogue is counted as another one, not refused: the report counts.
        const auto named = [&](const std::string& text) -> std::string {
            if (text.empty()) return "";
            const auto* country = countries_.find(text);
            return country != nullptr ? country->id : "other";
        };
        THREATLAS_CHECK(add({"fiu.reports", place, report_.code, "", "", month}));
        std::sort(report_.indicators.begin(), report_.indicators.end());
        report_.indicators.erase(std::unique(report_.indicators.begin(), report_.indicators.end()), report_.indicators.end());
        for (const auto& each : report_.indicators) THREATLAS_CHECK(add({"fiu.reports.indicator", place, report_.code, each, "", month}));
        for (const auto& [from, to] : report_.flows) THREATLAS_CHECK(add({"fiu.reports.transaction", place, report_.code, named(from), named(to), month}));
        return {};
    }

    Reports table_;
    Countries countries_;
    Sink& sink_;
    XML_Parser parser_;
    std::vector<Place> stack_;
    std::string text_;
    Report report_;
    std::size_t inside_ = 0;
    std::uint64_t reports_ = 0;
    std::map<Key, Count> counts_;
    std::optional<core::Error> error_;
};

class FiuGoaml final : public Importer {
  public:
    std::string source() const override { return "fiu_goaml"; }
    core::Day published() const override { return {}; }

    Result<void> read(const std::string& path, const model::Catalogue& catalogue, Sink& sink) const override {
        THREATLAS_TRY(const auto bytes, open_bytes(path));
        Counter counter(path, catalogue, sink);
        std::array<char, 65'536> block;
        for (;;) {
            THREATLAS_TRY(const std::size_t size, bytes->read(block.data(), block.size()));
            THREATLAS_CHECK(counter.take(block.data(), size, size == 0));
            if (size == 0) break;
        }
        return counter.finish(bytes->offset());
    }
};

}  // namespace

std::unique_ptr<Importer> make_fiu_goaml() { return std::make_unique<FiuGoaml>(); }

Result<void> count_goaml(std::string_view xml, const model::Catalogue& catalogue, Sink& sink) {
    Counter counter("text", catalogue, sink);
    THREATLAS_CHECK(counter.take(xml.data(), xml.size(), true));
    return counter.finish(xml.size());
}

}  // namespace threatlas::ingest::sources
