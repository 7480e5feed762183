#include "work/matching/desk.hpp"

#include <algorithm>
#include <chrono>
#include <set>

#include "core/text.hpp"
#include "model/json_codec.hpp"
#include "work/matching/parts.hpp"
#include "work/nodes/node.hpp"
#include "work/nodes/post.hpp"

namespace threatlas::work::matching {

using core::ErrorCode;
using core::fail;
using core::Result;
namespace ids = exchange::identifiers;
namespace crypto = exchange::matching;

Desk::Desk(store::Store& store, std::function<std::int64_t()> now, const model::Catalogue* catalogue) : store_(store), now_(std::move(now)), catalogue_(catalogue) {
    if (!now_) now_ = [] { return static_cast<std::int64_t>(std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count()); };
}
Desk::~Desk() = default;

Result<store::Matching*> Desk::tables() {
    const std::lock_guard guard(lock_);
    if (!tables_) {
        THREATLAS_TRY(tables_, store::Matching::of(store_));
    }
    return tables_.get();
}

Result<Settings> Desk::settings() {
    THREATLAS_TRY(auto* tables, this->tables());
    THREATLAS_TRY(const std::string text, tables->setting("settings"));
    Settings out;
    if (!text.empty()) {
        THREATLAS_TRY(const auto value, core::parse_json(text, "settings"));
        THREATLAS_CHECK(model::from_json(value, out, "settings"));
    }
    if (out.organisation.empty()) {
        THREATLAS_TRY(out.organisation, work::own_organisation(store_));
    }
    return out;
}

Result<void> Desk::set_up(const model::Reader& who, const Settings& wanted) {
    if (wanted.organisation.empty() || wanted.organisation.size() > 40 || wanted.organisation.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos) return fail(ErrorCode::bad_input, "name the organisation whose node this is, as the catalogue does: rs_mup");
    if (wanted.daily < 1 || wanted.daily > 1'000'000) return fail(ErrorCode::bad_input, "the quota of a day lies between 1 and 1,000,000 evaluations");
    if (wanted.cap < 1 || wanted.cap > static_cast<std::int64_t>(crypto::kMaxCap)) return fail(ErrorCode::bad_input, "the cap lies between 1 and " + std::to_string(crypto::kMaxCap) + " spellings");
    if (wanted.rekey_days < 1 || wanted.rekey_days > 366) return fail(ErrorCode::bad_input, "a key lasts between 1 and 366 days");
    THREATLAS_TRY(const Settings before, settings());
    THREATLAS_TRY(const std::string node, work::own_organisation(store_));
    if ((!before.organisation.empty() && before.organisation != wanted.organisation) || (!node.empty() && node != wanted.organisation)) return fail(ErrorCode::conflict, "this node is " + before.organisation + "'s: another organisation begins with a store of its own");
    THREATLAS_TRY(auto* tables, this->tables());
    return tables->set(who, "settings", core::write_json(model::to_json(wanted)));
}

// A node signs with its own key, which peers have from its card; a store that is no node with one made for matching.
Result<std::pair<crypto::Sign, std::string>> Desk::signature() {
    THREATLAS_TRY(const std::string node, work::own_organisation(store_));
    if (!node.empty()) {
        THREATLAS_TRY(const auto key, work::node_key(store_));
        const crypto::Sign sign = [key](crypto::Bytes message) -> Result<crypto::Signature> {
            crypto::Signature out{};
            if (!from_hexadecimal(key.sign(std::string_view(reinterpret_cast<const char*>(message.data()), message.size())), out)) return fail(ErrorCode::internal, "the node's key gives no signature");
            return out;
        };
        return std::pair(sign, key.open());
    }
    THREATLAS_TRY(auto* tables, this->tables());
    THREATLAS_TRY(auto secret, tables->signing_key());
    std::array<unsigned char, 32> open{};
    std::copy(secret.begin() + 32, secret.end(), open.begin());
    const auto sign = crypto::ed25519_signer(secret);
    sodium_memzero(secret.data(), secret.size());
    return std::pair(sign, hexadecimal(open));
}

Result<std::string> Desk::public_key() {
    return signature().map([](auto both) { return both.second; });
}

Result<crypto::Sign> Desk::signer() {
    return signature().map([](auto both) { return both.first; });
}

Result<std::vector<store::MatchEntry>> Desk::whole_list(const model::Reader& who) {
    THREATLAS_TRY(auto* tables, this->tables());
    return tables->all_entries(who);
}

model::Reader Desk::keeper(const model::Reader& who) const {
    model::Reader out = who;
    out.organisation = "regional", out.clearance = "TLP:RED H3", out.purpose = "administration: matching for " + who.organisation;
    return out;
}

Result<Added> Desk::add(const model::Reader& who, const std::vector<Wanted>& rows, const std::string& source) {
    THREATLAS_TRY(const Settings settings, this->settings());
    THREATLAS_CHECK(may_work(who, settings, "the watch-list"));
    if (rows.empty()) return fail(ErrorCode::bad_input, "there is no row");
    if (rows.size() > kMostRows) return fail(ErrorCode::bad_input, "at most " + std::to_string(kMostRows) + " rows at once");
    Added out;
    std::vector<store::MatchEntry> entries;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const Wanted& row = rows[i];
        const auto refuse = [&](const char* column, std::string reason) { out.refused.push_back({i + 1, column, std::move(reason)}); };
        const auto one = ids::canonical({row.kind, row.value, row.country, row.born}, {source, i + 1, ""});
        if (!one) {
            refuse(one.error().where.column.c_str(), one.error().message);
            continue;
        }
        if (core::trim(row.case_reference).size() < 3 || row.case_reference.size() > 120 || !core::is_utf8(row.case_reference)) {
            refuse("case_reference", "an entry needs the case it belongs to, in at most 120 bytes");
            continue;
        }
        if (row.note.size() > 1000 || !core::is_utf8(row.note)) {
            refuse("note", "a note is text of at most 1000 bytes");
            continue;
        }
        for (const auto& each : one->warnings) out.warnings.push_back({i + 1, each});
        store::MatchEntry entry;
        entry.kind = model::name_of(one->kind), entry.value = one->value, entry.country = one->country, entry.born = one->born;
        // A person's spellings are made again from the name as it came: its own script tells more than the canonical form.
        if (one->kind == ids::Kind::person) entry.value = std::string(core::trim(row.value)), entry.country = std::string(core::trim(row.country));
        entry.case_reference = row.case_reference, entry.note = row.note, entry.handling = row.handling, entry.organisation = settings.organisation;
        entries.push_back(std::move(entry));
    }
    THREATLAS_TRY(auto* tables, this->tables());
    THREATLAS_TRY(const std::uint64_t there, tables->live());
    if (there + entries.size() > static_cast<std::uint64_t>(settings.cap)) return fail(ErrorCode::not_allowed, "the list would pass its cap of " + std::to_string(settings.cap) + " identifiers");
    const std::size_t good = entries.size();
    if (good > 0) {
        THREATLAS_TRY(const auto fresh, tables->add(who, std::move(entries)));
        out.added = fresh.size();
    }
    out.known = good - out.added;
    return out;
}

