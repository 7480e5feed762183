// What is exchanged by TAXII 2.1: API roots, their collections, and in them objects exactly as they were given.
// Every object of a collection has a number, given in the order of adding and never twice: the microseconds since 1970
// of the moment, or the last number and one. It is its date_added, and where a page ends; what is added while somebody
// reads comes after, so a reader who goes on from the last number seen misses nothing and gets nothing twice.
// Who gets an object: whom the collection lets read, and of those, whom its marking lets have it (store/rights.hpp; an
// exit, so H2 needs consent). The audience of a collection counts as entitled: what it holds was addressed to them.
// Audited: one entry a request.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "core/result.hpp"
#include "model/fields.hpp"
#include "model/reader.hpp"

namespace threatlas::store {

struct Engine;

struct ApiRoot {
    std::string path{};                // '/taxii2/see/': begins and ends with '/'; its name. '/taxii2/' itself: what discovery says
    std::string title{}, description{};
    std::int64_t max_content_length = std::int64_t{10} << 20;
    std::string contact{};             // of the discovery resource
    bool preferred = false;            // the one discovery names as default
    static constexpr auto fields() {
        using T = ApiRoot;
        return std::make_tuple(model::field("path", &T::path, "where it is"), model::field("title", &T::title, "title"), model::field("description", &T::description, "description"),
            model::field("max_content_length", &T::max_content_length, "bytes of a request at most"), model::field("contact", &T::contact, "whom to ask"), model::field("preferred", &T::preferred, "the default root"));
    }
};

struct CollectionGrant {
    std::string who;                   // id of an account, an organisation, or '*': whoever may come in
    bool read = false, write = false;
    bool operator==(const CollectionGrant&) const = default;
    static constexpr auto fields() {
        using T = CollectionGrant;
        return std::make_tuple(model::field("who", &T::who, "account, organisation or *"), model::field("read", &T::read, "may read"), model::field("write", &T::write, "may write"));
    }
};

struct Collection {
    std::string root{}, id{};          // path of its root; UUID in lower case
    std::string alias{}, title{}, description{};
    std::vector<std::string> media_types{"application/stix+json;version=2.1"};
    std::vector<CollectionGrant> grants{};
    std::string handling{};            // of objects that do not say: 'TLP:AMBER'; empty counts as the strictest
    std::vector<std::string> audience{};   // organisations
    bool operator==(const Collection&) const = default;
    static constexpr auto fields() {
        using T = Collection;
        return std::make_tuple(model::field("root", &T::root, "path of its API root"), model::field("id", &T::id, "UUID"), model::field("alias", &T::alias, "another name"), model::field("title", &T::title, "title"),
            model::field("description", &T::description, "description"), model::field("media_types", &T::media_types, "media types"), model::field("grants", &T::grants, "who may read and write"),
            model::field("handling", &T::handling, "of objects that do not say"), model::field("audience", &T::audience, "organisations it is addressed to"));
    }
    bool may_know(const model::Reader& reader) const;   // a grant of nothing says that it is there
    bool may_read(const model::Reader& reader) const;
    bool may_write(const model::Reader& reader) const;
};

struct NewObject {
    std::string id, type;              // 'indicator--<uuid>', 'indicator'
    std::string version;               // timestamp of 'modified', else 'created'; empty: of the moment it is added
    std::string spec_version = "2.1";
    std::string media;                 // empty: the collection's first
    std::string text;                  // kept as it is
    std::string handling;              // empty: the collection's
    std::vector<std::string> originators{};   // whose marks bind it; none: the writer's organisation
    std::int64_t added = 0;            // when it was added elsewhere (microseconds); taken when it is after the last number
};

struct AddedObject {
    enum class Outcome { added, present, refused } outcome = Outcome::added;   // present: the same id and version was there, or the same text without one
    std::int64_t number = 0;
    std::string version;               // as it is kept
    std::string reason{};              // refused
};

struct ExchangedObject {
    std::int64_t number = 0;           // date_added, microseconds since 1970
    std::string id, version, media, spec_version, handling;
    std::vector<std::string> originators;
    std::string text;                  // empty for a manifest
};

struct ObjectFilter {
    std::int64_t after = 0;            // numbers above it
    std::vector<std::string> ids{}, types{}, spec_versions{};   // any of each; empty: all
    bool first = false, last = true, all = false;         // versions of each object; last, unless something else is asked
    std::vector<std::string> versions{};                  // exactly these
    std::size_t limit = 1000;
    std::size_t bytes = std::size_t{64} << 20;            // of texts; the first object comes in any case
    bool texts = true;                 // false: a manifest
    bool noted = true;                 // false: the caller has noted it with another read
};

struct ObjectPage {
    std::vector<ExchangedObject> objects;   // by number
    bool more = false;
};

// What became of a request to add; its JSON is of TAXII's status resource.
struct ExchangeStatus {
    std::string id, json;
};

class Collections {
  public:
    explicit Collections(std::shared_ptr<Engine> engine);
    ~Collections();
    Collections(const Collections&) = delete;
    Collections& operator=(const Collections&) = delete;

