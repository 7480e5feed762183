// Search over what the reader may see: threats, indicators, codes, figures, judgements, signals, decisions, bulletins, requests,
// profiles, submissions, in whichever script of the region it is typed. What people and detectors wrote is found by the store
// (store/texts.hpp), so what a reader may not see is not found either.
#include <algorithm>
#include <map>
#include <mutex>

#include "core/calendar.hpp"
#include "core/text.hpp"
#include "core/words.hpp"
#include "model/json_codec.hpp"
#include "serve/access/rights.hpp"
#include "serve/api/bodies.hpp"
#include "serve/api/export.hpp"
#include "serve/jobs/office.hpp"
#include "store/texts.hpp"
#include "work/contact/papers.hpp"
#include "work/judging.hpp"
#include "work/profiles/profiles.hpp"
#include "work/reporting.hpp"

namespace threatlas::serve {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;
using net::Response;
namespace json = core::json;

struct Entry {
    std::string type, id, title, text, link;
    std::string folded_title, folded_text;   // for comparing
};

Entry entry(std::string type, std::string id, std::string title, std::string text, std::string link) {
    Entry out{std::move(type), std::move(id), std::move(title), std::move(text), std::move(link), "", ""};
    out.folded_title = core::fold_name(out.title) + " " + core::lower_ascii(out.id), out.folded_text = core::fold_name(out.text);
    return out;
}

// Every word must be found somewhere; the title counts thrice.
double score(const Entry& each, const std::vector<std::string>& words) {
    double sum = 0;
    for (const auto& word : words) {
        const double found = 3 * core::word_weight(each.folded_title, word) + core::word_weight(each.folded_text, word);
        if (found <= 0) return 0;
        sum += found;
    }
    return sum / static_cast<double>(words.size());
}

std::string snippet(const std::string& text) {
    constexpr std::size_t kLong = 240;
    if (text.size() <= kLong) return text;
    std::size_t end = kLong;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return text.substr(0, end) + "...";
}

class Searching {
  public:
    explicit Searching(Office& office) : office_(office) {
        const auto& c = office.catalogue;
        for (const auto& each : c.threats) region_.push_back(entry("threat", each.id, each.title, each.definition, "/threats/" + each.id));
        for (const auto& each : c.indicators) region_.push_back(entry("indicator", each.id, each.title, each.note, "/threats/" + each.threat));
        for (const auto& each : c.codes) region_.push_back(entry("code", each.id, each.title, each.definition + " " + core::join(each.aliases, ", "), "/search?q=" + each.id));
        for (const auto& each : c.whats) region_.push_back(entry("observation", each.id, each.title, each.note, "/data?what=" + each.id));
        for (const auto& each : c.countries) region_.push_back(entry("place", each.id, each.name, core::join(each.aliases, ", "), "/map?place=" + each.id));
    }

    Result<Response> answer_to(const Call& call) {
        const std::string asked = call.request.parameter("q").value_or("");
        THREATLAS_CHECK(fit_text(asked, "q", 200, true));
        const auto words = core::words_of(core::fold_name(asked));
        if (words.empty()) return fail(ErrorCode::bad_usage, "'q' holds no word to look for");
        std::size_t limit = 50;
        if (const auto text = call.request.parameter("limit")) {
            const auto number = core::parse_number(*text);
            if (!number || *number < 1 || *number > 1000) return fail(ErrorCode::bad_usage, "'limit' is a number from 1 to 1000");
            limit = static_cast<std::size_t>(*number);
        }
        const std::string type = call.request.parameter("type").value_or("");
        std::vector<std::pair<double, Entry>> found;
        // least: what it was found for otherwise: inflected, or written nearly so.
        const auto take = [&](const Entry& each, double least = 0) {
            if (!type.empty() && each.type != type) return;
            if (const double s = std::max(score(each, words), least); s > 0) found.emplace_back(s, each);
        };
        for (const auto& each : region_) take(each);
        const model::Reader& reader = call.caller.reader;
        THREATLAS_CHECK(figures(reader, take));
        const std::string format = call.request.parameter("format").value_or("json");
        THREATLAS_CHECK(told(reader, asked, format != "json", take));
        std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
        if (format == "csv" || format == "xlsx") {
            std::vector<json::object> rows;
            for (const auto& [s, each] : found) rows.push_back({{"type", each.type}, {"id", each.id}, {"title", each.title}, {"text", each.text}, {"score", s}});
            return api::exported({format, "search", {"type", "id", "title", "text", "score"}, "", {}}, api::rows_of(std::move(rows)));
        }
        if (format != "json") return fail(ErrorCode::bad_usage, "what is found comes as json, csv, xlsx");
        json::array items;
        std::map<std::string, std::size_t> by_type;
        for (const auto& [s, each] : found) {
            ++by_type[each.type];
            if (items.size() < limit) items.push_back({{"type", each.type}, {"id", each.id}, {"title", each.title}, {"snippet", snippet(each.text)}, {"link", each.link}, {"score", s}});
        }
        return answer(json::object{{"items", std::move(items)}, {"total", found.size()}, {"types", model::to_json(by_type)}});
    }

