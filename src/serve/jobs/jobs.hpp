// Long work on behalf of people: queued, run by a few workers, an organisation at a time in turn, told
// about while it runs, cancelled on request, and kept so that after a restart one sees what became of it.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/json.hpp"
#include "core/progress.hpp"
#include "core/result.hpp"
#include "model/fields.hpp"
#include "model/reader.hpp"
#include "serve/jobs/event_log.hpp"
#include "store/store.hpp"

namespace threatlas::serve {

struct JobResult {
    std::string title, link;              // what, and where it is: '/api/v1/...'
    std::string file, media;              // of a file the job wrote: its name, its type
    std::string handling = "TLP:CLEAR";   // who may fetch it
    static constexpr auto fields() {
        using T = JobResult;
        return std::make_tuple(model::field("title", &T::title, "what it is"), model::field("link", &T::link, "where it is"), model::field("file", &T::file, "its file's name"), model::field("media", &T::media, "its type"),
            model::field("handling", &T::handling, "TLP word"));
    }
};

struct Job {
    std::string id, kind, title;
    std::string state = "queued";         // queued, running, done, failed, cancelled
    std::string owner, organisation;
    std::string created, started, finished;   // ISO 8601 UTC
    std::string what;                     // what it is at
    std::uint64_t done = 0, total = 0;    // of that; total 0: not known
    std::string error, code;              // of a failed one: the sentence, and the error's name
    core::json::object request{}, outcome{};  // what was asked; what came of it, by kind
    std::vector<JobResult> results{};
    std::vector<std::string> log{};       // 'time  line'; the newest 500
};
core::json::object to_json(const Job& job);

// What the work sees of its job.
class JobContext : public core::Progress {
  public:
    virtual const model::Reader& reader() const = 0;
    virtual const std::string& folder() = 0;      // of its own, for result files; made when first asked for
    virtual void log(const std::string& line) = 0;
    virtual void result(JobResult result) = 0;
};
// Returns what came of it; an error makes the job fail, or be cancelled when that was asked.
using JobWork = std::function<core::Result<core::json::object>(JobContext&)>;
// From a request to the work, on the caller's thread: refuses at once what can be refused.
using JobMaker = std::function<core::Result<JobWork>(const model::Reader& owner, const core::json::object& request)>;

struct JobOptions {
    unsigned workers = 2;
    std::size_t waiting_each = 20;        // of one organisation; more are refused
    std::size_t kept = 500;               // finished ones that are listed
    std::string folder;                   // result files; empty: none can be written
    std::function<std::string()> clock{}; // ISO 8601 UTC; default the system's
};

class Jobs {
  public:
    Jobs(store::Store& store, EventLog& events, JobOptions options);
    ~Jobs();                              // stops
    Jobs(const Jobs&) = delete;
    Jobs& operator=(const Jobs&) = delete;

    void add_kind(const std::string& kind, JobMaker maker);
    // Reads what earlier runs left, marks what they did not end, and starts the workers.
    core::Result<void> start();
    // Ends: what runs is asked to stop and waited for, what waits is marked.
    void stop();

    // bad_usage for an unknown kind or a request its maker refuses; conflict when too many wait.
    core::Result<Job> submit(const model::Reader& owner, const std::string& kind, const core::json::object& request, const std::string& title);
    std::vector<Job> list(const model::Reader& reader) const;       // newest first; own organisation, the administrator all
    core::Result<Job> find(const model::Reader& reader, const std::string& id) const;
    core::Result<Job> cancel(const model::Reader& reader, const std::string& id);   // conflict when it has ended
    // Path of a result file, for who may have it: own organisation, cleared for its handling.
    core::Result<std::pair<JobResult, std::string>> file(const model::Reader& reader, const std::string& id, const std::string& name) const;
    // Until the job has ended, at most so long; for tests.
    core::Result<Job> wait(const std::string& id, double seconds) const;

  private:
    struct Entry;
    class Context;
    void work();
    std::shared_ptr<Entry> take();
    void run(const std::shared_ptr<Entry>& entry);
    void finish(const std::shared_ptr<Entry>& entry, const std::string& state, const std::string& error, const std::string& code);
    void tell(const Entry& entry);
    void prune();
    core::Result<void> load();

    store::Store& store_;
    EventLog& events_;
    JobOptions options_;
    std::map<std::string, JobMaker> kinds_;
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::vector<std::shared_ptr<Entry>> entries_;             // oldest first
    std::map<std::string, std::uint64_t> served_;             // by organisation: when it last got a worker
    std::uint64_t turn_ = 0;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

// The reader on whose behalf the server itself works: nightly looks, checks.
model::Reader system_reader(const std::string& purpose);

// 128 random bits in hexadecimal after a letter: 'j0f...'.
std::string random_id(char letter);
std::string utc_now();

}  // namespace threatlas::serve
