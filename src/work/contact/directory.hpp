// Contact points, subscriptions and webhooks: kept encrypted, changed by their own organisation.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "model/contact.hpp"
#include "store/desk.hpp"
#include "work/contact/desk.hpp"

namespace threatlas::work::contact {

// Everybody's, by organisation and desk.
core::Result<std::vector<model::ContactPoint>> contact_points(const Desk& desk);
// A new one for an empty id, else a change. not_allowed for another organisation's; bad_input for hours, a zone or an address
// that are none.
core::Result<model::ContactPoint> save_contact_point(const Desk& desk, const model::Reader& who, model::ContactPoint wanted);
core::Result<void> drop_contact_point(const Desk& desk, const model::Reader& who, const std::string& id);

core::Result<std::vector<model::Subscription>> all_subscriptions(const Desk& desk);
core::Result<std::vector<model::Subscription>> subscriptions(const Desk& desk, const model::Reader& reader);   // of the own organisation
// account: whose rights it has; its clearance is that account's, not more than the one asked for. At most 200 an organisation.
core::Result<model::Subscription> subscribe(const Desk& desk, const model::Reader& who, const std::string& account, model::Subscription wanted);
core::Result<void> unsubscribe(const Desk& desk, const model::Reader& who, const std::string& id);
// Whether its account is blocked, gone or of another organisation by now: then nothing is sent by it.
template <class T>   // Subscription, Webhook
core::Result<bool> closed(const Desk& desk, const T& item);
// With the rights of this account from then on, and not more than before. conflict while its own account is open.
template <class T>
core::Result<T> take_over(const Desk& desk, const model::Reader& who, const std::string& account, const std::string& id);

core::Result<std::vector<model::Webhook>> all_webhooks(const Desk& desk);
core::Result<std::vector<model::Webhook>> webhooks(const Desk& desk, const model::Reader& reader);   // of the own organisation, without secrets; administrators: all
// The secret is made here and in this answer alone. At most 20 an organisation.
core::Result<model::Webhook> add_webhook(const Desk& desk, const model::Reader& who, const std::string& account, model::Webhook wanted);
core::Result<void> drop_webhook(const Desk& desk, const model::Reader& who, const std::string& id);
// What went or waits, newest first: of the own organisation; administrators and auditors: of all.
core::Result<std::vector<store::Delivery>> deliveries(const Desk& desk, const model::Reader& reader);
core::Result<void> stop_webhook(const Desk& desk, const model::Webhook& webhook, bool stopped);

// With whose rights something is sent: the account's, as they are now, and not more than `clearance`. None: the account is
// blocked, gone, or no longer of that organisation.
core::Result<std::optional<model::Reader>> reader_for(const Desk& desk, const std::string& organisation, const std::string& account, const std::string& clearance, const std::string& what);

core::Result<void> fit_email(const std::string& email);

}  // namespace threatlas::work::contact