  private:
    // Of the newest assessment the reader may read; folded once an assessment.
    template <class Take>
    Result<void> figures(const model::Reader& reader, Take&& take) {
        THREATLAS_TRY(const auto known, office_.store.assessments(reader));
        for (const auto& each : known) take(entry("assessment", each.id, each.created_for, core::iso(each.as_of), "/?assessment=" + each.id));
        if (known.empty() || reader.role == model::Role::auditor) return {};
        const std::string newest = known.back().id;
        const auto clearance = [&](const std::string& handling) { return may_see(reader, "", handling); };
        const std::lock_guard guard(mutex_);
        if (assessment_ != newest) {
            THREATLAS_TRY(const auto whole, work::stored_assessment(office_.store, reader, newest));
            figures_.clear();
            for (const auto& each : whole.figures) figures_.emplace_back(each.handling, entry("figure", each.id, each.title, each.place + " " + each.member + " " + each.threat + " " + core::join(each.sources, " "), "/threats/" + each.threat + "?figure=" + each.id));
            assessment_ = newest;
        }
        for (const auto& [handling, each] : figures_)
            if (clearance(handling)) take(each);
        return {};
    }

    // What people and detectors have said, as far as it is for the role.
    // The newest version of each bulletin or request that the reader may read, by the id of its dossier; nothing of what is
    // withdrawn. leaving: into a file.
    Result<std::map<std::string, work::contact::Paper>> newest(const model::Reader& reader, const std::string& kind, bool leaving) {
        THREATLAS_TRY(const store::Sight sight, office_.store.sight(reader));
        THREATLAS_TRY(auto all, work::contact::papers({office_.store, office_.catalogue}, reader, kind));
        std::map<std::string, work::contact::Paper> out;
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (i + 1 < all.size() && all[i + 1].id == all[i].id) continue;
            const auto* state = all[i].record.if_contains("state");
            if (state != nullptr && *state == "withdrawn") continue;
            if (work::contact::may_go(leaving ? work::contact::Exit::file : work::contact::Exit::screen, sight, all[i].marked()) != work::contact::Extent::whole) continue;
            out.emplace(all[i].id + "." + std::to_string(all[i].version), std::move(all[i]));
        }
        return out;
    }

    // The newest of each organisation, area and edition, by id; nothing of what is withdrawn.
    Result<std::map<std::string, work::ProfileLine>> newest_profiles(const model::Reader& reader, bool leaving) {
        THREATLAS_TRY(const store::Sight sight, office_.store.sight(reader));
        THREATLAS_TRY(const auto all, work::profiles(office_.store, reader));
        std::map<std::string, work::ProfileLine> by_what, out;
        for (const auto& each : all) {
            if (each.state == "withdrawn" || (leaving && !sight.may_disclose(store::parse_marking(each.handling), each.originators))) continue;
            auto& last = by_what[each.organisation + " " + each.area + " " + each.edition];
            if (last.id.empty() || last.version < each.version) last = each;
        }
        for (auto& [key, each] : by_what) out.emplace(each.id, each);
        return out;
    }

