// Adding the objects of an envelope, and the status resource that says what became of each.
#include <chrono>

#include "core/json.hpp"
#include "core/text.hpp"
#include "exchange/stix/markings.hpp"
#include "exchange/taxii/envelope.hpp"
#include "exchange/taxii/media.hpp"
#include "serve/problem.hpp"
#include "serve/taxii/taxii.hpp"

#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>

namespace threatlas::serve::taxii {

using core::ErrorCode;
using core::fail;
using core::Result;
using exchange::taxii::Envelope;
using exchange::taxii::SentObject;
using net::Response;

namespace {

constexpr const char* kEverything = "TLP:RED H1 H2 H3";

std::string now_text() {
    return store::moment_text(std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count());
}

// Markings are looked up among what came in the same envelope: the others are known or they are not.
class Markings {
  public:
    explicit Markings(const Envelope& envelope) : envelope_(envelope) {}
    const core::json::object* find(std::string_view id) {
        if (!read_) {
            read_ = true;
            for (const SentObject& each : envelope_.objects())
                if (each.type == "marking-definition" && each.fault.empty())
                    if (auto value = core::parse_json(each.text, each.id); value && value->is_object()) known_.emplace(each.id, std::move(value->get_object()));
        }
        const auto found = known_.find(id);
        return found == known_.end() ? nullptr : &found->second;
    }

  private:
    const Envelope& envelope_;
    bool read_ = false;
    std::map<std::string, core::json::object, std::less<>> known_;
};

std::string media_of(const store::Collection& collection, const SentObject& object) {
    const std::string stix = "application/stix+json;version=" + object.spec_version;
    for (const std::string& each : collection.media_types)
        if (each.starts_with("application/stix+json") || each.starts_with("application/taxii+json")) return stix;
    return collection.media_types.front();
}

// Where the object says nothing, the collection's word holds; what cannot be understood is for nobody else.
std::string handling_of(const SentObject& object, const store::Collection& collection, Markings& markings) {
    if (!object.marked) return {};
    const auto value = core::parse_json(object.text, object.id);
    if (!value || !value->is_object()) return kEverything;
    const std::string said = exchange::stix::handling_of(value->get_object(), collection.handling.empty() ? kEverything : collection.handling, [&](std::string_view id) { return markings.find(id); });
    return said.empty() ? kEverything : said;
}

void detail(std::string& list, const std::string& id, const std::string& version, const std::string& message) {
    list += list.empty() ? "{\"id\":" : ",{\"id\":";
    append_json(list, id);
    list += ",\"version\":";
    append_json(list, version);
    if (!message.empty()) {
        list += ",\"message\":";
        append_json(list, message);
    }
    list += '}';
}

Result<std::string> body_of_request(const net::Request& request, std::int64_t most) {
    const auto too_long = [&] { return fail(ErrorCode::bad_input, "the body is longer than the " + std::to_string(most) + " bytes of max_content_length; send the objects in several envelopes"); };
    if (!request.spooled) {
        if (request.body.size() > static_cast<std::size_t>(most)) return too_long();
        return request.body;
    }
    if (request.spooled->bytes() > static_cast<std::uint64_t>(most)) return too_long();
    return core::read_file(request.spooled->path());
}

}  // namespace

Result<Response> add_objects(Taxii& taxii, const Call& call) {
    const auto refused = [&](int status, const core::Error& error) { return problem(status, error.code, error.message, call.request.id); };
    THREATLAS_TRY(const Seat seat, seat_of(taxii, call));
    if (!seat.collection.may_write(call.caller.reader)) return fail(ErrorCode::not_allowed, "you may not write to this collection");
    if (!exchange::taxii::is_taxii(call.request.header("content-type"))) return problem(415, ErrorCode::bad_usage, "send an envelope as " + std::string(exchange::taxii::kTaxiiMedia), call.request.id);
    const std::string began = now_text();
    const auto body = body_of_request(call.request, seat.root.max_content_length);
    if (!body) return refused(body.error().code == ErrorCode::bad_input ? 413 : 503, body.error());
    const auto envelope = Envelope::read(*body, taxii.limits().objects);
    if (!envelope) return refused(envelope.error().code == ErrorCode::bad_usage ? 400 : core::error_row(envelope.error().code).http_status, envelope.error());
    if (envelope->objects().empty()) return problem(422, ErrorCode::bad_input, "an envelope to be added holds a list 'objects' with an object at least", call.request.id);

    Markings markings(*envelope);
    std::vector<store::NewObject> wanted;
    wanted.reserve(envelope->objects().size());
    for (const SentObject& each : envelope->objects()) {
        if (!each.fault.empty()) continue;
        store::NewObject& one = wanted.emplace_back();
        one.id = each.id, one.type = each.type, one.version = each.version, one.spec_version = each.spec_version, one.text = each.text;
        one.media = media_of(seat.collection, each), one.handling = handling_of(each, seat.collection, markings);
    }
    std::string status;
    const auto tell = [&](const std::vector<store::AddedObject>& added) {
        std::string successes, failures;
        std::size_t good = 0, bad = 0, at = 0;
        for (const SentObject& each : envelope->objects()) {
            if (!each.fault.empty()) {
                detail(failures, each.id, each.version, each.fault);
                ++bad;
                continue;
            }
            const store::AddedObject& one = added[at++];
            if (one.outcome == store::AddedObject::Outcome::refused) detail(failures, each.id, each.version, one.reason), ++bad;
            else detail(successes, each.id, one.version, one.outcome == store::AddedObject::Outcome::present ? "it is there already, and stays as it is" : ""), ++good;
        }
        store::ExchangeStatus kept{boost::uuids::to_string(boost::uuids::random_generator()()), {}};
        status = "{\"id\":\"" + kept.id + "\",\"status\":\"complete\",\"request_timestamp\":\"" + began + "\",\"total_count\":" + std::to_string(good + bad) + ",\"success_count\":" + std::to_string(good) + ",\"failure_count\":" + std::to_string(bad) + ",\"pending_count\":0";
        if (good > 0) status += ",\"successes\":[" + successes + "]";
        if (bad > 0) status += ",\"failures\":[" + failures + "]";
        status += '}';
        kept.json = status;
        return kept;
    };
    THREATLAS_CHECK(taxii.collections().add(call.caller.reader, seat.collection, wanted, tell));
    return taxii_response(202, std::move(status));
}

}  // namespace threatlas::serve::taxii
