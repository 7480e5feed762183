// Bulletins, requests and answers: one set of routes for the three, and what each has besides.
#include <algorithm>
#include <charconv>

#include "core/text.hpp"
#include "model/schema.hpp"
#include "serve/api/answers.hpp"
#include "serve/api/bodies.hpp"
#include "serve/api/listing.hpp"
#include "serve/contact/runner.hpp"
#include "serve/jobs/office.hpp"
#include "work/contact/consents.hpp"
#include "work/contact/files.hpp"
#include "work/contact/papers.hpp"

namespace threatlas::serve {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;
using model::field;
using net::Response;
namespace json = core::json;
namespace contact = work::contact;

struct NoteBody {
    std::string note;
    static constexpr auto fields() { return std::make_tuple(field("note", &NoteBody::note, "what is said with it; may be left out")); }
};
struct ReasonBody {
    std::string reason;
    static constexpr auto fields() { return std::make_tuple(field("reason", &ReasonBody::reason, "why")); }
};
struct ForwardBody {
    std::vector<std::string> to;
    std::string note;
    static constexpr auto fields() { return std::make_tuple(field("to", &ForwardBody::to, "organisations"), field("note", &ForwardBody::note, "why; may be left out")); }
};
struct ConsentBody {
    std::string to, handling, until;
    static constexpr auto fields() {
        using T = ConsentBody;
        return std::make_tuple(field("to", &T::to, "organisation that may have it"), field("handling", &T::handling, "how mildly it may mark what it makes of it; empty: no more mildly"), field("until", &T::until, "last day; empty: until taken back"));
    }
};

// What a writer says of a record; the rest is the desk's.
template <class T>
const std::vector<std::string>& written_fields() {
    static const std::vector<std::string> all = [] {
        std::vector<std::string> out;
        for (const char* kept : {"kind", "request", "outcome", "title", "text", "language", "questions", "answers", "areas", "threats", "mos", "places", "deadline", "match", "handling", "recipients", "valid_until", "attachments", "derived_from"})
            model::for_each_field<T>([&](const auto& f) { if (f.name == kept) out.emplace_back(f.name); });
        return out;
    }();
    return all;
}

template <class T>
json::object body_schema(bool with_reason) {
    json::object schema = model::json_schema<T>();
    auto& properties = schema["properties"].as_object();
    json::object kept;
    for (const auto& each : written_fields<T>()) kept[each] = properties.at(each);
    if (with_reason) kept["reason"] = json::object{{"type", "string"}, {"description", "why it is corrected"}};
    schema["properties"] = std::move(kept);
    return schema;
}

template <class T>
constexpr bool kExpires = std::is_same_v<T, model::Bulletin>;

template <class T>
json::object held_schema() {
    json::object schema = model::json_schema<T>();
    if constexpr (kExpires<T>) schema = api::extended(std::move(schema), {{"expired", json::object{{"type", "boolean"}, {"description", "its last day has passed: it is not sent anew"}}}});
    return api::extended(std::move(schema), {{"receipts", json::object{{"type", "array"}, {"items", model::json_schema<model::Receipt>()}, {"description", "how far it came at each organisation; to others than its originator their own"}}},
                                             {"waits", json::object{{"type", "boolean"}, {"description", "the own organisation has not acknowledged it yet"}}}});
}

template <class T>
json::object held_json(const contact::Held<T>& held, const model::Reader& reader) {
    json::object out = model::to_json(held.record).as_object();
    if constexpr (kExpires<T>) out["expired"] = held.expired;
    out["receipts"] = model::to_json(held.receipts);
    const auto own = std::find_if(held.receipts.begin(), held.receipts.end(), [&](const auto& each) { return each.organisation == reader.organisation; });
    out["waits"] = held.record.originator != reader.organisation && (own == held.receipts.end() || own->acknowledged.empty());
    return out;
}

contact::Desk desk_of(Office& office) { return {office.store, office.catalogue}; }

template <class T>
const api::Listing& listing() {
    static const api::Listing it = [] {
        api::Listing out{std::string(T::kKind) + "s", {}, "id", "-modified"};
        model::for_each_field<T>([&](const auto& f) { out.fields.emplace_back(f.name); });
        if constexpr (kExpires<T>) out.fields.emplace_back("expired");
        out.fields.emplace_back("receipts"), out.fields.emplace_back("waits");
        return out;
    }();
    return it;
}

template <class T>
Result<Response> list(Office& office, const Call& call) {
    const model::Reader& reader = call.caller.reader;
    THREATLAS_TRY(auto all, contact::listed<T>(desk_of(office), reader));
    const auto format = call.request.parameter("format");
    if (format && *format != "json") {   // a file leaves the house
        THREATLAS_TRY(const store::Sight sight, office.store.sight(reader));
        std::erase_if(all, [&](const auto& each) { return contact::may_go(contact::Exit::file, sight, each.marked) != contact::Extent::whole; });
    }
    std::vector<json::object> items;
    for (const auto& each : all) items.push_back(held_json(each, reader));
    return api::list(call, std::move(items), listing<T>());
}

// Only what a writer says, so that nobody sends an originator or a version of his own.
template <class T>
Result<T> record_of(json::object body, std::string* reason = nullptr) {
    if (reason != nullptr)
        if (const auto* said = body.if_contains("reason")) {
            if (!said->is_string()) return fail(ErrorCode::bad_input, "'reason' should be text");
            *reason = std::string(said->get_string());
            body.erase("reason");
        }
    for (const auto& each : body)
        if (!contact::has(written_fields<T>(), std::string_view(each.key()))) return fail(ErrorCode::bad_input, "'body' has no field '" + std::string(each.key()) + "'");
    T out;
    THREATLAS_CHECK(model::from_json(json::value(std::move(body)), out, "body"));
    return out;
}

template <class T>
Result<Response> shown(Office& office, const Call& call, const Result<contact::Held<T>>& held, int status = 200) {
    if (!held) return tl::unexpected<core::Error>(held.error());
    if (status != 200) office.contact->wake();
    return answer(held_json(*held, call.caller.reader), status);
}

template <class T>
Result<Response> create(Office& office, const Call& call) {
    THREATLAS_TRY(json::object body, body_of(call));
    if constexpr (std::is_same_v<T, model::Answer>) body["request"] = path_value(call, "request");
    THREATLAS_TRY(T wanted, record_of<T>(std::move(body)));
    return shown<T>(office, call, contact::give<T>(desk_of(office), call.caller.reader, std::move(wanted)), 201);
}

template <class T>
Result<Response> get(Office& office, const Call& call) {
    std::uint64_t version = 0;
    if (const auto said = call.request.parameter("version")) {
        const auto [end, error] = std::from_chars(said->data(), said->data() + said->size(), version);
        if (error != std::errc() || end != said->data() + said->size() || version == 0) return fail(ErrorCode::bad_usage, "'version' is a number from 1");
    }
    return shown<T>(office, call, contact::opened<T>(desk_of(office), call.caller.reader, path_value(call, std::string(T::kKind)), version));
}

template <class T>
Result<Response> acknowledge(Office& office, const Call& call) {
    THREATLAS_TRY(const NoteBody body, body_as<NoteBody>(call));
    return shown<T>(office, call, contact::acknowledge<T>(desk_of(office), call.caller.reader, path_value(call, std::string(T::kKind)), body.note), 201);
}

template <class T>
Result<Response> correct(Office& office, const Call& call) {
    THREATLAS_TRY(json::object body, body_of(call));
    const contact::Desk desk = desk_of(office);
    // What is not said stays as it was.
    THREATLAS_TRY(const auto now, contact::opened<T>(desk, call.caller.reader, path_value(call, std::string(T::kKind))));
    const json::object before = model::to_json(now.record).as_object();
    for (const auto& each : written_fields<T>())
        if (!body.contains(each)) body[each] = before.at(each);
    std::string reason;
    THREATLAS_TRY(T wanted, record_of<T>(std::move(body), &reason));
    wanted.id = now.record.id, wanted.version = now.record.version + 1;
    return shown<T>(office, call, contact::correct<T>(desk, call.caller.reader, std::move(wanted), reason), 201);
}

template <class T>
Result<Response> end(Office& office, const Call& call, const std::string& state) {
    THREATLAS_TRY(const ReasonBody body, body_as<ReasonBody>(call));
    return shown<T>(office, call, contact::end<T>(desk_of(office), call.caller.reader, path_value(call, std::string(T::kKind)), state, body.reason), 201);
}

template <class T>
Result<Response> forward(Office& office, const Call& call) {
    THREATLAS_TRY(const ForwardBody body, body_as<ForwardBody>(call));
    const auto held = contact::forward<T>(desk_of(office), call.caller.reader, path_value(call, std::string(T::kKind)), body.to, body.note);
    if (held) office.contact->tell(std::string(T::kKind), held->record.id, held->record.version, held->record.handling, body.to);
    return shown<T>(office, call, held, 201);
}

template <class T>
Result<Response> consent(Office& office, const Call& call) {
    THREATLAS_TRY(const ConsentBody body, body_as<ConsentBody>(call));
    THREATLAS_TRY(const auto given, contact::consent_to(desk_of(office), call.caller.reader, std::string(T::kKind), path_value(call, std::string(T::kKind)), body.to, body.handling, body.until));
    return answer(model::to_json(given), 201);
}

const api::Listing& consents_listing() {
    static const api::Listing it = [] {
        api::Listing out{"consents", {}, "id", "id"};
        model::for_each_field<store::Consent>([&](const auto& f) { out.fields.emplace_back(f.name); });
        return out;
    }();
    return it;
}

template <class T>
Result<Response> consents(Office& office, const Call& call) {
    THREATLAS_TRY(const auto all, contact::consents_of(desk_of(office), call.caller.reader, std::string(T::kKind), path_value(call, std::string(T::kKind))));
    return api::list(call, api::objects_of(all), consents_listing());
}

template <class T>
Result<Response> take_back(Office& office, const Call& call) {
    THREATLAS_TRY(const ReasonBody body, body_as<ReasonBody>(call));
    const contact::Desk desk = desk_of(office);
    const std::string& id = path_value(call, "consent");
    THREATLAS_TRY(const auto all, contact::consents_of(desk, call.caller.reader, std::string(T::kKind), path_value(call, std::string(T::kKind))));
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.id == id; });
    if (found == all.end()) return fail(ErrorCode::not_found, "there is no consent '" + id.substr(0, 60) + "' for it");
    if (found->originator != call.caller.reader.organisation) return fail(ErrorCode::not_allowed, "a consent of " + found->originator + " is taken back by it alone");
    THREATLAS_TRY(const auto over, contact::take_back(desk, call.caller.reader, id, body.reason));
    return answer(model::to_json(over), 201);
}

