#include "serve/jobs/jobs.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <ctime>
#include <exception>
#include <filesystem>

#include "model/json_codec.hpp"
#include "store/rights.hpp"

namespace threatlas::serve {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kLogLines = 500;
constexpr const char* kInterrupted = "the server stopped before it was done: nothing of it was kept, start it again";

bool ended(const std::string& state) { return state == "done" || state == "failed" || state == "cancelled"; }

bool mine(const model::Reader& reader, const Job& job) { return reader.role == model::Role::administrator || reader.organisation == job.organisation; }

std::string text_of(const core::json::object& object, const char* key) {
    const auto* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

core::json::object object_of(const core::json::object& object, const char* key) {
    const auto* value = object.if_contains(key);
    return value != nullptr && value->is_object() ? value->get_object() : core::json::object{};
}

}  // namespace

core::json::object to_json(const Job& job) {
    return {{"id", job.id}, {"kind", job.kind}, {"title", job.title}, {"state", job.state}, {"owner", job.owner}, {"organisation", job.organisation}, {"created", job.created}, {"started", job.started},
            {"finished", job.finished}, {"what", job.what}, {"done", job.done}, {"total", job.total}, {"error", job.error}, {"code", job.code}, {"request", job.request}, {"outcome", job.outcome},
            {"results", model::to_json(job.results)}};
}

model::Reader system_reader(const std::string& purpose) { return {"threatlas", "regional", model::Role::administrator, "TLP:RED H3", purpose}; }

std::string random_id(char letter) {
    std::array<unsigned char, 16> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    std::string out(1, letter);
    for (const unsigned char each : bytes) out += "0123456789abcdef"[each >> 4], out += "0123456789abcdef"[each & 15];
    return out;
}

std::string utc_now() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text.data();
}

struct Jobs::Entry {
    Job job;
    model::Reader owner;
    JobWork work;
    std::atomic<bool> cancel{false}, stop{false};
};

class Jobs::Context final : public JobContext {
  public:
    Context(Jobs& jobs, std::shared_ptr<Entry> entry) : jobs_(jobs), entry_(std::move(entry)) {}
    // Kept always, told five times a second.
    void step(std::string_view what, std::uint64_t done, std::uint64_t total) override {
        bool tell = false;
        {
            const std::lock_guard guard(jobs_.mutex_);
            Job& job = entry_->job;
            tell = job.what != what || Clock::now() - told_ > std::chrono::milliseconds(200);
            job.what = what, job.done = done, job.total = total;
        }
        if (!tell) return;
        told_ = Clock::now();
        jobs_.tell(*entry_);
    }
    bool cancelled() const override { return entry_->cancel || entry_->stop; }
    const model::Reader& reader() const override { return entry_->owner; }
    const std::string& folder() override {
        if (folder_.empty() && !jobs_.options_.folder.empty()) {
            folder_ = jobs_.options_.folder + "/" + entry_->job.id;
            std::error_code ignored;
            std::filesystem::create_directories(folder_, ignored);
            std::filesystem::permissions(jobs_.options_.folder, std::filesystem::perms::owner_all, ignored);
            std::filesystem::permissions(folder_, std::filesystem::perms::owner_all, ignored);
        }
        return folder_;
    }
    void log(const std::string& line) override {
        const std::lock_guard guard(jobs_.mutex_);
        auto& log = entry_->job.log;
        log.push_back(jobs_.options_.clock() + "  " + line);
        if (log.size() > kLogLines) log.erase(log.begin());
    }
    void result(JobResult result) override {
        const std::lock_guard guard(jobs_.mutex_);
        if (!result.file.empty()) result.link = "/api/v1/jobs/" + entry_->job.id + "/results/" + result.file;
        entry_->job.results.push_back(std::move(result));
    }

  private:
    Jobs& jobs_;
    std::shared_ptr<Entry> entry_;
    std::string folder_;
    Clock::time_point told_{};
};

