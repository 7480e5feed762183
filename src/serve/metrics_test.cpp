#include "serve/metrics.hpp"

#include <gtest/gtest.h>

namespace threatlas::serve {
namespace {

TEST(Metrics, CountsByRouteAndClassOfStatus) {
    Metrics metrics;
    metrics.handled("threats", 200, 0.002);
    metrics.handled("threats", 204, 0.2);
    metrics.handled("threats", 404, 0.002);
    metrics.gauge("threatlas_jobs", "Jobs under way", [] { return 3.0; });
    net::Counts counts;
    counts.open = 7, counts.timeouts = 2;
    const std::string text = metrics.text(counts);
    for (const char* line : {"threatlas_http_requests_total{route=\"threats\",status=\"2xx\"} 2", "threatlas_http_requests_total{route=\"threats\",status=\"4xx\"} 1", "threatlas_http_request_seconds_count{route=\"threats\"} 3",
                             "threatlas_http_request_seconds_bucket{route=\"threats\",le=\"0.0025\"} 2", "threatlas_connections_open 7\n", "threatlas_timeouts_total 2\n", "# TYPE threatlas_jobs gauge\nthreatlas_jobs 3\n"})
        EXPECT_NE(text.find(line), std::string::npos) << line << "\n" << text;
}

}  // namespace
}  // namespace threatlas::serve
