#include "exchange/taxii/client.hpp"

#include <algorithm>
#include <thread>

#include "exchange/taxii/media.hpp"
#include "exchange/taxii/query.hpp"

namespace threatlas::exchange::taxii {

using core::ErrorCode;
using core::fail;
using core::Result;
namespace json = core::json;

namespace {

std::string folder(const std::string& url) { return url.ends_with('/') ? url : url + "/"; }

tl::unexpected<core::Error> refusal(const http::Answer& answer, const std::string& url) {
    const int status = answer.status;
    const ErrorCode code = status == 401 || status == 403 ? ErrorCode::not_allowed : status == 404 ? ErrorCode::not_found : status == 429 || status >= 500 ? ErrorCode::unavailable : ErrorCode::bad_input;
    std::string more = read_error(status, answer.body);
    if (status >= 300 && status < 400) more = "the server points elsewhere; name the address it means";
    if (status == 401) more += "; state a user and password, or a token";
    return fail(code, more, {url, 0, ""});
}

Result<void> is_taxii_answer(const http::Answer& answer, const std::string& url) {
    if (is_taxii(answer.header("content-type"))) return {};
    return fail(ErrorCode::bad_input, "the server's answer is not TAXII 2.1 but '" + std::string(answer.header("content-type").substr(0, 80)) + "'", {url, 0, ""});
}

// Where a page ended, so that one that goes nowhere is seen.
struct Step {
    std::string next, added_last, first;
    std::size_t objects = 0;
    bool operator==(const Step&) const = default;
};

}  // namespace

Client::Client(Login login, ClientLimits limits) : login_(std::move(login)), limits_(limits), http_(login_.trust) {}

Result<http::Answer> Client::ask(http::Ask request) {
    THREATLAS_TRY(const http::Place place, http::place_of(request.url));
    if (origin_.empty()) origin_ = place.origin();
    request.headers.emplace_back("Accept", std::string(kTaxiiMedia));
    if (place.origin() == origin_) {
        if (!login_.token.empty()) request.headers.emplace_back("Authorization", "Bearer " + login_.token);
        else if (!login_.user.empty()) request.headers.emplace_back("Authorization", http::basic(login_.user, login_.password));
    }
    request.deadline = limits_.deadline, request.most = limits_.page_bytes;
    auto answer = http_.ask(request);
    if (!answer) return fail(answer.error().code, answer.error().message, {request.url.substr(0, request.url.find('?')), 0, ""});
    return answer;
}

Result<json::object> Client::get(const std::string& url) {
    THREATLAS_TRY(const http::Answer answer, ask({.url = url}));
    if (answer.status != 200) return refusal(answer, url);
    THREATLAS_CHECK(is_taxii_answer(answer, url));
    THREATLAS_TRY(auto value, core::parse_json(answer.body, url));
    if (!value.is_object()) return fail(ErrorCode::bad_input, "the server's answer is no JSON object", {url, 0, ""});
    return std::move(value.get_object());
}

Result<Discovery> Client::discover(const std::string& url) {
    THREATLAS_TRY(const json::object object, get(folder(url)));
    return read_discovery(core::write_json(object), folder(url));
}

Result<RootInfo> Client::root(const std::string& url) {
    THREATLAS_TRY(const json::object object, get(folder(url)));
    return read_root(core::write_json(object));
}

Result<std::vector<CollectionInfo>> Client::collections(const std::string& root_url) {
    THREATLAS_TRY(const json::object object, get(folder(root_url) + "collections/"));
    return read_collections(core::write_json(object), folder(root_url));
}

Result<Polled> Client::poll(const std::string& collection_url, const std::string& state, const http::Headers& filters, const Sink& sink) {
    THREATLAS_TRY(PollState at, read_state(state));
    const std::string place = folder(collection_url) + "objects/";
    const auto lies = [&](const std::string& how) { return fail(ErrorCode::bad_input, "the server " + how + "; what came before is kept, and the next poll goes on from there", {place, 0, ""}); };
    Polled out;
    out.state = state;
    if (at.next.empty()) at.since = at.added_after;
    Step before;
    bool again = false;
    for (;;) {
        if (out.pages == limits_.pages) return out.more = true, out;
        std::string query;
        const auto add = [&](const std::string& name, const std::string& value) { query += (query.empty() ? "?" : "&") + http::escaped(name) + "=" + http::escaped(value); };
        for (const auto& [name, value] : filters) add(name, value);
        if (!at.since.empty()) add("added_after", at.since);
        if (!at.next.empty()) add("next", at.next);
        THREATLAS_TRY(const http::Answer answer, ask({.url = place + query}));
        if ((answer.status == 400 || answer.status == 404 || answer.status == 410) && !at.next.empty() && !again) {   // a cursor that is no longer known: from the last moment
            again = true, at.next.clear(), at.since = at.added_after;
            continue;
        }
        if (answer.status != 200) return refusal(answer, place);
        THREATLAS_CHECK(is_taxii_answer(answer, place));
        const auto envelope = Envelope::read(answer.body, limits_.page_objects);
        if (!envelope) return lies("sends what is no envelope: " + envelope.error().message);
        Page page{envelope->objects(), std::string(answer.header("x-taxii-date-added-first")), std::string(answer.header("x-taxii-date-added-last")), {}};
        for (const std::string& each : {page.added_first, page.added_last})
            if (!each.empty() && !is_timestamp(each)) return lies("states a date of adding that is no timestamp");
        if (envelope->next().size() > 4096) return lies("gives a cursor longer than any address");
        const bool more = envelope->more();
        Step now{envelope->next(), page.added_last, page.objects.empty() ? std::string() : std::string(page.objects.front().text), page.objects.size()};
        if (more && page.objects.empty()) return lies("says that there is more and sends nothing");
        if (more && envelope->next().empty() && (page.added_last.empty() || page.added_last == at.added_after)) return lies("says that there is more and not how to get it");
        if (more && out.pages > 0 && (now.next == before.next ? !now.next.empty() || now.added_last == before.added_last : now.first == before.first && now.objects == before.objects)) return lies("sends the same page again and again");
        if (!page.added_last.empty()) at.added_after = page.added_last;
        at.next = more ? envelope->next() : std::string();
        if (at.next.empty()) at.since = at.added_after;
        page.state = write_state(at);
        if (!page.objects.empty()) THREATLAS_CHECK(sink(page));
        out.state = page.state;
        ++out.pages, again = false;
        for (const SentObject& each : page.objects) {
            ++out.objects;
            if (each.fault.empty()) continue;
            if (out.faulty++ == 0) out.first_fault = each.id.substr(0, 100) + ": " + each.fault;
        }
        if (!more) return out;
        before = std::move(now);
    }
}

Result<void> Client::wait_for(const std::string& root_url, const std::string& id, Pushed& into) {
    const auto until = std::chrono::steady_clock::now() + limits_.status;
    for (std::chrono::milliseconds pause{100};; pause = std::min(pause * 2, std::chrono::milliseconds(2000))) {
        std::this_thread::sleep_for(pause);
        THREATLAS_TRY(const json::object object, get(root_url + "status/" + id + "/"));
        THREATLAS_TRY(const StatusInfo status, read_status(core::write_json(object)));
        if (status.id != id) return fail(ErrorCode::bad_input, "the server answers with another status than was asked for", {root_url, 0, ""});
        if (status.status != "complete" && std::chrono::steady_clock::now() < until) continue;
        into.successes += status.successes, into.pendings += status.pendings;
        into.failures.insert(into.failures.end(), status.failures.begin(), status.failures.end());
        return {};
    }
}

Result<Pushed> Client::push(const std::string& collection_url, std::span<const std::string> objects, std::int64_t max_content_length, const std::function<Result<void>(std::size_t)>& done) {
    const std::string base = folder(collection_url), place = base + "objects/";
    const std::size_t cut = base.rfind("collections/");
    const std::string root_url = cut == std::string::npos ? base : base.substr(0, cut);
    std::size_t most = max_content_length > 0 ? static_cast<std::size_t>(max_content_length) : std::size_t{1} << 20;
    Pushed out;
    std::size_t at = 0, count = limits_.envelope_objects;
    while (at < objects.size()) {
        std::string body = "{\"objects\":[";
        std::size_t end = at;
        while (end < objects.size() && end - at < count && (end == at || body.size() + objects[end].size() + 3 <= most)) {
            if (end > at) body += ',';
            body += objects[end++];
        }
        body += "]}";
        if (body.size() > most) {
            out.failures.emplace_back("object " + std::to_string(at + 1), "it is longer than the server takes (" + std::to_string(most) + " bytes)");
            at = end;
            if (done) THREATLAS_CHECK(done(at));
            continue;
        }
        THREATLAS_TRY(const http::Answer answer, ask({.method = "POST", .url = place, .headers = {{"Content-Type", std::string(kTaxiiMedia)}}, .body = std::move(body)}));
        if (answer.status == 413 && end - at > 1) {   // it takes less than it says
            count = (end - at) / 2;
            continue;
        }
        if (answer.status != 202 && answer.status != 200) return refusal(answer, place);
        THREATLAS_CHECK(is_taxii_answer(answer, place));
        THREATLAS_TRY(const StatusInfo status, read_status(answer.body));
        ++out.envelopes, out.sent += end - at;
        if (status.status == "complete") {
            out.successes += status.successes, out.pendings += status.pendings;
            out.failures.insert(out.failures.end(), status.failures.begin(), status.failures.end());
        } else {
            THREATLAS_CHECK(wait_for(root_url, status.id, out));
        }
        at = end;
        if (done) THREATLAS_CHECK(done(at));
    }
    return out;
}

}  // namespace threatlas::exchange::taxii
