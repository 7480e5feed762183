#include "work/stix_import.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "core/text.hpp"
#include "exchange/stix/carry.hpp"
#include "exchange/stix/look.hpp"
#include "exchange/stix/markings.hpp"
#include "exchange/stix/slices.hpp"
#include "exchange/stix/validate.hpp"
#include "work/library.hpp"

namespace threatlas::work {

namespace json = core::json;
namespace stix = exchange::stix;
using core::ErrorCode;
using core::fail;
using core::Result;
using stix::text_at;

namespace {

constexpr std::size_t kBatch = 500, kMostRefused = 1000, kMostProblems = 100;

void add_new(std::vector<std::string>& to, const std::vector<std::string>& ids) {
    for (const auto& each : ids)
        if (std::find(to.begin(), to.end(), each) == to.end()) to.push_back(each);
}

// Without these an object cannot be kept under an id and a version.
bool fatal(const stix::Problem& problem) { return problem.path == "/id" || problem.path == "/type" || problem.path == "/created" || problem.path == "/modified"; }

// What was seen, row by row, as the ingest room takes it.
class SeenRows final : public ingest::RowSource {
  public:
    explicit SeenRows(std::string path) : path_(std::move(path)) {}
    const std::vector<std::string>& headings() const override { return headings_; }
    Result<bool> next(std::vector<std::string_view>&) override { return false; }
    std::uint64_t row() const override { return row_; }
    std::string original() const override { return object_; }
    std::uint64_t bytes_read() const override { return 0; }
    std::uint64_t bytes_total() const override { return 0; }
    const std::string& path() const override { return path_; }
    void at(std::uint64_t row, const std::string& object) { row_ = row, object_ = object; }

  private:
    std::string path_, object_;
    std::vector<std::string> headings_{"object"};
    std::uint64_t row_ = 0;
};

class SeenImporter final : public ingest::Importer {
  public:
    explicit SeenImporter(const std::vector<stix::Seen>& seen) : seen_(seen) {}
    std::string source() const override { return "exchange"; }
    core::Day published() const override { return {}; }
    Result<void> read(const std::string& path, const model::Catalogue& catalogue, ingest::Sink& sink) const override {
        SeenRows rows(path);
        std::uint64_t row = 0;
        for (const auto& each : seen_) {
            for (const auto& threat : catalogue.threats) {
                if (std::find(threat.modi_operandi.begin(), threat.modi_operandi.end(), each.code) == threat.modi_operandi.end()) continue;
                rows.at(++row, each.object);
                model::Claim claim;
                claim.id = "X" + std::to_string(row), claim.threat = threat.id, claim.lens = catalogue.lenses.empty() ? "" : catalogue.lenses.front().id;
                for (const auto& lens : catalogue.lenses)
                    if (lens.id == "modi_operandi") claim.lens = lens.id;
                claim.criterion = catalogue.criteria.empty() ? "" : catalogue.criteria.front().id;   // a modus operandi is scored by none
                claim.kind = model::ClaimKind::modus_operandi, claim.value = each.code, claim.text = each.text + " (" + each.object + ")", claim.organisation = "exchange";
                claim.scope = "region";
                std::vector<std::string> members;
                for (const auto& member : catalogue.members)
                    if (member.country == each.place) members.push_back(member.id);
                if (members.size() == 1) claim.scope = members.front();
                claim.handling = each.handling.empty() ? "TLP:RED H1 H2 H3" : each.handling;
                THREATLAS_TRY(claim.dated, core::parse_day(each.dated));
                claim.row = row;
                THREATLAS_CHECK(sink.accept(std::move(claim), rows));
            }
        }
        sink.rows_read(row, 0);
        return {};
    }

