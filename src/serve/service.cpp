#include "serve/service.hpp"

#include <algorithm>

#include "assess/assess.hpp"
#include "core/text.hpp"

namespace threatlas::serve {

core::Result<std::shared_ptr<const assess::Assessment>> Shelf::get(const model::Reader& reader, const std::string& id) {
    constexpr std::size_t kKept = 8;   // some 20 MiB each
    THREATLAS_TRY(const auto allowed, store_.assessments(reader));
    const auto found = id == "latest" ? (allowed.empty() ? allowed.end() : allowed.end() - 1) : std::find_if(allowed.begin(), allowed.end(), [&](const auto& each) { return each.id == id; });
    if (found == allowed.end()) return core::fail(core::ErrorCode::not_found, id == "latest" ? "there is no assessment yet that you may see" : "there is no assessment '" + id + "' that you may see");
    std::uint64_t before = 0;
    {
        const std::lock_guard guard(lock_);
        before = dropped_;
        if (const auto kept = kept_.find(found->id); kept != kept_.end()) return kept->second;
    }
    THREATLAS_TRY(const std::string text, store_.assessment(reader, found->id));
    THREATLAS_TRY(assess::Assessment read, assess::from_json_text(text, "assessment " + found->id));
    auto whole = std::make_shared<const assess::Assessment>(std::move(read));
    const std::lock_guard guard(lock_);
    if (before != dropped_) return std::shared_ptr<const assess::Assessment>(whole);   // it may be of before an erasure
    if (kept_.size() >= kKept) kept_.erase(kept_.begin());
    kept_[found->id] = whole;
    return std::shared_ptr<const assess::Assessment>(whole);
}

void Shelf::drop() {
    const std::lock_guard guard(lock_);
    kept_.clear();
    ++dropped_;
}

void forget(Service& service) {
    service.fresh->changed();
    service.shelf->drop();
    service.observations->drop();
    service.pages.drop();
}

void furnish(Service& service) {
    if (!service.store) return;
    if (!service.shelf) service.shelf = std::make_unique<Shelf>(*service.store);
    if (!service.fresh) service.fresh = std::make_unique<Freshness>(*service.store, [&service] { return service.today(); });
    if (!service.observations) service.observations = std::make_unique<ObservationShelf>(*service.store, *service.fresh);
    if (!service.reads) service.reads = std::make_unique<store::AuditQueue>(*service.store);
    if (!service.geography)
        if (const auto text = core::read_file(service.catalogue_folder + "/map.geojson"); text)
            if (auto read = Geography::read(*text); read) service.geography = std::make_shared<const Geography>(std::move(*read));
}

}  // namespace threatlas::serve