Result<std::vector<store::MatchEntry>> Desk::entries(const model::Reader& who) {
    THREATLAS_TRY(const Settings settings, this->settings());
    THREATLAS_CHECK(may_work(who, settings, "the watch-list"));
    THREATLAS_TRY(auto* tables, this->tables());
    return tables->entries(who);
}

Result<void> Desk::remove(const model::Reader& who, const std::string& id, const std::string& reason) {
    THREATLAS_TRY(const Settings settings, this->settings());
    THREATLAS_CHECK(may_work(who, settings, "the watch-list"));
    if (core::trim(reason).size() < 3 || reason.size() > 200 || !core::is_utf8(reason)) return fail(ErrorCode::bad_input, "say why it is taken off, in at most 200 bytes: the reason goes into the log");
    THREATLAS_TRY(auto* tables, this->tables());
    THREATLAS_TRY(const auto all, tables->entries(who));
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.id == id; });
    if (found == all.end()) return fail(ErrorCode::not_found, "there is no entry '" + shown(id, 40) + "' that you may see; 'threatlas match list show' lists them");
    if (const auto one = ids::canonical({found->kind, found->value, found->country, found->born}); one && names_it(reason, *one)) return fail(ErrorCode::bad_input, "the reason names the identifier, and goes into the log: say it otherwise", {"", 0, "reason"});
    return tables->remove(who, id, reason);
}

