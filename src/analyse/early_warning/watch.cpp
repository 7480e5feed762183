#include "analyse/early_warning/watch.hpp"

#include <algorithm>
#include <set>

#include "analyse/early_warning/judge_lattice.hpp"
#include "analyse/early_warning/story.hpp"
#include "analyse/early_warning/write_signal.hpp"
#include "core/text.hpp"

namespace threatlas::analyse::early_warning {
namespace {

constexpr double kWeeksPerMonth = 365.2425 / 12 / 7;

Class rise_class(int level) { return level <= 2 ? Class::rise_general : level <= 4 ? Class::rise_middle : Class::rise_special; }

// One test and the series or novelty it is of.
struct Tested {
    std::uint32_t of = 0;
    enum class Kind : std::uint8_t { rise, fall, drift, novelty } kind = Kind::rise;
};

class Watching {
  public:
    Watching(const store::Snapshot& snapshot, const model::Catalogue& catalogue, const WatchOptions& options, core::Progress& progress)
        : snapshot_(snapshot), catalogue_(catalogue), options_(options), progress_(progress) {}

    core::Result<Watched> run() {
        progress_.step("series", 0, 3);
        THREATLAS_CHECK(core::go_on(progress_));
        series::LatticeOptions lattice_options = options_.lattice;
        lattice_options.step = options_.step;
        facts_ = series::read_facts(snapshot_, catalogue_, lattice_options);
        THREATLAS_TRY(lattice_, series::build_lattice(facts_, snapshot_.as_of, lattice_options));
        newest_ = newest_periods(lattice_, options_.newest_days, options_.back);
        for (const auto& [source, end] : newest_) out_.newest[source] = lattice_.label(end - 1);
        out_.step = series::name(options_.step);
        out_.series = lattice_.series.size();
        out_.notes = lattice_.notes;
        progress_.step("detection", 1, 3);
        THREATLAS_CHECK(core::go_on(progress_));
        THREATLAS_CHECK(judge_all());
        THREATLAS_CHECK(core::go_on(progress_));
        THREATLAS_CHECK(find_novelties());
        progress_.step("budget", 2, 3);
        THREATLAS_CHECK(core::go_on(progress_));
        out_.budget = options_.false_per_week * (options_.step == series::Step::month ? kWeeksPerMonth : 1);
        THREATLAS_TRY(spending_, spend(tests_, out_.budget));
        out_.tests = tests_.size();
        for (const double each : spending_.expected) out_.expected_false += each;
        tell(Tested::Kind::rise), tell(Tested::Kind::fall), tell(Tested::Kind::drift), tell_novelties();
        std::stable_sort(out_.signals.begin(), out_.signals.end(), [](const Signal& a, const Signal& b) { return a.p < b.p; });
        THREATLAS_CHECK(core::go_on(progress_));
        progress_.step("done", 3, 3);
        return std::move(out_);
    }

  private:
    core::Result<void> judge_all() {
        THREATLAS_TRY(judged_, judge_lattice(lattice_, newest_, options_.judge));
        std::set<std::string> threats;
        for (std::uint32_t i = 0; i < judged_.size(); ++i) {
            const Judgement& j = judged_[i];
            if (!j.detector.empty())
                for (const std::string& each : threats_of(lattice_.series[i].key, catalogue_)) threats.insert(each);
            if (j.detector.empty()) {
                ++out_.held, ++out_.held_why[j.held];
                continue;
            }
            const double dispersion = 1 + j.overdispersion * j.expected;
            add_test({j.p_rise, rise_class(lattice_.series[i].level), j.expected, dispersion}, {i, Tested::Kind::rise});
            if (j.detector == "bayes") continue;
            add_test({j.p_fall, Class::fall, j.expected, dispersion, true}, {i, Tested::Kind::fall});
            if (j.expected_without_drift > 0) add_test({j.p_drift, Class::drift, 0, 1}, {i, Tested::Kind::drift});
        }
        out_.threats.assign(threats.begin(), threats.end());
        return {};
    }

    core::Result<void> find_novelties() {
        std::set<std::int32_t> lasts;
        for (const auto& [source, end] : newest_) lasts.insert(lattice_.first + static_cast<std::int32_t>(end) - 1);
        for (const std::int32_t last : lasts) {
            THREATLAS_TRY(auto found, novelties(facts_, last, options_.novelty));
            for (Novelty& each : found) {
                const auto newest = newest_.find(each.key.source);
                if (newest == newest_.end() || lattice_.first + static_cast<std::int32_t>(newest->second) - 1 != last) continue;
                add_test({each.p, Class::novelty, each.expected, each.dispersion}, {static_cast<std::uint32_t>(novelties_.size()), Tested::Kind::novelty});
                novelties_.push_back(std::move(each));
            }
        }
        return {};
    }