    // As given, new or changed; false: they were so already. bad_input for a path or id that is none.
    core::Result<bool> put(const model::Reader& writer, const ApiRoot& root);
    core::Result<bool> put(const model::Reader& writer, const Collection& collection);
    // Names, not content: not noted. Who shows them to somebody notes it (noted).
    core::Result<std::vector<ApiRoot>> roots(const model::Reader& reader);        // in the order of making
    // All of a root ('': of all), whoever asks: what they may is in may_know, may_read and may_write.
    core::Result<std::vector<Collection>> collections(const model::Reader& reader, const std::string& root = {});
    // By id or alias. not_found.
    core::Result<Collection> collection(const model::Reader& reader, const std::string& root, const std::string& id);
    // How many objects, of all versions, whoever may see them. For who keeps the server.
    core::Result<std::uint64_t> count(const model::Reader& reader, const Collection& collection);

    // One transaction, in order. not_allowed without the right to write.
    core::Result<std::vector<AddedObject>> add(const model::Reader& writer, const Collection& collection, std::span<const NewObject> objects);
    // The same, and what became of it under an id, in that transaction.
    core::Result<std::vector<AddedObject>> add(const model::Reader& writer, const Collection& collection, std::span<const NewObject> objects,
                                               const std::function<ExchangeStatus(const std::vector<AddedObject>&)>& status);
    // not_allowed without the right to read. Cost: what it returns, however much there is.
    core::Result<ObjectPage> page(const model::Reader& reader, const Collection& collection, const ObjectFilter& filter);
    // Versions of what the reader may have and write; how many went. Needs the right to read and to write.
    core::Result<std::uint64_t> remove(const model::Reader& writer, const Collection& collection, const std::string& id, const ObjectFilter& filter);
    // Of the same organisation, or kept for everybody (`owner` '*'). not_found. Kept for a week.
    core::Result<std::string> status(const model::Reader& reader, const std::string& root, const std::string& id);
    core::Result<void> put_status(const model::Reader& writer, const std::string& root, const ExchangeStatus& status, const std::string& owner);

    // How reads get into the log; at first each by itself, on the disk before it is answered.
    using Note = std::function<core::Result<void>(const model::Reader&, const std::string& object)>;
    void note_reads_by(Note note);
    core::Result<void> noted(const model::Reader& reader, const std::string& object);

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

// Whether they could be put; bad_input says why not.
core::Result<void> well_formed(const ApiRoot& root);
core::Result<void> well_formed(const Collection& collection);

// '2016-12-21T10:30:59.123456Z' of microseconds, and back: RFC 3339 in UTC, any number of decimals (beyond six they are cut).
std::string moment_text(std::int64_t micros);
std::optional<std::int64_t> moment_of(std::string_view text);

}  // namespace threatlas::store
