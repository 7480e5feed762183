// What follows from a version being there: it goes to the nodes of its recipients, and is planned for their subscriptions and
// webhooks. From a cursor kept in the store, so that a kill between issuing and sending loses nothing; done again, it
// changes nothing.
#pragma once

#include <string>
#include <vector>

#include "core/result.hpp"
#include "model/contact.hpp"
#include "work/contact/papers.hpp"

namespace threatlas::work::contact {

core::Result<void> spread(const Desk& desk);

// For the subscriptions and webhooks of these organisations.
core::Result<void> plan(const Desk& desk, const Paper& paper, const std::vector<std::string>& organisations);

// Whether a subscription asks for it. What says nothing of a place (area, threat ...) may concern any.
bool matches(const model::Catalogue& catalogue, const model::Subscription& wanted, const Paper& paper);

}  // namespace threatlas::work::contact
