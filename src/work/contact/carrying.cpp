#include "work/contact/carrying.hpp"

#include <sodium.h>

#include <algorithm>

#include "core/hash.hpp"
#include "core/text.hpp"
#include "model/json_codec.hpp"
#include "store/desk.hpp"
#include "work/contact/consents.hpp"
#include "work/contact/files.hpp"
#include "work/contact/onward.hpp"
#include "work/contact/spread.hpp"
#include "work/nodes/post.hpp"

namespace threatlas::work::contact {

using core::ErrorCode;
using core::fail;
using core::Result;
using exchange::stix::Carried;
using model::Acknowledgement;

namespace {

constexpr std::size_t kPart = std::size_t{512} << 10, kMostParts = kMostFile / kPart + 1, kMostWaitingParts = 64;

std::string text_at(const core::json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::string base64(std::string_view bytes) {
    std::string out(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
    out.resize(out.find('\0'));
    return out;
}

Result<std::string> from_base64(std::string_view text) {
    std::string out(text.size(), '\0');
    std::size_t size = 0;
    if (sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(), text.size(), nullptr, &size, nullptr, sodium_base64_VARIANT_ORIGINAL) != 0) return fail(ErrorCode::bad_input, "a part of a file is no Base64");
    out.resize(size);
    return out;
}

// A part of a file, as it travels and as it waits for the others.
struct Part {
    std::string sha256;
    std::uint64_t part = 0, parts = 1;
    std::string data;
    static constexpr auto fields() {
        using T = Part;
        using model::field;
        return std::make_tuple(field("sha256", &T::sha256, "of the whole file"), field("part", &T::part, "from 0"), field("parts", &T::parts, "how many"), field("data", &T::data, "Base64"));
    }
};

bool is_hash(std::string_view text) { return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos; }

Carried around(const std::string& kind, const std::string& organisation, const std::string& id, const std::string& at, const Paper& paper, core::json::object record) {
    return {.kind = kind, .id = organisation + "/" + id, .created = at, .modified = at, .title = kind + " " + paper.kind + " " + paper.id, .text = {}, .handling = paper.handling, .originators = {organisation}, .record = std::move(record), .revoked = false, .refs = {}};
}

Result<void> send_file(const Desk& desk, const model::Reader& who, const Paper& paper, const std::string& originator, const std::string& hash, const std::vector<std::string>& to) {
    THREATLAS_TRY(store::Desk * kept, desk.store.desk());
    const auto content = kept->file(originator, hash);
    if (!content && content.error().code == ErrorCode::not_found) return {};   // passed on before it came
    if (!content) return tl::unexpected<core::Error>(content.error());
    const std::uint64_t parts = (content->size() + kPart - 1) / kPart;
    for (std::uint64_t i = 0; i < parts; ++i) {
        const Part part{hash, i, parts, base64(std::string_view(*content).substr(i * kPart, kPart))};
        // Its moment is its own, so that sending it with another version sends nothing new.
        THREATLAS_TRY(const auto posted, post(desk.store, who, to, around("file", originator, "file/" + hash + "/" + std::to_string(i), text_at(paper.record, "issued"), paper, model::to_json(part).as_object())));
        if (posted.sent.empty()) return {};
    }
    return {};
}

// What people will read on a terminal or a page: no control characters, nothing endless.
Result<void> fit_all(const core::json::value& value, const std::string& kind) {
    if (value.is_string()) return fit(std::string(value.get_string()), kind.c_str(), 64 * 1024, false);
    if (value.is_array()) {
        if (value.get_array().size() > 200) return fail(ErrorCode::bad_input, "a " + kind + " with a list of more than 200");
        for (const auto& each : value.get_array()) THREATLAS_CHECK(fit_all(each, kind));
    }
    if (value.is_object())
        for (const auto& each : value.get_object()) THREATLAS_CHECK(fit_all(each.value(), kind));
    return {};
}

class Receiving {
  public:
    Receiving(store::Store& store, const model::Catalogue& catalogue) : desk_{store, catalogue} {}

    template <class T>
    Result<void> paper(const Peer& from, const Carried& what) const {
        THREATLAS_TRY(Paper paper, paper_of(what));
        THREATLAS_TRY(const T record, record_of<T>(paper));
        THREATLAS_CHECK(fit_all(core::json::value(what.record), paper.kind));
        THREATLAS_CHECK(fit_line(text_at(what.record, "title"), "title", 400, false));
        if (paper.kind != T::kKind || record.originator != from.author || !record.id.starts_with(std::string(T::kLetter) + "-" + from.author + "-")) return fail(ErrorCode::not_allowed, "a " + paper.kind + " of " + record.originator + " does not come from " + from.author);
        THREATLAS_TRY(const std::string own, own_organisation(desk_.store));
        if (!has(record.recipients, own) && !from.passed_on()) return fail(ErrorCode::not_allowed, paper.kind + " " + paper.id + " is not addressed to " + own);
        add_to(paper.audience, own);
        const model::Reader who = feed_reader(from, own, paper.kind);
        THREATLAS_TRY(const auto before, kept_papers(desk_, who, paper.kind, paper.id));
        THREATLAS_TRY(const bool fresh, keep(desk_, who, paper));
        THREATLAS_TRY(const auto all, kept_papers(desk_, who, paper.kind, paper.id));
        const auto kept = std::find_if(all.begin(), all.end(), [&](const Paper& each) { return each.version == paper.version; });
        if (kept == all.end()) return fail(ErrorCode::internal, "what was just kept is not there");
        if (!fresh && core::write_json(kept->record) != core::write_json(paper.record)) return fail(ErrorCode::conflict, "version " + std::to_string(paper.version) + " of " + paper.id + " is here already and says something else");
        THREATLAS_CHECK(note(desk_, who, *kept, {.of = paper.kind, .id = paper.id, .version = paper.version, .organisation = own, .state = "fetched", .at = {}, .note = {}, .to = {}}));
        THREATLAS_CHECK(onward(who, own, before, *kept));
        return spread(desk_);
    }

    Result<void> receipt(const Peer& from, const Carried& what) const {
        Acknowledgement said;
        THREATLAS_CHECK(model::from_json(core::json::value(what.record), said, "receipt"));
        if (said.organisation != from.author) return fail(ErrorCode::not_allowed, "a receipt of " + said.organisation + " does not come from " + from.author);
        if (!has({"fetched", "read", "acknowledged", "forwarded"}, said.state) || !is_id(said.id) || !has({"bulletin", "request", "answer"}, said.of)) return fail(ErrorCode::bad_input, "a receipt says of what, and how far it came");
        THREATLAS_CHECK(fit(said.note, "note", 2000, false));
        if (said.to.size() > 100) return fail(ErrorCode::bad_input, "passed on to more than 100");
        THREATLAS_CHECK(known_organisations(desk_.catalogue, said.to));
        THREATLAS_TRY(const std::string own, own_organisation(desk_.store));
        const model::Reader who = feed_reader(from, own, "receipt");
        THREATLAS_TRY(const auto all, papers(desk_, who, said.of, said.id));
        const auto found = std::find_if(all.begin(), all.end(), [&](const Paper& each) { return each.version == said.version; });
        if (found == all.end()) return fail(ErrorCode::not_found, "there is no version " + std::to_string(said.version) + " of " + said.of + " " + said.id);
        if (text_at(found->record, "originator") != own) return fail(ErrorCode::not_allowed, "receipts go to the originator");
        bool has_it = has(found->audience, said.organisation);
        for (const auto& each : all)
            for (const auto& onward : forwards_of(each)) has_it = has_it || has(onward.to, said.organisation);
        if (!has_it) return fail(ErrorCode::not_found, said.organisation + " was not sent it, and nobody has said that it was passed on there");
        return note(desk_, who, *found, said);
    }

    Result<void> file(const Peer& from, const Carried& what) const {
        Part part;
        THREATLAS_CHECK(model::from_json(core::json::value(what.record), part, "file"));
        if (!is_hash(part.sha256) || part.parts < 1 || part.parts > kMostParts || part.part >= part.parts || part.data.size() > 2 * kPart) return fail(ErrorCode::bad_input, "a part of a file says which part of what");
        THREATLAS_CHECK(from_base64(part.data));
        THREATLAS_TRY(store::Desk * kept, desk_.store.desk());
        if (kept->file(from.author, part.sha256)) return {};
        THREATLAS_TRY(const std::uint64_t bytes, kept->kept_bytes(from.author));
        THREATLAS_TRY(const auto waiting, kept->items("part"));
        if (bytes > kMostKept || static_cast<std::size_t>(std::count_if(waiting.begin(), waiting.end(), [&](const auto& each) { return each.organisation == from.author; })) > kMostWaitingParts) return fail(ErrorCode::not_allowed, "the files of " + from.author + " fill what is kept for them");
        const auto name = [&](std::uint64_t i) { return from.author + "." + part.sha256 + "." + std::to_string(i); };
        THREATLAS_TRY(const std::string own, own_organisation(desk_.store));
        model::Reader who = feed_reader(from, own, "file");
        who.organisation = from.author;
        THREATLAS_CHECK(kept->put(who, {.kind = "part", .id = name(part.part), .organisation = from.author, .made = desk_.now(), .body = part.data}, {}));
        std::string content;
        for (std::uint64_t i = 0; i < part.parts; ++i) {
            THREATLAS_TRY(const auto one, kept->item("part", name(i)));
            if (!one) return {};
            THREATLAS_TRY(const std::string piece, from_base64(one->body));
            content += piece;
        }
        if (core::sha256(content) == part.sha256 && media_of(content)) THREATLAS_CHECK(kept->keep_file(who, content, desk_.now()));
        for (std::uint64_t i = 0; i < part.parts; ++i) THREATLAS_CHECK(kept->remove(who, "part", name(i)));
        THREATLAS_TRY(const std::uint64_t after, kept->kept_bytes(from.author));
        if (after == bytes) return fail(ErrorCode::bad_input, "the parts of a file are not what its hash says, or of no type that is taken");
        return {};
    }

    Result<void> consent(const Peer& from, const Carried& what) const {
        store::Consent given;
        THREATLAS_CHECK(model::from_json(core::json::value(what.record), given, "consent"));
        if (given.originator != from.author) return fail(ErrorCode::not_allowed, "a consent of " + given.originator + " does not come from " + from.author);
        if (given.revoked != what.revoked || what.id != from.author + "/consent/" + given.id) return fail(ErrorCode::bad_input, "a consent says two things of itself");
        THREATLAS_CHECK(fit(what.text, "reason", 2000, false));
        THREATLAS_CHECK(fit_all(core::json::value(what.record), "consent"));
        THREATLAS_TRY(const std::string own, own_organisation(desk_.store));
        model::Reader who = feed_reader(from, own, "consent");
        who.organisation = from.author;
        THREATLAS_CHECK(receive_consent(desk_, who, given, what.text));
        if (!given.revoked || !names_paper(given)) return {};
        // To whom we passed it on, for its originator's node may not know theirs.
        const model::Reader we = feed_reader(from, own, "consent");
        THREATLAS_TRY(const auto all, kept_papers(desk_, we, paper_kind(given.submission), given.submission));
        const bool ours = std::any_of(all.begin(), all.end(), [&](const Paper& each) {
            const auto onward = forwards_of(each);
            return std::any_of(onward.begin(), onward.end(), [&](const auto& one) { return one.organisation == own && has(one.to, given.to); });
        });
        if (!ours) return {};
        return goes_on(desk_, we, what, {given.to});
    }

  private:
    // What we passed on before goes on to the same when it is corrected or withdrawn.
    Result<void> onward(const model::Reader& who, const std::string& own, const std::vector<Paper>& before, const Paper& now) const {
        std::vector<std::string> to;
        for (const auto& each : before)
            for (const auto& onward : forwards_of(each))
                if (onward.organisation == own)
                    for (const auto& organisation : onward.to)
                        if (!has(now.audience, organisation)) add_to(to, organisation);
        if (text_at(now.record, "state") != "withdrawn") std::erase_if(to, [&](const auto& each) { return !may_pass_on(desk_.store, own, now.marked(), each); });
        if (to.empty()) return {};
        THREATLAS_CHECK(note(desk_, who, now, {.of = now.kind, .id = now.id, .version = now.version, .organisation = own, .state = "forwarded", .at = {}, .note = {}, .to = to}));
        THREATLAS_CHECK(goes_on(desk_, who, carried_of(now), to));
        return pass_onward(desk_);
    }

    Desk desk_;
};

}  // namespace

Carried carried_of(const Paper& paper) {
    const bool withdrawn = text_at(paper.record, "state") == "withdrawn";
    std::string title = text_at(paper.record, "title");
    if (title.empty()) title = paper.kind == "answer" ? "Answer to " + text_at(paper.record, "request") : paper.kind;
    return {.kind = paper.kind, .id = (paper.owners.empty() ? std::string() : paper.owners.front()) + "/" + paper.id, .created = text_at(paper.record, "issued"), .modified = text_at(paper.record, "modified"), .title = std::move(title), .text = text_at(paper.record, "text"),
            .handling = paper.handling, .originators = paper.owners, .record = paper.record, .revoked = withdrawn, .refs = {}};
}

Result<Paper> paper_of(const Carried& what) {
    Paper out{what.kind, text_at(what.record, "id"), {}, 0, {}, what.originators, {}, what.record, {}};
    const auto* version = what.record.if_contains("version");
    if (!is_id(out.id) || version == nullptr || !version->is_int64() || version->get_int64() < 1 || version->get_int64() > 1'000'000) return fail(ErrorCode::bad_input, "a " + what.kind + " has an id and a version");
    out.version = static_cast<std::uint64_t>(version->get_int64());
    if (what.originators.empty() || text_at(what.record, "originator") != what.originators.front() || what.id != what.originators.front() + "/" + out.id) return fail(ErrorCode::bad_input, out.kind + " " + out.id + " says two things of whose it is");
    if ((text_at(what.record, "state") == "withdrawn") != what.revoked) return fail(ErrorCode::bad_input, out.kind + " " + out.id + " says two things of whether it is withdrawn");
    out.handling = store::join_handling(what.handling, text_at(what.record, "handling"));
    if (const auto* to = what.record.if_contains("recipients"); to != nullptr && to->is_array())
        for (const auto& each : to->get_array())
            if (each.is_string()) add_to(out.audience, std::string(each.get_string()));
    if (out.audience.size() > 200) return fail(ErrorCode::bad_input, out.kind + " " + out.id + " has more than 200 recipients");
    add_to(out.audience, what.originators.front());
    return out;
}

Result<void> send(const Desk& desk, const model::Reader& who, const Paper& paper, const std::vector<std::string>& to) {
    if (to.empty() || paper.owners.empty()) return {};
    if (const auto* files = paper.record.if_contains("attachments"); files != nullptr && files->is_array())
        for (const auto& each : files->get_array())
            if (each.is_object()) THREATLAS_CHECK(send_file(desk, who, paper, paper.owners.front(), text_at(each.get_object(), "sha256"), to));
    THREATLAS_TRY(const auto posted, post(desk.store, who, to, carried_of(paper)));
    (void)posted;
    return {};
}

Result<void> pass_on(const Desk& desk, const model::Reader& who, const Paper& paper, const std::vector<std::string>& to) {
    THREATLAS_CHECK(send(desk, who, paper, to));
    return plan(desk, paper, to);
}

Result<void> report(const Desk& desk, const model::Reader& who, const Paper& paper, const Acknowledgement& what) {
    if (paper.owners.empty() || paper.owners.front() == what.organisation) return {};
    std::vector<std::string> key{paper.id, std::to_string(paper.version), what.state};
    if (!what.to.empty()) key.push_back(core::sha256(core::join(what.to, ",")).substr(0, 12));
    THREATLAS_TRY(const auto posted, post(desk.store, who, {paper.owners.front()}, around("receipt", what.organisation, "receipt/" + core::join(key, "/"), what.at, paper, model::to_json(what).as_object())));
    (void)posted;
    return {};
}

Result<void> tell_consent(const Desk& desk, const model::Reader& who, const std::vector<Paper>& versions, const store::Consent& given, std::int64_t at, const std::string& reason) {
    std::vector<std::string> to;
    const auto tell = [&](const std::string& each) { if (each != who.organisation) add_to(to, each); };
    for (const auto& version : versions) {
        for (const auto& each : version.audience) tell(each);
        for (const auto& onward : forwards_of(version))
            for (const auto& each : onward.to) tell(each);
    }
    tell(given.to);
    Carried what = around("consent", who.organisation, "consent/" + given.id, iso_time(at), versions.back(), model::to_json(given).as_object());
    what.revoked = given.revoked, what.text = reason;
    THREATLAS_TRY(const auto posted, post(desk.store, who, to, what));
    (void)posted;
    return {};
}

void add_receivers(Receivers& all, store::Store& store, const model::Catalogue& catalogue) {
    const auto receiving = std::make_shared<const Receiving>(store, catalogue);
    all.add("bulletin", [receiving](const Peer& from, const Carried& what) { return receiving->paper<model::Bulletin>(from, what); });
    all.add("request", [receiving](const Peer& from, const Carried& what) { return receiving->paper<model::Request>(from, what); });
    all.add("answer", [receiving](const Peer& from, const Carried& what) { return receiving->paper<model::Answer>(from, what); });
    all.add("receipt", [receiving](const Peer& from, const Carried& what) { return receiving->receipt(from, what); });
    all.add("file", [receiving](const Peer& from, const Carried& what) { return receiving->file(from, what); });
    all.add("consent", [receiving](const Peer& from, const Carried& what) { return receiving->consent(from, what); });
    all.outstanding([&store, &catalogue] { return spread(Desk{store, catalogue}); });
    all.outstanding([&store, &catalogue] { return tell_again(Desk{store, catalogue}); });
    all.outstanding([&store, &catalogue] { return pass_onward(Desk{store, catalogue}); });
}

}  // namespace threatlas::work::contact
