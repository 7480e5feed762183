// Answers kept as they are sent, by who may see what. A kept answer is given only to readers of equal rights, and only as
// long as the store says nothing changed.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "model/reader.hpp"
#include "serve/net/message.hpp"

namespace threatlas::serve {

// All that decides what a reader sees, as one text.
std::string rights_of(const model::Reader& reader);

class PageCache {
  public:
    explicit PageCache(std::size_t bytes = std::size_t{64} << 20) : most_(bytes) {}
    struct Page {
        net::Shared body;
        std::string type, etag, object;   // object: what the audit log says was read
    };
    // state: of the store when it was made, or now.
    std::optional<Page> find(const model::Reader& reader, const std::string& path, const std::string& state) const;
    void drop();
    void keep(const model::Reader& reader, const std::string& path, const std::string& state, Page page);

  private:
    struct Kept {
        std::string state;
        Page page;
        std::list<std::string>::iterator age;
    };
    mutable std::mutex lock_;
    std::unordered_map<std::string, Kept> pages_;
    std::list<std::string> order_;            // oldest first
    std::size_t bytes_ = 0, most_;
};

net::Response response_of(const PageCache::Page& page);

}  // namespace threatlas::serve
