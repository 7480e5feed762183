#include "work/nodes/sync.hpp"

#include <algorithm>
#include <chrono>
#include <optional>

#include "core/hash.hpp"
#include "store/file_io.hpp"
#include "work/nodes/examine.hpp"
#include "work/nodes/node.hpp"

namespace threatlas::work {

namespace json = core::json;
using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr std::size_t kMostText = std::size_t{9} << 20, kKeptOfTooLong = 64 * 1024;
constexpr std::int64_t kMostAside = 10'000, kMostAsideBytes = std::int64_t{256} << 20;
constexpr int kIdlePages = 20;     // in a row without anything new
constexpr std::size_t kRetried = 500;

std::int64_t system_seconds() { return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count(); }

class Round {
  public:
    Round(const FeedContext& context, const SyncOptions& options, store::PeerState& state, SyncOutcome& outcome) : context_(context), options_(options), state_(state), outcome_(outcome) {}

    Result<void> read(const FetchPage& fetch) {
        int idle = 0;
        for (; outcome_.pages < options_.pages; ++outcome_.pages) {
            if (options_.stop && options_.stop()) return {};
            THREATLAS_TRY(const FeedPage page, fetch(state_.resume));
            const std::int64_t before = outcome_.handed + outcome_.aside;
            for (const auto& each : page.objects) THREATLAS_CHECK(take(each));
            state_.contact = options_.clock();
            const bool moved = page.resume != state_.resume;
            if (!page.resume.empty()) state_.resume = page.resume;
            if (!page.more) {
                outcome_.whole = true, state_.whole = state_.contact;
                THREATLAS_CHECK(context_.peers.put_state(state_));
                ++outcome_.pages;
                return {};
            }
            THREATLAS_CHECK(context_.peers.put_state(state_));
            idle = outcome_.handed + outcome_.aside > before ? 0 : idle + 1;
            if (!moved || idle >= kIdlePages) return fail(ErrorCode::bad_input, "the peer sends pages without end and nothing new in them");
        }
        return {};
    }

    // What spoke of something that had not come yet; or all of it.
    Result<void> again() {
        if (outcome_.handed == 0 && !options_.retry_aside) return {};
        THREATLAS_TRY(const auto aside, context_.peers.aside(context_.peer.organisation, kRetried, true));
        for (store::Arrival each : aside) {
            if (each.code != "not_found" && !options_.retry_aside) continue;
            const auto value = core::parse_json(each.body, each.hash);
            if (!value) continue;
            THREATLAS_CHECK(take_in(context_, *value, each));
            THREATLAS_CHECK(context_.peers.put_arrival(each));
            if (each.state != "aside") ++outcome_.handed;
        }
        return {};
    }

  private:
    Result<void> take(const json::value& value) {
        store::Arrival arrival;
        arrival.peer = context_.peer.organisation, arrival.body = core::write_json(value), arrival.hash = core::sha256(arrival.body);
        THREATLAS_TRY(const auto before, context_.peers.arrival(arrival.peer, arrival.hash));
        if (before) return ++outcome_.known, Result<void>{};
        if (arrival.body.size() > kMostText) {
            arrival.state = "aside", arrival.code = "bad_input", arrival.reason = "it is longer than 9 MiB; its beginning is kept", arrival.body.resize(kKeptOfTooLong);
        } else {
            THREATLAS_CHECK(take_in(context_, value, arrival));
        }
        if (arrival.state == "aside") {
            THREATLAS_TRY(const auto size, context_.peers.aside_size(arrival.peer));
            if (size.first >= kMostAside || size.second >= kMostAsideBytes) return fail(ErrorCode::not_allowed, "too much of this peer is set aside: look at it with 'threatlas node aside', then drop it or remove the peer");
        }
        THREATLAS_CHECK(context_.peers.put_arrival(arrival));
        ++(arrival.state == "aside" ? outcome_.aside : outcome_.handed);
        return {};
    }

    const FeedContext& context_;
    const SyncOptions& options_;
    store::PeerState& state_;
    SyncOutcome& outcome_;
};

Result<SyncOutcome> one_round(const FeedContext& context, const SyncOptions& options) {
    SyncOutcome outcome;
    outcome.organisation = context.peer.organisation;
    THREATLAS_TRY(auto state, context.peers.state(outcome.organisation));
    const std::int64_t now = options.clock();
    // A clock that was put back does not make a peer wait for a day.
    if (!options.now && state.next > now && state.next - now <= pause_after(state.failures, options.first_pause)) return outcome.skipped = true, outcome;
    state.tried = now;
    Result<void> done;
    if (const auto fetch = options.fetch(context.peer, context.own); !fetch) done = tl::unexpected(fetch.error());
    else {
        Round round(context, options, state, outcome);
        done = round.read(*fetch);
        if (done) done = round.again();
    }
    if (done) state.failures = 0, state.next = 0, state.error.clear();
    else outcome.error = state.error = core::describe(done.error()).substr(0, 500), ++state.failures, state.next = now + pause_after(state.failures, options.first_pause);
    THREATLAS_CHECK(context.peers.put_state(state));
    return outcome;
}

}  // namespace

std::int64_t pause_after(std::int64_t failures, std::int64_t first) { return failures <= 0 ? 0 : std::min<std::int64_t>(3600, first << std::min<std::int64_t>(failures - 1, 12)); }

Result<std::vector<SyncOutcome>> sync_peers(store::Store& store, const model::Catalogue&, const Receivers& receivers, const SyncOptions& given) {
    SyncOptions options = given;
    if (!options.clock) options.clock = system_seconds;
    THREATLAS_TRY(auto* peers, store::peers_of(store));
    THREATLAS_TRY(const auto own, peers->own());
    std::vector<SyncOutcome> out;
    if (!own) return out;
    THREATLAS_TRY(const auto lock, store::File::lock(peers->key_path() + ".lock", "another round with the peers is under way; try again when it is done"));
    THREATLAS_TRY(const auto all, peers->all());
    THREATLAS_CHECK(receivers.post_again());
    bool found = options.only.empty();
    for (const auto& peer : all) {
        if (peer.removed || (!options.only.empty() && peer.organisation != options.only)) continue;
        found = true;
        if (options.stop && options.stop()) return out;
        THREATLAS_CHECK(fill_feed(store, own->organisation, peer.organisation));
        THREATLAS_TRY(SyncOutcome outcome, one_round({*peers, peer, own->organisation, own->public_key, receivers}, options));
        out.push_back(std::move(outcome));
    }
    if (!found) return fail(ErrorCode::not_found, "there is no peer '" + options.only + "'; 'threatlas node list' lists them");
    return out;
}

}  // namespace threatlas::work
