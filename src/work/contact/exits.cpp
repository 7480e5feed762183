#include "work/contact/exits.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "work/contact/desk.hpp"

namespace threatlas::work::contact {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

constexpr int kGreen = 1, kAmber = 2;

bool open_to_all(const store::Marking& marking) { return marking.rank <= kGreen && marking.codes == 0; }
bool milder(const store::Marking& a, const store::Marking& b) { return a.rank < b.rank || (a.codes & b.codes) != b.codes; }

// What an organisation was consented to by others, for work between organisations.
Result<std::vector<store::Consent>> consents_to(store::Store& store, const std::string& organisation) {
    THREATLAS_TRY(const store::Sight sight, store.sight(desk_of(organisation, "consents")));
    return sight.consents();
}

}  // namespace

std::string_view word_of(Exit exit) {
    constexpr std::string_view words[] = {"screen", "file", "taxii", "feed", "mail", "webhook"};
    return words[static_cast<std::size_t>(exit)];
}

std::string_view word_of(Extent extent) {
    constexpr std::string_view words[] = {"nothing", "notice", "title", "whole"};
    return words[static_cast<std::size_t>(extent)];
}

Extent may_go(Exit exit, const store::Sight& receiver, const Marked& what) {
    if (!receiver.sees(what.marking, what.owners, what.audience, what.subject)) return Extent::nothing;
    switch (exit) {
        case Exit::screen: return Extent::whole;
        case Exit::feed: return has(what.audience, receiver.organisation()) || has(what.owners, receiver.organisation()) || open_to_all(what.marking) ? Extent::whole : Extent::nothing;
        case Exit::file:
        case Exit::taxii: {   // it gets into hands that cannot be asked again
            const bool gave = !what.owners.empty() && std::all_of(what.owners.begin(), what.owners.end(), [&](const std::string& each) { return receiver.entitled(each, what.subject); });
            return (what.marking.codes & store::kH2) != 0 && !gave ? Extent::nothing : Extent::whole;
        }
        case Exit::mail:      // many machines on the way
            if (open_to_all(what.marking)) return Extent::whole;
            return what.marking.rank <= kAmber && what.marking.codes == 0 ? Extent::title : Extent::notice;
        case Exit::webhook:   // the organisation's own machine
            return what.marking.rank <= kAmber && (what.marking.codes & ~store::kH1) == 0 ? Extent::whole : Extent::notice;
    }
    return Extent::nothing;
}

Result<void> may_pass_on(store::Store& store, const std::string& by, const Marked& what, const std::string& to) {
    if (open_to_all(what.marking)) return {};
    THREATLAS_TRY(const auto given, consents_to(store, to));
    std::vector<std::string> missing;
    for (const auto& owner : what.owners) {
        if (owner == by || owner == to) continue;
        if (std::none_of(given.begin(), given.end(), [&](const store::Consent& each) { return each.originator == owner && (each.submission.empty() || each.submission == what.subject); })) add_to(missing, owner);
    }
    if (what.owners.empty()) return fail(ErrorCode::not_allowed, "it is marked " + store::text(what.marking) + " and nobody knows whose it is: it is not passed on");
    if (missing.empty()) return {};
    return fail(ErrorCode::not_allowed, "it is marked " + store::text(what.marking) + ": not to be passed on to " + to + " without the recorded consent of " + core::join(missing, ", ") + "; ask for it with a request of kind 'consent'");
}

void Joined::add(const store::Marking& input, std::span<const std::string> whose) {
    marking = store::join(marking, input);
    if (!open_to_all(input))
        for (const auto& each : whose) add_to(owners, each);
}

Result<void> may_mark(store::Store& store, const std::string& by, std::string_view subject, const store::Marking& wanted, const store::Marking& least, std::span<const std::string> owners) {
    if (!milder(wanted, least)) return {};
    THREATLAS_TRY(const auto given, consents_to(store, by));
    std::vector<std::string> missing;
    for (const auto& owner : owners) {
        if (owner == by) continue;
        const bool consented = std::any_of(given.begin(), given.end(), [&](const store::Consent& each) {
            return each.originator == owner && (each.submission.empty() || each.submission == subject) && !each.handling.empty() && !milder(wanted, store::parse_marking(each.handling));
        });
        if (!consented) add_to(missing, owner);
    }
    if (missing.empty()) return {};
    return fail(ErrorCode::not_allowed, "what it is made of is marked " + store::text(least) + ": to mark it " + store::text(wanted) + " needs the recorded consent of " + core::join(missing, ", "));
}

}  // namespace threatlas::work::contact
