#include "serve/serving.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <optional>
#include <iterator>

#include "serve/access/door.hpp"
#include "serve/access/oidc.hpp"
#include "serve/api/matching.hpp"
#include "serve/api/routes.hpp"
#include "serve/contact/runner.hpp"
#include "serve/jobs/office.hpp"
#include "serve/jobs/peer_rounds.hpp"
#include "serve/metrics.hpp"
#include "serve/openapi.hpp"
#include "serve/replays.hpp"
#include "serve/taxii/taxii.hpp"
#include "serve/request_log.hpp"
#include "serve/web_files.hpp"
#include "store/field_key.hpp"

namespace threatlas::serve {
namespace {

using core::Result;

core::Day today() {
    return core::Day{static_cast<std::int32_t>(std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()).time_since_epoch().count())};
}

// What left, as the audit log has it: which list or file, in which form, chosen how.
std::string disclosed(const Route& route, const net::Request& request) {
    std::string out = request.path.substr(0, 200) + " (" + route.id + ")";
    for (const auto& [name, value] : request.query)
        if (name != "cursor" && name != "limit" && name != "sort") out += " " + name.substr(0, 40) + "=" + value.substr(0, 80);
    return out.substr(0, 600);
}

class Whole final : public Serving {
  public:
    explicit Whole(const ServeOptions& options) : log_(options.log) {}
    ~Whole() override { stop(); }

    Result<void> open(const ServeOptions& options) {
        service_.version = options.version, service_.data_folder = options.data_folder, service_.catalogue_folder = options.catalogue_folder, service_.today = today;
        THREATLAS_TRY(service_.catalogue, model::load_catalogue(options.catalogue_folder));
        THREATLAS_TRY(service_.store, store::Store::open(options.store.empty() ? options.data_folder : options.store, {.clock = {}, .key_file = options.store.empty() || !options.key_file.empty() ? options.key_file : store::FieldKey::default_path(options.data_folder)}));
        service_.shelf = std::make_unique<Shelf>(*service_.store);
        THREATLAS_TRY(store::Accounts * accounts, service_.store->accounts());
        access_ = std::make_shared<access::Access>(*accounts, access::AccessOptions{.secure = !options.tls.certificate.empty()});
        if (const std::string oidc = options.data_folder + "/oidc.json"; std::filesystem::exists(oidc)) {
            THREATLAS_TRY(oidc_, access::load_oidc_settings(oidc));
        }
        THREATLAS_TRY(const auto setup, access_->offer_setup());
        setup_ = setup.value_or("");
        OfficeOptions office;
        office.catalogue_folder = options.catalogue_folder, office.data = options.data_folder, office.today = today;
        office.round.emplace_back("matching");
        office_ = std::make_unique<Office>(*service_.store, service_.catalogue, std::move(office));
        office_->events.on_new([this] {
            if (net::Server* server = waking_.load()) server->wake();
        });
        office_->contact->on_problem([this](const std::string& problem) { log_.say("contact desk: " + (problem.empty() ? std::string("all is well again") : problem)); });
        metrics_.gauge("threatlas_contact_desk_failing", "1 while the contact desk cannot send: its settings (contact.json), or the store", [this] { return office_->contact->problem().empty() ? 0.0 : 1.0; });
        add_kinds(*office_);
        add_matching_chore(*office_);
        THREATLAS_CHECK(office_->start());
        if (options.sync_every > 0) rounds_ = std::make_unique<PeerRounds>(*office_, options.sync_every);
        return {};
    }