Result<Status> Desk::status(const model::Reader& who) {
    Status out;
    THREATLAS_TRY(out.settings, settings());
    if (!out.settings.organisation.empty()) THREATLAS_CHECK(may_look(who, out.settings, "the state of matching"));
    THREATLAS_TRY(auto* tables, this->tables());
    THREATLAS_TRY(out.public_key, public_key());
    for (const auto& [kind, name] : model::EnumNames<ids::Kind>::names) {
        THREATLAS_TRY(const std::uint64_t count, tables->live(name));
        if (count > 0) out.kinds.push_back({std::string(name), static_cast<std::int64_t>(count)});
        out.entries += static_cast<std::int64_t>(count);
    }
    THREATLAS_TRY(const std::string own, tables->commitment(""));
    if (!own.empty()) {
        THREATLAS_TRY(const Commitment commitment, read_commitment(own));
        out.epoch = commitment.epoch, out.values = commitment.values, out.published = commitment.day;
        for (const auto& each : commitment.parts) out.serial = each.serial, out.bytes += each.bytes;
        THREATLAS_TRY(const std::string began, tables->setting("epoch_began"));
        if (!began.empty()) out.rekey_due = iso_day(std::stoi(began) + static_cast<std::int32_t>(out.settings.rekey_days));
    }
    THREATLAS_TRY(const auto peers, known_peers());
    for (const auto& each : peers) {
        PeerState state{each.organisation, each.address, "", 0, 0};
        THREATLAS_TRY(const std::string text, tables->commitment(each.organisation));
        THREATLAS_TRY(const auto parts, tables->parts(each.organisation, false));
        if (!text.empty() && !parts.empty()) {
            THREATLAS_TRY(const Commitment commitment, read_commitment(text));
            state.epoch = commitment.epoch, state.values = commitment.values, state.fetched = iso_day(parts.back().day);
        }
        out.peers.push_back(std::move(state));
    }
    THREATLAS_TRY(const auto alarms, this->alarms(who));
    out.open_alarms = std::count_if(alarms.begin(), alarms.end(), [](const auto& each) { return each.state != "closed"; });
    THREATLAS_TRY(const auto contacts, this->contacts(who));
    out.open_contacts = std::count_if(contacts.begin(), contacts.end(), [](const auto& each) { return each.state != "closed"; });
    return out;
}

Result<crypto::KeyPair> Desk::key_of(const store::MatchSeed& seed, const std::string& organisation) { return crypto::derive_key_pair(crypto::Mode::voprf, seed.bytes, organisation + "/" + std::to_string(seed.epoch)); }

namespace {

Result<std::set<std::string>> spellings(const std::vector<store::MatchEntry>& entries, const std::function<bool(const store::MatchEntry&)>& wanted) {
    std::set<std::string> out;
    for (const auto& each : entries) {
        if (!wanted(each)) continue;
        THREATLAS_TRY(const auto one, ids::canonical({each.kind, each.value, each.country, each.born}));
        out.insert(one.spellings.begin(), one.spellings.end());
    }
    return out;
}

std::vector<std::string> without(const std::set<std::string>& a, const std::set<std::string>& b) {
    std::vector<std::string> out;
    std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
    return out;
}

Result<std::vector<crypto::Output>> evaluated(const crypto::KeyPair& key, const std::vector<std::string>& texts) {
    if (texts.empty()) return std::vector<crypto::Output>{};
    return crypto::evaluate_directly(key, texts);
}

}  // namespace

