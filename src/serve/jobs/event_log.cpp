#include "serve/jobs/event_log.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <deque>
#include <mutex>

#include "core/text.hpp"
#include "store/rights.hpp"

namespace threatlas::serve {
namespace {

struct Entry {
    net::Event event;
    std::string organisation, handling;
    bool addressed = false;
};

std::string line_of(const Entry& each) {
    core::json::object line{{"id", each.event.id}, {"type", each.event.type}, {"data", each.event.data}, {"organisation", each.organisation}, {"handling", each.handling}};
    if (each.addressed) line["addressed"] = true;
    return core::write_json(line) + "\n";
}

std::optional<Entry> entry_of(std::string_view line) {
    const auto value = core::parse_json(line, "events");
    if (!value || !value->is_object()) return std::nullopt;
    const auto& object = value->get_object();
    const auto text = [&](const char* key) { const auto* each = object.if_contains(key); return each != nullptr && each->is_string() ? std::optional(std::string(each->get_string())) : std::nullopt; };
    const auto* id = object.if_contains("id");
    const auto type = text("type"), data = text("data"), organisation = text("organisation"), handling = text("handling");
    boost::system::error_code error;
    if (id == nullptr || !id->is_number() || !type || !data || !organisation || !handling) return std::nullopt;
    const auto number = id->to_number<std::uint64_t>(error);
    if (error) return std::nullopt;
    return Entry{{number, *type, *data}, *organisation, *handling, object.contains("addressed")};
}

std::uint64_t now_ms() { return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count()); }

}  // namespace

struct EventLog::State {
    mutable std::mutex mutex;
    std::string path;
    std::size_t keep = 0, written = 0;   // lines in the file
    std::deque<Entry> entries;
    std::uint64_t last = 0;
    std::FILE* file = nullptr;
    std::function<void()> call;

    ~State() {
        if (file != nullptr) std::fclose(file);
    }
    // The file holds what is remembered and no more. Without a file it goes on in memory.
    void rewrite() {
        if (path.empty()) return;
        if (file != nullptr) std::fclose(file), file = nullptr;
        std::string all;
        for (const Entry& each : entries) all += line_of(each);
        const bool good = core::write_file(path, all).has_value();
        ::chmod(path.c_str(), 0600);
        if (good) file = std::fopen(path.c_str(), "ae");
        written = entries.size();
    }
    std::vector<net::Event> since(const model::Reader& reader, std::uint64_t after) const {
        const std::lock_guard guard(mutex);
        std::vector<net::Event> out;
        auto from = std::upper_bound(entries.begin(), entries.end(), after, [](std::uint64_t id, const Entry& each) { return id < each.event.id; });
        for (; from != entries.end(); ++from)
            if (may_see(reader, from->organisation, from->handling, from->addressed)) out.push_back(from->event);
        return out;
    }
};

bool may_see(const model::Reader& reader, const std::string& organisation, const std::string& handling, bool addressed) {
    const auto sight = store::Sight::of(reader);
    if (!sight) return false;
    const bool own = organisation == reader.organisation;
    if (!organisation.empty() && !own && (addressed || reader.role != model::Role::administrator)) return false;
    return sight->allows(store::parse_marking(handling), addressed && own);   // whose it is, is not said here
}

EventLog::EventLog(std::string path, std::size_t keep) : state_(std::make_shared<State>()) {
    state_->path = std::move(path);
    state_->keep = std::max<std::size_t>(keep, 1);
    if (state_->path.empty()) return;
    if (const auto text = core::read_file(state_->path)) {
        for (const std::string& line : core::split(*text, '\n'))
            if (auto each = entry_of(line); each && each->event.id > state_->last) {
                state_->last = each->event.id;
                state_->entries.push_back(std::move(*each));
            }
        while (state_->entries.size() > state_->keep) state_->entries.pop_front();
    }
    state_->rewrite();
}
EventLog::~EventLog() = default;

void EventLog::on_new(std::function<void()> call) {
    const std::lock_guard guard(state_->mutex);
    state_->call = std::move(call);
}

void EventLog::tell(const Happening& what) {
    std::function<void()> call;
    {
        const std::lock_guard guard(state_->mutex);
        // Not below the clock: ids grow on even where the file was lost.
        state_->last = std::max(state_->last + 1, now_ms());
        state_->entries.push_back({{state_->last, what.type, core::write_json(what.data)}, what.organisation, what.handling, what.addressed});
        if (state_->file != nullptr) {
            const std::string line = line_of(state_->entries.back());
            std::fwrite(line.data(), 1, line.size(), state_->file);
            std::fflush(state_->file);
        }
        while (state_->entries.size() > state_->keep) state_->entries.pop_front();
        if (++state_->written > 2 * state_->keep) state_->rewrite();
        call = state_->call;
    }
    if (call) call();
}

std::uint64_t EventLog::last() const {
    const std::lock_guard guard(state_->mutex);
    return state_->last;
}

std::vector<net::Event> EventLog::since(const model::Reader& reader, std::uint64_t after) const { return state_->since(reader, after); }

net::Events EventLog::stream(const model::Reader& reader) const {
    const std::uint64_t now = last();
    return {[state = state_, reader, now](std::optional<std::uint64_t> after) { return state->since(reader, after.value_or(now)); }};
}

}  // namespace threatlas::serve
