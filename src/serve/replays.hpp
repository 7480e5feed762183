// Changes asked for twice under the same Idempotency-Key: done once.
#pragma once

#include <functional>
#include <mutex>
#include <set>
#include <string>

#include "core/result.hpp"
#include "serve/net/message.hpp"
#include "serve/route.hpp"
#include "store/idempotency.hpp"

namespace threatlas::serve {

class Replays {
  public:
    // now: seconds since 1970.
    Replays(store::Idempotency& kept, std::function<std::int64_t()> now) : kept_(kept), now_(std::move(now)) {}
    // Without the header: just does it. With it: the first successful answer again for the same caller, address and body;
    // conflict for another body, or while the first is under way. What failed changed nothing and is tried anew.
    core::Result<net::Response> once(const net::Request& request, const Caller& caller, const std::function<core::Result<net::Response>()>& change);

  private:
    store::Idempotency& kept_;
    std::function<std::int64_t()> now_;
    std::mutex lock_;
    std::set<std::string> under_way_;
};

}  // namespace threatlas::serve
