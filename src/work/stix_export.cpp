#include "work/stix_export.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "analyse/early_warning/follow_up.hpp"
#include "assess/assess.hpp"
#include "core/text.hpp"
#include "exchange/stix/ids.hpp"
#include "exchange/stix/look.hpp"
#include "exchange/stix/markings.hpp"
#include "exchange/stix/meaning.hpp"
#include "exchange/stix/records.hpp"
#include "exchange/stix/slices.hpp"
#include "exchange/stix/times.hpp"
#include "model/json_codec.hpp"
#include "work/decisions.hpp"
#include "work/disclosure.hpp"
#include "work/library.hpp"
#include "work/table_writer.hpp"

namespace threatlas::work {

namespace json = core::json;
namespace stix = exchange::stix;
using core::ErrorCode;
using core::fail;
using core::Result;
using stix::text_at;

namespace {

const std::set<std::string, std::less<>> kKinds{"catalogue", "assessment", "judgements", "signals", "decisions", "library"};

std::string moment(const std::string& at, const std::string& otherwise) { return stix::to_time(at).value_or(otherwise); }

// Who did it stays with the organisation: people's names are no part of what is exchanged.
void without_people(json::object& record) {
    record.erase("person");
    if (auto* steps = record.if_contains("steps"); steps != nullptr && steps->is_array())
        for (auto& each : steps->get_array())
            if (each.is_object()) each.get_object().erase("person");
}

std::string summary_of(const assess::ThreatResult& r, std::size_t of) {
    return fmt::format("Rank {} of {} (90 %: {} to {}), tie band {}. Score {:.1f} (90 %: {:.1f} to {:.1f}). Among the first five with probability {:.2f}. Rests on measurements {:.0f} %, judgements {:.0f} %, assumptions {:.0f} %. Trend: {}.", r.rank, of, r.rank_low,
                       r.rank_high, r.band, r.score.mean, r.score.q05, r.score.q95, r.p_top5, 100 * r.measured, 100 * r.judged, 100 * r.imputed, r.trend.word.empty() ? "not assessed" : r.trend.word);
}

class Collector {
  public:
    Collector(store::Store& store, const model::Reader& reader, const model::Catalogue& catalogue, store::Sight sight) : store_(store), reader_(reader), catalogue_(catalogue), sight_(std::move(sight)) {}

    bool may(const std::string& handling, const std::vector<std::string>& originators) {
        if (sight_.may_disclose(store::parse_marking(handling), originators)) return true;
        ++out_.withheld;
        return false;
    }
    void add(const json::object& object) {
        for (const auto& each : stix::list_at(object, "object_marking_refs"))
            if (each.is_string()) marked_.emplace(each.get_string());
        if (const auto maker = text_at(object, "created_by_ref"); !maker.empty()) makers_.emplace(maker);
        add_text(std::string(text_at(object, "type")), std::string(text_at(object, "id")), core::write_json(object));
    }
    void add_text(const std::string& type, const std::string& id, std::string text) {
        ids_.insert(id);
        ++out_.types[type];
        out_.texts.push_back(std::move(text));
    }

    Result<void> judgements() {
        store::SnapshotQuery query;
        query.whats = {"-"};   // judgements alone
        THREATLAS_TRY(const auto snapshot, store_.snapshot(reader_, query));
        for (const auto& claim : snapshot.claims) {
            const std::string owner(store::originator_of(claim.organisation, claim.source));
            if (!sight_.may_disclose(store::parse_marking(claim.handling), std::vector{owner}, claim.submission)) {
                ++out_.withheld;
                continue;
            }
            organisations_.insert(owner);
            add(stix::of_claim(claim, catalogue_));
        }
        return {};
    }

