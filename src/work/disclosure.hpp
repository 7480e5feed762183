// What leaves the store for a file leaves a line in its audit log: what, which edition, where to, and
// the hash by which the file is known again.
#pragma once

#include <string>
#include <vector>

#include "core/result.hpp"
#include "model/reader.hpp"
#include "store/store.hpp"

namespace threatlas::work {

// Whether what is marked so may leave the store at all: not_allowed names who has not consented (store/rights.hpp).
// Asked before anything is written.
core::Result<void> may_leave(store::Store& store, const model::Reader& who, const std::string& handling, const std::vector<std::string>& originators);
// The same of a stored assessment, by its id.
core::Result<void> assessment_may_leave(store::Store& store, const model::Reader& who, const std::string& id);

// `what` names the content and its edition: 'assessment see-1, restricted edition'. `path` is what was
// just written; of a bundle's folder the hash of its manifest is noted, which holds those of its files.
// A file that cannot be noted does not stay: it is removed, and the error returned.
core::Result<void> note_disclosure(store::Store& store, const model::Reader& who, const std::string& what, const std::string& path);

}  // namespace threatlas::work
