#include "work/library.hpp"

#include "exchange/stix/ids.hpp"

namespace threatlas::work {

using core::Result;

namespace {

constexpr const char* kRoot = "/taxii2/local/";

const std::string& id() {
    static const std::string it = exchange::stix::uuid_of("collection/library");
    return it;
}

}  // namespace

Result<store::Collection> library(store::Store& store, const model::Reader& who) {
    auto& all = store.collections();
    auto found = all.collection(who, kRoot, id());
    if (found || found.error().code != core::ErrorCode::not_found) return found;
    store::ApiRoot root;
    root.path = kRoot, root.title = "This node", root.description = "What this node keeps for itself.";
    THREATLAS_CHECK(all.put(who, root));
    store::Collection made;
    made.root = kRoot, made.id = id(), made.alias = "library", made.title = "Library", made.description = "Objects from elsewhere, as they came.";
    made.grants = {{std::string(store::kRegional), true, true}};
    THREATLAS_CHECK(all.put(who, made));
    return all.collection(who, kRoot, id());
}

Result<void> each_of_library(store::Store& store, const model::Reader& reader, const std::function<Result<void>(const store::ExchangedObject&)>& each) {
    auto found = store.collections().collection(reader, kRoot, id());
    if (!found) return found.error().code == core::ErrorCode::not_found ? Result<void>{} : Result<void>(tl::unexpected<core::Error>(found.error()));
    if (!found->may_read(reader)) return {};
    store::ObjectFilter filter;
    for (;;) {
        THREATLAS_TRY(const auto page, store.collections().page(reader, *found, filter));
        for (const auto& object : page.objects) THREATLAS_CHECK(each(object));
        if (!page.more || page.objects.empty()) return {};
        filter.after = page.objects.back().number;
    }
}

}  // namespace threatlas::work
