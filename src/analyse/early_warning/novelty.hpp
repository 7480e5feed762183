// New and surging modi operandi: log-odds with a Dirichlet prior (Monroe, Colaresi and Quinn 2008, Political
// Analysis 16) and the information component with its lower bound (Bate et al. 1998; Noren et al. 2013,
// Stat. Methods Med. Res. 22), of codes and pairs of codes, alone and with a place, a member or a further dimension.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analyse/series/facts.hpp"
#include "core/result.hpp"

namespace threatlas::analyse::early_warning {

struct LogOdds {
    double delta = 0, z = 0;   // difference of the log odds, and by its standard error
};
// y of n now, y of n before; prior: cases of the term and of all terms, added to either side.
LogOdds log_odds(double now, double now_all, double before, double before_all, double prior, double prior_all);

struct InformationComponent {
    double value = 0, lower = 0;   // bits; lower: 2.5 % bound
};
InformationComponent information_component(double observed, double expected);

struct NoveltyOptions {
    int window = 1;            // periods that are 'now'
    int history = 36;          // periods before them
    double fewest = 2;         // cases now
    double prior = 2;          // cases that the wider share is worth
};

struct Novelty {
    series::Key key;           // modus operandi a code or two, 'a&b'; source, nature, and at most one of place, member, dimension
    std::string kind;          // new: never seen before; spread: only elsewhere; surge
    double seen = 0, expected = 0, dispersion = 1, before = 0, elsewhere = 0;   // cases now; expected; before, here and elsewhere
    double p = 1;              // P(as many), negative binomial
    LogOdds odds;
    InformationComponent information;
    std::vector<std::string> members_before;   // who knew it before
};

// Every term in its contexts that was seen before or in the window ending with `last` (absolute period); below `fewest`
// cases now its p is 1, but it counts as a test. A context without any event before has nothing to be new against. Expected: the events of the context now, times the term's share of
// them before, drawn to its share in the region by `prior` cases. bad_usage for options out of range.
core::Result<std::vector<Novelty>> novelties(const series::Facts& facts, std::int32_t last, const NoveltyOptions& options = {});

}  // namespace threatlas::analyse::early_warning