    Result<void> listen(const ServeOptions& options) {
        taxii_ = std::make_shared<taxii::Taxii>(*service_.store, access_->accounts().key());
        Routes routes = api::all_routes(service_);
        for (Routes more : {access::access_routes(access_, service_.catalogue), access::oidc_routes(access_, oidc_), office_routes(*office_), taxii::routes(taxii_), own_routes()}) std::move(more.begin(), more.end(), std::back_inserter(routes));
        Door door = access::make_door(access_);
        THREATLAS_TRY(store::Idempotency * kept, service_.store->idempotency());
        replays_ = std::make_unique<Replays>(*kept, [] { return static_cast<std::int64_t>(std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count()); });
        door.once = [this](const net::Request& request, const Caller& caller, const auto& change) { return replays_->once(request, caller, change); };
        door.disclose = [this](const Route& route, const net::Request& request, const Caller& caller) { return service_.store->audit(caller.reader, "disclose", disclosed(route, request)); };
        described_ = core::write_json(openapi(routes, options.version, door.open_to_strangers));
        dispatcher_ = std::make_unique<Dispatcher>(std::move(routes), std::move(door), web_answer, [this](const net::Request& request, const Handled& what) {
            metrics_.handled(what.route != nullptr ? what.route->id : "none", what.status, what.seconds);
            log_.handled(request, what);
        }, taxii::dialect(taxii_));
        net::Options net;
        net.address = options.address, net.port = options.port, net.tls = options.tls, net.workers = options.workers;
        net.noted = [this](const net::Peer& peer, int status, const std::string& sentence) { log_.noted(peer, status, sentence); };
        net.spool_folder = options.data_folder + "/spool";
        std::error_code error;
        std::filesystem::remove_all(net.spool_folder, error);   // of a server that was killed
        std::filesystem::create_directories(net.spool_folder, error);
        if (!error) std::filesystem::permissions(net.spool_folder, std::filesystem::perms::owner_all, error);
        if (error) return core::fail(core::ErrorCode::unavailable, "no folder for what is sent can be made: " + error.message(), {net.spool_folder, 0, ""});
        net.quick = [this](const net::Request& request) { return dispatcher_->quick(request); };
        THREATLAS_TRY(server_, net::Server::start(net, [this](const net::Request& request) { return (*dispatcher_)(request); }));
        waking_ = server_.get();
        return {};
    }

    std::uint16_t port() const override { return server_->port(); }
    const std::string& setup_secret() const override { return setup_; }
    void stop() override {
        if (server_) server_->stop();
        rounds_.reset();
        if (office_) office_->stop();
    }

  private:
    Routes own_routes() {
        const auto well = [](const Call&) -> Result<net::Response> { return net::text_response(200, "ok\n"); };
        // Whether the store answers: who sends requests here sends them elsewhere until it does.
        const auto ready = [this](const Call&) -> Result<net::Response> {
            THREATLAS_CHECK(service_.store->state());
            return net::text_response(200, "ok\n");
        };
        const Body text{{{"type", "string"}}, "text/plain"};
        const auto metrics = [this](const Call&) -> Result<net::Response> { return net::Response{200, {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}}, metrics_.text(server_->counts())}; };
        const auto document = [this](const Call&) -> Result<net::Response> { return net::Response{200, {{"Content-Type", "application/json"}, {"Cache-Control", "no-cache"}}, described_}; };
        return {{"GET", "/healthz", "healthz", "whether the program runs", "server", well, {}, {}, text},
                {"GET", "/readyz", "readyz", "whether the store answers too: 503 while it does not", "server", ready, {}, {}, text},
                {"GET", "/metrics", "metrics", "counts of the server, for Prometheus", "server", metrics, {}, {}, text},
                {"GET", "/api/v1/openapi.json", "openapi_get", "this document", "server", document, {}, {}, {{{"type", "object"}}}}};
    }

    Service service_;
    RequestLog log_;
    Metrics metrics_;
    std::shared_ptr<access::Access> access_;
    std::optional<access::OidcSettings> oidc_;
    std::unique_ptr<Office> office_;
    std::unique_ptr<PeerRounds> rounds_;
    std::unique_ptr<Replays> replays_;
    std::shared_ptr<taxii::Taxii> taxii_;
    std::string described_;
    std::unique_ptr<Dispatcher> dispatcher_;
    std::unique_ptr<net::Server> server_;   // last: ends before what it serves
    std::atomic<net::Server*> waking_{nullptr};   // for the jobs' threads, which run before there is a server
    std::string setup_;
};

}  // namespace

Result<std::unique_ptr<Serving>> Serving::start(const ServeOptions& options) {
    auto whole = std::make_unique<Whole>(options);
    THREATLAS_CHECK(whole->open(options));
    THREATLAS_CHECK(whole->listen(options));
    return std::unique_ptr<Serving>(std::move(whole));
}

}  // namespace threatlas::serve