    void add_test(const Trial& test, const Tested& of) { tests_.push_back(test), tested_.push_back(of); }

    std::size_t last_of(const series::Series& s) const { return newest_.at(s.key.source) - 1; }

    // What is over or under what was expected, by the direction asked for.
    double excess(std::uint32_t i, Tested::Kind kind) const {
        const Judgement& j = judged_[i];
        return kind == Tested::Kind::drift ? j.seen_in_year - j.expected_without_drift : j.seen - j.expected;
    }

    void tell(Tested::Kind kind) {
        std::vector<Flagged> flagged;
        std::vector<std::size_t> test_of;
        for (std::size_t k = 0; k < tests_.size(); ++k)
            if (tested_[k].kind == kind && tests_[k].p <= spending_.threshold[static_cast<std::size_t>(tests_[k].of)])
                flagged.push_back({tested_[k].of, excess(tested_[k].of, kind), lattice_.series[tested_[k].of].level, tests_[k].p, {}}), test_of.push_back(k);
        add_rows(flagged);
        std::vector<std::vector<std::uint32_t>> parents(lattice_.series.size());
        for (std::size_t i = 0; i < parents.size(); ++i) parents[i] = lattice_.series[i].parents;
        for (const Story& story : stories(flagged, parents)) {
            // A drift of what has just risen as well is the same story.
            const auto told = [&](std::uint32_t k) { return kind == Tested::Kind::drift && risen_.contains(flagged[k].series); };
            if (told(story.teller) || std::any_of(story.others.begin(), story.others.end(), told)) continue;
            if (kind == Tested::Kind::rise) risen_.insert(flagged[story.teller].series), risen_rows_.emplace_back(out_.signals.size(), flagged[story.teller].rows);
            Signal signal = write(flagged[story.teller].series, kind, test_of[story.teller]);
            for (const std::uint32_t other : story.others) {
                const std::uint32_t i = flagged[other].series;
                if (kind == Tested::Kind::rise) risen_.insert(i);
                const Judgement& j = judged_[i];
                const bool drifted = kind == Tested::Kind::drift;
                signal.also_at.push_back({title_of(lattice_.series[i].key, catalogue_), series::text(lattice_.series[i].key), drifted ? j.seen_in_year : j.seen, drifted ? j.expected_without_drift : j.expected,
                                          flagged[other].excess / flagged[story.teller].excess});
            }
            out_.signals.push_back(std::move(signal));
        }
    }

    void add_rows(std::vector<Flagged>& flagged) const {
        std::map<std::size_t, std::vector<std::size_t>> by_period;
        for (std::size_t k = 0; k < flagged.size(); ++k) by_period[last_of(lattice_.series[flagged[k].series])].push_back(k);
        for (const auto& [last, list] : by_period) {
            std::vector<series::Key> keys;
            for (const std::size_t k : list) keys.push_back(lattice_.series[flagged[k].series].key);
            auto rows = series::rows_of(facts_, keys, series::interval_of(lattice_.step, lattice_.first + static_cast<std::int32_t>(last)), lattice_.step);
            for (std::size_t k = 0; k < list.size(); ++k) flagged[list[k]].rows = std::move(rows[k]);
        }
    }

    Signal write(std::uint32_t i, Tested::Kind kind, std::size_t test) {
        const series::Series& s = lattice_.series[i];
        const Judgement& j = judged_[i];
        const std::size_t last = last_of(s);
        const char* word = kind == Tested::Kind::rise ? "rise" : kind == Tested::Kind::fall ? "fall" : "drift";
        Signal out = signal_of(s.key, word, lattice_.first + static_cast<std::int32_t>(last), facts_, snapshot_, catalogue_, options_);
        out.seen = j.seen, out.expected = j.expected;
        double dispersion = 1 + j.overdispersion * j.expected;
        if (kind == Tested::Kind::drift) out.seen = j.seen_in_year, out.expected = j.expected_without_drift, dispersion = 1 + j.overdispersion * j.expected_without_drift / series::periods_per_year(lattice_.step);
        out.began = lattice_.label(kind == Tested::Kind::rise ? j.rise_began : kind == Tested::Kind::fall ? j.fall_began : j.drift_began);
        out.completeness = j.completeness, out.detector = kind == Tested::Kind::drift ? "cusum" : j.detector, out.level = s.level;
        out.regime = j.regime, out.regime_began = lattice_.label(j.regime_began);
        for (const std::uint32_t t : j.earlier) out.earlier.push_back(lattice_.label(t));
        set_sureness(out, test);
        add_points(lattice_, s, last, options_, out);
        date_changes(j.overdispersion, out);
        put_in_words(out, dispersion, catalogue_);
        return out;
    }

