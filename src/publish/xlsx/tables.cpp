// The tables of an assessment, one function a sheet.
#include "publish/xlsx/tables.hpp"

#include <algorithm>

#include "publish/xlsx/sheet.hpp"

namespace threatlas::publish::xlsx {

std::string joined(const std::vector<std::string>& list) {
    std::string out;
    for (const auto& each : list) out += (out.empty() ? "" : ", ") + each;
    return out;
}

namespace {

void ranking(const Book& book) {
    const auto& a = book.assessment;
    Sheet s(book.book, book.bold, "Ranking", {"rank", "threat", "title", "area", "band", "score", "score 5 %", "score 95 %", "rank 5 %", "rank 95 %", "P(top five)", "P(first)", "measured", "judged", "imputed", "trend", "P(rising)", "rank measured only", "edition"});
    for (const auto& t : a.ranking)
        s.row() << double(t.rank) << t.threat << t.title << t.area << double(t.band) << t.score.q50 << t.score.q05 << t.score.q95 << double(t.rank_low) << double(t.rank_high) << t.p_top5 << t.p_first
                << t.measured << t.judged << t.imputed << t.trend.word << t.trend.p_rising << double(t.rank_measured_only) << std::string(book.edition == Edition::restricted ? "restricted" : "public");
}

void probabilities(const Book& book) {
    std::vector<std::string> headings{"threat", "title"};
    for (std::size_t r = 1; r <= book.assessment.ranking.size(); ++r) headings.push_back("P(rank " + std::to_string(r) + ")");
    Sheet s(book.book, book.bold, "Rank probabilities", headings);
    for (const auto& t : book.assessment.ranking) {
        s.row() << t.threat << t.title;
        for (const double p : t.acceptability) s << p;
    }
}

void pairwise(const Book& book) {
    std::vector<std::string> headings{"P(row is graver than column)"};
    for (const auto& t : book.assessment.ranking) headings.push_back(t.threat);
    Sheet s(book.book, book.bold, "Pairwise", headings);
    for (const auto& t : book.assessment.ranking) {
        s.row() << t.threat;
        for (const auto& other : book.assessment.ranking) {
            const auto found = t.graver_than.find(other.threat);
            s << (found == t.graver_than.end() ? kEmpty : found->second);
        }
    }
}

void profiles(const Book& book) {
    std::vector<std::string> headings{"threat", "here"};
    for (const auto& p : book.assessment.profiles) headings.push_back(p.title);
    Sheet s(book.book, book.bold, "Other profiles", headings);
    s.row() << std::string("Spearman's rho") << 1.0;
    for (const auto& p : book.assessment.profiles) s << p.spearman;
    for (const auto& t : book.assessment.ranking) {
        s.row() << t.threat << double(t.rank);
        for (const auto& p : book.assessment.profiles) {
            const auto found = p.ranks.find(t.threat);
            s << (found == p.ranks.end() ? kEmpty : double(found->second));
        }
    }
}

void change(const Book& book) {
    Sheet s(book.book, book.bold, "Change", {"threat", "rank before", "rank now", "points by data", "points by method", "points by weights"});
    for (const auto& t : book.assessment.ranking)
        if (t.previous_rank != 0) s.row() << t.threat << double(t.previous_rank) << double(t.rank) << t.moved_by_data << t.moved_by_method << t.moved_by_weights;
}

void modi_operandi(const Book& book) {
    Sheet s(book.book, book.bold, "Modi operandi", {"threat", "kind", "code", "title", "definition"});
    for (const auto& t : book.assessment.ranking) {
        for (const auto& id : t.modi_operandi) {
            const auto* code = book.catalogue.code(id);
            s.row() << t.threat << std::string("modus operandi") << id << (code != nullptr ? code->title : "") << (code != nullptr ? code->definition : "");
        }
        for (const auto& role : t.roles) s.row() << t.threat << std::string("role of the region") << role;
    }
}

void routes(const Book& book) {
    Sheet s(book.book, book.bold, "Routes", {"id", "title", "kind", "along", "described by"});
    for (const auto& r : book.catalogue.routes) s.row() << r.id << r.title << r.kind << joined(r.path) << r.source;
}

void signals(const Book& book) {
    Sheet s(book.book, book.bold, "Signals", {"signal", "kind", "what", "threats", "modus operandi", "place", "member", "source", "step", "period", "began", "last seen", "seen", "expected", "expected 5 %", "expected 95 %", "p", "may be false", "detector", "rows", "handling", "sentence", "would be false if"});
    for (const auto& each : book.assessment.arising.signals) {
        const auto& x = each.signal;
        s.row() << x.id << x.kind << x.title << joined(x.threats) << x.modus_operandi << x.place << x.member << x.source << x.step << x.period << x.began << each.last << x.seen << x.expected << x.low << x.high << x.p << x.q << x.detector
                << double(x.row_count) << x.handling << x.sentence << joined(x.would_be_false);
    }
}

void forecasts(const Book& book) {
    Sheet s(book.book, book.bold, "Forecasts", {"threat", "what", "kind", "method", "source", "P(rise)", "period", "seen", "mean", "2.5 %", "10 %", "25 %", "50 %", "75 %", "90 %", "97.5 %"});
    for (const auto& o : book.assessment.outlooks) {
        const auto begin = [&](const std::string& period) -> Sheet& { return s.row() << o.threat << o.title << o.kind << o.method << o.source << (o.p_rise < 0 ? kEmpty : o.p_rise) << period; };
        for (const auto& p : o.history) begin(p.period) << p.value << kEmpty << kEmpty << kEmpty << kEmpty << kEmpty << kEmpty << kEmpty << kEmpty;
        for (const auto& p : o.fan) begin(p.period) << kEmpty << p.mean << p.at(0.025) << p.at(0.10) << p.at(0.25) << p.at(0.50) << p.at(0.75) << p.at(0.90) << p.at(0.975);
    }
}

void recommendations(const Book& book) {
    Sheet s(book.book, book.bold, "Recommendations", {"number", "title", "text", "rests on", "rank", "evidence"});
    for (const auto& r : book.catalogue.recommendations)
        for (const auto& t : book.assessment.ranking)
            if (std::find(r.threats.begin(), r.threats.end(), t.threat) != r.threats.end())
                s.row() << double(r.number) << r.title << r.text << t.title << double(t.rank) << "R-" + t.threat + (t.trend.figure.empty() ? "" : ", " + t.trend.figure);
}

void criteria(const Book& book) {
    const auto& a = book.assessment;
    Sheet s(book.book, book.bold, "Criteria", {"threat", "criterion", "score", "5 %", "95 %", "measured", "judged", "imputed", "attribution", "figures"});
    for (const auto& t : a.ranking)
        for (const auto& c : t.criteria) s.row() << t.threat << c.criterion << c.score.q50 << c.score.q05 << c.score.q95 << c.measured << c.judged << c.imputed << c.attribution << joined(c.figures);
}

void members(const Book& book) {
    const auto& a = book.assessment;
    Sheet s(book.book, book.bold, "Members", {"member", "country", "country figures", "threat", "rank", "rank 5 %", "rank 95 %", "score", "5 %", "95 %"});
    for (const auto& m : a.members)
        for (const auto& r : m.ranking)
            s.row() << m.member << m.country << std::string(m.country_figures ? "yes" : "no") << r.threat << double(r.rank) << double(r.rank_low) << double(r.rank_high) << r.score.q50 << r.score.q05 << r.score.q95;
}

void figures(const Book& book) {
    const auto& a = book.assessment;
    Sheet s(book.book, book.bold, "Figures", {"id", "title", "basis", "indicator", "threat", "lens", "criterion", "place", "value", "5 %", "95 %", "unit", "score", "score 5 %", "score 95 %", "formula", "sources", "handling", "already public", "rows"});
    for (const auto& f : a.figures)
        s.row() << f.id << f.title << f.basis << f.indicator << f.threat << f.lens << f.criterion << f.place << f.value.q50 << f.value.q05 << f.value.q95 << f.unit << f.score.q50 << f.score.q05
                << f.score.q95 << f.formula << joined(f.sources) << f.handling << std::string(f.already_public ? "yes" : "no") << double(f.rows.size());
}

void rows(const Book& book) {
    const auto& a = book.assessment;
    Sheet s(book.book, book.bold, "Evidence rows", {"figure", "file", "row", "source", "what", "place", "period", "state", "value", "upper", "unit", "dims", "flags", "text", "submission"});
    for (const auto& f : a.figures)
        for (const auto& r : f.rows) {
            const bool told = r.state == "measured" || r.state == "censored";   // else the cells stay empty: no zero
            s.row() << f.id << r.file << double(r.row) << r.source << r.what << r.place << r.period << r.state << (told ? r.value : kEmpty) << (told ? r.upper : kEmpty) << r.unit << r.dims << r.flags << r.text << r.submission;
        }
}

void gaps(const Book& book) {
    const auto& a = book.assessment;
    Sheet s(book.book, book.bold, "Gaps", {"threat", "criterion", "member", "information (bits)", "question"});
    for (const auto& g : a.gaps) s.row() << g.threat << g.criterion << g.member << g.information << g.question;
}

void assumptions(const Book& book) {
    const auto& a = book.assessment;
    Sheet s(book.book, book.bold, "Assumptions", {"id", "title", "low", "high", "largest rank move", "threat moved", "source"});
    for (const auto& x : a.assumptions) s.row() << x.id << x.title << x.low << x.high << x.largest_rank_move << x.moved_threat << x.source;
}

void sources(const Book& book) {
    const auto& catalogue = book.catalogue;
    Sheet s(book.book, book.bold, "Sources", {"id", "title", "publisher", "licence", "address", "cadence", "definitions", "gaps"});
    for (const auto& x : catalogue.sources) s.row() << x.id << x.title << x.publisher << x.licence << x.url << x.cadence << x.definitions << x.gaps;
}

}  // namespace

void write_tables(const Book& book) {
    ranking(book);
    probabilities(book);
    pairwise(book);
    criteria(book);
    change(book);
    profiles(book);
    if (book.edition == Edition::restricted) members(book);
    modi_operandi(book);
    routes(book);
    recommendations(book);
    signals(book);
    forecasts(book);
    figures(book);
    rows(book);
    gaps(book);
    assumptions(book);
    sources(book);
}

}  // namespace threatlas::publish::xlsx
