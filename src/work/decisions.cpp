#include "work/decisions.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>

#include "core/text.hpp"
#include "model/json_codec.hpp"

namespace threatlas::work {

using core::ErrorCode;
using core::fail;
using core::Result;
using model::Role;

namespace {

Result<void> may_write(const model::Reader& who) {
    if (who.role == Role::director || who.role == Role::analyst || who.role == Role::contact_point) return {};
    return fail(ErrorCode::not_allowed, "decisions are recorded by directors, analysts and contact points");
}

Result<void> fit(const std::string& text, const char* what, std::size_t most, bool needed) {
    if (needed && core::trim(text).empty()) return fail(ErrorCode::bad_input, std::string("'") + what + "' is missing");
    if (text.size() > most || !core::is_utf8(text)) return fail(ErrorCode::bad_input, std::string("'") + what + "' is longer than " + std::to_string(most) + " bytes, or no text");
    return {};
}

std::string new_id() {
    std::array<unsigned char, 5> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    std::string out = "B-";
    for (const unsigned char each : bytes) out += "0123456789abcdef"[each >> 4], out += "0123456789abcdef"[each & 15];
    return out;
}

Result<Decision> read(const store::Dossier& dossier) {
    THREATLAS_TRY(const auto value, core::parse_json(dossier.json, "decision " + dossier.id));
    Decision out;
    THREATLAS_CHECK(model::from_json(value, out, "decision " + dossier.id));
    out.id = dossier.id, out.opened = dossier.at, out.handling = dossier.handling;
    for (const auto& step : dossier.steps) {
        THREATLAS_TRY(const auto body, core::parse_json(step.json, "decision " + dossier.id));
        DecisionStep each{step.action, "", step.at, step.person, step.organisation};
        if (const auto* object = body.if_object())
            if (const auto* text = object->if_contains("text"); text != nullptr && text->is_string()) each.text = std::string(text->get_string());
        if (step.action == "done" || step.action == "dropped") out.state = step.action;
        out.steps.push_back(std::move(each));
    }
    return out;
}

}  // namespace

Result<Decision> decide(store::Store& store, const model::Reader& who, const model::Catalogue& catalogue, Decision wanted, core::Day today) {
    THREATLAS_CHECK(may_write(who));
    THREATLAS_CHECK(fit(wanted.title, "title", 200, true));
    THREATLAS_CHECK(fit(wanted.measure, "measure", 4000, true));
    if (catalogue.threat(wanted.threat) == nullptr) return fail(ErrorCode::bad_input, "the catalogue has no threat '" + wanted.threat + "'");
    for (const auto& each : wanted.members)
        if (catalogue.member(each) == nullptr) return fail(ErrorCode::bad_input, "the catalogue has no member '" + each + "'");
    const auto named = [](const auto& list, const std::string& id) { return std::any_of(list.begin(), list.end(), [&](const auto& each) { return each.id == id; }); };
    if (!wanted.indicator.empty() && !named(catalogue.indicators, wanted.indicator)) return fail(ErrorCode::bad_input, "the catalogue has no indicator '" + wanted.indicator + "'");
    if (!wanted.place.empty() && !named(catalogue.countries, wanted.place)) return fail(ErrorCode::bad_input, "the catalogue has no country '" + wanted.place + "'");
    if (!wanted.due.empty()) {
        THREATLAS_TRY(const core::Day due, core::parse_day(wanted.due));
        if (due < today) return fail(ErrorCode::bad_input, "'due' lies in the past");
    }
    if (wanted.decided == core::Day{}) wanted.decided = today;
    if (wanted.decided > today) return fail(ErrorCode::bad_input, "'decided' lies in the future");
    if (std::none_of(catalogue.handling.begin(), catalogue.handling.end(), [&](const auto& each) { return each.scheme == "tlp" && (wanted.handling == each.code || wanted.handling == "TLP:" + each.code); })) return fail(ErrorCode::bad_input, "'" + wanted.handling + "' is no TLP word; write TLP:AMBER");
    wanted.id = new_id(), wanted.state = "open", wanted.steps.clear(), wanted.opened.clear();
    wanted.person = who.person, wanted.organisation = who.organisation;
    THREATLAS_TRY(const bool fresh, store.open_dossier(who, {.kind = "decision", .id = wanted.id, .handling = wanted.handling, .at = {}, .json = core::write_json(model::to_json(wanted)), .steps = {}, .originators = {who.organisation}}));
    if (!fresh) return fail(ErrorCode::conflict, "an id was drawn twice: try again");
    return decision(store, who, wanted.id);
}

Result<std::vector<Decision>> decisions(store::Store& store, const model::Reader& reader) {
    THREATLAS_TRY(const auto all, store.dossiers(reader, "decision"));
    std::vector<Decision> out;
    for (const auto& each : all) {
        THREATLAS_TRY(auto one, read(each));
        out.push_back(std::move(one));
    }
    return out;
}

Result<Decision> decision(store::Store& store, const model::Reader& reader, const std::string& id) {
    THREATLAS_TRY(auto all, decisions(store, reader));
    std::vector<Decision> found;
    for (auto& each : all) {
        if (each.id == id) return std::move(each);
        if (id.size() >= 3 && each.id.starts_with(id)) found.push_back(std::move(each));
    }
    if (found.size() > 1) return fail(ErrorCode::conflict, "several decisions begin with '" + id + "': write more of it");
    if (found.empty()) return fail(ErrorCode::not_found, "there is no decision '" + id + "'; 'threatlas decisions list' lists them");
    return std::move(found.front());
}

Result<Decision> step_decision(store::Store& store, const model::Reader& who, const std::string& id, const std::string& action, const std::string& text) {
    THREATLAS_CHECK(may_write(who));
    if (action != "progress" && action != "done" && action != "dropped") return fail(ErrorCode::bad_usage, "a step is progress, done or dropped, not '" + action + "'");
    THREATLAS_CHECK(fit(text, "text", 4000, true));
    THREATLAS_TRY(const Decision now, decision(store, who, id));
    if (now.state != "open") return fail(ErrorCode::conflict, "decision " + now.id + " is " + now.state + " already");
    THREATLAS_CHECK(store.add_step(who, "decision", now.id, action, core::write_json(core::json::object{{"text", text}})));
    return decision(store, who, now.id);
}

}  // namespace threatlas::work