    Result<void> signals() {
        THREATLAS_TRY(const auto dossiers, store_.dossiers(reader_, "signal"));
        THREATLAS_TRY(const auto all, analyse::early_warning::followed(store_, reader_));
        std::map<std::string, const store::Dossier*> heads;
        for (const auto& each : dossiers) heads[each.id] = &each;
        for (const auto& each : all) {
            const auto head = heads.find(each.signal.id);
            if (head == heads.end() || !may(head->second->handling, head->second->originators)) continue;
            add(sighting(each, *head->second));
        }
        return {};
    }

    Result<void> decided() {
        THREATLAS_TRY(const auto all, decisions(store_, reader_));
        for (const auto& each : all) {
            if (!may(each.handling, {each.organisation})) continue;
            json::object record = model::to_json(each).get_object();
            without_people(record);
            organisations_.insert(each.organisation);
            const std::string opened = moment(each.opened, core::iso(each.decided) + "T00:00:00.000Z"), changed = each.steps.empty() ? opened : moment(each.steps.back().at, opened);
            const auto object = stix::carry("course-of-action", {.kind = "decision", .id = each.organisation + "/" + each.id, .created = opened, .modified = changed, .title = each.title, .text = each.measure, .handling = each.handling, .originators = {each.organisation}, .record = std::move(record)});
            add(object);
            if (catalogue_.threat(each.threat) != nullptr)
                add(stix::relation(text_at(object, "id"), "mitigates", stix::threat_id(catalogue_, each.threat), "", opened, each.handling, each.organisation));
        }
        return {};
    }

    Result<void> assessed(const std::string& wanted) {
        THREATLAS_TRY(const auto known, store_.assessments(reader_));
        if (known.empty()) return out_.notes.emplace_back("there is no assessment yet"), Result<void>{};
        const store::StoredAssessment* found = wanted == "latest" ? &known.back() : nullptr;
        for (const auto& each : known)
            if (each.id == wanted) found = &each;
        if (found == nullptr) return fail(ErrorCode::not_found, "there is no assessment '" + wanted + "'");
        if (!may(found->handling, found->originators)) return out_.notes.emplace_back("assessment " + found->id + " may not be disclosed"), Result<void>{};
        THREATLAS_TRY(const auto text, store_.assessment(reader_, found->id));
        THREATLAS_TRY(const auto whole, assess::from_json_text(text, "assessment " + found->id));
        const std::string day = core::iso(found->as_of);
        std::vector<std::string> refs, owners{"regional"};
        owners.insert(owners.end(), found->originators.begin(), found->originators.end());
        const auto carried = [&](const char* type, const std::string& kind, const std::string& id, const std::string& title, const std::string& said, json::value record, std::vector<std::string> about) {
            auto object = stix::carry(type, {.kind = kind, .id = id, .created = day, .modified = day, .title = title, .text = said, .handling = found->handling, .originators = owners, .record = std::move(record.get_object()), .refs = std::move(about)});
            refs.emplace_back(text_at(object, "id"));
            add(object);
        };
        for (const auto& each : whole.ranking) {
            const std::string threat = stix::threat_id(catalogue_, each.threat);
            refs.push_back(threat);
            carried("note", "threat_result", found->id + "/" + each.threat, each.title, summary_of(each, whole.ranking.size()), model::to_json(each), {threat});
        }
        for (const auto& each : whole.outlooks)
            carried("note", "outlook", found->id + "/" + each.threat, each.title, fmt::format("{}: {:.4g} lately, {:.4g} expected (10 % to 90 %: {:.4g} to {:.4g}).", each.title, each.last, each.next, each.next_low, each.next_high), model::to_json(each), {stix::threat_id(catalogue_, each.threat)});
        if (refs.empty()) refs.push_back(stix::region_id(catalogue_));
        const auto about = refs;
        carried("report", "assessment", found->id, whole.manifest.created_for.empty() ? "Threat assessment " + found->id : whole.manifest.created_for, fmt::format("{} threats ranked, as known on {}.", whole.ranking.size(), day),
                json::object{{"id", whole.id}, {"manifest", model::to_json(whole.manifest)}, {"profiles", model::to_json(whole.profiles)}, {"gaps", model::to_json(whole.gaps)}, {"assumptions", model::to_json(whole.assumptions)},
                             {"diagnostics", model::to_json(whole.diagnostics)}, {"skill", model::to_json(whole.skill)}}, about);
        return {};
    }

