// The indexes of observations in use: one for each set of rows that readers may see, shared by all who see the same.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "core/result.hpp"
#include "model/reader.hpp"
#include "serve/freshness.hpp"
#include "serve/observation_index.hpp"
#include "store/store.hpp"

namespace threatlas::serve {

class ObservationShelf {
  public:
    ObservationShelf(store::Store& store, Freshness& fresh) : store_(store), fresh_(fresh) {}

    // As the store has it now: what another process does is seen after a quarter of a second, what this one does at
    // once when Freshness::changed() is called. Made anew (about half a microsecond a row) when it changed or for new rights.
    // Errors of Store::snapshot.
    core::Result<std::shared_ptr<const ObservationIndex>> get(const model::Reader& reader);
    void drop();   // after an erasure: what nobody reads just now is let go

  private:
    struct Kept {
        std::mutex making;   // one at a time makes it; others with the same rights wait
        std::string state;
        std::shared_ptr<const ObservationIndex> index;
        std::uint64_t used = 0;
    };

    store::Store& store_;
    Freshness& fresh_;
    std::mutex lock_;
    std::map<std::string, std::shared_ptr<Kept>> kept_;   // by rights
    std::uint64_t uses_ = 0;
};

}  // namespace threatlas::serve