Jobs::Jobs(store::Store& store, EventLog& events, JobOptions options) : store_(store), events_(events), options_(std::move(options)) {
    if (!options_.clock) options_.clock = utc_now;
}
Jobs::~Jobs() { stop(); }

void Jobs::add_kind(const std::string& kind, JobMaker maker) { kinds_[kind] = std::move(maker); }

// A job's head is its dossier's; the last step says how it ended.
Result<void> Jobs::load() {
    const model::Reader reader = system_reader("administration: jobs");
    THREATLAS_TRY(const auto kept, store_.dossiers(reader, "job"));
    for (const auto& dossier : kept) {
        const auto head = core::parse_json(dossier.json, "job " + dossier.id);
        if (!head || !head->is_object()) continue;
        auto entry = std::make_shared<Entry>();
        Job& job = entry->job;
        const auto& object = head->get_object();
        job.id = dossier.id, job.created = dossier.at;
        job.kind = text_of(object, "kind"), job.title = text_of(object, "title"), job.owner = text_of(object, "owner"), job.organisation = text_of(object, "organisation");
        job.request = object_of(object, "request");
        for (const auto& step : dossier.steps) {
            job.state = step.action;
            if (step.action == "running") job.started = step.at;
            if (!ended(step.action)) continue;
            job.finished = step.at;
            const auto body = core::parse_json(step.json, "job " + dossier.id);
            if (!body || !body->is_object()) continue;
            const auto& said = body->get_object();
            job.error = text_of(said, "error"), job.code = text_of(said, "code"), job.outcome = object_of(said, "outcome");
            if (const auto* results = said.if_contains("results")) static_cast<void>(model::from_json(*results, job.results, "results"));
            if (const auto* log = said.if_contains("log")) static_cast<void>(model::from_json(*log, job.log, "log"));
        }
        if (!ended(job.state)) {
            job.state = "failed", job.error = kInterrupted, job.code = core::error_row(ErrorCode::unavailable).name, job.finished = options_.clock();
            THREATLAS_CHECK(store_.add_step(reader, "job", job.id, "failed", core::write_json(core::json::object{{"error", job.error}, {"code", job.code}})));
        }
        entries_.push_back(std::move(entry));
    }
    prune();
    return {};
}

Result<void> Jobs::start() {
    THREATLAS_CHECK(load());
    for (unsigned i = 0; i < std::max(1U, options_.workers); ++i) threads_.emplace_back([this] { work(); });
    return {};
}

void Jobs::stop() {
    {
        const std::lock_guard guard(mutex_);
        stopping_ = true;
        for (const auto& each : entries_) each->stop = true;
    }
    changed_.notify_all();
    for (auto& each : threads_) each.join();
    threads_.clear();
    std::vector<std::shared_ptr<Entry>> left;
    {
        const std::lock_guard guard(mutex_);
        for (const auto& each : entries_)
            if (!ended(each->job.state)) left.push_back(each);
    }
    for (const auto& each : left) finish(each, "failed", kInterrupted, core::error_row(ErrorCode::unavailable).name);
}