    Result<void> library() {
        std::set<std::string> seen;
        return each_of_library(store_, reader_, [&](const store::ExchangedObject& object) -> Result<void> {
            if (ids_.contains(object.id) || !seen.insert(object.id).second) return {};   // ours says it itself, and later
            add_text(std::string(stix::type_of(object.id)), object.id, object.text);
            const auto parsed = stix::object_of({object.text, 1}, object.id);
            if (parsed)
                for (const auto& each : stix::list_at(*parsed, "object_marking_refs"))
                    if (each.is_string()) marked_.emplace(each.get_string());
            return {};
        });
    }

    StixBundle finish() {
        // What the objects refer to and everybody should have: makers, markings, definitions of extensions.
        for (const auto& each : organisations_)
            if (!ids_.contains(stix::organisation_id(each)) && makers_.contains(stix::organisation_id(each))) {
                const auto* source = catalogue_.source(each);
                const auto* member = catalogue_.member(each);
                add(stix::organisation_identity(each, member != nullptr ? member->organisation : source != nullptr ? source->publisher : ""));
            }
        if (makers_.contains(stix::organisation_id("regional")) && !ids_.contains(stix::organisation_id("regional"))) add(stix::organisation_identity("regional", catalogue_.region.title + ": working group"));
        std::vector<json::object> first;
        for (auto& each : stix::extension_objects())
            if (!ids_.contains(std::string(text_at(each, "id")))) first.push_back(std::move(each));
        for (auto& each : stix::marking_objects())
            if (marked_.contains(std::string(text_at(each, "id"))) && !ids_.contains(std::string(text_at(each, "id")))) first.push_back(std::move(each));
        std::vector<std::string> texts;
        for (const auto& each : first) ++out_.types[std::string(text_at(each, "type"))], texts.push_back(core::write_json(each));
        out_.texts.insert(out_.texts.begin(), std::make_move_iterator(texts.begin()), std::make_move_iterator(texts.end()));
        return std::move(out_);
    }

    const model::Catalogue& catalogue() const { return catalogue_; }

  private:
    json::object sighting(const analyse::early_warning::Followed& each, const store::Dossier& head) {
        const auto& s = each.signal;
        json::object record = model::to_json(each).get_object();
        without_people(record);
        const std::string opened = moment(each.opened, core::iso(s.as_of) + "T00:00:00.000Z"), changed = each.steps.empty() ? opened : moment(each.steps.back().at, opened);
        std::vector<std::string> originators{"regional"};
        originators.insert(originators.end(), head.originators.begin(), head.originators.end());
        const bool coded = catalogue_.code(s.modus_operandi) != nullptr, threat = !s.threats.empty() && catalogue_.threat(s.threats.front()) != nullptr;
        stix::Carried what{.kind = "signal", .id = s.id + "/" + core::iso(s.as_of), .created = opened, .modified = changed, .title = s.title, .text = s.sentence, .handling = head.handling, .originators = std::move(originators), .record = std::move(record)};
        if (!coded && !threat) {
            what.refs = {stix::region_id(catalogue_)};
            return stix::carry("note", what);
        }
        json::object out = stix::carry("sighting", what);
        out["sighting_of_ref"] = coded ? stix::code_id(catalogue_, s.modus_operandi) : stix::threat_id(catalogue_, s.threats.front());
        if (s.end > s.begin) out["first_seen"] = core::iso(s.begin) + "T00:00:00Z", out["last_seen"] = core::iso(core::Day{s.end.number - 1}) + "T23:59:59Z";
        if (std::isfinite(s.seen) && s.seen >= 0 && s.seen <= 999'999'999) out["count"] = static_cast<std::int64_t>(s.seen);
        const bool country = std::any_of(catalogue_.countries.begin(), catalogue_.countries.end(), [&](const auto& one) { return one.id == s.place; });
        out["where_sighted_refs"] = json::array{country ? stix::country_id(catalogue_, s.place) : stix::region_id(catalogue_)};
        out["summary"] = true;
        return out;
    }