// To be saved, never shown: no browser makes a page, a script or a picture of it.
template <class T>
Result<Response> file(Office& office, const Call& call) {
    THREATLAS_TRY(auto found, contact::file_of<T>(desk_of(office), call.caller.reader, path_value(call, std::string(T::kKind)), path_value(call, "file")));
    return Response{200, {{"Content-Type", "application/octet-stream"}, {"Content-Disposition", attachment(found.what.name)}, {"X-Content-Type-Options", "nosniff"}, {"Content-Security-Policy", "sandbox; default-src 'none'"}, {"Cache-Control", "no-store"}}, std::move(found.content)};
}

Result<Response> keep_file(Office& office, const Call& call) {
    std::string content = call.request.body;
    if (call.request.spooled) {
        if (call.request.spooled->bytes() > contact::kMostFile) return fail(ErrorCode::bad_input, "a file of more than 4 MiB is not sent; make it smaller, or send it another way");
        THREATLAS_TRY(content, core::read_file(call.request.spooled->path()));
    }
    THREATLAS_TRY(const auto kept, contact::keep_file(desk_of(office), call.caller.reader, std::string(call.request.header("x-filename")), content));
    return answer(model::to_json(kept), 201);
}

// A request with the answers to it that the reader may see.
Result<Response> request_with_answers(Office& office, const Call& call) {
    const contact::Desk desk = desk_of(office);
    const model::Reader& reader = call.caller.reader;
    THREATLAS_TRY(const auto asked, contact::opened<model::Request>(desk, reader, path_value(call, "request")));
    THREATLAS_TRY(const auto answers, contact::listed<model::Answer>(desk, reader));
    json::object out = held_json(asked, reader);
    json::array given;
    for (const auto& each : answers)
        if (each.record.request == asked.record.id) given.push_back(held_json(each, reader));
    out["answers"] = std::move(given);
    return answer(out);
}

