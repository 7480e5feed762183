// A profile as files: page, paper, STIX.
#include <cstdio>
#include <filesystem>
#include <set>

#include "core/text.hpp"
#include "exchange/stix/carry.hpp"
#include "exchange/stix/ids.hpp"
#include "exchange/stix/markings.hpp"
#include "work/disclosure.hpp"
#include "work/profiles/kept.hpp"

namespace threatlas::work {

namespace stix = exchange::stix;
namespace json = core::json;
using core::Result;

namespace {

std::string state_words(const ProfileLine& line) {
    std::string out = line.state;
    for (const auto& each : line.steps)
        if (each.action == "approved") out += (line.state == "approved" ? " by " : ", approved by ") + each.organisation;
    return out;
}

Result<std::vector<publish::svg::Shape>> map_of(const std::string& catalogue_folder) {
    const std::string path = catalogue_folder + "/map.geojson";
    if (!std::filesystem::exists(path)) return std::vector<publish::svg::Shape>{};
    return publish::svg::read_map(path);
}

}  // namespace

Result<std::string> profile_page(const ProfileView& view, const model::Catalogue& catalogue, const std::string& catalogue_folder) {
    THREATLAS_TRY(const auto map, map_of(catalogue_folder));
    return publish::html_profile(view.profile, catalogue, map, state_words(view.line));
}

Result<std::string> profile_stix(const ProfileView& view, const model::Catalogue& catalogue) {
    THREATLAS_TRY(const stix::Carried what, profiles_kept::carried(view));
    json::array objects;
    std::set<std::string> wanted;
    const json::object report = stix::carry("report", what);
    for (const auto& each : report.at("object_marking_refs").as_array()) wanted.emplace(each.as_string());
    for (auto& marking : stix::marking_objects())
        if (wanted.contains(std::string(marking.at("id").as_string()))) objects.push_back(std::move(marking));
    for (const auto& each : what.originators) {
        const auto* member = catalogue.member(each);
        objects.push_back(stix::organisation_identity(each, member != nullptr ? member->organisation : ""));
    }
    objects.push_back(report);
    return core::write_json(json::object{{"type", "bundle"}, {"id", stix::id_of("bundle", "profile/" + view.line.id)}, {"objects", std::move(objects)}}, 2) + "\n";
}

Result<void> write_profile(store::Store& store, const model::Reader& reader, const model::Catalogue& catalogue, const std::string& catalogue_folder, const std::string& id, const ProfileFiles& files) {
    if (files.html.empty() && files.pdf.empty() && files.stix.empty()) return core::fail(core::ErrorCode::bad_usage, "say what to write: --html FILE, --pdf FILE, --stix FILE");
    THREATLAS_TRY(const ProfileView view, profile(store, reader, id));
    THREATLAS_CHECK(profile_may_leave(store, reader, view));
    const std::string html = files.html.empty() ? files.pdf + ".html" : files.html;
    if (!files.html.empty() || !files.pdf.empty()) {
        THREATLAS_TRY(const std::string page, profile_page(view, catalogue, catalogue_folder));
        THREATLAS_CHECK(core::write_file(html, page));
    }
    if (!files.pdf.empty()) {
        const auto printed = publish::write_pdf(html, files.pdf);
        if (files.html.empty()) std::remove(html.c_str());
        THREATLAS_CHECK(printed);
    }
    if (!files.stix.empty()) {
        THREATLAS_TRY(const std::string bundle, profile_stix(view, catalogue));
        THREATLAS_CHECK(core::write_file(files.stix, bundle));
    }
    for (const std::string& file : {files.html, files.pdf, files.stix})
        if (!file.empty()) THREATLAS_CHECK(note_disclosure(store, reader, "profile " + view.line.id + ", " + view.line.edition + " edition", file));
    return {};
}

}  // namespace threatlas::work