Result<Published> Desk::publish(const model::Reader& who, bool rekey) {
    THREATLAS_TRY(const Settings settings, this->settings());
    // The nightly round is the administrator's.
    if (who.role != model::Role::administrator || settings.organisation.empty() || (who.organisation != settings.organisation && who.organisation != "regional")) THREATLAS_CHECK(may_work(who, settings, "publication"));
    THREATLAS_TRY(auto* tables, this->tables());
    THREATLAS_TRY(auto parts, tables->parts("", false));
    THREATLAS_TRY(const std::string began, tables->setting("epoch_began"));
    // What is signed with another key than the node's of now (a store that became a node) is published anew.
    THREATLAS_TRY(const std::string published, tables->commitment(""));
    if (!published.empty() && !rekey) {
        THREATLAS_TRY(const auto commitment, read_commitment(published));
        THREATLAS_TRY(const std::string now_key, public_key());
        THREATLAS_TRY(const auto verify, verifier(now_key));
        crypto::Signature signature{};
        rekey = !from_hexadecimal(commitment.signature, signature) || !verify(crypto::bytes_of(signed_text(commitment)), signature);
    }
    rekey = rekey || parts.empty() || (!began.empty() && day() >= std::stoi(began) + settings.rekey_days);
    THREATLAS_TRY(const auto entries, tables->all_entries(who));
    THREATLAS_TRY(const auto now, spellings(entries, [](const auto& each) { return !each.removed; }));
    std::set<std::string> before;
    if (!rekey) {
        THREATLAS_TRY(before, spellings(entries, [](const auto& each) { return each.published; }));
    }
    const auto fresh = without(now, before), gone = without(before, now);
    Published out;
    out.values = static_cast<std::int64_t>(now.size());
    if (now.size() > static_cast<std::size_t>(settings.cap)) return fail(ErrorCode::not_allowed, "the list has " + std::to_string(now.size()) + " spellings, more than its cap of " + std::to_string(settings.cap));
    store::MatchSeed seed;
    std::uint64_t cap = static_cast<std::uint64_t>(settings.cap);
    if (rekey) {
        THREATLAS_TRY(seed, tables->next_seed());
    } else {
        THREATLAS_TRY(const auto kept, tables->seed());
        if (!kept) return fail(ErrorCode::internal, "a filter is published and has no key");
        seed = *kept;
        THREATLAS_TRY(const auto commitment, read_commitment(*tables->commitment("")));
        cap = static_cast<std::uint64_t>(commitment.cap);   // another cap begins with another key
        out.epoch = seed.epoch, out.serial = parts.back().serial;
        if (fresh.empty() && gone.empty()) return out;
        if (now.size() > cap) return fail(ErrorCode::not_allowed, "the list has more spellings than the cap signed with this key; 'threatlas match publish --rekey' begins another");
    }
    // Many small parts are folded into a base now and then: under the same key, of a newer serial.
    const bool base = rekey || parts.size() >= 30;
    THREATLAS_TRY(const auto key, key_of(seed, settings.organisation));
    crypto::PartHeader header;
    header.key = crypto::key_id(crypto::Mode::voprf, key.public_key), header.epoch = seed.epoch, header.serial = rekey ? 0 : parts.back().serial + 1, header.base = base, header.day = day(), header.cap = cap;
    if (!base) header.follows = digest_from(parts.back().digest);
    THREATLAS_TRY(const auto added, evaluated(key, base ? std::vector<std::string>(now.begin(), now.end()) : fresh));
    THREATLAS_TRY(const auto removed, evaluated(key, base ? std::vector<std::string>() : gone));
    THREATLAS_TRY(const auto made, crypto::make_part(header, added, removed));
    THREATLAS_TRY(const auto sign, signer());
    store::MatchPart part{"", seed.epoch, header.serial, base, header.day, "", "", 0};
    THREATLAS_TRY(part.bytes, crypto::encode(made, sign));
    part.size = part.bytes.size(), part.digest = hexadecimal(crypto::digest_of(part.bytes));
    if (base) parts.clear();
    parts.push_back(part);
    Commitment commitment;
    commitment.organisation = settings.organisation, commitment.epoch = seed.epoch, commitment.values = out.values, commitment.cap = static_cast<std::int64_t>(cap), commitment.daily = settings.daily, commitment.public_key = hexadecimal(key.public_key.bytes),
    commitment.key_id = hexadecimal(header.key), commitment.day = iso_day(day());
    for (const auto& each : parts) commitment.parts.push_back({each.serial, each.day, static_cast<std::int64_t>(each.size), each.base, each.digest});
    THREATLAS_TRY(const auto signature, sign(crypto::bytes_of(signed_text(commitment))));
    commitment.signature = hexadecimal(signature);
    out.epoch = seed.epoch, out.serial = header.serial, out.added = static_cast<std::int64_t>(fresh.size()), out.removed = static_cast<std::int64_t>(gone.size()), out.bytes = static_cast<std::int64_t>(part.size), out.base = base, out.changed = true;
    THREATLAS_CHECK(tables->publish(who, part, core::write_json(model::to_json(commitment)),
                                    "filter published: epoch " + std::to_string(out.epoch) + " serial " + std::to_string(out.serial) + " values " + std::to_string(out.values) + " added " + std::to_string(out.added) + " removed " + std::to_string(out.removed) + " " + part.digest));
    if (rekey) THREATLAS_CHECK(tables->set(who, "epoch_began", std::to_string(day())));
    return out;
}

}  // namespace threatlas::work::matching