Result<Job> Jobs::submit(const model::Reader& owner, const std::string& kind, const core::json::object& request, const std::string& title) {
    const auto maker = kinds_.find(kind);
    if (maker == kinds_.end()) {
        std::string known;
        for (const auto& [name, each] : kinds_) known += (known.empty() ? "" : ", ") + name;
        return fail(ErrorCode::bad_usage, "there is no job of kind '" + kind + "'; there are: " + known);
    }
    auto entry = std::make_shared<Entry>();
    THREATLAS_TRY(entry->work, maker->second(owner, request));
    entry->owner = owner;
    Job& job = entry->job;
    job.id = random_id('j'), job.kind = kind, job.title = title.empty() ? kind : title, job.owner = owner.person, job.organisation = owner.organisation;
    job.created = options_.clock(), job.request = request;
    const auto room = [&]() -> Result<void> {
        if (stopping_) return fail(ErrorCode::unavailable, "the server is stopping: try again in a minute");
        const auto waiting = std::count_if(entries_.begin(), entries_.end(), [&](const auto& each) { return each->job.state == "queued" && each->job.organisation == owner.organisation; });
        if (static_cast<std::size_t>(waiting) >= options_.waiting_each) return fail(ErrorCode::conflict, "your organisation has " + std::to_string(waiting) + " jobs waiting: let some finish, or cancel them");
        return {};
    };
    {
        const std::lock_guard guard(mutex_);
        THREATLAS_CHECK(room());
    }
    const core::json::object head{{"kind", job.kind}, {"title", job.title}, {"owner", job.owner}, {"organisation", job.organisation}, {"request", job.request}};
    THREATLAS_TRY(const bool fresh, store_.open_dossier(owner, {.kind = "job", .id = job.id, .handling = "TLP:CLEAR", .at = {}, .json = core::write_json(head), .steps = {}}));
    if (!fresh) return fail(ErrorCode::internal, "a job's id was given twice");
    Job shown;
    {
        const std::lock_guard guard(mutex_);
        entries_.push_back(entry);
        shown = job;
    }
    tell(*entry);
    changed_.notify_all();
    return shown;
}

// The waiting job of the organisation that was served longest ago; of one organisation the oldest.
std::shared_ptr<Jobs::Entry> Jobs::take() {
    std::shared_ptr<Entry> best;
    for (const auto& each : entries_)
        if (each->job.state == "queued" && (!best || served_[each->job.organisation] < served_[best->job.organisation])) best = each;
    if (best) {
        served_[best->job.organisation] = ++turn_;
        best->job.state = "running", best->job.started = options_.clock();
    }
    return best;
}

void Jobs::work() {
    for (;;) {
        std::shared_ptr<Entry> entry;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [&] { return stopping_ || (entry = take()) != nullptr; });
            if (stopping_ && !entry) return;
        }
        run(entry);
    }
}

void Jobs::run(const std::shared_ptr<Entry>& entry) {
    tell(*entry);
    const auto noted = store_.add_step(entry->owner, "job", entry->job.id, "running", "{}");
    Context context(*this, entry);
    const auto attempt = [&]() -> Result<core::json::object> {
        THREATLAS_CHECK(noted);
        THREATLAS_CHECK(core::go_on(context));
        // The one place where a lost disk or too little memory ends a job and not the server.
        try {
            return entry->work(context);
        } catch (const std::exception& error) {
            return fail(ErrorCode::internal, std::string("the work broke off: ") + error.what());
        }
    };
    auto done = attempt();
    entry->work = {};
    if (done) {
        {
            const std::lock_guard guard(mutex_);
            entry->job.outcome = std::move(*done);
        }
        finish(entry, "done", "", "");
        return;
    }
    const std::string error = entry->cancel ? "" : entry->stop ? kInterrupted : core::describe(done.error());
    context.log(entry->cancel ? "cancelled" : error);
    finish(entry, entry->cancel ? "cancelled" : "failed", error, entry->cancel ? "" : core::error_row(done.error().code).name);
}

void Jobs::finish(const std::shared_ptr<Entry>& entry, const std::string& state, const std::string& error, const std::string& code) {
    core::json::object body;
    std::error_code ignored;
    if (state != "done" && !options_.folder.empty()) std::filesystem::remove_all(options_.folder + "/" + entry->job.id, ignored);
    {
        const std::lock_guard guard(mutex_);
        Job& job = entry->job;
        if (state != "done") job.results.clear();
        job.error = error, job.code = code;
        body = {{"error", error}, {"code", code}, {"outcome", job.outcome}, {"results", model::to_json(job.results)}, {"log", model::to_json(job.log)}};
    }
    // Noted first, shown after: who sees a job done finds it done after a restart too. That it cannot be noted is said.
    const auto noted = store_.add_step(entry->owner, "job", entry->job.id, state, core::write_json(body));
    {
        const std::lock_guard guard(mutex_);
        Job& job = entry->job;
        if (!noted) job.log.push_back(options_.clock() + "  this end could not be kept: " + core::describe(noted.error()));
        job.finished = options_.clock();
        job.state = state;
        prune();
    }
    tell(*entry);
    changed_.notify_all();
}

