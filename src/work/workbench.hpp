// The workbench: the draws behind an assessment weighed anew at once, and members' weights brought
// together without making up a consensus where there is none. See docs/adr/0017-workbench-and-jobs.md.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "assess/ranking/smaa.hpp"
#include "core/json.hpp"
#include "core/progress.hpp"
#include "core/result.hpp"
#include "model/catalogue.hpp"
#include "model/fields.hpp"
#include "model/reader.hpp"
#include "store/store.hpp"

namespace threatlas::work {

struct Weighed {   // one threat under some weights
    std::string threat, title;
    int rank = 0, band = 0, low = 0, high = 0;       // low, high: 90 % of the ranks
    double expected_rank = 0, score = 0, score_low = 0, score_high = 0, p_top5 = 0, p_first = 0;
    static constexpr auto fields() {
        using T = Weighed;
        using model::field;
        return std::make_tuple(field("threat", &T::threat, "threat id"), field("title", &T::title, "title"), field("rank", &T::rank, "1 = gravest"), field("band", &T::band, "tie band"), field("low", &T::low, "rank, 5 %"),
            field("high", &T::high, "rank, 95 %"), field("expected_rank", &T::expected_rank, "expected rank"), field("score", &T::score, "median, 0-100"), field("score_low", &T::score_low, "5 %"), field("score_high", &T::score_high, "95 %"),
            field("p_top5", &T::p_top5, "P(among the first five)"), field("p_first", &T::p_first, "P(first)"));
    }
};

struct MemberWeights {
    std::string member;
    std::map<std::string, double> weights;           // by criterion; sum to 1
    double kappa = 40;
    std::string note, person, at;                    // person empty: as the catalogue has them
    static constexpr auto fields() {
        using T = MemberWeights;
        using model::field;
        return std::make_tuple(field("member", &T::member, "member id"), field("weights", &T::weights, "by criterion, sum 1"), field("kappa", &T::kappa, "how firm: Dirichlet concentration"), field("note", &T::note, "why"),
            field("person", &T::person, "who set them; empty: the catalogue's"), field("at", &T::at, "when"));
    }
};

struct Dissent {
    std::string id, member, threat, text, person, at;
    static constexpr auto fields() {
        using T = Dissent;
        using model::field;
        return std::make_tuple(field("id", &T::id, "id"), field("member", &T::member, "whose"), field("threat", &T::threat, "on which threat; empty: on the whole"), field("text", &T::text, "in their words"), field("person", &T::person, "who wrote it"), field("at", &T::at, "when"));
    }
};

struct Move {      // what one member's weights do to the common ranking
    std::string member, threat;
    int with = 0, without = 0;                       // rank of the threat
    double expected_with = 0, expected_without = 0;
    static constexpr auto fields() {
        using T = Move;
        using model::field;
        return std::make_tuple(field("member", &T::member, "whose weights"), field("threat", &T::threat, "threat id"), field("with", &T::with, "rank with all"), field("without", &T::without, "rank without this member's weights"),
            field("expected_with", &T::expected_with, "expected rank with all"), field("expected_without", &T::expected_without, "without"));
    }
};

struct MemberView {
    MemberWeights weights;
    std::vector<Weighed> ranking;                    // under this member's weights alone
    double agreement = 1;                            // Kendall's tau with the common ranking
    static constexpr auto fields() {
        using T = MemberView;
        using model::field;
        return std::make_tuple(field("weights", &T::weights, "its weights"), field("ranking", &T::ranking, "under these alone"), field("agreement", &T::agreement, "Kendall's tau with the common ranking"));
    }
};

struct Consensus {
    std::string assessment;
    std::vector<MemberView> members;
    std::vector<Weighed> common;                     // each draw takes one member's weights
    std::map<std::string, double> mean_weights;
    double concordance = 1;                          // Kendall's W of the members' rankings
    std::vector<Move> moves;                         // largest first; those below half a place are left out
    std::vector<Dissent> dissent;
    static constexpr auto fields() {
        using T = Consensus;
        using model::field;
        return std::make_tuple(field("assessment", &T::assessment, "assessment id"), field("members", &T::members, "each member"), field("common", &T::common, "common ranking"), field("mean_weights", &T::mean_weights, "mean of the weights"),
            field("concordance", &T::concordance, "Kendall's W"), field("moves", &T::moves, "whose weights move what"), field("dissent", &T::dissent, "recorded dissent"));
    }
};

struct Freeze {
    std::string id;                                  // 'Z-' and 10 hex digits of the hash
    std::string hash;                                // SHA-256 of the body: assessment, its hash, weights, dissent, common ranking
    std::string assessment, person, organisation, at;
    Consensus consensus;
    std::vector<std::string> approvals;              // 'public by ana of rs_mup at ...'
    static constexpr auto fields() {
        using T = Freeze;
        using model::field;
        return std::make_tuple(field("id", &T::id, "id"), field("hash", &T::hash, "SHA-256 of what is fixed"), field("assessment", &T::assessment, "assessment id"), field("person", &T::person, "who fixed it"), field("organisation", &T::organisation, "of which organisation"),
            field("at", &T::at, "when"), field("consensus", &T::consensus, "what is fixed"), field("approvals", &T::approvals, "editions approved"));
    }
};

// The draws of one assessment, ready to be weighed. Never changes.
struct Bench {
    std::string assessment, handling, text_hash;
    std::vector<std::string> threats, titles, criteria;
    std::size_t draws = 0;
    std::uint64_t seed = 0;
    std::vector<float> cells;
    std::map<std::string, double> weights;           // the assessment's own, mean
};

// bad_input unless every criterion has a weight, none is negative, no other is named, and they sum to 1 within 0.005.
core::Result<std::vector<double>> checked_weights(const std::map<std::string, double>& weights, const std::vector<std::string>& criteria);

// Under one or more centres. Deterministic. Cost: draws x threats x (threats + criteria); 20,000 draws of 25 threats
// and 12 criteria: see docs/PERFORMANCE.md. draws 0: all of the bench.
std::vector<Weighed> weigh(const Bench& bench, const std::vector<assess::ranking::Centre>& centres, std::size_t draws = 0);

Consensus bring_together(const Bench& bench, const std::vector<MemberWeights>& members);

class Workbench {
  public:
    // folder: of the draws' files. Holds the draws of the last few assessments in memory, 24 MB each.
    Workbench(store::Store& store, const model::Catalogue& catalogue, std::string folder) : store_(store), catalogue_(catalogue), folder_(std::move(folder)) {}

