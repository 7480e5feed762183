#include "analyse/early_warning/follow_up.hpp"

#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <set>

#include "analyse/series/periods.hpp"
#include "core/json.hpp"
#include "core/text.hpp"
#include "model/json_codec.hpp"

namespace threatlas::analyse::early_warning {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr const char* kKind = "signal";

template <class T>
Result<T> decode(const std::string& json, const std::string& of) {
    THREATLAS_TRY(const core::json::value value, core::parse_json(json, of));
    T out;
    THREATLAS_CHECK(model::from_json(value, out, of));
    return out;
}

Result<Followed> read(const store::Dossier& dossier) {
    Followed out;
    THREATLAS_TRY(out.signal, decode<Signal>(dossier.json, dossier.id));
    out.surest = out.signal;
    out.opened = dossier.at;
    out.state = "new";
    for (const store::DossierStep& each : dossier.steps) {
        THREATLAS_TRY(SignalStep step, decode<SignalStep>(each.json, dossier.id));
        step.action = each.action, step.at = each.at, step.person = each.person, step.organisation = each.organisation;
        if (step.action != "again") out.state = step.action;
        out.steps.push_back(std::move(step));
    }
    return out;
}

bool downward(const std::string& kind) { return kind == "fall"; }

std::int32_t period_number(const std::string& step, const std::string& period) {
    const auto days = core::parse_interval(period);
    return days ? series::period_of(step == "week" ? series::Step::week : series::Step::month, days->begin) : 0;
}

bool goes_on(const Followed& open, const Signal& fresh) {
    if (open.state == "closed" || open.signal.step != fresh.step || downward(open.signal.kind) != downward(fresh.kind)) return false;
    const std::int32_t gap = period_number(fresh.step, fresh.period) - period_number(open.signal.step, open.last_period());
    if (gap < 0 || gap > 2) return false;
    std::set<std::string> told{open.signal.series};
    for (const AlsoAt& each : open.signal.also_at) told.insert(each.series);
    if (told.contains(fresh.series)) return true;
    return std::any_of(fresh.also_at.begin(), fresh.also_at.end(), [&](const AlsoAt& each) { return each.series == open.signal.series; });
}

Result<void> add(store::Store& store, const model::Reader& who, const Followed& to, const SignalStep& step) {
    if (to.state == "closed" && step.action != "again") return fail(ErrorCode::conflict, "signal " + to.signal.id + " is closed; a later rise is a signal of its own");
    return store.add_step(who, kKind, to.signal.id, step.action, core::write_json(model::to_json(step)));
}

SignalStep step_of(const std::string& action) {
    SignalStep step;
    step.action = action;
    return step;
}

}  // namespace

std::string Followed::last_period() const {
    std::string last = signal.period;
    for (const SignalStep& step : steps)
        if (step.action == "again") last = step.period;
    return last;
}

Result<std::vector<Followed>> followed(store::Store& store, const model::Reader& reader) {
    THREATLAS_TRY(const auto dossiers, store.dossiers(reader, kKind));
    std::vector<Followed> out;
    for (const auto& each : dossiers) {
        THREATLAS_TRY(Followed one, read(each));
        out.push_back(std::move(one));
    }
    return out;
}

Result<Followed> followed_one(store::Store& store, const model::Reader& reader, const std::string& id) {
    THREATLAS_TRY(auto all, followed(store, reader));
    std::erase_if(all, [&](const Followed& each) { return id.empty() || !each.signal.id.starts_with(id); });
    if (all.empty()) return fail(ErrorCode::not_found, "there is no signal '" + id + "'; 'threatlas signals list' lists them");
    if (all.size() > 1) return fail(ErrorCode::conflict, std::to_string(all.size()) + " signals begin with '" + id + "'; give more of the id");
    return std::move(all.front());
}

Arrival arrive(std::vector<Followed>& known, const Signal& fresh) {
    if (std::any_of(known.begin(), known.end(), [&](const Followed& each) { return each.signal.id == fresh.id; })) return Arrival::known;
    const auto open = std::find_if(known.begin(), known.end(), [&](const Followed& each) { return goes_on(each, fresh); });
    if (open == known.end()) {
        known.push_back({fresh, "new", "", {}, fresh});
        return Arrival::fresh;
    }
    if (open->last_period() == fresh.period) return Arrival::known;   // the same story, told by another series or detector
    SignalStep step = step_of("again");
    step.period = fresh.period, step.seen = fresh.seen, step.expected = fresh.expected, step.p = fresh.p, step.q = fresh.q;
    if (fresh.p < open->surest.p) {   // the same story under its first name, since it began
        open->surest = fresh;
        open->surest.id = open->signal.id, open->surest.began = open->signal.began;
    }
    open->steps.push_back(step);
    return Arrival::again;
}

