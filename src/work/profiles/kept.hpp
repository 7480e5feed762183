// A profile as the store keeps it.
#pragma once

#include "exchange/stix/carry.hpp"
#include "work/profiles/profiles.hpp"

namespace threatlas::work::profiles_kept {

inline constexpr const char* kKind = "profile";
inline constexpr const char* kSubscription = "profile_subscription";

core::Result<ProfileView> view_of(const store::Dossier& dossier);
// All that the store shows the reader, in the order of opening, with `newest` set.
core::Result<std::vector<ProfileView>> all(store::Store& store, const model::Reader& reader);
core::Result<void> step(store::Store& store, const model::Reader& who, const std::string& id, const std::string& action, const std::string& text, const std::vector<std::string>& to = {});
// As it travels. revoked when it is withdrawn.
core::Result<exchange::stix::Carried> carried(const ProfileView& view);
// What is new goes out; again and again nothing.
core::Result<ProfileSent> send(store::Store& store, const model::Reader& who, const ProfileView& view, const std::vector<std::string>& named);

core::Result<void> may_work(const model::Reader& who, const ProfileView& view);   // of its organisation, or the working group

}  // namespace threatlas::work::profiles_kept