    // The assessment's draws, for a reader who may read it: from the file beside the store, else by running the
    // assessment again from what the reader sees (seconds); conflict when that no longer gives the same ranking.
    core::Result<std::shared_ptr<const Bench>> bench(const model::Reader& reader, const std::string& assessment, core::Progress& progress);

    core::Result<std::vector<MemberWeights>> weights(const model::Reader& reader, const std::string& assessment);
    // Only by a director or analyst of that member; conflict once the assessment is frozen.
    core::Result<MemberWeights> set_weights(const model::Reader& who, const std::string& assessment, const MemberWeights& wanted);
    core::Result<std::vector<Dissent>> dissent(const model::Reader& reader, const std::string& assessment);
    core::Result<Dissent> add_dissent(const model::Reader& who, const std::string& assessment, const std::string& threat, const std::string& text);
    core::Result<Consensus> consensus(const model::Reader& reader, const std::string& assessment, core::Progress& progress);

    // Fixes weights and dissent as they are. conflict when it was done before. Only a director, or an analyst of the region.
    core::Result<Freeze> freeze(const model::Reader& who, const std::string& assessment, core::Progress& progress);
    core::Result<std::vector<Freeze>> freezes(const model::Reader& reader);
    core::Result<std::optional<Freeze>> frozen(const model::Reader& reader, const std::string& assessment);
    // A director's word that an edition may go out. conflict while nothing is frozen.
    core::Result<Freeze> approve(const model::Reader& who, const std::string& assessment, const std::string& edition);

  private:
    core::Result<std::string> id_of(const model::Reader& reader, const std::string& assessment, std::string* handling = nullptr);
    core::Result<Bench> load(const model::Reader& reader, const std::string& assessment, core::Progress& progress);
    core::Result<void> still_open(const model::Reader& reader, const std::string& assessment);

    store::Store& store_;
    const model::Catalogue& catalogue_;
    std::string folder_;
    std::mutex mutex_;           // of the benches
    std::mutex changes_;         // weights, dissent and freezes, one at a time
    std::list<std::shared_ptr<const Bench>> benches_;   // last used first
};

// What differs between two freezes: ranks, weights, dissent.
core::json::object compare(const Freeze& earlier, const Freeze& later);

}  // namespace threatlas::work
