#include "work/nodes/post.hpp"

namespace threatlas::work {

core::Result<Posted> post(store::Store&, const model::Reader&, const std::vector<std::string>& organisations, const exchange::stix::Carried&) {
    return Posted{{}, organisations};
}

core::Result<std::string> own_organisation(store::Store&) { return std::string(); }

}  // namespace threatlas::work