    template <class Take>
    Result<void> told(const model::Reader& reader, const std::string& asked, bool leaving, Take&& take) {
        store::TextQuery query{asked, {"submission"}, 1000};
        const bool reads_evidence = reader.role != model::Role::auditor && reader.role != model::Role::administrator;
        if (reads_evidence) query.kinds.push_back("claim");
        if (reads_evidence && reader.role != model::Role::contributor) query.kinds.insert(query.kinds.end(), {"signal", "decision"});
        for (const auto& [kind, route] : {std::pair{"bulletin", "bulletins_list"}, {"request", "requests_list"}, {"profile", "profiles_list"}})
            if (access::right_of(route)->reach(reader.role) != access::Reach::none) query.heads.emplace_back(kind);
        THREATLAS_TRY(const auto hits, store::find_texts(office_.store, reader, query));
        const auto any = [&](const char* kind) { return std::any_of(hits.begin(), hits.end(), [&](const store::TextHit& each) { return each.kind == kind; }); };
        std::map<std::string, work::contact::Paper> papers;
        for (const char* kind : {"bulletin", "request"}) {
            if (!any(kind)) continue;
            THREATLAS_TRY(auto all, newest(reader, kind, leaving));
            papers.merge(all);
        }
        std::map<std::string, work::ProfileLine> profiles;
        if (any("profile")) {
            THREATLAS_TRY(profiles, newest_profiles(reader, leaving));
        }
        for (const store::TextHit& hit : hits) {
            THREATLAS_TRY(const auto json, core::parse_json(hit.json, hit.id));
            const auto field = [&](const char* name) {
                const auto* value = json.is_object() ? json.get_object().if_contains(name) : nullptr;
                return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
            };
            if (const auto paper = papers.find(hit.id); (hit.kind == "bulletin" || hit.kind == "request") && paper != papers.end())
                take(entry(hit.kind, paper->second.id, field("title"), field("text"), "/desk/" + hit.kind + "s/" + paper->second.id), hit.score);
            if (const auto line = profiles.find(hit.id); hit.kind == "profile" && line != profiles.end())
                take(entry("profile", hit.id, line->second.title, line->second.area + " " + line->second.organisation + " " + line->second.as_of, "/profiles/" + hit.id), hit.score);
            if (hit.kind == "signal") take(entry("signal", hit.id, field("title"), field("sentence"), "/signals/" + hit.id), hit.score);
            if (hit.kind == "decision") take(entry("decision", hit.id, field("title"), field("measure"), "/decisions/" + hit.id), hit.score);
            if (hit.kind == "submission" && (reader.role != model::Role::contributor || field("member") == reader.organisation))
                take(entry("submission", hit.id, field("file"), field("source") + " " + field("member") + " " + field("mapping"), "/data/submissions/" + hit.id), hit.score);
            if (hit.kind != "claim") continue;
            model::Claim claim;
            THREATLAS_CHECK(model::from_json(json, claim, "claim"));
            if (const auto each = work::judged(claim))
                take(entry("claim", each->id, each->text, each->threat + " " + each->criterion + " " + each->organisation + " " + each->value, "/threats/" + each->threat), hit.score);
        }
        return {};
    }

    Office& office_;
    std::vector<Entry> region_;
    std::mutex mutex_;
    std::string assessment_;
    std::vector<std::pair<std::string, Entry>> figures_;   // handling first
};

}  // namespace

Routes search_routes(Office& office) {
    const auto searching = std::make_shared<Searching>(office);
    return {{"GET", "/api/v1/search", "search", "Search over what you may see, in any script of the region", "search", [searching](const Call& call) { return searching->answer_to(call); },
             {{"q", "words, all of them", {{"type", "string"}}, true}, {"type", "only of this type: threat, indicator, code, observation, place, assessment, figure, signal, decision, claim, bulletin, request, profile, submission"}, {"limit", "at most so many", {{"type", "integer"}}}, {"format", "json, or all of it as csv or xlsx", {{"enum", json::array{"json", "csv", "xlsx"}}}}}, {}, {{{"type", "object"}}}}};
}

}  // namespace threatlas::serve
