// What a job can be: each kind checks its request, and calls what the command of that name calls.
#include <filesystem>
#include <map>

#include "assess/assess.hpp"
#include "core/text.hpp"
#include "model/json_codec.hpp"
#include "serve/api/bodies.hpp"
#include "serve/jobs/office.hpp"
#include "store/rights.hpp"
#include "work/assessing.hpp"
#include "work/contact/deliver.hpp"
#include "work/reporting.hpp"
#include "work/review.hpp"
#include "work/watching.hpp"

namespace threatlas::serve {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;
using model::field;
using model::Role;
namespace json = core::json;

struct AssessBody {
    std::string title = "Assessment", as_of, previous;
    std::vector<std::string> leave_out;
    std::uint64_t seed = assess::Options{}.seed;
    int draws = assess::Options{}.draws;
    bool without_judgements = false;
    static constexpr auto fields() {
        using T = AssessBody;
        return std::make_tuple(field("title", &T::title, "what it is for"), field("as_of", &T::as_of, "only what was known on this day"), field("previous", &T::previous, "id of an earlier assessment to compare with"),
            field("leave_out", &T::leave_out, "members to leave out"), field("seed", &T::seed, "seed"), field("draws", &T::draws, "draws"), field("without_judgements", &T::without_judgements, "measured evidence only"));
    }
};

struct ReportBody {
    std::string assessment = "latest", edition = "restricted", format = "pdf";
    bool landscape = false;
    static constexpr auto fields() {
        using T = ReportBody;
        return std::make_tuple(field("assessment", &T::assessment, "its id"), field("edition", &T::edition, "restricted or public"), field("format", &T::format, "html, pdf or xlsx"), field("landscape", &T::landscape, "PDF pages lie on their side"));
    }
};

struct WatchBody {
    std::string step = "both";
    double budget = analyse::early_warning::WatchOptions{}.false_per_week;
    static constexpr auto fields() {
        using T = WatchBody;
        return std::make_tuple(field("step", &T::step, "week, month or both"), field("budget", &T::budget, "false signals expected a week, at most"));
    }
};

template <class T>
Result<T> read(const json::object& request) {
    T out{};
    THREATLAS_CHECK(model::from_json(json::value(request), out, "request"));
    return out;
}

Result<JobWork> make_assess(Office& office, const model::Reader& owner, const json::object& request) {
    THREATLAS_CHECK(only_roles(owner, {Role::analyst, Role::director}, "assessing"));
    THREATLAS_TRY(const AssessBody body, read<AssessBody>(request));
    THREATLAS_CHECK(fit_text(body.title, "title", 200, true));
    if (body.draws < 100 || body.draws > 200'000) return fail(ErrorCode::bad_usage, "'draws' is a number from 100 to 200000");
    work::AssessRequest wanted{.title = body.title, .as_of = {}, .seed = body.seed, .draws = body.draws, .judgements = !body.without_judgements, .leave_out = body.leave_out,
                               .previous_file = {}, .previous = body.previous, .workbench_folder = office.options.data + "/workbench"};
    if (!body.as_of.empty()) {
        THREATLAS_TRY(wanted.as_of, core::parse_day(body.as_of));
    }
    for (const auto& each : body.leave_out)
        if (office.catalogue.member(each) == nullptr) return fail(ErrorCode::bad_usage, "the catalogue has no member '" + each + "'");
    return JobWork([&office, wanted](JobContext& context) -> Result<json::object> {
        context.log("assessment '" + wanted.title + "', " + std::to_string(wanted.draws) + " draws");
        THREATLAS_TRY(const work::Assessed made, work::assess_and_keep(office.store, context.reader(), office.catalogue, wanted, context));
        context.log(std::to_string(made.assessment.ranking.size()) + " threats ranked from " + std::to_string(made.snapshot.size()) + " observations and " + std::to_string(made.snapshot.claims.size()) + " judgements");
        context.result({.title = "Assessment " + made.assessment.id, .link = "/api/v1/assessments/" + made.assessment.id, .file = {}, .media = {}, .handling = made.handling});
        office.events.tell({.type = "assessment", .data = {{"id", made.assessment.id}, {"created_for", made.assessment.manifest.created_for}, {"as_of", core::iso(made.snapshot.as_of)}}, .organisation = {}, .handling = made.handling});
        return json::object{{"assessment", made.assessment.id}, {"as_of", core::iso(made.snapshot.as_of)}};
    });
}

Result<JobWork> make_report(Office& office, const model::Reader& owner, const json::object& request) {
    THREATLAS_CHECK(only_roles(owner, {Role::analyst, Role::director, Role::contact_point}, "a report"));
    THREATLAS_TRY(const ReportBody body, read<ReportBody>(request));
    if (body.format != "html" && body.format != "pdf" && body.format != "xlsx") return fail(ErrorCode::bad_usage, "a report is html, pdf or xlsx, not '" + body.format + "'");
    if (body.edition != "restricted" && body.edition != "public") return fail(ErrorCode::bad_usage, "an edition is restricted or public, not '" + body.edition + "'");
    return JobWork([&office, body](JobContext& context) -> Result<json::object> {
        const std::string name = "report-" + body.edition + "." + body.format, path = context.folder() + "/" + name;
        work::ReportRequest wanted{.assessment = body.assessment, .edition = body.edition, .html = {}, .pdf = {}, .xlsx = {}, .landscape = body.landscape};
        (body.format == "html" ? wanted.html : body.format == "pdf" ? wanted.pdf : wanted.xlsx) = path;
        THREATLAS_TRY(const work::Reported made, work::write_report(office.store, context.reader(), office.catalogue, office.options.catalogue_folder, wanted, context));
        std::string handling = "TLP:CLEAR";
        if (body.edition == "restricted") {
            handling = store::text(store::kAllMarks);
            THREATLAS_TRY(const auto known, office.store.assessments(context.reader()));
            for (const auto& each : known)
                if (each.id == made.assessment) handling = each.handling;
        }
        const char* media = body.format == "html" ? "text/html; charset=utf-8" : body.format == "pdf" ? "application/pdf" : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        context.log("report of " + made.assessment + ", " + made.edition + " edition, " + std::to_string(made.withheld) + " figures withheld");
        context.result({.title = "Report of " + made.assessment + ", " + made.edition + " edition", .link = {}, .file = name, .media = media, .handling = handling});
        return json::object{{"assessment", made.assessment}, {"edition", made.edition}, {"withheld", made.withheld}};
    });
}

Result<JobWork> make_watch(Office& office, const model::Reader& owner, const json::object& request) {
    THREATLAS_CHECK(only_roles(owner, {Role::analyst, Role::contact_point, Role::administrator}, "looking for signals"));
    THREATLAS_TRY(const WatchBody body, read<WatchBody>(request));
    work::WatchRequest wanted;
    THREATLAS_TRY(wanted.steps, work::watch_steps(body.step));
    if (!(body.budget >= 1e-6 && body.budget <= 1e6)) return fail(ErrorCode::bad_usage, "'budget' is a number of false signals a week, such as 0.5");
    wanted.false_per_week = body.budget;
    return JobWork([&office, wanted](JobContext& context) -> Result<json::object> {
        THREATLAS_TRY(const auto all, work::look(office.store, context.reader(), office.catalogue, wanted, context));
        THREATLAS_CHECK(core::go_on(context));
        THREATLAS_TRY(const auto before, analyse::early_warning::followed(office.store, context.reader()));
        THREATLAS_TRY(const auto kept, work::keep(office.store, context.reader(), all));
        THREATLAS_TRY(const auto after, analyse::early_warning::followed(office.store, context.reader()));
        for (std::size_t i = before.size(); i < after.size(); ++i) {
            const auto& signal = after[i].signal;
            office.events.tell({.type = "signal", .data = {{"id", signal.id}, {"state", after[i].state}, {"kind", signal.kind}, {"title", signal.title}}, .organisation = {}, .handling = signal.handling});
        }
        context.log(std::to_string(kept.fresh) + " new, " + std::to_string(kept.again) + " going on, " + std::to_string(kept.known) + " known already");
        context.result({.title = "Signals", .link = "/api/v1/signals", .file = {}, .media = {}, .handling = "TLP:CLEAR"});
        return json::object{{"fresh", kept.fresh}, {"again", kept.again}, {"known", kept.known}};
    });
}

Result<JobWork> make_verify(Office& office, const model::Reader& owner, const json::object& request) {
    THREATLAS_CHECK(only_roles(owner, {Role::auditor, Role::administrator}, "verifying the store"));
    if (!request.empty()) return fail(ErrorCode::bad_usage, "'verify' takes no settings");
    return JobWork([&office](JobContext& context) -> Result<json::object> {
        THREATLAS_TRY(const std::uint64_t bytes, office.store.verify_segments(context.reader(), context));
        THREATLAS_CHECK(core::go_on(context));
        THREATLAS_TRY(const std::uint64_t entries, office.store.verify_audit(context.reader()));
        context.log(std::to_string(bytes) + " bytes of observations carry their hashes; the audit log is whole to entry " + std::to_string(entries));
        return json::object{{"bytes", bytes}, {"entries", entries}};
    });
}

}  // namespace

void add_kinds(Office& office) {
    const auto add = [&](const char* kind, auto make) {
        office.jobs.add_kind(kind, [&office, make](const model::Reader& owner, const json::object& request) { return make(office, owner, request); });
    };
    add("assess", make_assess);
    add("report", make_report);
    add("watch", make_watch);
    add("verify", make_verify);
    office.add_chore("review", [&office](const model::Reader& reader, core::Progress&) -> Result<json::object> {
        THREATLAS_TRY(const auto items, work::review(office.store, reader, office.options.today()));
        std::map<std::string, int> counts;
        for (const auto& each : items) ++counts[each.state];
        return json::object{{"coming", counts["coming"]}, {"due", counts["due"]}, {"withdrawn", counts["withdrawn"]}};
    });
    office.add_chore("digest", [&office](const model::Reader&, core::Progress&) -> Result<json::object> {
        THREATLAS_TRY(const auto settings, work::contact::contact_settings(office.options.data));
        THREATLAS_TRY(const auto sent, work::contact::deliver_mail({office.store, office.catalogue}, settings, true));
        return model::to_json(sent).as_object();
    });
    office.add_chore("checkpoint", [&office](const model::Reader& reader, core::Progress&) -> Result<json::object> {
        THREATLAS_TRY(const store::Checkpoint made, office.store.checkpoint(reader));
        return json::object{{"entries", made.entries}, {"at", made.at}, {"public_key", made.public_key}};
    });
}

}  // namespace threatlas::serve
