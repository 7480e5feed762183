// The exits: by which way what is marked how may go to whom, and how much of it. One function, asked at every exit;
// docs/HANDLING.md says it in words and tests/rights/exits.tsv line by line.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "store/rights.hpp"
#include "store/store.hpp"

namespace threatlas::work::contact {

enum class Exit { screen, file, taxii, feed, mail, webhook };
inline constexpr Exit kExits[] = {Exit::screen, Exit::file, Exit::taxii, Exit::feed, Exit::mail, Exit::webhook};
std::string_view word_of(Exit exit);
// nothing: not even that it exists. notice: 'something waits for you'. title: kind and title as well.
enum class Extent { nothing, notice, title, whole };
std::string_view word_of(Extent extent);

// What is to go, as far as rights ask.
struct Marked {
    std::string subject;                  // 'N-rs_mup-0123456789': what a consent may be limited to
    store::Marking marking{};
    std::vector<std::string> owners, audience;
};

// receiver: the rights of whom it goes to.
Extent may_go(Exit exit, const store::Sight& receiver, const Marked& what);

// Whether an organisation may send it to another that it was not addressed to. Open to all that is CLEAR or GREEN and
// without a code; else every other owner has recorded its consent to `to`. not_allowed names who has not.
core::Result<void> may_pass_on(store::Store& store, const std::string& by, const Marked& what, const std::string& to);

// Of what is made of several inputs: the join of their marks, and whose marks bind it. AMBER binds here too, for it goes
// to organisations by name.
struct Joined {
    store::Marking marking = store::kOpen;
    std::vector<std::string> owners;
    void add(const store::Marking& marking, std::span<const std::string> owners);
};
// Whether `by` may mark it so: not more mildly than the inputs, save by consent of every owner that says how mildly.
core::Result<void> may_mark(store::Store& store, const std::string& by, std::string_view subject, const store::Marking& wanted, const store::Marking& least, std::span<const std::string> owners);

}  // namespace threatlas::work::contact
