// One round with a peer: its feed for us read on from where the last round ended, each object examined and handed to its
// receiver. What is taken in is noted before the place in the feed moves, so a kill at any moment costs a page read again.
// What cannot be taken in is set aside with its reason and its text; it never holds up the feed. No clock of the other side
// decides anything: order is that of the numbers its node gave, newer is what its author versioned later.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/json.hpp"
#include "core/progress.hpp"
#include "core/result.hpp"
#include "model/catalogue.hpp"
#include "store/peers.hpp"
#include "store/store.hpp"
#include "work/nodes/receive.hpp"

namespace threatlas::work {

struct FeedPage {
    std::vector<core::json::value> objects;
    std::string resume;            // to go on after this page
    bool more = false;
};
// The page after `resume` ('': the first). Errors: unavailable for a peer that is away, any other for one that answers wrongly.
using FetchPage = std::function<core::Result<FeedPage>(const std::string& resume)>;
// Over TAXII, as this peer lets us in.
core::Result<FetchPage> taxii_feed(const store::StoredPeer& peer, const std::string& own_organisation);

struct SyncOutcome {
    std::string organisation;
    std::int64_t handed = 0, known = 0, aside = 0, pages = 0;   // handed: to a receiver that took it; known: had come before
    bool whole = false;            // read to the end
    bool skipped = false;          // not yet its turn
    std::string error;             // what ended the round early
    static constexpr auto fields() {
        using T = SyncOutcome;
        using model::field;
        return std::make_tuple(field("organisation", &T::organisation, "peer"), field("handed", &T::handed, "taken in"), field("known", &T::known, "had come before"), field("aside", &T::aside, "set aside"), field("pages", &T::pages, "pages read"),
            field("whole", &T::whole, "read to the end"), field("skipped", &T::skipped, "not yet its turn"), field("error", &T::error, "what ended the round early"));
    }
};

struct SyncOptions {
    std::string only{};                             // one peer; empty: all
    bool now = false;                               // whatever the back-off says
    bool retry_aside = false;                       // all that is set aside, whatever the reason
    std::int64_t pages = 2000;                      // of one round; the next goes on
    std::int64_t first_pause = 30;                  // seconds after a first failure
    std::function<std::int64_t()> clock{};          // seconds since 1970; default the system's
    std::function<core::Result<FetchPage>(const store::StoredPeer&, const std::string& own)> fetch = taxii_feed;
    std::function<bool()> stop{};
};

// One round with each peer whose turn it is; first what was posted and kept is made whole (Receivers::post_again). conflict while
// another process is at it. A peer that fails is in its outcome and its state, not an error of ours.
core::Result<std::vector<SyncOutcome>> sync_peers(store::Store& store, const model::Catalogue& catalogue, const Receivers& receivers, const SyncOptions& options = {});

// Doubled with each failure, at most an hour.
std::int64_t pause_after(std::int64_t failures, std::int64_t first);

}  // namespace threatlas::work
