#include "work/profiles/kept.hpp"

#include <algorithm>
#include <map>

#include "model/json_codec.hpp"

namespace threatlas::work {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace profiles_kept {

Result<ProfileView> view_of(const store::Dossier& dossier) {
    ProfileView out;
    THREATLAS_TRY(const auto value, core::parse_json(dossier.json, "profile " + dossier.id));
    THREATLAS_TRY(out.profile, publish::read_profile(value, "profile " + dossier.id));
    auto& p = out.profile;
    p.handling = dossier.handling;
    if (p.made.empty()) p.made = dossier.at;   // of this node: by the store's clock
    ProfileLine& line = out.line;
    line.id = p.id, line.area = p.area, line.title = p.title, line.organisation = p.organisation, line.edition = p.edition, line.version = p.version, line.made = p.made, line.person = p.person;
    if (!dossier.audience.empty()) line.state = "published";   // it came over a feed
    line.as_of = core::iso(p.as_of), line.assessment = p.assessment, line.handling = dossier.handling, line.originators = p.originators, line.withheld = p.withheld;
    for (const auto& section : p.sections)
        for (const auto& each : section.statements) ++(each.nature == "gap" ? line.gaps : line.statements);
    for (const auto& step : dossier.steps) {
        THREATLAS_TRY(const auto body, core::parse_json(step.json, "profile " + dossier.id));
        ProfileStep each{step.action, "", step.at, step.person, step.organisation};
        if (const auto* object = body.if_object()) {
            if (const auto* text = object->if_contains("text"); text != nullptr && text->is_string()) each.text = std::string(text->get_string());
            if (const auto* to = object->if_contains("to"); to != nullptr && to->is_array())
                for (const auto& who : to->get_array())
                    if (who.is_string() && std::find(line.sent.begin(), line.sent.end(), std::string(who.get_string())) == line.sent.end()) line.sent.emplace_back(who.get_string());
        }
        if (step.action == "approved" || step.action == "published" || step.action == "withdrawn") line.state = step.action;
        line.steps.push_back(std::move(each));
    }
    return out;
}

Result<std::vector<ProfileView>> all(store::Store& store, const model::Reader& reader) {
    THREATLAS_TRY(const auto dossiers, store.dossiers(reader, kKind));
    std::vector<ProfileView> out;
    std::map<std::string, std::size_t> newest;
    for (const auto& each : dossiers) {
        THREATLAS_TRY(ProfileView view, view_of(each));
        if (view.line.state == "draft" && view.line.organisation != reader.organisation && reader.organisation != store::kRegional && reader.person != "node") continue;
        const std::string key = view.line.organisation + " " + view.line.area + " " + view.line.edition;
        const auto [known, fresh] = newest.emplace(key, out.size());
        if (!fresh && out[known->second].line.version < view.line.version) known->second = out.size();
        out.push_back(std::move(view));
    }
    for (const auto& [key, index] : newest) out[index].line.newest = true;
    return out;
}

Result<void> step(store::Store& store, const model::Reader& who, const std::string& id, const std::string& action, const std::string& text, const std::vector<std::string>& to) {
    core::json::object body{{"text", text}};
    if (!to.empty()) body["to"] = model::to_json(to);
    return store.add_step(who, kKind, id, action, core::write_json(body));
}

Result<void> may_work(const model::Reader& who, const ProfileView& view) {
    if (who.organisation == view.line.organisation || who.organisation == store::kRegional) return {};
    return fail(ErrorCode::not_allowed, "profile " + view.line.id + " is of " + view.line.organisation);
}

Result<exchange::stix::Carried> carried(const ProfileView& view) {
    exchange::stix::Carried out;
    const auto& p = view.profile;
    out.kind = kKind, out.id = p.id, out.created = out.modified = p.made, out.title = p.title + ", profile " + std::to_string(p.version), out.handling = p.handling;
    for (const auto& each : view.line.steps)
        if (each.action == "published" || each.action == "withdrawn") out.modified = std::max(out.modified, each.at);
    out.originators = {p.organisation};
    for (const auto& each : p.originators)
        if (each != p.organisation) out.originators.push_back(each);
    constexpr std::size_t kText = 20'000;
    out.text = publish::profile_text(p);
    if (out.text.size() > kText) {
        std::size_t cut = kText;
        while (cut > 0 && (static_cast<unsigned char>(out.text[cut]) & 0xC0) == 0x80) --cut;
        out.text.resize(cut);
    }
    out.record = model::to_json(p).as_object();
    out.revoked = view.line.state == "withdrawn";
    return out;
}

}  // namespace profiles_kept

namespace kept = profiles_kept;

Result<std::vector<ProfileLine>> profiles(store::Store& store, const model::Reader& reader) {
    THREATLAS_TRY(auto all, kept::all(store, reader));
    std::vector<ProfileLine> out;
    for (auto& each : all) out.push_back(std::move(each.line));
    std::reverse(out.begin(), out.end());
    return out;
}

Result<ProfileView> profile(store::Store& store, const model::Reader& reader, const std::string& id) {
    THREATLAS_TRY(auto all, kept::all(store, reader));
    const ProfileView* found = nullptr;
    for (const auto& each : all) {
        if (each.line.id == id) return each;
        if (each.line.area == id && each.line.state != "withdrawn") found = &each;
    }
    if (found == nullptr) return fail(ErrorCode::not_found, "there is no profile '" + id + "'; 'threatlas profile list' lists them, 'threatlas profile compile' makes one");
    return *found;
}

}  // namespace threatlas::work
