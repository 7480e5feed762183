#include "work/contact/carrying.hpp"
#include "work/nodes/receive.hpp"
#include "work/profiles/profiles.hpp"

namespace threatlas::work {

Receivers receivers(store::Store& store, const model::Catalogue& catalogue) {
    Receivers out;
    contact::add_receivers(out, store, catalogue);
    add_profiles(out, store, catalogue);
    return out;
}

model::Reader feed_reader(const Peer& from, const std::string& own_organisation, const std::string& kind) {
    return {"node of " + from.organisation, own_organisation, model::Role::administrator, "TLP:RED H3", "administration: " + kind + " from " + from.organisation};
}

}  // namespace threatlas::work
