// Who is reached how, and what goes to whom by itself: the directory, subscriptions, webhooks.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/fields.hpp"

namespace threatlas::model {

// A desk, never a person.
struct ContactPoint {
    std::string id;              // 'P-0123456789'
    std::string organisation, desk;
    std::string hours = "24/7";  // 'Mo-Fr 08:00-16:00; Sa 09:00-12:00', or '24/7'
    std::string zone = "UTC";    // 'Europe/Belgrade'
    std::string email, phone, address;
    std::string public_key, fingerprint;   // of the desk's e-mail or node; the fingerprint is checked by telephone
    std::vector<std::string> languages;
    std::string note, modified;
    static constexpr auto fields() {
        using T = ContactPoint;
        return std::make_tuple(field("id", &T::id, "id"), field("organisation", &T::organisation, "organisation"), field("desk", &T::desk, "name of the desk, never of a person"), field("hours", &T::hours, "duty hours: '24/7' or 'Mo-Fr 08:00-16:00; Sa 09:00-12:00'"),
            field("zone", &T::zone, "time zone of the hours: 'Europe/Belgrade'"), field("email", &T::email, "address of the desk"), field("phone", &T::phone, "telephone of the desk"), field("address", &T::address, "address of its node: 'https://...'"),
            field("public_key", &T::public_key, "its public key, as text"), field("fingerprint", &T::fingerprint, "fingerprint of the key"), field("languages", &T::languages, "two letters each"), field("note", &T::note, "what else to know"), field("modified", &T::modified, "when last changed"));
    }
};

// What an organisation wants to be told of. An empty list is no limit; several lists must all fit.
struct Subscription {
    std::string id;              // 'U-0123456789'
    std::string organisation;
    std::string account;         // whose rights it has; empty: made on the command line, with `clearance`
    std::string clearance = "TLP:AMBER";
    std::vector<std::string> kinds, areas, threats, mos, places, languages;
    std::string digest = "daily";   // at_once, daily, none
    std::string email;           // where digests go
    std::string made;
    static constexpr auto fields() {
        using T = Subscription;
        return std::make_tuple(field("id", &T::id, "id"), field("organisation", &T::organisation, "whose it is"), field("account", &T::account, "account whose rights it has"), field("clearance", &T::clearance, "up to which mark, at most"), field("kinds", &T::kinds, "kinds of bulletins"),
            field("areas", &T::areas, "crime areas"), field("threats", &T::threats, "threats"), field("mos", &T::mos, "modus operandi codes"), field("places", &T::places, "countries"), field("languages", &T::languages, "languages"),
            field("digest", &T::digest, "at_once, daily or none"), field("email", &T::email, "where it is sent"), field("made", &T::made, "when it was made"));
    }
};

// A machine of the organisation that is told by HTTP.
struct Webhook {
    std::string id;              // 'H-0123456789'
    std::string organisation, url;
    std::string account, clearance = "TLP:AMBER";
    std::vector<std::string> events;   // bulletin, request, answer; empty: all
    std::string secret;          // signs what is sent; shown once
    std::string made;
    bool stopped = false;        // after a day without success
    static constexpr auto fields() {
        using T = Webhook;
        return std::make_tuple(field("id", &T::id, "id"), field("organisation", &T::organisation, "whose it is"), field("url", &T::url, "https://..., or http:// on loopback"), field("account", &T::account, "account whose rights it has"), field("clearance", &T::clearance, "up to which mark, at most"),
            field("events", &T::events, "bulletin, request, answer; none: all"), field("secret", &T::secret, "signs what is sent; shown once"), field("made", &T::made, "when it was made"), field("stopped", &T::stopped, "nothing is sent any more"));
    }
};

}  // namespace threatlas::model