    store::Store& store_;
    const model::Reader& reader_;
    const model::Catalogue& catalogue_;
    store::Sight sight_;
    StixBundle out_;
    std::set<std::string> ids_, marked_, makers_, organisations_;
};

}  // namespace

Result<StixBundle> stix_objects(store::Store& store, const model::Reader& reader, const model::Catalogue& catalogue, const StixRequest& request) {
    for (const auto& each : request.kinds)
        if (!kKinds.contains(each)) return fail(ErrorCode::bad_usage, "there is no '" + each + "' to export; there are: assessment, catalogue, decisions, judgements, library, signals");
    const auto wanted = [&](std::string_view kind) { return request.kinds.empty() || std::find(request.kinds.begin(), request.kinds.end(), kind) != request.kinds.end(); };
    THREATLAS_TRY(auto sight, store.sight(reader));
    Collector out(store, reader, catalogue, std::move(sight));
    if (wanted("catalogue"))
        for (const auto& each : stix::of_catalogue(catalogue)) out.add(each);
    if (wanted("assessment")) THREATLAS_CHECK(out.assessed(request.assessment));
    if (wanted("judgements")) THREATLAS_CHECK(out.judgements());
    if (wanted("signals")) THREATLAS_CHECK(out.signals());
    if (wanted("decisions")) THREATLAS_CHECK(out.decided());
    if (wanted("library")) THREATLAS_CHECK(out.library());
    return out.finish();
}

const std::vector<std::string> kStixHeadings{"type", "id", "name", "created", "modified", "revoked", "handling", "codes", "threats", "places", "description"};

Result<std::vector<std::vector<std::string>>> stix_rows(const model::Catalogue& catalogue, const std::vector<std::string>& texts) {
    std::vector<json::object> objects;
    for (const auto& each : texts) {
        THREATLAS_TRY(auto object, stix::object_of({each, 1}, "object"));
        objects.push_back(std::move(object));
    }
    const stix::Meaning meaning(catalogue, objects);
    std::vector<std::vector<std::string>> out;
    for (const auto& each : objects) {
        const auto says = meaning.of(each);
        const auto text = [&](std::string_view key) { return std::string(text_at(each, key)); };
        const auto* revoked = each.if_contains("revoked");
        std::string name = text("name");
        if (name.empty()) name = text("abstract");
        if (name.empty()) name = text("relationship_type");
        std::string said = text("description");
        for (const char* key : {"content", "explanation"})
            if (said.empty()) said = text(key);
        out.push_back({text("type"), text("id"), std::move(name), text("created"), text("modified"), revoked != nullptr && revoked->is_bool() && revoked->get_bool() ? "true" : "", meaning.handling_of(each), core::join(says.codes, "; "), core::join(says.threats, "; "),
                       core::join(says.places, "; "), std::move(said)});
    }
    return out;
}

Result<void> write_stix(store::Store& store, const model::Reader& reader, const model::Catalogue& catalogue, const StixBundle& bundle, const std::string& format, const std::string& path) {
    if (format == "json") {
        THREATLAS_CHECK(core::write_file(path, stix::bundle(bundle.texts)));
    } else {
        THREATLAS_TRY(const auto rows, stix_rows(catalogue, bundle.texts));
        THREATLAS_TRY(const auto out, table_writer(format, path, "STIX objects", kStixHeadings));
        for (const auto& each : rows) THREATLAS_CHECK(out->row(each));
        THREATLAS_CHECK(out->finish());
    }
    return note_disclosure(store, reader, "STIX 2.1, " + std::to_string(bundle.texts.size()) + " objects", path);
}

}  // namespace threatlas::work
