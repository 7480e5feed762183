// What is arising: the signals of the last twelve months that the snapshot holds, month by month as they
// would have been found, those that go on told once.
#pragma once

#include "assess/future.hpp"
#include "core/result.hpp"
#include "model/catalogue.hpp"
#include "store/snapshot.hpp"

namespace threatlas::assess {

// Empty, and no error, when the snapshot holds no monthly counts. Cost: twelve times watch().
core::Result<Arising> arising(const store::Snapshot& snapshot, const model::Catalogue& catalogue);

}  // namespace threatlas::assess
