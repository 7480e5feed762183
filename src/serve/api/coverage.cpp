// Who has reported what, how completely and how lately.
#include <mutex>

#include "assess/coverage.hpp"
#include "model/schema.hpp"
#include "serve/api/answers.hpp"
#include "serve/api/listing.hpp"
#include "serve/api/routes.hpp"

namespace threatlas::serve::api {
namespace {

using core::Result;
namespace json = core::json;

const Listing kCoverage{"coverage", {"id", "member", "threat", "indicators", "answered", "completeness", "newest", "days_old"}, "id"};

// One pass over all observations, so kept as long as they are the same.
class Counted {
  public:
    std::shared_ptr<const std::vector<assess::Coverage>> of(const ObservationIndex& index, const model::Catalogue& catalogue) {
        const std::lock_guard guard(lock_);
        auto& slot = kept_[index.snapshot().hash];
        if (!slot) {
            auto fresh = std::make_shared<const std::vector<assess::Coverage>>(assess::coverage(index.snapshot(), catalogue));
            if (kept_.size() > 16) kept_.clear();
            kept_[index.snapshot().hash] = fresh;
            return fresh;
        }
        return slot;
    }

  private:
    std::mutex lock_;
    std::map<std::string, std::shared_ptr<const std::vector<assess::Coverage>>> kept_;
};

json::object coverage_schema() {
    const json::object text{{"type", "string"}}, whole{{"type", "integer"}};
    return {{"type", "object"}, {"properties", json::object{{"id", text}, {"member", text}, {"threat", text}, {"indicators", json::object{{"type", "integer"}, {"description", "country-scope indicators of the threat"}}}, {"answered", json::object{{"type", "integer"}, {"description", "of them with enough periods"}}},
        {"completeness", json::object{{"type", json::array{"number", "null"}}, {"description", "share answered; null without indicators"}}}, {"newest", json::object{{"type", json::array{"string", "null"}}, {"description", "end of the newest period"}}}, {"days_old", json::object{{"type", json::array{"integer", "null"}}}}}}};
}

}  // namespace

Routes coverage_routes(Service& service) {
    auto counted = std::make_shared<Counted>();
    return {{"GET", "/api/v1/coverage", "coverage_get", "completeness and timeliness of what each member's country has reported for each threat", "data", [&service, counted](const Call& call) -> Result<net::Response> {
        THREATLAS_TRY(const auto index, service.observations->get(call.caller.reader));
        THREATLAS_CHECK(service.reads->read(call.caller.reader, "coverage of snapshot " + index->snapshot().hash));
        const auto cells = counted->of(*index, service.catalogue);
        const core::Day today = service.today();
        std::vector<json::object> items;
        for (const auto& each : *cells) {
            const bool known = each.newest.number != 0;
            items.push_back({{"id", each.member + "/" + each.threat}, {"member", each.member}, {"threat", each.threat}, {"indicators", each.indicators}, {"answered", each.answered}, {"completeness", each.indicators == 0 ? json::value() : json::value(static_cast<double>(each.answered) / each.indicators)},
                             {"newest", known ? json::value(core::iso(each.newest)) : json::value()}, {"days_old", known ? json::value(today.number - each.newest.number) : json::value()}});
        }
        return list(call, std::move(items), kCoverage);
    }, list_parameters(kCoverage), {}, {list_schema(coverage_schema())}}};
}

}  // namespace threatlas::serve::api
