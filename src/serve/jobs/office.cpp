#include "serve/jobs/office.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <ctime>
#include <filesystem>
#include <mutex>
#include <thread>

#include "core/text.hpp"
#include "serve/api/matching.hpp"
#include "serve/api/nodes.hpp"
#include "serve/api/profiles.hpp"
#include "serve/contact/runner.hpp"
#include "serve/uploads/uploads.hpp"
#include "work/workbench.hpp"

namespace threatlas::serve {

namespace {

OfficeOptions completed(OfficeOptions options) {
    if (!options.today)
        options.today = [] { return core::Day{static_cast<std::int32_t>(std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()).time_since_epoch().count())}; };
    std::error_code ignored;
    std::filesystem::create_directories(options.data, ignored);
    return options;
}

// Minutes after midnight; -1: none.
int minute_of(const std::string& text) {
    const auto parts = core::split(text, ':');
    if (parts.size() != 2) return -1;
    const auto hours = core::parse_number(parts[0]), minutes = core::parse_number(parts[1]);
    if (!hours || !minutes || *hours < 0 || *hours > 23 || *minutes < 0 || *minutes > 59) return -1;
    return static_cast<int>(*hours) * 60 + static_cast<int>(*minutes);
}

}  // namespace

// Looks at the clock twice a minute.
struct Office::Night {
    std::mutex mutex;
    std::condition_variable woken;
    bool stopping = false;
    std::thread thread;

    void run(Office& office, int at) {
        int last_day = -1;
        {   // What was missed before the start is not made up for.
            const std::time_t now = std::time(nullptr);
            std::tm parts{};
            gmtime_r(&now, &parts);
            if (parts.tm_hour * 60 + parts.tm_min > at) last_day = parts.tm_yday;
        }
        std::unique_lock lock(mutex);
        while (!woken.wait_for(lock, std::chrono::seconds(30), [&] { return stopping; })) {
            const std::time_t now = std::time(nullptr);
            std::tm parts{};
            gmtime_r(&now, &parts);
            if (parts.tm_yday == last_day || parts.tm_hour * 60 + parts.tm_min < at) continue;
            last_day = parts.tm_yday;
            lock.unlock();
            office.start_round();
            lock.lock();
        }
    }
};

Office::Office(store::Store& store_in, const model::Catalogue& catalogue_in, OfficeOptions options_in)
    : store(store_in), catalogue(catalogue_in), options(completed(std::move(options_in))), events(options.data + "/events.jsonl"),
      jobs(store, events, {.workers = options.workers, .folder = options.data + "/jobs"}), uploads(std::make_unique<Uploads>(UploadOptions{.folder = options.data + "/uploads"})),
      workbench(std::make_unique<work::Workbench>(store, catalogue, options.data + "/workbench")) {
    contact = std::make_unique<ContactRunner>(*this);
    add_kinds(*this);
}

Office::~Office() { stop(); }

void Office::add_chore(const std::string& kind, Chore chore) {
    jobs.add_kind(kind, [chore, kind](const model::Reader& owner, const core::json::object& request) -> core::Result<JobWork> {
        if (owner.role != model::Role::administrator && owner.role != model::Role::auditor) return core::fail(core::ErrorCode::not_allowed, "'" + kind + "' is started by an administrator or auditor");
        if (!request.empty()) return core::fail(core::ErrorCode::bad_usage, "'" + kind + "' takes no settings");
        return JobWork([chore](JobContext& context) { return chore(context.reader(), context); });
    });
}

core::Result<void> Office::start() {
    THREATLAS_CHECK(jobs.start());
    THREATLAS_CHECK(contact->start());
    const int at = minute_of(options.nightly);
    if (!options.nightly.empty() && at < 0) return core::fail(core::ErrorCode::bad_usage, "the nightly round begins at a time such as 02:15, not '" + options.nightly + "'");
    if (at >= 0) {
        night_ = std::make_unique<Night>();
        night_->thread = std::thread([this, at] { night_->run(*this, at); });
    }
    return {};
}

void Office::start_round() {
    uploads->sweep();
    const model::Reader reader = system_reader("administration: nightly round");
    const auto before = jobs.list(reader);
    for (const auto& kind : options.round) {
        const bool under_way = std::any_of(before.begin(), before.end(), [&](const Job& each) { return each.kind == kind && each.owner == reader.person && (each.state == "queued" || each.state == "running"); });
        if (!under_way) static_cast<void>(jobs.submit(reader, kind, {}, "Nightly: " + kind));   // a kind that is not known here is no error
    }
}

void Office::stop() {
    contact->stop();
    if (night_) {
        {
            const std::lock_guard guard(night_->mutex);
            night_->stopping = true;
        }
        night_->woken.notify_all();
        night_->thread.join();
        night_.reset();
    }
    jobs.stop();
}

Routes office_routes(Office& office) {
    Routes out;
    for (const auto& part : {jobs_routes(office), events_routes(office), uploads_routes(office), workbench_routes(office), judgements_routes(office), decisions_routes(office), contact_routes(office), directory_routes(office), profiles_routes(office), nodes_routes(office), triage_routes(office), search_routes(office), matching_routes(office)})
        out.insert(out.end(), part.begin(), part.end());
    return out;
}

}  // namespace threatlas::serve
