#include "work/draws_file.hpp"

#include <cstring>
#include <filesystem>

#include "core/hash.hpp"
#include "core/json.hpp"
#include "core/text.hpp"

namespace threatlas::work {
namespace {

using core::ErrorCode;
using core::Result;

constexpr std::string_view kMagic = "threatlas draws 1\n";

void put(std::string& out, const std::vector<float>& values) {
    out.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float));
}

bool take(std::string_view& in, std::size_t count, std::vector<float>& out) {
    if (in.size() / sizeof(float) < count) return false;
    out.resize(count);
    if (count != 0) std::memcpy(out.data(), in.data(), count * sizeof(float));
    in.remove_prefix(count * sizeof(float));
    return true;
}

bool sound_id(const std::string& id) {
    return !id.empty() && id.size() < 100 && id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == std::string::npos;
}

std::vector<std::string> texts(const core::json::value& list) {
    std::vector<std::string> out;
    if (const auto* all = list.if_array())
        for (const auto& each : *all)
            if (each.is_string()) out.emplace_back(each.get_string());
    return out;
}

}  // namespace

std::string draws_path(const std::string& folder, const std::string& assessment) { return folder + "/" + assessment + ".draws"; }

Result<void> write_draws(const std::string& folder, const assess::Assessment& assessment, const model::Catalogue& catalogue, const assess::ranking::Posterior& p) {
    if (!sound_id(assessment.id)) return core::fail(ErrorCode::internal, "an assessment's id is not fit for a file name");
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) return core::fail(ErrorCode::unavailable, "the folder cannot be made: " + error.message(), {folder, 0, ""});
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
    core::json::array threats, criteria;
    for (const auto& each : catalogue.threats) threats.emplace_back(each.id);
    for (const auto& each : catalogue.criteria) criteria.emplace_back(each.id);
    std::string body;
    put(body, p.base), put(body, p.unit), put(body, p.gap_sd);
    const core::json::object head{{"assessment", assessment.id}, {"draws", p.draws}, {"threats", std::move(threats)}, {"criteria", std::move(criteria)}, {"sha256", core::sha256(body)}};
    return core::write_file(draws_path(folder, assessment.id), std::string(kMagic) + core::write_json(head) + "\n" + body);
}

Result<Draws> read_draws(const std::string& folder, const std::string& assessment) {
    if (!sound_id(assessment)) return core::fail(ErrorCode::not_found, "there is no assessment '" + assessment + "'");
    const std::string path = draws_path(folder, assessment);
    const auto damaged = [&] { return core::fail(ErrorCode::mismatch, "the draws kept beside the assessment are damaged: remove the file, they are made again", {path, 0, ""}); };
    THREATLAS_TRY(const std::string text, core::read_file(path));
    std::string_view in = text;
    if (!in.starts_with(kMagic)) return damaged();
    in.remove_prefix(kMagic.size());
    const auto end = in.find('\n');
    if (end == std::string_view::npos) return damaged();
    const auto head = core::parse_json(in.substr(0, end), path);
    in.remove_prefix(end + 1);
    if (!head || !head->is_object()) return damaged();
    const auto& object = head->get_object();
    const auto word = [&](const char* key) { const auto* each = object.if_contains(key); return each != nullptr && each->is_string() ? std::string(each->get_string()) : std::string(); };
    const auto* draws = object.if_contains("draws");
    if (word("assessment") != assessment || draws == nullptr || !draws->is_int64() || draws->get_int64() <= 0 || draws->get_int64() > 1'000'000 || word("sha256") != core::sha256(in)) return damaged();
    Draws out;
    if (const auto* list = object.if_contains("threats")) out.threats = texts(*list);
    if (const auto* list = object.if_contains("criteria")) out.criteria = texts(*list);
    auto& p = out.posterior;
    p.draws = static_cast<std::size_t>(draws->get_int64());
    p.threats = out.threats.size(), p.criteria = out.criteria.size();
    const std::size_t cells = p.draws * p.threats * p.criteria;
    if (cells == 0 || !take(in, cells, p.base) || !take(in, cells, p.unit) || !take(in, p.draws, p.gap_sd) || !in.empty()) return damaged();
    p.known_share.assign(p.threats * p.criteria, 0);
    return out;
}

}  // namespace threatlas::work
