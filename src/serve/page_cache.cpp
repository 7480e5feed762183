#include "serve/page_cache.hpp"

namespace threatlas::serve {
namespace {

std::string key_of(const model::Reader& reader, const std::string& path) { return rights_of(reader) + '\n' + path; }

}  // namespace

std::string rights_of(const model::Reader& reader) {
    return reader.organisation + '\n' + std::string(model::name_of(reader.role)) + '\n' + reader.clearance + '\n' + reader.purpose.substr(0, reader.purpose.find(':'));
}

std::optional<PageCache::Page> PageCache::find(const model::Reader& reader, const std::string& path, const std::string& state) const {
    const std::string key = key_of(reader, path);
    const std::lock_guard guard(lock_);
    const auto found = pages_.find(key);
    if (found == pages_.end() || found->second.state != state) return std::nullopt;
    return found->second.page;
}

void PageCache::drop() {
    const std::lock_guard guard(lock_);
    pages_.clear(), order_.clear();
    bytes_ = 0;
}

void PageCache::keep(const model::Reader& reader, const std::string& path, const std::string& state, Page page) {
    const std::string key = key_of(reader, path);
    const std::size_t size = page.body->size();
    if (size > most_ / 8) return;
    const std::lock_guard guard(lock_);
    const auto drop = [&](std::unordered_map<std::string, Kept>::iterator one) {
        bytes_ -= one->second.page.body->size();
        order_.erase(one->second.age);
        pages_.erase(one);
    };
    if (const auto old = pages_.find(key); old != pages_.end()) drop(old);
    while (bytes_ + size > most_ && !order_.empty()) drop(pages_.find(order_.front()));
    order_.push_back(key);
    bytes_ += size;
    pages_.emplace(key, Kept{state, std::move(page), std::prev(order_.end())});
}

net::Response response_of(const PageCache::Page& page) {
    return {200, {{"Content-Type", page.type}, {"ETag", page.etag}, {"Cache-Control", "private, no-cache"}}, page.body};
}

}  // namespace threatlas::serve
