#include "serve/metrics.hpp"

#include <fmt/format.h>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <mutex>

namespace threatlas::serve {
namespace {

const prometheus::Histogram::BucketBoundaries kSeconds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

}  // namespace

struct Metrics::Families {
    prometheus::Registry registry;
    prometheus::Family<prometheus::Counter>& requests = prometheus::BuildCounter().Name("threatlas_http_requests_total").Help("Requests answered, by route and class of status").Register(registry);
    prometheus::Family<prometheus::Histogram>& seconds = prometheus::BuildHistogram().Name("threatlas_http_request_seconds").Help("Time from request to answer, by route").Register(registry);
    std::mutex lock;
    std::map<std::string, std::pair<std::map<int, prometheus::Counter*>, prometheus::Histogram*>> known;   // by route
};

Metrics::Metrics() : families_(std::make_unique<Families>()) {}
Metrics::~Metrics() = default;

void Metrics::handled(const std::string& route, int status, double seconds) {
    auto& f = *families_;
    prometheus::Counter* counter = nullptr;
    prometheus::Histogram* histogram = nullptr;
    {
        const std::lock_guard guard(f.lock);
        auto& [counters, times] = f.known[route];
        if (times == nullptr) times = &f.seconds.Add({{"route", route}}, kSeconds);
        auto& mine = counters[status / 100];
        if (mine == nullptr) mine = &f.requests.Add({{"route", route}, {"status", std::to_string(status / 100) + "xx"}});
        counter = mine, histogram = times;
    }
    counter->Increment();
    histogram->Observe(seconds);
}

std::string Metrics::text(const net::Counts& counts) const {
    std::string out = prometheus::TextSerializer().Serialize(families_->registry.Collect());
    const auto add = [&](const char* name, const char* type, const char* help, std::uint64_t value) {
        out += std::string("# HELP ") + name + " " + help + "\n# TYPE " + name + " " + type + "\n" + name + " " + std::to_string(value) + "\n";
    };
    add("threatlas_connections_total", "counter", "Connections taken", counts.connections);
    add("threatlas_connections_open", "gauge", "Connections open", counts.open);
    add("threatlas_connections_refused_total", "counter", "Connections refused for their number", counts.refused);
    add("threatlas_event_streams", "gauge", "Streams of events open", counts.streams);
    add("threatlas_timeouts_total", "counter", "Connections closed at a deadline", counts.timeouts);
    add("threatlas_malformed_total", "counter", "Requests that could not be read", counts.malformed);
    add("threatlas_bytes_in_total", "counter", "Bytes received", counts.bytes_in);
    add("threatlas_bytes_out_total", "counter", "Bytes sent", counts.bytes_out);
    for (const auto& each : gauges_) out += "# HELP " + each.name + " " + each.help + "\n# TYPE " + each.name + " gauge\n" + each.name + " " + fmt::format("{}", each.read()) + "\n";
    return out;
}

void Metrics::gauge(std::string name, std::string help, std::function<double()> read) { gauges_.push_back({std::move(name), std::move(help), std::move(read)}); }

}  // namespace threatlas::serve