// The caller holds the mutex, or nobody else is there yet.
void Jobs::prune() {
    std::size_t over = 0;
    for (const auto& each : entries_) over += ended(each->job.state) ? 1 : 0;
    over = over > options_.kept ? over - options_.kept : 0;
    std::erase_if(entries_, [&](const auto& each) {
        if (over == 0 || !ended(each->job.state)) return false;
        --over;
        std::error_code ignored;
        if (!options_.folder.empty()) std::filesystem::remove_all(options_.folder + "/" + each->job.id, ignored);
        return true;
    });
}

void Jobs::tell(const Entry& entry) {
    Happening what;
    {
        const std::lock_guard guard(mutex_);
        const Job& job = entry.job;
        what = {.type = "job", .data = {{"id", job.id}, {"kind", job.kind}, {"title", job.title}, {"state", job.state}, {"what", job.what}, {"done", job.done}, {"total", job.total}, {"error", job.error}}, .organisation = job.organisation};
    }
    events_.tell(what);
}

std::vector<Job> Jobs::list(const model::Reader& reader) const {
    const std::lock_guard guard(mutex_);
    std::vector<Job> out;
    for (auto each = entries_.rbegin(); each != entries_.rend(); ++each)
        if (mine(reader, (*each)->job)) out.push_back((*each)->job);
    return out;
}

Result<Job> Jobs::find(const model::Reader& reader, const std::string& id) const {
    const std::lock_guard guard(mutex_);
    for (const auto& each : entries_)
        if (each->job.id == id && mine(reader, each->job)) return each->job;
    return fail(ErrorCode::not_found, "there is no job '" + id + "'");
}

Result<Job> Jobs::cancel(const model::Reader& reader, const std::string& id) {
    std::shared_ptr<Entry> entry;
    bool waiting = false;
    {
        const std::lock_guard guard(mutex_);
        for (const auto& each : entries_)
            if (each->job.id == id && mine(reader, each->job)) entry = each;
        if (!entry) return fail(ErrorCode::not_found, "there is no job '" + id + "'");
        if (ended(entry->job.state)) return fail(ErrorCode::conflict, "the job has ended already: it is " + entry->job.state);
        entry->cancel = true;
        waiting = entry->job.state == "queued";
        if (waiting) entry->job.state = "running";   // no worker takes it any more
    }
    if (waiting) finish(entry, "cancelled", "", "");
    return find(reader, id);
}

Result<std::pair<JobResult, std::string>> Jobs::file(const model::Reader& reader, const std::string& id, const std::string& name) const {
    THREATLAS_TRY(const Job job, find(reader, id));
    for (const JobResult& each : job.results) {
        if (each.file != name || name.empty()) continue;
        // Results hold what their owner was cleared for: the administrator of another house is not.
        THREATLAS_TRY(const store::Sight sight, store::Sight::of(reader));
        if (reader.organisation != job.organisation || !sight.allows(store::parse_marking(each.handling), true))
            return fail(ErrorCode::not_allowed, "this result is marked " + each.handling + " and is for " + job.organisation);
        return std::pair{each, options_.folder + "/" + job.id + "/" + each.file};
    }
    return fail(ErrorCode::not_found, "the job has no result '" + name + "'");
}

Result<Job> Jobs::wait(const std::string& id, double seconds) const {
    std::unique_lock lock(mutex_);
    const auto find = [&] { return std::find_if(entries_.begin(), entries_.end(), [&](const auto& each) { return each->job.id == id; }); };
    const bool in_time = changed_.wait_for(lock, std::chrono::duration<double>(seconds), [&] { const auto at = find(); return at == entries_.end() || ended((*at)->job.state); });
    const auto at = find();
    if (!in_time || at == entries_.end()) return fail(ErrorCode::unavailable, "the job did not end in time");
    return (*at)->job;
}

}  // namespace threatlas::serve
