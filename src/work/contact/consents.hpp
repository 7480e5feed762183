// The originator's leave for a bulletin, request or answer: given, taken back, told to every node that has the paper.
#pragma once

#include <string>
#include <vector>

#include "core/result.hpp"
#include "work/contact/papers.hpp"

namespace threatlas::work::contact {

// `to` may read it and pass it on to nobody else; handling: how mildly it may mark what it makes of it, empty: no more
// mildly. Goes to the node of whoever wants to pass it on.
core::Result<store::Consent> consent_to(const Desk& desk, const model::Reader& who, const std::string& kind, const std::string& id, const std::string& to, const std::string& handling, const std::string& until);
std::string paper_kind(const std::string& id);      // by its first letter; empty: of nothing here
bool names_paper(const store::Consent& given);   // and not all of an originator's, or a submission
// Those that name it, for who has it; those taken back among them.
core::Result<std::vector<store::Consent>> consents_of(const Desk& desk, const model::Reader& reader, const std::string& kind, const std::string& id);
// From then on `to` is given nothing of it by any node that was told, and reads no more of what came by this consent. What
// could not be told is told by the next round. not_allowed for anybody but its originator and the working group, conflict for a second time.
core::Result<store::Consent> take_back(const Desk& desk, const model::Reader& who, const std::string& consent, const std::string& reason);

// A consent that came from its originator's node. The withdrawal wins, in whichever order they come and how often.
core::Result<void> receive_consent(const Desk& desk, const model::Reader& who, store::Consent given, const std::string& reason);
// What was given or taken back and not told; to be called again and again.
core::Result<void> tell_again(const Desk& desk);

// Whether it came to this organisation by a consent that was taken back since, and by nothing else.
core::Result<bool> taken_back(const Desk& desk, const Paper& paper, const std::string& organisation);
// All but those; of what is withdrawn nothing is left but that it is, and that is for everybody who had it.
core::Result<std::vector<Paper>> without_taken_back(const Desk& desk, const std::string& organisation, std::vector<Paper> all);

}  // namespace threatlas::work::contact
