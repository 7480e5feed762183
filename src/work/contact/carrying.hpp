// Between nodes: papers, their files, receipts and consents as carried records, sent and received. Everything may come
// twice and in any order.
#pragma once

#include <string>
#include <vector>

#include "exchange/stix/carry.hpp"
#include "work/contact/papers.hpp"
#include "work/nodes/receive.hpp"

namespace threatlas::work::contact {

exchange::stix::Carried carried_of(const Paper& paper);
// bad_input for what is no such record, or says two things of itself.
core::Result<Paper> paper_of(const exchange::stix::Carried& what);

// A version, with its files before it, to organisations that have their own node. Idempotent.
core::Result<void> send(const Desk& desk, const model::Reader& who, const Paper& paper, const std::vector<std::string>& to);
// A version of somebody else's to organisations it was not addressed to; those on this node find it by the consent.
core::Result<void> pass_on(const Desk& desk, const model::Reader& who, const Paper& paper, const std::vector<std::string>& to);
// A step of ours to who issued it.
core::Result<void> report(const Desk& desk, const model::Reader& who, const Paper& paper, const model::Acknowledgement& what);
// A consent, or that it is taken back and why, to whoever has a version and to whom it was for.
core::Result<void> tell_consent(const Desk& desk, const model::Reader& who, const std::vector<Paper>& versions, const store::Consent& given, std::int64_t at, const std::string& reason);

// Kinds bulletin, request, answer, receipt, file, consent.
void add_receivers(Receivers& all, store::Store& store, const model::Catalogue& catalogue);

}  // namespace threatlas::work::contact