Result<Recorded> record(store::Store& store, const model::Reader& writer, const std::vector<Signal>& signals) {
    THREATLAS_TRY(auto known, followed(store, writer));
    Recorded out;
    for (const Signal& fresh : signals) {
        const std::size_t before = known.size();
        switch (arrive(known, fresh)) {
            case Arrival::known: ++out.known; break;
            case Arrival::fresh: {
                THREATLAS_TRY(const bool opened, store.open_dossier(writer, {.kind = kKind, .id = fresh.id, .handling = fresh.handling, .at = {}, .json = core::write_json(model::to_json(fresh)), .steps = {}, .originators = fresh.originators}));
                ++(opened ? out.fresh : out.known);   // it may be there above this writer's clearance
                break;
            }
            case Arrival::again: {
                const auto grown = std::find_if(known.begin(), known.begin() + static_cast<std::ptrdiff_t>(before), [&](const Followed& each) { return !each.steps.empty() && each.steps.back().at.empty(); });
                THREATLAS_CHECK(add(store, writer, *grown, grown->steps.back()));
                grown->steps.back().at = "now";
                ++out.again;
            }
        }
    }
    return out;
}

Result<void> acknowledge(store::Store& store, const model::Reader& who, const std::string& id, const std::string& note) {
    THREATLAS_TRY(const Followed one, followed_one(store, who, id));
    SignalStep step = step_of("acknowledged");
    step.text = note;
    return add(store, who, one, step);
}

Result<void> assess(store::Store& store, const model::Reader& who, const model::Catalogue& catalogue, const std::string& id, const std::string& word, const std::string& judgement) {
    std::string words;
    const bool known = std::any_of(catalogue.yardsticks.begin(), catalogue.yardsticks.end(), [&](const auto& each) {
        words += (words.empty() ? "" : ", ") + each.word;
        return each.word == word;
    });
    if (!known) return fail(ErrorCode::bad_usage, "'" + word + "' is no word of a yardstick; they are: " + words);
    if (core::trim(judgement).empty()) return fail(ErrorCode::bad_usage, "an assessment needs a judgement in words");
    THREATLAS_TRY(const Followed one, followed_one(store, who, id));
    SignalStep step = step_of("assessed");
    step.word = word, step.text = judgement;
    return add(store, who, one, step);
}

Result<void> close(store::Store& store, const model::Reader& who, const std::string& id, const std::string& outcome, const std::string& reason, const std::string& known_on) {
    if (outcome != "true" && outcome != "false" && outcome != "undecided") return fail(ErrorCode::bad_usage, "the outcome is true, false or undecided, not '" + outcome + "'");
    if (core::trim(reason).empty()) return fail(ErrorCode::bad_usage, "closing needs a reason");
    if (!known_on.empty()) {
        THREATLAS_CHECK(core::parse_day(known_on));
        if (outcome != "true") return fail(ErrorCode::bad_usage, "a day it was known otherwise belongs to an outcome 'true'");
    }
    THREATLAS_TRY(const Followed one, followed_one(store, who, id));
    SignalStep step = step_of("closed");
    step.outcome = outcome, step.text = reason, step.known_on = known_on;
    return add(store, who, one, step);
}

Outcomes outcomes(const std::vector<Followed>& signals) {
    Outcomes out;
    std::vector<double> leads;
    for (const Followed& each : signals) {
        if (each.state != "closed") {
            ++out.open;
            continue;
        }
        const SignalStep& last = *std::find_if(each.steps.rbegin(), each.steps.rend(), [](const SignalStep& step) { return step.action == "closed"; });
        ++(last.outcome == "true" ? out.closed_true : last.outcome == "false" ? out.closed_false : out.undecided);
        if (const auto day = core::parse_day(last.known_on); day) leads.push_back(day->number - each.signal.as_of.number);
    }
    const auto t = static_cast<double>(out.closed_true), f = static_cast<double>(out.closed_false);
    const boost::math::beta_distribution<double> share(t + 0.5, f + 0.5);
    if (t + f > 0) out.ppv = t / (t + f), out.ppv_low = boost::math::quantile(share, 0.05), out.ppv_high = boost::math::quantile(share, 0.95);
    out.with_lead = leads.size();
    std::sort(leads.begin(), leads.end());
    if (!leads.empty()) out.lead_days = leads.size() % 2 == 1 ? leads[leads.size() / 2] : (leads[leads.size() / 2 - 1] + leads[leads.size() / 2]) / 2;
    return out;
}

}  // namespace threatlas::analyse::early_warning
