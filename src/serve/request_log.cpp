#include "serve/request_log.hpp"

#include <spdlog/async.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace threatlas::serve {

RequestLog::RequestLog(bool on) {
    if (!on) return;
    // Written by a thread of its own; when it cannot keep up the oldest lines go, not the requests.
    auto pool = std::make_shared<spdlog::details::thread_pool>(8192, 1);
    static std::shared_ptr<spdlog::details::thread_pool> kept;   // the logger holds it weakly
    kept = pool;
    log_ = std::make_shared<spdlog::async_logger>("threatlas", std::make_shared<spdlog::sinks::stderr_sink_mt>(), pool, spdlog::async_overflow_policy::overrun_oldest);
    log_->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
    log_->flush_on(spdlog::level::warn);
}

void RequestLog::handled(const net::Request& request, const Handled& what) {
    if (!log_) return;
    const auto level = what.status >= 500 ? spdlog::level::err : spdlog::level::info;
    log_->log(level, "{} {} {} {} {} {:.1f} ms {} bytes{}{}", request.id, request.peer.address, request.method, what.route != nullptr ? what.route->pattern : std::string(what.status == 200 || what.status == 304 ? "(page)" : "(none)"), what.status, what.seconds * 1000, what.bytes, what.defect.empty() ? "" : ": ", what.defect);
}

void RequestLog::noted(const net::Peer& peer, int status, const std::string& sentence) {
    if (log_) log_->log(status >= 500 ? spdlog::level::err : spdlog::level::info, "- {} refused {}: {}", peer.address, status, sentence);
}

void RequestLog::say(const std::string& sentence) {
    if (log_) log_->warn("{}", sentence);
}

}  // namespace threatlas::serve
