// What an assessment says: everything the report, the dashboard and `explain` show, with the evidence
// of every figure. Written as assessment.json; publish reads nothing else but the catalogue.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "assess/future.hpp"
#include "core/calendar.hpp"
#include "model/fields.hpp"

namespace threatlas::assess {

// A distribution in seven numbers.
struct Summary {
    double mean = 0, sd = 0, q05 = 0, q25 = 0, q50 = 0, q75 = 0, q95 = 0;
    static constexpr auto fields() {
        using T = Summary;
        return std::make_tuple(field("mean", &T::mean, "mean"), field("sd", &T::sd, "standard deviation"), field("q05", &T::q05, "5 % quantile"),
            field("q25", &T::q25, "25 %"), field("q50", &T::q50, "median"), field("q75", &T::q75, "75 %"), field("q95", &T::q95, "95 %"));
    }
};

// One source row behind a figure.
struct EvidenceRow {
    std::string source, submission, file;
    std::uint64_t row = 0;
    std::string what, place, member, period, state, unit, dims, flags, handling, text;
    double value = 0, upper = 0;
    static constexpr auto fields() {
        using T = EvidenceRow;
        return std::make_tuple(field("source", &T::source, "source id"), field("submission", &T::submission, "content hash"), field("file", &T::file, "file"),
            field("row", &T::row, "row, from 1"), field("what", &T::what, "what was measured, or claim id"), field("place", &T::place, "place"), field("member", &T::member, "contributor"),
            field("period", &T::period, "period"), field("state", &T::state, "measured, censored, withheld or absent"), field("unit", &T::unit, "unit"),
            field("dims", &T::dims, "dimensions"), field("flags", &T::flags, "source flags"), field("handling", &T::handling, "handling"),
            field("text", &T::text, "statement of a judgement"), field("value", &T::value, "value"), field("upper", &T::upper, "upper end"));
    }
};

// One figure: an indicator, for one place (or the region), or a judgement. Opens to its rows.
struct Figure {
    std::string id;           // evidence id: 'F-' and 10 hex digits, stable for the same content
    std::string basis;        // measured, judged, imputed
    std::string indicator, title, threat, lens, criterion, measure, nature;
    std::string place, member;// place: country id; both empty for the region
    std::string unit, formula, citation, note;
    Summary value;            // in its unit
    Summary score;            // 0-100 through the value function
    double completeness = 1;  // 0-1, of the periods asked for
    bool already_public = false;
    std::vector<std::string> contributors, sources;  // members or publishers; source ids
    std::string handling;     // join of the inputs
    std::vector<SeriesPoint> series;
    std::string from, to;     // periods of the series that the value rests on; empty: it has none of its own
    std::vector<Part> parts;  // for mixes and shares
    std::vector<EvidenceRow> rows;
    static constexpr auto fields() {
        using T = Figure;
        return std::make_tuple(field("id", &T::id, "evidence id"), field("basis", &T::basis, "measured, judged or imputed"), field("indicator", &T::indicator, "indicator or claim id"),
            field("title", &T::title, "title"), field("threat", &T::threat, "threat"), field("lens", &T::lens, "lens"), field("criterion", &T::criterion, "criterion"),
            field("measure", &T::measure, "measure"), field("nature", &T::nature, "nature"), field("place", &T::place, "country, empty for the region"), field("member", &T::member, "member"),
            field("unit", &T::unit, "unit"), field("formula", &T::formula, "how it is computed"), field("citation", &T::citation, "citation"), field("note", &T::note, "limits"),
            field("value", &T::value, "distribution in its unit"), field("score", &T::score, "distribution of the score, 0-100"), field("completeness", &T::completeness, "share of the periods present"),
            field("already_public", &T::already_public, "all inputs are published statistics"), field("contributors", &T::contributors, "who contributed"), field("sources", &T::sources, "source ids"),
            field("handling", &T::handling, "join of the inputs"), field("series", &T::series, "over time"), field("from", &T::from, "first period the value rests on"), field("to", &T::to, "last period the value rests on"), field("parts", &T::parts, "parts of a mix or share"), field("rows", &T::rows, "source rows"));
    }
};

struct Trend {   // of the main series of a threat
    std::string word;         // rising, falling, stable, not assessed
    double p_rising = 0.5;    // P(slope > 0)
    Summary percent_per_year;
    std::string figure;       // evidence id
    static constexpr auto fields() {
        using T = Trend;
        return std::make_tuple(field("word", &T::word, "rising, falling, stable or not assessed"), field("p_rising", &T::p_rising, "P(slope > 0)"),
            field("percent_per_year", &T::percent_per_year, "slope"), field("figure", &T::figure, "evidence id"));
    }
};

struct CriterionResult {
    std::string criterion;
    Summary score;            // 0-100, from the hierarchical model
    double measured = 0, judged = 0, imputed = 0;  // share of its precision; sums to 1
    double attribution = 0;   // phi = w (x - mean over threats), in points of the total score
    std::vector<std::string> figures;
    static constexpr auto fields() {
        using T = CriterionResult;
        return std::make_tuple(field("criterion", &T::criterion, "criterion id"), field("score", &T::score, "0-100"), field("measured", &T::measured, "share measured"), field("judged", &T::judged, "share judged"),
            field("imputed", &T::imputed, "share imputed"), field("attribution", &T::attribution, "points of the total"), field("figures", &T::figures, "evidence ids"));
    }
};
struct LensResult {
    std::string lens;
    bool assessed = false;    // false: 'not assessed', and a gap
    std::vector<std::string> figures;
    std::string would_help;   // which answer would help most, when not assessed
    static constexpr auto fields() {
        using T = LensResult;
        return std::make_tuple(field("lens", &T::lens, "lens id"), field("assessed", &T::assessed, "any evidence"), field("figures", &T::figures, "evidence ids"), field("would_help", &T::would_help, "what to collect"));
    }
};

struct ThreatResult {
    std::string threat, area, title;
    int rank = 0;             // by expected rank, 1 = gravest
    int band = 0;             // tie band, from 1
    Summary score;            // 0-100
    double expected_rank = 0;
    int rank_low = 0, rank_high = 0;    // 90 % interval
    double p_top5 = 0, p_first = 0;
    double measured = 0, judged = 0, imputed = 0;  // what its position rests on; sums to 1
    std::vector<double> acceptability;  // P(rank = r), r = 1..n
    std::map<std::string, double> graver_than;   // P(graver than that threat)
    std::map<std::string, double> central_weights;
    double confidence = 0;    // SMAA confidence factor
    int rank_measured_only = 0;         // judgements switched off; 0: not assessed then
    int full_range_low = 0, full_range_high = 0;   // rank bounds when unknown = full range
    double flip_distance = 0; // least total shift of weight (0-1) that swaps it with the next; -1: none does
    std::string flip_with;
    int previous_rank = 0;    // 0: none
    double moved_by_data = 0, moved_by_method = 0, moved_by_weights = 0;  // score points, exact sum
    Trend trend;
    std::vector<CriterionResult> criteria;
    std::vector<LensResult> lenses;
    std::vector<std::string> modi_operandi;   // codes named by claims
    std::vector<std::string> roles;           // transit, source... by claims
    static constexpr auto fields() {
        using T = ThreatResult;
        return std::make_tuple(field("threat", &T::threat, "threat id"), field("area", &T::area, "area id"), field("title", &T::title, "title"), field("rank", &T::rank, "1 = gravest"),
            field("band", &T::band, "tie band"), field("score", &T::score, "0-100"), field("expected_rank", &T::expected_rank, "expected rank"), field("rank_low", &T::rank_low, "5 %"), field("rank_high", &T::rank_high, "95 %"),
            field("p_top5", &T::p_top5, "P(among the first five)"), field("p_first", &T::p_first, "P(first)"), field("measured", &T::measured, "share measured"), field("judged", &T::judged, "share judged"), field("imputed", &T::imputed, "share imputed"),
            field("acceptability", &T::acceptability, "P(rank = r)"), field("graver_than", &T::graver_than, "P(graver than that threat)"), field("central_weights", &T::central_weights, "central weight vector"), field("confidence", &T::confidence, "confidence factor"),
            field("rank_measured_only", &T::rank_measured_only, "rank without judgements"), field("full_range_low", &T::full_range_low, "rank bound, unknown = full range"), field("full_range_high", &T::full_range_high, "the same, other end"),
            field("flip_distance", &T::flip_distance, "weight shift that swaps it with its neighbour"), field("flip_with", &T::flip_with, "that neighbour"), field("previous_rank", &T::previous_rank, "rank before, 0 none"),
            field("moved_by_data", &T::moved_by_data, "points"), field("moved_by_method", &T::moved_by_method, "points"), field("moved_by_weights", &T::moved_by_weights, "points"), field("trend", &T::trend, "trend"),
            field("criteria", &T::criteria, "criterion by criterion"), field("lenses", &T::lenses, "lens by lens"), field("modi_operandi", &T::modi_operandi, "codes"), field("roles", &T::roles, "roles of the region"));
    }
};

struct MemberRank {
    std::string threat;
    Summary score;
    double expected_rank = 0, rank_sd = 0;
    int rank = 0, rank_low = 0, rank_high = 0;
    double measured = 0, judged = 0, imputed = 0;
    static constexpr auto fields() {
        using T = MemberRank;
        return std::make_tuple(field("threat", &T::threat, "threat id"), field("score", &T::score, "0-100"), field("expected_rank", &T::expected_rank, "expected rank"), field("rank_sd", &T::rank_sd, "standard deviation of the rank"), field("rank", &T::rank, "rank"),
            field("rank_low", &T::rank_low, "5 %"), field("rank_high", &T::rank_high, "95 %"), field("measured", &T::measured, "share measured"), field("judged", &T::judged, "share judged"), field("imputed", &T::imputed, "share imputed"));
    }
};
struct MemberResult {
    std::string member, country;
    bool country_figures = false;   // its figures are the country's, shared with another member
    double severity = 0;            // grading habit, points, with its standard deviation
    double severity_sd = 0;
    std::vector<MemberRank> ranking;
    static constexpr auto fields() {
        using T = MemberResult;
        return std::make_tuple(field("member", &T::member, "member id"), field("country", &T::country, "country"), field("country_figures", &T::country_figures, "figures are the whole country's"),
            field("severity", &T::severity, "grading habit, points"), field("severity_sd", &T::severity_sd, "its uncertainty"), field("ranking", &T::ranking, "ranking for this member"));
    }
};

struct ProfileResult {
    std::string profile, title;
    double spearman = 0;            // with the main ranking
    std::map<std::string, int> ranks;
    static constexpr auto fields() {
        using T = ProfileResult;
        return std::make_tuple(field("profile", &T::profile, "profile id"), field("title", &T::title, "title"), field("spearman", &T::spearman, "with the main ranking"), field("ranks", &T::ranks, "rank by threat"));
    }
};
struct Gap {
    std::string threat, criterion, member, lens;  // member empty: region
    double information = 0;         // expected fall of the entropy of the top five, bits
    std::string question;           // the collection task in words
    static constexpr auto fields() {
        using T = Gap;
        return std::make_tuple(field("threat", &T::threat, "threat id"), field("criterion", &T::criterion, "criterion id"), field("member", &T::member, "member id"), field("lens", &T::lens, "lens id"),
            field("information", &T::information, "bits"), field("question", &T::question, "collection task"));
    }
};
struct Assumption {
    std::string id, title, source;
    double low = 0, high = 0;
    double largest_rank_move = 0;   // greatest change of an expected rank between its low and high end
    std::string moved_threat;
    static constexpr auto fields() {
        using T = Assumption;
        return std::make_tuple(field("id", &T::id, "id"), field("title", &T::title, "title"), field("source", &T::source, "source"), field("low", &T::low, "low"), field("high", &T::high, "high"),
            field("largest_rank_move", &T::largest_rank_move, "places"), field("moved_threat", &T::moved_threat, "threat moved most"));
    }
};
struct Diagnostics {
    double r_hat = 0, effective_draws = 0;   // of the hierarchical model, worst parameter
    double sobol_weights = 0, sobol_evidence = 0, sobol_gaps = 0;  // first-order shares of rank variance
    double kendall_w = 0;
    std::vector<std::string> disagreements;  // threats the profiles disagree on most
    double cells = 0, cells_measured = 0, cells_judged = 0;   // threat x criterion x member, of the member's own
    double region_cells = 0, region_cells_known = 0;          // threat x criterion, of the region as a whole
    static constexpr auto fields() {
        using T = Diagnostics;
        return std::make_tuple(field("r_hat", &T::r_hat, "worst split R-hat"), field("effective_draws", &T::effective_draws, "least effective sample size"), field("sobol_weights", &T::sobol_weights, "share of weights"),
            field("sobol_evidence", &T::sobol_evidence, "share of evidence"), field("sobol_gaps", &T::sobol_gaps, "share of gaps"), field("kendall_w", &T::kendall_w, "concordance of profiles"),
            field("disagreements", &T::disagreements, "threats they disagree on"), field("cells", &T::cells, "threat x criterion x member cells"), field("cells_measured", &T::cells_measured, "with measurements"), field("cells_judged", &T::cells_judged, "with judgements and no measurement"),
            field("region_cells", &T::region_cells, "threat x criterion cells"), field("region_cells_known", &T::region_cells_known, "with evidence of the region as a whole"));
    }
};
struct Manifest {
    std::string software, method, catalogue_id, catalogue_version, catalogue_hash, snapshot_hash, created_for;
    core::Day as_of{};
    std::uint64_t seed = 0;
    int draws = 0;
    std::vector<std::string> left_out;
    std::map<std::string, std::string> inputs;   // submission hash -> file
    static constexpr auto fields() {
        using T = Manifest;
        return std::make_tuple(field("software", &T::software, "software version"), field("method", &T::method, "method version"), field("catalogue_id", &T::catalogue_id, "catalogue"), field("catalogue_version", &T::catalogue_version, "its version"),
            field("catalogue_hash", &T::catalogue_hash, "its SHA-256"), field("snapshot_hash", &T::snapshot_hash, "SHA-256 of the snapshot"), field("created_for", &T::created_for, "title"), field("as_of", &T::as_of, "known on that day"),
            field("seed", &T::seed, "seed"), field("draws", &T::draws, "draws"), field("left_out", &T::left_out, "left out on request"), field("inputs", &T::inputs, "submissions"));
    }
};

struct Assessment {
    std::string id;
    Manifest manifest;
    std::vector<ThreatResult> ranking;   // by rank
    std::vector<MemberResult> members;
    std::vector<Figure> figures;         // by id
    std::vector<ProfileResult> profiles;
    std::vector<Gap> gaps;               // most informative first
    std::vector<Assumption> assumptions; // that move most first
    Diagnostics diagnostics;
    Arising arising;                     // signals of the last twelve months
    std::vector<Outlook> outlooks;       // one a threat, where there is a series
    std::vector<Skill> skill;            // of the forecasts' method, on the same series at earlier times
    static constexpr auto fields() {
        using T = Assessment;
        return std::make_tuple(field("id", &T::id, "id"), field("manifest", &T::manifest, "inputs and versions"), field("ranking", &T::ranking, "ranking"), field("members", &T::members, "per member"),
            field("figures", &T::figures, "every figure"), field("profiles", &T::profiles, "other profiles"), field("gaps", &T::gaps, "gaps"), field("assumptions", &T::assumptions, "assumptions"), field("diagnostics", &T::diagnostics, "diagnostics"),
            field("arising", &T::arising, "signals of the last twelve months"), field("outlooks", &T::outlooks, "forecasts"), field("skill", &T::skill, "how the forecasts' method did before"));
    }
    const Figure* figure(const std::string& id_or_prefix) const;
};

}  // namespace threatlas::assess
