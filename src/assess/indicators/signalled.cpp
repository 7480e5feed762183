#include "assess/indicators/signalled.hpp"

#include <algorithm>
#include <set>

#include "analyse/series/lattice.hpp"
#include "assess/indicators/figures.hpp"
#include "core/text.hpp"

namespace threatlas::assess::indicators {
namespace {

using analyse::early_warning::Signal;

analyse::series::Key key_of(const Signal& s) {
    analyse::series::Key key;
    key.what = s.what, key.area = s.area, key.modus_operandi = s.modus_operandi, key.place = s.place, key.member = s.member, key.dims = s.dims, key.source = s.source, key.nature = s.nature;
    if (key.what.empty() && key.area.empty() && !s.threats.empty()) key.threat = s.threats.front();
    return key;
}

bool reads(const Context& context, const model::Indicator& in, const std::string& source) {
    if (std::find(in.sources.begin(), in.sources.end(), source) != in.sources.end()) return true;
    const model::Source* found = context.catalogue.source(source);
    return found != nullptr && found->contributed;
}

}  // namespace

bool read_signals(const Context& context, const model::Indicator& in, core::Random& random, Signalled& out) {
    const auto& arising = context.arising;
    if (std::find(arising.threats.begin(), arising.threats.end(), in.threat) == arising.threats.end()) return false;
    const auto kinds = core::split(in.part, '|');
    const bool of_modi_operandi = std::find(kinds.begin(), kinds.end(), "new") != kinds.end();
    std::set<std::uint32_t> rows, watched;
    bool coded = false;
    for (const std::string& what : in.whats)
        for (const std::uint32_t row : context.snapshot.rows_of(what)) {
            const auto newest = arising.newest.find(context.snapshot.text(context.snapshot.columns.source[row]));
            if (newest == arising.newest.end() || !reads(context, in, newest->first)) continue;
            coded = coded || context.dims(row).contains("modus_operandi");
            const auto last = core::parse_interval(newest->second);
            if (last && context.snapshot.columns.begin[row] >= last->begin.number && context.snapshot.columns.end[row] <= last->end.number) watched.insert(row);
            out.to = std::max(out.to, newest->second);
        }
    if (out.to.empty() || (of_modi_operandi && !coded)) return false;

    std::vector<double> real;
    std::string list;
    for (const ArisingSignal& each : arising.signals) {
        const Signal& s = each.signal;
        if (std::find(kinds.begin(), kinds.end(), s.kind) == kinds.end() || std::find(s.threats.begin(), s.threats.end(), in.threat) == s.threats.end() || !reads(context, in, s.source)) continue;
        real.push_back(1 - s.q);
        list += (list.empty() ? "" : ", ") + s.id + " " + short_number(1 - s.q);
        const auto step = s.step == "week" ? analyse::series::Step::week : analyse::series::Step::month;
        const auto of_signal = analyse::series::rows_of(context.snapshot, context.catalogue, {key_of(s)}, {s.begin, s.end}, step);
        rows.insert(of_signal.front().begin(), of_signal.front().end());
    }
    out.draws.resize(context.options.figure_draws);
    for (double& x : out.draws) {
        x = 0;
        for (const double p : real) x += random.uniform() < p ? 1 : 0;
    }
    const auto& behind = rows.empty() ? watched : rows;
    out.rows.assign(behind.begin(), behind.end());
    out.formula = "number of true signals of " + std::to_string(arising.months) + " months to " + out.to + (real.empty() ? ": none was raised" : "; each is true with the probability beside it: " + list);
    return true;
}

}  // namespace threatlas::assess::indicators
