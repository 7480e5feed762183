// What the contact desk keeps beside its bulletins, requests and answers (which are dossiers): subscriptions, contact
// points, webhooks, files, and what was sent to whom. Bodies are encrypted; changes are in the audit chain. Times are
// seconds since 1970 and come from the caller. Safe to call from several threads.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "model/fields.hpp"
#include "model/reader.hpp"
#include "store/field_key.hpp"

namespace threatlas::store {

struct Engine;

struct DeskItem {
    std::string kind, id;         // kind: subscription, contact, webhook, cursor
    std::string organisation;     // whose it is
    std::int64_t made = 0;
    std::string body;             // JSON
};

// One try to send.
struct Attempt {
    std::int64_t at = 0;
    std::string outcome;          // 'sent', or why not; no secret, no content
    static constexpr auto fields() { return std::make_tuple(model::field("at", &Attempt::at, "seconds since 1970"), model::field("outcome", &Attempt::outcome, "'sent', or why not")); }
};

// Something that goes to a target once: a version of a bulletin to a subscription or a webhook.
struct Delivery {
    std::uint64_t number = 0;
    std::string channel;          // mail, webhook
    std::string target;           // id of the subscription or webhook
    std::string subject;          // 'bulletin N-1.2'
    std::string organisation;     // of the target
    std::string state = "waiting";// waiting, sent, given_up, dropped
    std::int64_t made = 0, next = 0;
    std::vector<Attempt> attempts{};
    static constexpr auto fields() {
        using T = Delivery;
        using model::field;
        return std::make_tuple(field("number", &T::number, "number"), field("channel", &T::channel, "mail or webhook"), field("target", &T::target, "subscription or webhook"), field("subject", &T::subject, "what: kind, id and version"), field("organisation", &T::organisation, "to whom"),
            field("state", &T::state, "waiting, sent, given_up, or dropped: its target went away"), field("made", &T::made, "since when, seconds since 1970"), field("next", &T::next, "not tried before"), field("attempts", &T::attempts, "the newest 30 tries"));
    }
};

// What a dossier is of and for, without its content.
struct DossierMark {
    std::uint64_t number = 0;
    std::string kind, id;
    std::vector<std::string> originators, audience;
};

class Desk {
  public:
    Desk(std::shared_ptr<Engine> engine, FieldKey key) : engine_(std::move(engine)), key_(std::move(key)) {}

    // Puts or replaces. what: for the audit log, no secret; empty: not worth an entry (cursors).
    core::Result<void> put(const model::Reader& who, const DeskItem& item, const std::string& what);
    core::Result<std::vector<DeskItem>> items(const std::string& kind);                     // by id
    core::Result<std::optional<DeskItem>> item(const std::string& kind, const std::string& id);
    core::Result<void> remove(const model::Reader& who, const std::string& kind, const std::string& id);   // not_found; what waits for it is dropped

    // A file by its SHA-256, kept once an organisation.
    core::Result<std::string> keep_file(const model::Reader& who, const std::string& content, std::int64_t now);
    core::Result<std::string> file(const std::string& organisation, const std::string& hash);   // not_found
    core::Result<std::uint64_t> kept_bytes(const std::string& organisation);

    // False when it is planned already: each subject goes to each target once.
    core::Result<bool> plan(const Delivery& delivery);
    core::Result<std::vector<Delivery>> due(const std::string& channel, std::int64_t now, std::size_t most = 1000);   // oldest first
    core::Result<std::vector<Delivery>> deliveries(const std::string& organisation);        // newest first; empty: of all
    // Before a try, for as long as it may take: false when somebody else is at it, or it is over.
    core::Result<bool> claim(const Delivery& delivery, std::int64_t until);
    // What came of a try.
    core::Result<void> tried(const Delivery& delivery, const Attempt& attempt, const std::string& state, std::int64_t next);

    core::Result<std::uint64_t> newest();   // number of the last dossier opened; 0: none
    // What was opened after a number, of these kinds, oldest first.
    core::Result<std::vector<DossierMark>> opened_after(std::uint64_t number, const std::vector<std::string>& kinds, std::size_t most = 1000);

  private:
    std::shared_ptr<Engine> engine_;
    FieldKey key_;
};

}  // namespace threatlas::store
