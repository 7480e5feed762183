// What this node sends to others. Each peer has one feed here, a collection that it alone may read; what is posted is
// appended to it, signed, and the peer fetches it (receive.hpp). Nothing is lost when the peer is away for a month.
#pragma once

#include <string>
#include <vector>

#include "core/result.hpp"
#include "model/reader.hpp"
#include "store/store.hpp"

namespace threatlas::exchange::stix {
struct Carried;
}

namespace threatlas::work {

struct Posted {
    std::vector<std::string> sent;   // peers whose feed has it now
    std::vector<std::string> here;   // organisations without a node of their own that we know: they read it on this one
};

// Appends to the feeds of those among `organisations` that are peers. Idempotent: what a feed has (id and `modified`) it
// does not get twice, so after a kill the caller posts again what it holds (Receivers::outstanding). The same id with a
// later `modified` is a new version; `revoked` takes it back. Without `threatlas node init` nothing is sent and all are `here`.
// The caller has asked whether it may be sent (work/disclosure.hpp, Sight::may_disclose): `who` is for the log, which gets an
// entry 'post' before the feed does.
// bad_input for no id, kind or time, or a record larger than 8 MiB; unavailable for a full disk.
core::Result<Posted> post(store::Store& store, const model::Reader& who, const std::vector<std::string>& organisations, const exchange::stix::Carried& what);

// The organisation whose node this is; empty: none was named.
core::Result<std::string> own_organisation(store::Store& store);

}  // namespace threatlas::work
