// Snapshot <-> canonical CSV. The reader is strict: it only has to read what the writer wrote.
#include <unordered_map>

#include "core/json.hpp"
#include "core/text.hpp"
#include "publish/bundle.hpp"

namespace threatlas::publish {
namespace {

constexpr std::string_view kHeading =
    "what,member,place,begin,end,value,upper,state,unit,nature,statement,dims,flags,evaluation,handling,source,known_at,submission,file,row\n";
constexpr std::size_t kColumns = 20;

void quoted(std::string& out, const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) {
        out += text;
        return;
    }
    out += '"';
    for (const char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

// Splits one record at `at`; false when the quoting is broken.
bool record(std::string_view csv, std::size_t& at, std::vector<std::string>& cells) {
    cells.clear();
    for (;;) {
        std::string cell;
        if (at < csv.size() && csv[at] == '"') {
            for (++at;; ++at) {
                if (at >= csv.size()) return false;
                if (csv[at] == '"') {
                    if (++at >= csv.size() || csv[at] != '"') break;
                }
                cell += csv[at];
            }
        } else {
            const std::size_t end = csv.find_first_of(",\n", at);
            if (end == std::string_view::npos) return false;
            cell = csv.substr(at, end - at);
            at = end;
        }
        cells.push_back(std::move(cell));
        if (at >= csv.size()) return false;
        if (csv[at++] == '\n') return true;
    }
}

}  // namespace

std::string observations_csv(const store::Snapshot& snapshot) {
    std::string out(kHeading);
    const auto& c = snapshot.columns;
    for (std::size_t i = 0; i < snapshot.size(); ++i) {
        for (const std::uint32_t code : {c.what[i], c.member[i], c.place[i]}) {
            quoted(out, snapshot.text(code));
            out += ',';
        }
        out += core::iso(core::Day{c.begin[i]}) + ',' + core::iso(core::Day{c.end[i]}) + ',';
        out += core::number_text(c.value[i]) + ',' + core::number_text(c.upper[i]) + ',';
        out += std::to_string(c.state[i]) + ',';
        quoted(out, snapshot.text(c.unit[i]));
        out += ',' + std::to_string(c.nature[i]) + ',' + std::to_string(c.statement[i]) + ',';
        for (const std::uint32_t code : {c.dims[i], c.flags[i], c.evaluation[i], c.handling[i], c.source[i]}) {
            quoted(out, snapshot.text(code));
            out += ',';
        }
        out += core::iso(core::Day{c.known_at[i]}) + ',';
        quoted(out, snapshot.text(c.submission[i]));
        out += ',';
        quoted(out, snapshot.text(c.file[i]));
        out += ',' + std::to_string(c.row[i]) + '\n';
    }
    return out;
}

core::Result<store::Snapshot> snapshot_from_csv(std::string_view csv, const std::string& where) {
    const auto damaged = [&](std::uint64_t row) { return core::fail(core::ErrorCode::bad_input, "this row is damaged: the bundle cannot be trusted", {where, row, ""}); };
    if (!csv.starts_with(kHeading)) return damaged(1);
    store::Snapshot snapshot;
    std::unordered_map<std::string, std::uint32_t> codes;
    const auto code = [&](std::string& text) {
        const auto [found, fresh] = codes.try_emplace(std::move(text), static_cast<std::uint32_t>(codes.size()));
        if (fresh) snapshot.dictionary.push_back(found->first);
        return found->second;
    };
    auto& c = snapshot.columns;
    std::vector<std::string> cells;
    std::uint64_t row = 1;
    for (std::size_t at = kHeading.size(); at < csv.size();) {
        ++row;
        if (!record(csv, at, cells) || cells.size() != kColumns) return damaged(row);
        const auto begin = core::parse_day(cells[3]), end = core::parse_day(cells[4]), known = core::parse_day(cells[16]);
        const auto value = core::parse_number(cells[5]), upper = core::parse_number(cells[6]), state = core::parse_number(cells[7]), nature = core::parse_number(cells[9]),
                   statement = core::parse_number(cells[10]), number = core::parse_number(cells[19]);
        const auto within = [](const std::optional<double>& x, double most) { return x && *x >= 0 && *x <= most; };
        if (!begin || !end || !known || !value || !upper || !within(state, 3) || !within(nature, 10) || !within(statement, 1) || !within(number, 1e15)) return damaged(row);
        c.what.push_back(code(cells[0]));
        c.member.push_back(code(cells[1]));
        c.place.push_back(code(cells[2]));
        c.begin.push_back(begin->number);
        c.end.push_back(end->number);
        c.value.push_back(*value);
        c.upper.push_back(*upper);
        c.state.push_back(static_cast<std::uint8_t>(*state));
        c.unit.push_back(code(cells[8]));
        c.nature.push_back(static_cast<std::uint8_t>(*nature));
        c.statement.push_back(static_cast<std::uint8_t>(*statement));
        c.dims.push_back(code(cells[11]));
        c.flags.push_back(code(cells[12]));
        c.evaluation.push_back(code(cells[13]));
        c.handling.push_back(code(cells[14]));
        c.source.push_back(code(cells[15]));
        c.known_at.push_back(known->number);
        c.submission.push_back(code(cells[17]));
        c.file.push_back(code(cells[18]));
        c.row.push_back(static_cast<std::uint64_t>(*number));
    }
    return snapshot;
}

}  // namespace threatlas::publish
