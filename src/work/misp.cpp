#include "work/misp.hpp"

#include <algorithm>

#include "analyse/early_warning/follow_up.hpp"
#include "core/text.hpp"
#include "exchange/misp/vocabulary.hpp"
#include "exchange/stix/carry.hpp"
#include "exchange/stix/ids.hpp"
#include "exchange/stix/look.hpp"
#include "exchange/stix/markings.hpp"
#include "exchange/stix/records.hpp"
#include "exchange/stix/slices.hpp"
#include "exchange/stix/times.hpp"
#include "work/disclosure.hpp"
#include "work/library.hpp"
#include "work/table_writer.hpp"

namespace threatlas::work {

namespace json = core::json;
namespace misp = exchange::misp;
namespace stix = exchange::stix;
using core::fail;
using core::Result;

namespace {

// Seconds since 1970 as a STIX time.
std::string time_of(const std::string& seconds, const std::string& day) {
    const auto number = core::parse_number(seconds);
    if (!number || *number < 0 || *number > 4e9) return stix::to_time(day).value_or("1970-01-01T00:00:00.000Z");
    const auto whole = static_cast<std::int64_t>(*number);
    const auto two = [](std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return core::iso(core::Day{static_cast<std::int32_t>(whole / 86'400)}) + "T" + two(whole / 3600 % 24) + ":" + two(whole / 60 % 60) + ":" + two(whole % 60) + ".000Z";
}

std::vector<std::string> all_tags(const misp::Event& event) {
    std::vector<std::string> out = event.tags;
    const auto add = [&](const auto& attributes) {
        for (const auto& each : attributes) out.insert(out.end(), each.tags.begin(), each.tags.end());
    };
    add(event.attributes);
    for (const auto& each : event.objects) add(each.attributes);
    return out;
}

Incoming incoming(json::object object) {
    std::string text = core::write_json(object);
    return {std::move(text), std::move(object)};
}

// The event as a report, and a sighting of each code that its tags name.
void add_event(const misp::Event& event, json::object record, const model::Catalogue& catalogue, const misp::Vocabulary& vocabulary, const std::string& otherwise, std::vector<Incoming>& out) {
    std::string handling = misp::handling_of(event.tags);
    if (handling.empty() && std::none_of(event.tags.begin(), event.tags.end(), [](const auto& each) { return core::lower_ascii(each).starts_with("tlp:"); })) handling = stix::plain_handling(otherwise);
    const std::string maker = "misp:" + (event.organisation_uuid.empty() ? event.organisation : event.organisation_uuid);
    const auto named = vocabulary.of(all_tags(event));
    std::vector<std::string> refs;
    for (const auto& each : named.codes) refs.push_back(stix::code_id(catalogue, each));
    for (const auto& each : named.threats) refs.push_back(stix::threat_id(catalogue, each));
    const std::string created = stix::to_time(event.date).value_or("1970-01-01T00:00:00.000Z"), modified = std::max(created, time_of(event.timestamp, event.date));
    out.push_back(incoming(stix::organisation_identity(maker, event.organisation)));
    out.push_back(incoming(stix::carry("report", {.kind = "misp_event", .id = event.uuid, .created = created, .modified = modified, .title = event.info, .text = "", .handling = handling, .originators = {maker}, .record = std::move(record), .refs = std::move(refs)})));
    for (const auto& each : named.codes) {
        json::object sighting{{"type", "sighting"}, {"spec_version", "2.1"}, {"id", stix::id_of("sighting", "misp/" + event.uuid + "/" + each)}, {"created_by_ref", stix::organisation_id(maker)}, {"created", created}, {"modified", modified},
                              {"description", event.info}, {"sighting_of_ref", stix::code_id(catalogue, each)}, {"object_marking_refs", stix::marking_refs(handling)}};
        if (!event.date.empty()) sighting["first_seen"] = created, sighting["last_seen"] = created;
        out.push_back(incoming(std::move(sighting)));
    }
}

misp::Event event_of(const analyse::early_warning::Followed& each, const std::string& handling, const model::Catalogue& catalogue) {
    const auto& s = each.signal;
    misp::Event out;
    out.uuid = stix::uuid_of("misp/signal/" + s.id + "/" + core::iso(s.as_of));
    out.info = s.title.empty() ? s.sentence : s.title, out.date = core::iso(s.end > s.begin ? core::Day{s.end.number - 1} : s.as_of);
    out.threat_level = 4, out.analysis = each.state == "closed" ? 2 : each.state == "new" ? 0 : 1, out.distribution = misp::distribution_of(handling);
    out.timestamp = std::to_string(std::int64_t{86'400} * s.as_of.number), out.organisation = catalogue.region.title, out.organisation_uuid = stix::uuid_of("organisation/" + catalogue.region.id);
    out.tags = misp::handling_tags(handling);
    if (const auto* code = catalogue.code(s.modus_operandi); code != nullptr) out.tags.insert(out.tags.end(), code->misp.begin(), code->misp.end());
    const auto add = [&](const std::string& what, const std::string& value) {
        if (value.empty()) return;
        out.attributes.push_back({stix::uuid_of("misp/signal/" + s.id + "/" + core::iso(s.as_of) + "/" + what), "text", "Other", value, what, out.timestamp, "", "", false, {}});
    };
    add("sentence", s.sentence), add("modus operandi", s.modus_operandi), add("threats", core::join(s.threats, ", ")), add("place", s.place), add("period", s.period);
    add("seen", core::number_text(s.seen)), add("expected", core::number_text(s.expected));
    return out;
}

}  // namespace

Result<MispTaken> take_misp(store::Store& store, const model::Reader& writer, const model::Catalogue& catalogue, std::string_view text, const TakeOptions& options, core::Progress& progress) {
    MispTaken out;
    const misp::Vocabulary vocabulary(catalogue);
    std::vector<Incoming> objects;
    if (auto events = misp::events_of(text, options.path)) {
        out.kind = "events";
        for (auto& each : *events) {
            if (!options.with_persons) out.persons += misp::without_persons(each);
            THREATLAS_TRY(const auto event, misp::from_json(each));
            ++out.read;
            add_event(event, std::move(each), catalogue, vocabulary, options.handling, objects);
        }
    } else {
        const auto words = misp::words_of(text, options.path);
        if (!words) return fail(core::ErrorCode::bad_input, "neither an event ({\"Event\": ...}), nor a galaxy (type, values), nor a taxonomy (namespace, predicates) of MISP: " + words.error().message, {options.path, 0, ""});
        out.kind = words->kind;
        objects.push_back(incoming(stix::organisation_identity("misp", "MISP project")));
        for (const auto& each : words->words) {
            ++out.read;
            objects.push_back(incoming(misp::to_stix(*words, each, vocabulary.of(each.tag), catalogue)));
        }
    }
    THREATLAS_TRY(out.taken, take_objects(store, writer, catalogue, std::move(objects), options, progress));
    return out;
}

Result<MispEvents> misp_events(store::Store& store, const model::Reader& reader, const model::Catalogue& catalogue) {
    MispEvents out;
    THREATLAS_TRY(const auto sight, store.sight(reader));
    THREATLAS_TRY(const auto dossiers, store.dossiers(reader, "signal"));
    THREATLAS_TRY(const auto all, analyse::early_warning::followed(store, reader));
    for (const auto& each : all) {
        const auto head = std::find_if(dossiers.begin(), dossiers.end(), [&](const auto& one) { return one.id == each.signal.id; });
        if (head == dossiers.end() || !sight.may_disclose(store::parse_marking(head->handling), head->originators)) {
            ++out.withheld;
            continue;
        }
        out.events.push_back(misp::to_json(event_of(each, head->handling, catalogue)));
    }
    THREATLAS_CHECK(each_of_library(store, reader, [&](const store::ExchangedObject& object) -> Result<void> {
        if (stix::type_of(object.id) != "report") return {};
        THREATLAS_TRY(const auto parsed, stix::object_of({object.text, 1}, object.id));
        if (!stix::is_carried(parsed)) return {};
        auto record = stix::carried(parsed);
        if (record && record->kind == "misp_event") out.events.push_back(json::object{{"Event", std::move(record->record)}});
        return {};
    }));
    return out;
}

Result<void> write_misp(store::Store& store, const model::Reader& reader, const MispEvents& events, const std::string& format, const std::string& path) {
    if (format == "json") {
        json::array list;
        for (const auto& each : events.events) list.push_back(each);
        THREATLAS_CHECK(core::write_file(path, core::write_json(json::object{{"response", std::move(list)}}, 1)));
    } else {
        THREATLAS_TRY(const auto out, table_writer(format, path, "MISP events", {"uuid", "date", "info", "distribution", "threat_level", "analysis", "tags", "attributes"}));
        for (const auto& each : events.events) {
            THREATLAS_TRY(const auto event, misp::from_json(each));
            std::vector<std::string> values;
            for (const auto& one : event.attributes) values.push_back(one.type + ": " + one.value);
            THREATLAS_CHECK(out->row({event.uuid, event.date, event.info, std::to_string(event.distribution), std::to_string(event.threat_level), std::to_string(event.analysis), core::join(event.tags, "; "), core::join(values, "; ")}));
        }
        THREATLAS_CHECK(out->finish());
    }
    return note_disclosure(store, reader, "MISP, " + std::to_string(events.events.size()) + " events", path);
}

}  // namespace threatlas::work
