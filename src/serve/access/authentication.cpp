#include "serve/access/authentication.hpp"

#include <sodium.h>

#include <algorithm>
#include <chrono>

#include "core/text.hpp"
#include "serve/access/rights.hpp"

namespace threatlas::serve::access {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;

constexpr std::int64_t kRemembered = 2, kNoted = 60, kProved = 900;   // seconds
constexpr std::size_t kMostRemembered = 10'000;
constexpr const char* kCookie = "threatlas_session";
constexpr const char* kSecureCookie = "__Host-threatlas_session";

std::int64_t doubling(int failures, int free, std::int64_t first) {
    if (failures <= free) return 0;
    return std::min<std::int64_t>(900, first << std::min(failures - free - 1, 10));
}

}  // namespace

std::int64_t wait_of_name(int failures) { return doubling(failures, 5, 30); }
std::int64_t wait_of_address(int failures) { return doubling(failures, 30, 10); }

model::Reader reader_for(const std::string& account, const store::Standing& standing) {
    const bool runs_it = standing.role == model::Role::administrator;
    return {account, standing.organisation, standing.role, runs_it ? "TLP:CLEAR" : standing.clearance, std::string(purposes_of(standing.role).front())};
}

Visitor Access::visitor(const net::Request& request) const {
    std::string agent(request.header("user-agent").substr(0, 200));
    while (!core::is_utf8(agent)) agent.pop_back();
    const bool secure = request.peer.secure || options_.secure;
    return {request.peer.address, agent, secure, std::string(request.cookie(secure ? kSecureCookie : kCookie))};
}

Access::Access(store::Accounts& accounts, AccessOptions options) : accounts_(accounts), options_(std::move(options)), passwords_(options_.cost) {
    if (!options_.now)
        options_.now = [] { return static_cast<std::int64_t>(std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count()); };
}

std::string Access::cookie(const std::string& secret, bool secure) const {
    secure = secure || options_.secure;
    std::string text = std::string(secure ? kSecureCookie : kCookie) + "=" + secret + "; Path=/; HttpOnly; SameSite=Strict";
    if (secure) text += "; Secure";
    if (secret.empty()) text += "; Max-Age=0";
    return text;
}

std::string Access::csrf_of(const std::string& secret) const { return accounts_.key().index("csrf", secret); }

void Access::forget() {
    const std::lock_guard guard(lock_);
    known_.clear();
    ++forgotten_;
}

Result<Caller> Access::authenticate(const net::Request& request) {
    const std::string_view authorization = request.header("authorization");
    if (!authorization.empty()) {
        // What was meant to prove something and does not is a stranger, not whoever the cookie says.
        constexpr std::string_view kBearer = "bearer ", kBasic = "basic ";
        if (authorization.size() > kBasic.size() && core::lower_ascii(std::string(authorization.substr(0, kBasic.size()))) == kBasic) return by_password(core::trim(authorization.substr(kBasic.size())), request.peer.address);
        if (authorization.size() <= kBearer.size() || core::lower_ascii(authorization.substr(0, kBearer.size())) != kBearer) return Caller{};
        return by_machine("token", std::string(core::trim(authorization.substr(kBearer.size()))));
    }
    const bool secure = request.peer.secure || options_.secure;
    if (const std::string_view secret = request.cookie(secure ? kSecureCookie : kCookie); !secret.empty()) {
        THREATLAS_TRY(Caller caller, by_session(std::string(secret)));
        if (!caller.account.empty()) return caller;
    }
    if (!request.peer.certificate.empty()) return by_machine("certificate", request.peer.certificate);
    return Caller{};
}

Result<Caller> Access::by_session(const std::string& secret) {
    const std::string index = accounts_.key().fingerprint(secret);
    const std::int64_t at = now();
    const auto over = [&](const Known& known) { return at >= known.until || at - known.idle_from >= options_.idle; };
    std::uint64_t before = 0;
    {
        const std::lock_guard guard(lock_);
        if (const auto found = known_.find(index); found != known_.end()) {
            Known& known = found->second;
            if (over(known)) known_.erase(found);
            else if (at - known.checked < kRemembered && at - known.seen < kNoted) return known.idle_from = at, known.caller;
        }
        before = forgotten_;
    }
    THREATLAS_TRY(const auto session, accounts_.session(secret));
    if (!session) return Caller{};
    Known known;
    known.until = session->made + options_.longest, known.idle_from = known.seen = session->seen, known.checked = at;
    if (over(known)) {
        THREATLAS_CHECK(accounts_.end_session(reader_for(session->person, {"regional", model::Role::contributor, "TLP:CLEAR"}), session->id));
        return Caller{};
    }
    THREATLAS_TRY(const auto person, accounts_.person(session->person));
    if (!person || person->state != "active") return Caller{};
    if (at - known.seen >= kNoted) {
        THREATLAS_CHECK(accounts_.touch_session(session->id, at));
        known.seen = at;
    }
    known.idle_from = at;
    known.caller = {reader_for(person->id, person->standing), person->id, session->id, csrf_of(secret), {"*"}, false};
    const std::lock_guard guard(lock_);
    if (known_.size() >= kMostRemembered) known_.clear();
    if (before == forgotten_) known_[index] = known;
    return known.caller;
}

