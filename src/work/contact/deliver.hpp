// What was planned goes out: digests by e-mail, webhooks. Each is tried until it is sent, given up, or its target goes away;
// every try is kept. What goes is asked of the exits (exits.hpp) with the rights the receiver's account has at that moment.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "exchange/mail/smtp.hpp"
#include "model/fields.hpp"
#include "work/contact/desk.hpp"

namespace threatlas::work::contact {

struct MailSettings {
    std::string host, port = "587", security = "starttls", user, password, authorities, called = "threatlas.invalid", from, from_name = "Threatlas";
    static constexpr auto fields() {
        using T = MailSettings;
        using model::field;
        return std::make_tuple(field("host", &T::host, "mail server"), field("port", &T::port, "its port"), field("security", &T::security, "starttls, tls, or none on loopback"), field("user", &T::user, "name to sign in by; empty: none"), field("password", &T::password, "its password"),
            field("authorities", &T::authorities, "PEM file of who signs its certificate; empty: the system's"), field("called", &T::called, "name of this machine"), field("from", &T::from, "address the messages come from"), field("from_name", &T::from_name, "name shown beside it"));
    }
};
struct WebhookSettings {
    std::vector<std::string> reachable;
    std::string authorities;
    static constexpr auto fields() {
        using T = WebhookSettings;
        using model::field;
        return std::make_tuple(field("reachable", &T::reachable, "addresses and networks of our own that webhooks may go to: '10.1.2.0/24'"), field("authorities", &T::authorities, "PEM file of who signs their certificates; empty: the system's"));
    }
};
// <data>/contact.json: outside the database, for it holds a password.
struct ContactSettings {
    MailSettings mail;
    WebhookSettings webhooks;
    std::string link;          // of the dashboard: 'https://threatlas.police.example'
    static constexpr auto fields() {
        using T = ContactSettings;
        using model::field;
        return std::make_tuple(field("mail", &T::mail, "mail server"), field("webhooks", &T::webhooks, "webhooks"), field("link", &T::link, "address of the dashboard"));
    }
};
// Nothing set when there is no file. not_allowed for a file that others may read; bad_input.
core::Result<ContactSettings> contact_settings(const std::string& data_folder);

// How the desk stands: whether it can send at all, and what came of it.
struct DeskState {
    std::string settings = "none";   // none, used, broken
    std::string problem;             // why they cannot be used; no secret
    bool mail = false;               // a mail server is set
    std::uint64_t waiting = 0, given_up = 0, stopped = 0, closed = 0;
    static constexpr auto fields() {
        using T = DeskState;
        using model::field;
        return std::make_tuple(field("settings", &T::settings, "of e-mail and webhooks (contact.json): none, used, or broken: then nothing is sent"), field("problem", &T::problem, "why nothing is sent; in full to administrators"), field("mail", &T::mail, "a mail server is set"),
            field("waiting", &T::waiting, "deliveries that wait"), field("given_up", &T::given_up, "deliveries given up"), field("stopped", &T::stopped, "webhooks that are stopped"), field("closed", &T::closed, "subscriptions and webhooks whose account is closed"));
    }
};
// Of what the reader's organisation has; administrators and auditors: of all.
core::Result<DeskState> desk_state(const Desk& desk, const model::Reader& reader, const std::string& data_folder);

struct Delivered {
    std::uint64_t sent = 0, later = 0, given_up = 0, dropped = 0;   // deliveries, not messages
    static constexpr auto fields() {
        using T = Delivered;
        return std::make_tuple(model::field("sent", &T::sent, "sent"), model::field("later", &T::later, "tried in vain, tried again later"), model::field("given_up", &T::given_up, "given up"), model::field("dropped", &T::dropped, "not sent: no longer wanted, or no longer allowed"));
    }
};

// One message a subscription, of all that is due. early: daily digests now instead of at five. Without a mail server nothing is
// tried.
core::Result<Delivered> deliver_mail(const Desk& desk, const ContactSettings& settings, bool early = false);
core::Result<Delivered> deliver_webhooks(const Desk& desk, const ContactSettings& settings);

}  // namespace threatlas::work::contact