  private:
    const std::vector<stix::Seen>& seen_;
};

bool speaks_of_a_threat(const model::Catalogue& catalogue, const stix::Seen& seen) {
    return std::any_of(catalogue.threats.begin(), catalogue.threats.end(), [&](const auto& each) { return std::find(each.modi_operandi.begin(), each.modi_operandi.end(), seen.code) != each.modi_operandi.end(); });
}

store::NewObject kept(const Incoming& each, const std::string& handling) {
    store::NewObject out;
    out.id = text_at(each.object, "id"), out.type = text_at(each.object, "type"), out.text = each.text;
    out.version = text_at(each.object, each.object.contains("modified") ? "modified" : "created");
    out.handling = handling.empty() ? "TLP:RED H1 H2 H3" : handling;
    if (stix::is_carried(each.object))
        if (const auto record = stix::carried(each.object)) out.originators = record->originators;
    return out;
}

}  // namespace

Result<Taken> take_objects(store::Store& store, const model::Reader& writer, const model::Catalogue& catalogue, std::vector<Incoming> incoming, const TakeOptions& options, core::Progress& progress) {
    if (!options.handling.empty() && stix::plain_handling(options.handling).empty()) return fail(ErrorCode::bad_usage, "'" + options.handling + "' is no handling: write TLP:AMBER, or TLP:AMBER H1");
    Taken out;
    out.objects = incoming.size();
    const auto refuse = [&](const json::object& object, std::string reason) {
        ++out.refused_count;
        if (out.refused.size() < kMostRefused) out.refused.push_back({std::string(text_at(object, "id").substr(0, 300)), std::move(reason)});
    };
    std::vector<json::object> objects;
    std::vector<std::string> texts;
    for (auto& each : incoming) {
        THREATLAS_CHECK(core::go_on(progress));
        if (!options.with_persons && stix::is_person(each.object)) {
            ++out.persons;
            continue;
        }
        const auto problems = stix::problems_of(each.object);
        const auto worst = std::find_if(problems.begin(), problems.end(), fatal);
        if (worst != problems.end()) {
            refuse(each.object, worst->path + ": " + worst->message);
            continue;
        }
        for (const auto& problem : problems)
            if (out.problems.size() < kMostProblems) out.problems.push_back(problem);
        objects.push_back(std::move(each.object)), texts.push_back(std::move(each.text));
    }
    const stix::Meaning meaning(catalogue, objects);
    for (const auto& each : objects) {
        const auto says = meaning.of(each);
        add_new(out.codes, says.codes), add_new(out.threats, says.threats);
        if (const auto* revoked = each.if_contains("revoked"); revoked != nullptr && revoked->is_bool() && revoked->get_bool()) ++out.revoked;
    }
    out.seen = meaning.seen();
    const std::string today = core::iso(options.today);
    std::erase_if(out.seen, [&](const auto& each) { return !speaks_of_a_threat(catalogue, each) || (options.today != core::Day{} && each.dated > today); });
    if (options.dry_run) return out;
    THREATLAS_TRY(const auto collection, library(store, writer));
    for (std::size_t begin = 0; begin < objects.size(); begin += kBatch) {
        std::vector<store::NewObject> batch;
        for (std::size_t i = begin; i < std::min(objects.size(), begin + kBatch); ++i) batch.push_back(kept({texts[i], objects[i]}, meaning.handling_of(objects[i], options.handling)));
        THREATLAS_TRY(const auto done, store.collections().add(writer, collection, batch));
        for (std::size_t i = 0; i < done.size(); ++i) {
            if (done[i].outcome == store::AddedObject::Outcome::added) ++out.added;
            else if (done[i].outcome == store::AddedObject::Outcome::present) ++out.present;
            else refuse(objects[begin + i], done[i].reason);
        }
    }
    if (options.judgements && !out.seen.empty() && !options.path.empty()) {
        ingest::Options how;
        how.today = how.known_at = options.today, how.name = options.name;
        const SeenImporter importer(out.seen);
        auto judged = ingest::ingest_file(&store, writer, catalogue, importer, options.path, how, progress);
        // The same file on a later day says nothing new.
        if (!judged && judged.error().code != ErrorCode::conflict) return tl::unexpected<core::Error>(judged.error());
        if (judged) out.judgements = std::move(*judged);
    }
    return out;
}

Result<Taken> take_stix(store::Store& store, const model::Reader& writer, const model::Catalogue& catalogue, std::string_view text, const TakeOptions& options, core::Progress& progress) {
    THREATLAS_TRY(const auto all, stix::slices(text, options.path));
    if (all.slices.empty()) return fail(ErrorCode::bad_input, "there are no objects in it", {options.path, 0, ""});
    std::vector<Incoming> objects;
    objects.reserve(all.slices.size());
    for (const auto& each : all.slices) {
        THREATLAS_TRY(auto object, stix::object_of(each, options.path));
        objects.push_back({std::string(each.text), std::move(object)});
    }
    return take_objects(store, writer, catalogue, std::move(objects), options, progress);
}

}  // namespace threatlas::work