Result<Caller> Access::by_machine(const std::string& kind, const std::string& secret) {
    const std::string index = kind + accounts_.key().fingerprint(secret);
    const std::int64_t at = now();
    std::uint64_t before = 0;
    {
        const std::lock_guard guard(lock_);
        if (const auto found = known_.find(index); found != known_.end() && at - found->second.checked < kRemembered && at < found->second.until) return found->second.caller;
        before = forgotten_;
    }
    THREATLAS_TRY(const auto machine, accounts_.machine(kind, secret));
    if (!machine || machine->revoked || (machine->expires != 0 && at >= machine->expires)) return Caller{};
    if (at - machine->used >= kNoted) THREATLAS_CHECK(accounts_.touch_machine(machine->id, at));
    Known known;
    known.until = machine->expires == 0 ? INT64_MAX : machine->expires;
    known.checked = at;
    known.caller = {reader_for(machine->id, machine->standing), machine->id, {}, {}, machine->scopes, true};
    const std::lock_guard guard(lock_);
    if (known_.size() >= kMostRemembered) known_.clear();
    if (before == forgotten_) known_[index] = known;
    return known.caller;
}

Result<Caller> Access::by_password(std::string_view credentials, const std::string& address) {
    constexpr std::size_t kLongest = 1400;   // as Base64
    std::string plain(credentials.size(), '\0');
    std::size_t size = 0;
    if (credentials.size() > kLongest || sodium_base642bin(reinterpret_cast<unsigned char*>(plain.data()), plain.size(), credentials.data(), credentials.size(), nullptr, &size, nullptr, sodium_base64_VARIANT_ORIGINAL) != 0) return Caller{};
    plain.resize(size);
    const std::size_t colon = plain.find(':');
    if (colon == std::string::npos || colon == 0) return Caller{};
    const std::string name = plain.substr(0, colon), password = plain.substr(colon + 1), index = "basic" + accounts_.key().fingerprint(plain);
    const std::int64_t at = now();
    std::string compared;      // the stored password that this one was found to be
    std::int64_t proved = 0;
    std::uint64_t before = 0;
    // Of many at once with the same password one is compared, and the others wait for it: they are no failures.
    struct Turn {
        Access& of;
        const std::string& index;
        ~Turn() {
            const std::lock_guard guard(of.lock_);
            of.proving_.erase(index);
            of.proved_.notify_all();
        }
    };
    {
        std::unique_lock guard(lock_);
        if (!proved_.wait_for(guard, std::chrono::seconds(5), [&] { return !proving_.contains(index); })) return fail(ErrorCode::unavailable, "too many are signing in; try again in a second");
        if (const auto found = known_.find(index); found != known_.end()) {
            if (at - found->second.checked < kRemembered && at < found->second.until) return found->second.caller;
            if (at - found->second.proved < kProved) compared = found->second.password, proved = found->second.proved;
        }
        before = forgotten_;
        proving_.insert(index);
    }
    const Turn turn{*this, index};
    THREATLAS_TRY(const auto machine, accounts_.machine("basic", name));
    const bool may = machine && !machine->revoked && (machine->expires == 0 || at < machine->expires) && !machine->password.empty();
    if (!may || compared != machine->password) {
        const std::string by_name = "basic " + store::Accounts::attempts_of_name(name), by_address = "address " + address;
        for (const auto& [subject, wait] : {std::pair{by_address, &wait_of_address}, std::pair{by_name, &wait_of_name}}) {
            THREATLAS_TRY(const store::Attempts attempts, accounts_.attempt(subject, at, wait));
            if (!attempts.refused) continue;
            Caller stranger;
            stranger.wait = std::max<std::int64_t>(1, attempts.until - at);
            return stranger;
        }
        const auto right = passwords_.verify(may ? machine->password : "", password);
        if (!right) {
            THREATLAS_CHECK(accounts_.succeeded(by_name, false));
            THREATLAS_CHECK(accounts_.succeeded(by_address, false));
            return tl::unexpected(right.error());
        }
        if (!*right) return Caller{};
        THREATLAS_CHECK(accounts_.succeeded(by_name, true));
        THREATLAS_CHECK(accounts_.succeeded(by_address, false));
        proved = at;
    }
    if (at - machine->used >= kNoted) THREATLAS_CHECK(accounts_.touch_machine(machine->id, at));
    Known known;
    known.until = machine->expires == 0 ? INT64_MAX : machine->expires, known.checked = at, known.proved = proved, known.password = machine->password;
    known.caller = {reader_for(machine->id, machine->standing), machine->id, {}, {}, machine->scopes, true};
    const std::lock_guard guard(lock_);
    if (known_.size() >= kMostRemembered) known_.clear();
    if (before == forgotten_) known_[index] = known;
    return known.caller;
}

}  // namespace threatlas::serve::access
