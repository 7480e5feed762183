// What has just happened, for who watches: jobs, signals, assessments, decisions. The newest are kept in
// memory and in a file, so that a reader resumes after the last it saw, also across a restart; ids only
// grow. Each reader gets what its rights allow.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/json.hpp"
#include "core/result.hpp"
#include "model/reader.hpp"
#include "serve/net/message.hpp"

namespace threatlas::serve {

struct Happening {
    std::string type;                  // job, signal, assessment, decision, bulletin, request, answer
    core::json::object data;
    std::string organisation{};        // whose it is: for it and the administrator; empty: everyone cleared
    std::string handling = "TLP:CLEAR";
    bool addressed = false;            // to that organisation by name: it counts as entitled, and it is for nobody else
};

class EventLog {
  public:
    // path empty: memory alone. keep: how many are remembered. A line that a crash cut short is left out.
    explicit EventLog(std::string path = {}, std::size_t keep = 2000);
    ~EventLog();
    EventLog(const EventLog&) = delete;
    EventLog& operator=(const EventLog&) = delete;

    // Called after each new event, on the thread that told it; set before work begins.
    void on_new(std::function<void()> call);
    void tell(const Happening& what);
    std::uint64_t last() const;        // id of the newest; 0: none yet

    // What the reader may see of what came after, oldest first.
    std::vector<net::Event> since(const model::Reader& reader, std::uint64_t after) const;
    // A stream for one reader: what is new from now on, or after the id it says it saw last. Owns what it
    // needs, so it may outlive the log.
    net::Events stream(const model::Reader& reader) const;

  private:
    struct State;
    std::shared_ptr<State> state_;
};

bool may_see(const model::Reader& reader, const std::string& organisation, const std::string& handling, bool addressed = false);

}  // namespace threatlas::serve