template <class T>
Routes paper_routes(Office& office, const std::string& one, const std::string& path) {
    const std::string all = one + "s", at = path + "/{" + one + "}";
    const auto with = [&office](auto handle) { return [&office, handle](const Call& call) { return handle(office, call); }; };
    const json::object held = held_schema<T>();
    Routes out{
        {"GET", path, all + "_list", "The newest version of each that was addressed to, or given by, the own organisation", all, with(list<T>), api::list_parameters(listing<T>()), {}, {api::list_schema(held)}},
        {"POST", at + "/acknowledgements", one + "_acknowledge", "Say that the own organisation has it", all, with(acknowledge<T>), {}, {model::json_schema<NoteBody>()}, {held}, 201},
        {"POST", at + "/versions", one + "_correct", "Correct it: a new version, to all who had one; what is not said stays", all, with(correct<T>), {}, {body_schema<T>(true)}, {held}, 201},
        {"POST", at + "/withdrawal", one + "_withdraw", "Withdraw it: all who had it are told, and its text is gone", all, with([](Office& o, const Call& call) { return end<T>(o, call, "withdrawn"); }), {}, {model::json_schema<ReasonBody>()}, {held}, 201},
        {"POST", at + "/forwards", one + "_forward", "Pass it on, as far as its marking or its originator's recorded consent allows", all, with(forward<T>), {}, {model::json_schema<ForwardBody>()}, {held}, 201},
        {"POST", at + "/consents", one + "_consent", "Consent to its being passed on, or marked more mildly", all, with(consent<T>), {}, {model::json_schema<ConsentBody>()}, {model::json_schema<store::Consent>()}, 201},
        {"GET", at + "/consents", one + "_consents", "Who may have it by its originator's consent, and what was taken back", all, with(consents<T>), api::list_parameters(consents_listing()), {}, {api::list_schema(model::json_schema<store::Consent>())}},
        {"POST", at + "/consents/{consent}/withdrawal", one + "_consent_withdraw", "Take back a consent: every node that has it is told", all, with(take_back<T>), {}, {model::json_schema<ReasonBody>()}, {model::json_schema<store::Consent>()}, 201},
        {"GET", at + "/files/{file}", one + "_file", "One of its files, by its SHA-256", all, with(file<T>), {}, {}, {{{"type", "string"}, {"format", "binary"}}, "application/octet-stream"}},
    };
    return out;
}

}  // namespace

