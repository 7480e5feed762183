// One peer's node, over HTTP.
#pragma once

#include <string>

#include "core/result.hpp"
#include "exchange/http/client.hpp"
#include "store/matching.hpp"

namespace threatlas::work::matching {

class Line {
  public:
    explicit Line(store::MatchPeer peer) : peer_(std::move(peer)), client_({peer_.authorities, peer_.certificate, peer_.key}) {}
    // The body of a 2xx answer. Else what the peer said went wrong, in at most 300 bytes.
    core::Result<std::string> ask(const std::string& method, const std::string& path, const std::string& body, std::size_t most);

  private:
    store::MatchPeer peer_;
    exchange::http::Client client_;
};

}  // namespace threatlas::work::matching
