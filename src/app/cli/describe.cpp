// What the records are: JSON Schemas of the catalogue and of an assessment, and docs/MODEL.md.
#include "app/cli/describe.hpp"

#include "assess/assessment.hpp"
#include "model/bulletin.hpp"
#include "model/catalogue.hpp"
#include "model/claim.hpp"
#include "model/contact.hpp"
#include "model/observation.hpp"
#include "model/schema.hpp"
#include "store/desk.hpp"
#include "store/store.hpp"

namespace threatlas::app {
namespace {

using model::field_table;
using model::json_schema;

constexpr const char* kHead = R"md(# The data model

Every record below is declared once, as a field list in `src/model`, `src/store` or `src/assess`; JSON, YAML, SQL columns, JSON Schemas
(`catalogue/schema/`) and this page are made from it. This page is written by `threatlas catalogue model > docs/MODEL.md`; a test compares.

```
source file ──mapping or importer──▶ submission ─┬─▶ observations   one measured fact each, with its row
                                                 ├─▶ claims         one structured judgement each, with its row
                                                 └─▶ rejects        refused or repeated rows, with the reason
observations + claims ──snapshot──▶ indicators ──▶ figures ──▶ ranking ──▶ report
```

Four states of a figure are never mixed: **measured** (also a zero), **censored** (known to lie in an interval, as `<5`), **withheld** (there is one,
it is not told) and **absent** (there is none). Contradicting sources stand side by side. A merge of two records is a statement that can be taken back, never an edit.

)md";

template <class T>
void section(std::string& out, const char* title, const char* words) {
    out += "## " + std::string(title) + "\n\n" + words + "\n\n" + field_table<T>() + "\n";
}

template <class T>
void list(std::string& out, const char* file) { out += "### " + std::string(file) + ".yaml\n\n" + field_table<T>() + "\n"; }

}  // namespace

std::map<std::string, core::json::object> schemas() {
    std::map<std::string, core::json::object> out;
    model::for_each_field<model::Catalogue>([&](const auto& f) {
        using Value = std::remove_cvref_t<decltype(std::declval<model::Catalogue>().*f.member)>;
        out[std::string(f.name)] = model::titled(json_schema<Value, model::Form::yaml>(), std::string(f.name) + ".yaml of a catalogue: " + std::string(f.meaning));
    });
    // Rows are written once, as a table with numbered words; figures name them by runs.
    core::json::object assessment = model::titled(json_schema<assess::Assessment>(), "assessment.json");
    core::json::object& properties = assessment["properties"].get_object();
    const core::json::object words{{"type", "array"}, {"items", core::json::object{{"type", "string"}}}};
    properties["rows"] = core::json::object{{"type", "object"}, {"additionalProperties", false}, {"description", "source rows: a text field holds its number in texts"},
                                            {"properties", core::json::object{{"fields", words}, {"texts", words}, {"table", core::json::object{{"type", "array"}, {"items", core::json::object{{"type", "array"}}}}}}}};
    properties["figures"].get_object()["items"].get_object()["properties"].get_object()["rows"] =
        core::json::object{{"type", "array"}, {"items", core::json::object{{"type", "integer"}}}, {"description", "runs of rows of the table: first, last, first, last"}};
    out["assessment"] = std::move(assessment);
    out["claims"] = model::titled(json_schema<std::vector<model::Claim>>(), "claims.json of a bundle");
    out["submissions"] = model::titled(json_schema<std::vector<store::SubmissionInfo>>(), "submissions.json of a bundle");
    const core::json::object text{{"type", "string"}}, integer{{"type", "integer"}};
    out["manifest"] = model::titled(
        core::json::object{{"type", "object"}, {"additionalProperties", false}, {"required", core::json::array{"format", "files", "seed", "draws", "as_of", "snapshot_hash"}},
                           {"properties", core::json::object{{"format", integer}, {"title", text}, {"as_of", json_schema<core::Day>()}, {"seed", text}, {"draws", integer}, {"judgements", core::json::object{{"type", "boolean"}}},
                                                             {"left_out", words}, {"snapshot_hash", text}, {"files", core::json::object{{"type", "object"}, {"additionalProperties", text}, {"description", "SHA-256 of each file of the bundle"}}}}}},
        "manifest.json of a bundle");
    return out;
}

std::string model_page() {
    std::string out = kHead;
    section<model::Observation>(out, "Observation", "One immutable measured fact.");
    section<model::Claim>(out, "Claim", "One structured judgement by a named organisation.");
    section<store::SubmissionInfo>(out, "Submission", "One file taken in, in one transaction. Its id is the hash of its content: the same file twice is one submission.");
    out += "## Reject\n\nA row that was refused, or set aside as told already: its file, row, column, verdict (refused or duplicate), the reason and the original text, so that nothing is lost.\n\n";
    out += "## Catalogue\n\nOne YAML file a list, in `catalogue/<region>/`. An unknown key, a missing reference, a cycle or a number that is none is refused with file and line. A star marks what must be there and say something.\n\n";
    list<model::Region>(out, "region");
    list<model::Country>(out, "countries");
    list<model::Member>(out, "members");
    list<model::Area>(out, "areas");
    list<model::Threat>(out, "threats");
    list<model::Lens>(out, "lenses");
    list<model::Criterion>(out, "criteria");
    list<model::Indicator>(out, "indicators");
    list<model::Code>(out, "codes");
    list<model::What>(out, "whats");
    list<model::Unit>(out, "units");
    list<model::Drug>(out, "drugs");
    list<model::Route>(out, "routes");
    list<model::Source>(out, "sources");
    list<model::YardstickWord>(out, "yardsticks");
    list<model::Grade>(out, "grades");
    list<model::Handling>(out, "handling");
    list<model::Profile>(out, "profiles");
    list<model::Recommendation>(out, "recommendations");
    out += "## Assessment\n\n`assessment.json`, whose schema is `catalogue/schema/assessment.schema.json`.\n\n";
    section<assess::ThreatResult>(out, "Threat of a ranking", "");
    section<assess::CriterionResult>(out, "Criterion of a threat", "");
    section<assess::Figure>(out, "Figure", "What a number of the report is. In the file, `rows` are runs of the document's table of rows: first, last, first, last.");
    section<assess::EvidenceRow>(out, "Source row of a figure", "");
    section<assess::Manifest>(out, "Manifest", "What an assessment was made from: with it and the bundle, anybody makes it again, byte for byte.");
    out += "## Contact desk\n\nWhat organisations tell and ask one another. Every version is kept.\n\n";
    section<model::Bulletin>(out, "Bulletin", "A warning, a modus operandi, best practice or wanted information, to organisations by name.");
    section<model::Request>(out, "Request", "Questions with a deadline.");
    section<model::Answer>(out, "Answer", "To a request, for who asked.");
    section<model::Attachment>(out, "Attachment", "A file of one of these.");
    section<model::Receipt>(out, "Receipt", "How far a version came at one organisation.");
    section<model::ContactPoint>(out, "Contact point", "A desk, never a person.");
    section<model::Subscription>(out, "Subscription", "What a desk wants to be told of.");
    section<model::Webhook>(out, "Webhook", "A machine that is told.");
    section<store::Delivery>(out, "Delivery", "What went to a subscription or webhook, try by try.");
    while (out.ends_with("\n\n")) out.pop_back();
    return out;
}

}  // namespace threatlas::app
