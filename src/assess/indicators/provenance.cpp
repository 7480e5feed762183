#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>

#include "assess/indicators/figures.hpp"
#include "core/hash.hpp"
#include "core/json.hpp"
#include "core/text.hpp"
#include "store/rights.hpp"

namespace threatlas::assess::indicators {

EvidenceRow evidence_row(const Context& context, std::uint32_t i) {
    const auto& s = context.snapshot;
    const auto& c = s.columns;
    EvidenceRow row;
    row.source = s.text(c.source[i]), row.submission = s.text(c.submission[i]), row.file = s.text(c.file[i]);
    row.row = c.row[i], row.what = s.text(c.what[i]), row.place = s.text(c.place[i]), row.member = s.text(c.member[i]);
    row.period = core::iso(core::Interval{core::Day{c.begin[i]}, core::Day{c.end[i]}});
    row.state = std::string(model::name_of(static_cast<model::State>(c.state[i])));
    row.unit = s.text(c.unit[i]), row.dims = s.text(c.dims[i]), row.flags = s.text(c.flags[i]), row.handling = s.text(c.handling[i]);
    row.value = c.value[i], row.upper = c.upper[i];
    return row;
}

void attach_rows(const Context& context, const std::vector<std::uint32_t>& rows, Figure& figure) {
    std::set<std::string> contributors, sources;
    std::map<std::uint32_t, bool> handled;
    store::Marking marking = store::kOpen;
    const auto& s = context.snapshot;
    figure.already_public = !rows.empty();
    figure.rows.reserve(rows.size());
    for (const std::uint32_t i : rows) {
        figure.rows.push_back(evidence_row(context, i));
        const EvidenceRow& row = figure.rows.back();
        const model::Source* source = context.catalogue.source(row.source);
        if (sources.insert(row.source).second) figure.already_public = figure.already_public && source != nullptr && source->already_public;
        contributors.insert(!row.member.empty() ? row.member : source != nullptr && !source->publisher.empty() ? source->publisher : row.source);
        if (!row.member.empty()) figure.already_public = figure.already_public && source != nullptr && source->already_public;
        if (!std::exchange(handled[s.columns.handling[i]], true)) marking = store::join(marking, store::parse_marking(row.handling));
    }
    if (!rows.empty()) figure.handling = store::text(marking);
    figure.contributors.assign(contributors.begin(), contributors.end());
    figure.sources.assign(sources.begin(), sources.end());
}

std::string short_number(double value) {
    char text[32];
    if (std::abs(value) >= 1000) std::snprintf(text, sizeof text, "%.0f", value);
    else std::snprintf(text, sizeof text, "%.3g", value);
    return text;
}

void name_figure(const std::string& key, Figure& figure) {
    core::Sha256 hash;
    hash.add(key);
    for (const EvidenceRow& row : figure.rows)
        for (const std::string& part : {row.source, row.what, row.place, row.member, row.period, row.state, row.unit, row.dims, row.text,
                                        core::number_text(row.value), core::number_text(row.upper)}) {
            hash.add(part);
            hash.add("\x1f");
        }
    // Five digits of the result, so that the last bits of another machine's logarithm change no id.
    char text[64];
    std::snprintf(text, sizeof text, "%.5g %.5g", figure.value.mean, figure.score.mean);
    hash.add(text);
    figure.id = "F-" + hash.finish().substr(0, 10);
}

}  // namespace threatlas::assess::indicators