    void set_sureness(Signal& signal, std::size_t test) const {
        signal.p = tests_[test].p, signal.q = spending_.q[test], signal.threshold = spending_.threshold[static_cast<std::size_t>(tests_[test].of)];
    }

    // Where a rise that is told counts mostly the same rows: its signal, else none.
    Signal* risen_with(const Novelty& n, std::int32_t last) {
        const auto rows = series::rows_of(facts_, {n.key}, series::interval_of(lattice_.step, last), lattice_.step);
        for (const auto& [signal, theirs] : risen_rows_)
            if (mostly_same(rows.front(), theirs)) return &out_.signals[signal];
        return nullptr;
    }

    // First days of the rows of a term, as far back as novelty looks.
    std::vector<std::int32_t> days_of(const series::Key& key, std::int32_t last) const {
        const core::Day from = series::interval_of(lattice_.step, last - options_.novelty.window - options_.novelty.history).end;
        const auto rows = series::rows_of(facts_, {key}, {from, series::interval_of(lattice_.step, last).end}, lattice_.step);
        std::vector<std::int32_t> out;
        for (const std::uint32_t row : rows.front()) out.push_back(snapshot_.columns.begin[row]);
        return out;
    }

    // Terms that hold each other, or the same in a wider context, are one story: the surest tells it.
    void tell_novelties() {
        std::vector<std::size_t> sure;
        for (std::size_t k = 0; k < tests_.size(); ++k)
            if (tested_[k].kind == Tested::Kind::novelty && tests_[k].p <= spending_.threshold[static_cast<std::size_t>(Class::novelty)]) sure.push_back(k);
        std::stable_sort(sure.begin(), sure.end(), [&](std::size_t a, std::size_t b) { return tests_[a].p < tests_[b].p; });
        std::map<std::string, std::size_t> told;   // first code -> signal
        for (const std::size_t k : sure) {
            const Novelty& n = novelties_[tested_[k].of];
            const auto codes = n.key.source + "|" + n.key.modus_operandi.substr(0, n.key.modus_operandi.find('&'));
            const std::int32_t last = lattice_.first + static_cast<std::int32_t>(newest_.at(n.key.source)) - 1;
            const auto at = told.find(codes);
            Signal* same = at != told.end() ? &out_.signals[at->second] : n.kind == "surge" ? risen_with(n, last) : nullptr;
            if (same != nullptr) {
                same->also_at.push_back({title_of(n.key, catalogue_), series::text(n.key), n.seen, n.expected, (n.seen - n.expected) / (same->seen - same->expected)});
                continue;
            }
            Signal signal = signal_of(n.key, n.kind, last, facts_, snapshot_, catalogue_, options_);
            signal.seen = n.seen, signal.expected = n.expected, signal.detector = "novelty";
            set_sureness(signal, k);
            date_burst(days_of(n.key, last), lattice_.step, signal);
            put_in_words(signal, n.dispersion, catalogue_);
            if (n.kind == "spread") signal.would_be_false.push_back("It was there before and not coded: known to " + core::join(n.members_before, ", ") + ".");
            told.emplace(codes, out_.signals.size());
            out_.signals.push_back(std::move(signal));
        }
    }

    const store::Snapshot& snapshot_;
    const model::Catalogue& catalogue_;
    const WatchOptions& options_;
    core::Progress& progress_;
    series::Facts facts_;
    series::Lattice lattice_;
    Newest newest_;
    std::vector<Judgement> judged_;
    std::set<std::uint32_t> risen_;               // series of the rises told
    std::vector<std::pair<std::size_t, std::vector<std::uint32_t>>> risen_rows_;   // their signals and rows
    std::vector<Novelty> novelties_;
    std::vector<Trial> tests_;
    std::vector<Tested> tested_;
    Spending spending_;
    Watched out_;
};

}  // namespace

core::Result<Watched> watch(const store::Snapshot& snapshot, const model::Catalogue& catalogue, const WatchOptions& options, core::Progress& progress) {
    return Watching(snapshot, catalogue, options, progress).run();
}

}  // namespace threatlas::analyse::early_warning
