// What the routes of one server share. Constructed once, before the first request.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "assess/assessment.hpp"
#include "core/calendar.hpp"
#include "core/result.hpp"
#include "model/catalogue.hpp"
#include "model/reader.hpp"
#include "serve/geography.hpp"
#include "serve/freshness.hpp"
#include "serve/observation_shelf.hpp"
#include "serve/page_cache.hpp"
#include "store/audit_queue.hpp"
#include "store/store.hpp"

namespace threatlas::serve {

// Assessments never change once they are kept: each is read and taken apart once.
class Shelf {
  public:
    explicit Shelf(store::Store& store) : store_(store) {}
    // id 'latest': the newest the reader may see. not_found, not_allowed. The right is asked for, and the read
    // audited, each time.
    core::Result<std::shared_ptr<const assess::Assessment>> get(const model::Reader& reader, const std::string& id);
    void drop();   // after an erasure

  private:
    store::Store& store_;
    std::mutex lock_;
    std::uint64_t dropped_ = 0;
    std::map<std::string, std::shared_ptr<const assess::Assessment>> kept_;   // the last few
};

struct Service {
    std::string version, data_folder, catalogue_folder;
    model::Catalogue catalogue;
    std::unique_ptr<store::Store> store;
    std::unique_ptr<Shelf> shelf;
    std::unique_ptr<Freshness> fresh;
    std::unique_ptr<ObservationShelf> observations;
    std::unique_ptr<store::AuditQueue> reads;     // of what is answered from memory
    PageCache pages;
    std::shared_ptr<const Geography> geography;   // none without a map
    std::function<core::Day()> today;
};

// After an erasure: nothing of what was read stays in memory.
void forget(Service& service);
// Makes what is not there yet of the shelves and the geography, from the store and the catalogue's folder.
void furnish(Service& service);

}  // namespace threatlas::serve
