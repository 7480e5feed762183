// Where long work is asked for: jobs and their kinds, events, uploads, the workbench, and the nightly
// round. One object for the server; its routes are office_routes().
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/calendar.hpp"
#include "core/json.hpp"
#include "core/progress.hpp"
#include "core/result.hpp"
#include "model/catalogue.hpp"
#include "serve/jobs/event_log.hpp"
#include "serve/jobs/jobs.hpp"
#include "serve/route.hpp"
#include "store/store.hpp"

namespace threatlas::work {
class Workbench;
}

namespace threatlas::serve {

class ContactRunner;
class Uploads;

// Work of another room that the nightly round or an administrator starts: the rows whose review date has
// come, a signed checkpoint of the audit log.
using Chore = std::function<core::Result<core::json::object>(const model::Reader& reader, core::Progress& progress)>;

struct OfficeOptions {
    std::string catalogue_folder;          // of the catalogue's files, for maps
    std::string data;                      // folder: jobs/, uploads/, workbench/ and events.jsonl are made in it
    unsigned workers = 2;
    std::string nightly = "02:15";         // UTC, when the nightly round begins; empty: none
    std::vector<std::string> round{"review", "checkpoint", "watch"};   // kinds, those that are known
    std::function<core::Day()> today{};    // default: the system's
};

class Office {
  public:
    Office(store::Store& store, const model::Catalogue& catalogue, OfficeOptions options);
    ~Office();
    Office(const Office&) = delete;
    Office& operator=(const Office&) = delete;

    void add_chore(const std::string& kind, Chore chore);   // before start(): 'review', 'checkpoint'
    core::Result<void> start();
    void stop();

    store::Store& store;
    const model::Catalogue& catalogue;
    const OfficeOptions options;
    EventLog events;
    Jobs jobs;
    std::unique_ptr<Uploads> uploads;
    std::unique_ptr<work::Workbench> workbench;
    std::unique_ptr<ContactRunner> contact;

    core::Day today() const { return options.today(); }
    // Starts the nightly round now; what waits or runs already is not started twice.
    void start_round();

  private:
    struct Night;
    std::unique_ptr<Night> night_;
};

// Kinds assess, report, watch, ingest, verify.
void add_kinds(Office& office);

Routes jobs_routes(Office& office);
Routes events_routes(Office& office);
Routes uploads_routes(Office& office);
Routes workbench_routes(Office& office);
Routes judgements_routes(Office& office);
Routes decisions_routes(Office& office);
Routes contact_routes(Office& office);     // bulletins, requests, answers
Routes directory_routes(Office& office);   // contact points, subscriptions, webhooks, deliveries
Routes triage_routes(Office& office);      // POST /api/v1/signals/{id}/steps
Routes search_routes(Office& office);
// All of them.
Routes office_routes(Office& office);

}  // namespace threatlas::serve