Routes contact_routes(Office& office) {
    const auto with = [&office](auto handle) { return [&office, handle](const Call& call) { return handle(office, call); }; };
    const std::vector<Parameter> version{{"version", "a version; default: the newest", {{"type", "integer"}, {"minimum", 1}}}};
    const json::object answer = held_schema<model::Answer>();
    const json::object request = api::extended(held_schema<model::Request>(), {{"answers", json::object{{"type", "array"}, {"items", answer}}}});
    Routes out;
    for (auto& part : {paper_routes<model::Bulletin>(office, "bulletin", "/api/v1/bulletins"), paper_routes<model::Request>(office, "request", "/api/v1/requests"), paper_routes<model::Answer>(office, "answer", "/api/v1/answers")}) out.insert(out.end(), part.begin(), part.end());
    const Routes more{
        {"POST", "/api/v1/bulletins", "bulletin_create", "Issue a bulletin", "bulletins", with(create<model::Bulletin>), {}, {body_schema<model::Bulletin>(false)}, {held_schema<model::Bulletin>()}, 201},
        {"GET", "/api/v1/bulletins/{bulletin}", "bulletin_get", "One bulletin; counts as read by the own organisation", "bulletins", with(get<model::Bulletin>), version, {}, {held_schema<model::Bulletin>()}},
        {"POST", "/api/v1/requests", "request_create", "Ask other organisations", "requests", with(create<model::Request>), {}, {body_schema<model::Request>(false)}, {held_schema<model::Request>()}, 201},
        {"GET", "/api/v1/requests/{request}", "request_get", "One request with its answers; counts as read", "requests", with(request_with_answers), {}, {}, {request}},
        {"POST", "/api/v1/requests/{request}/closing", "request_close", "Close it: no more answers are needed", "requests", with([](Office& o, const Call& call) { return end<model::Request>(o, call, "closed"); }), {}, {model::json_schema<ReasonBody>()}, {held_schema<model::Request>()}, 201},
        {"POST", "/api/v1/requests/{request}/answers", "answer_create", "Answer it", "requests", with(create<model::Answer>), {}, {body_schema<model::Answer>(false)}, {answer}, 201},
        {"GET", "/api/v1/answers/{answer}", "answer_get", "One answer; counts as read", "answers", with(get<model::Answer>), version, {}, {answer}},
        {"POST", "/api/v1/contact/files", "contact_file_create", "Keep a file to be named in 'attachments'; its name in X-Filename", "contact", with(keep_file), {}, {{{"type", "string"}, {"format", "binary"}}, "application/octet-stream"}, {model::json_schema<model::Attachment>()}, 201},
    };
    out.insert(out.end(), more.begin(), more.end());
    return out;
}

}  // namespace threatlas::serve
