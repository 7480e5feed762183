#include "serve/access/oidc.hpp"

#include <openssl/evp.h>
#include <sodium.h>
#include <sys/stat.h>

#include <array>

#include "core/text.hpp"
#include "serve/access/fetch.hpp"
#include "serve/access/id_token.hpp"
#include "serve/access/routes.hpp"
#include "serve/api/answers.hpp"

namespace threatlas::serve::access {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;
namespace json = core::json;

constexpr std::int64_t kPatience = 600;
constexpr std::size_t kMostPending = 1000;
constexpr const char* kCookie = "threatlas_oidc";

struct Pending {
    std::string nonce, verifier;
    std::int64_t until = 0;
};

std::string challenge_of(const std::string& verifier) {
    std::array<unsigned char, 32> digest{};
    EVP_Digest(verifier.data(), verifier.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
    std::array<char, sodium_base64_ENCODED_LEN(32, sodium_base64_VARIANT_URLSAFE_NO_PADDING)> text{};
    return sodium_bin2base64(text.data(), text.size(), digest.data(), digest.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

class Oidc {
  public:
    Oidc(std::shared_ptr<Access> access, std::optional<OidcSettings> settings) : access_(std::move(access)), settings_(std::move(settings)) {}

    Result<net::Response> info(const Call&) const { return api::json_answer({{"enabled", settings_.has_value()}, {"name", settings_ ? settings_->name : ""}}); }

    Result<net::Response> start(const Call& call) {
        THREATLAS_TRY(const json::object provider, discovered());
        THREATLAS_TRY(const std::string address, required_text(provider, "authorization_endpoint"));
        if (!address.starts_with("https://") && !settings_->allow_http) return fail(ErrorCode::unavailable, "the provider's page is not under https://");
        const std::string state = store::random_text(32);
        Pending pending{store::random_text(32), store::random_text(48), access_->now() + kPatience};
        std::string to = address + (address.find('?') == std::string::npos ? "?" : "&") + "response_type=code&scope=" + form_escaped("openid email profile") + "&client_id=" + form_escaped(settings_->client_id) + "&redirect_uri=" + form_escaped(settings_->redirect) +
                         "&state=" + state + "&nonce=" + pending.nonce + "&code_challenge=" + challenge_of(pending.verifier) + "&code_challenge_method=S256";
        {
            const std::lock_guard guard(lock_);
            std::erase_if(pending_, [&](const auto& each) { return each.second.until <= access_->now(); });
            if (pending_.size() >= kMostPending) return fail(ErrorCode::unavailable, "many are signing in just now; try again in a moment");
            pending_[state] = std::move(pending);
        }
        // Lax: it must come along when the provider sends the browser back.
        return std::move(net::Response{302, {{"Location", std::move(to)}}, std::string()}.with("Set-Cookie", cookie(state, call, kPatience)));
    }

    Result<net::Response> callback(const Call& call) {
        if (!settings_) return off();
        const std::string state = call.request.parameter("state").value_or(""), code = call.request.parameter("code").value_or("");
        std::optional<Pending> pending;
        // The browser that asked, and no other: else a stranger could sign somebody in to an account of his own.
        if (!state.empty() && state == call.request.cookie(kCookie)) {
            const std::lock_guard guard(lock_);
            if (const auto found = pending_.find(state); found != pending_.end()) pending = std::move(found->second), pending_.erase(found);
        }
        if (!pending || pending->until <= access_->now()) return fail(ErrorCode::not_allowed, "this sign-in was not begun here, or took longer than ten minutes; begin again");
        if (code.empty() || code.size() > 4096) return fail(ErrorCode::not_allowed, "the provider did not sign you in");
        THREATLAS_TRY(const IdClaims claims, exchanged(code, *pending));
        const Visitor visitor = access_->visitor(call.request);
        THREATLAS_TRY(const store::Person person, person_of(claims));
        THREATLAS_TRY(const SignIn in, access_->let_in(person, visitor, settings_->issuer));
        net::Response answer{302, {{"Location", "/"}}, std::string()};
        answer.with("Set-Cookie", access_->cookie(in.secret, visitor.secure)).with("Set-Cookie", cookie("", call, 0));
        return answer;
    }

  private:
    static tl::unexpected<core::Error> off() { return fail(ErrorCode::not_found, "sign-in through a provider is not set up here"); }

    std::string cookie(const std::string& value, const Call& call, std::int64_t seconds) const {
        const bool secure = call.request.peer.secure || access_->options().secure;
        return std::string(kCookie) + "=" + value + "; Path=/api/v1/oidc; HttpOnly; SameSite=Lax; Max-Age=" + std::to_string(seconds) + (secure ? "; Secure" : "");
    }

    Result<json::object> asked(Fetch request) const {
        request.allow_http = settings_->allow_http;
        THREATLAS_TRY(const std::string text, fetch(request));
        const auto value = core::parse_json(text, "answer of the provider");
        if (!value || !value->is_object()) return fail(ErrorCode::unavailable, "the provider's answer is not a JSON object");
        return value->get_object();
    }

    Result<json::object> discovered() const {
        if (!settings_) return off();
        std::string below = settings_->issuer;
        if (below.ends_with('/')) below.pop_back();
        THREATLAS_TRY(json::object provider, asked({.url = below + "/.well-known/openid-configuration", .form = {}, .authorization = {}}));
        THREATLAS_TRY(const std::string issuer, text_of(provider, "issuer"));
        if (issuer != settings_->issuer) return fail(ErrorCode::unavailable, "the provider calls itself something else than the settings do");
        return provider;
    }

    Result<IdClaims> exchanged(const std::string& code, const Pending& pending) const {
        THREATLAS_TRY(const json::object provider, discovered());
        THREATLAS_TRY(const std::string token_at, required_text(provider, "token_endpoint"));
        THREATLAS_TRY(const std::string keys_at, required_text(provider, "jwks_uri"));
        Fetch request{.url = token_at, .form = "grant_type=authorization_code&code=" + form_escaped(code) + "&redirect_uri=" + form_escaped(settings_->redirect) + "&client_id=" + form_escaped(settings_->client_id) + "&code_verifier=" + pending.verifier, .authorization = {}};
        if (!settings_->client_secret.empty()) {
            const std::string plain = form_escaped(settings_->client_id) + ":" + form_escaped(settings_->client_secret);
            std::string text(sodium_base64_ENCODED_LEN(plain.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
            sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(plain.data()), plain.size(), sodium_base64_VARIANT_ORIGINAL);
            request.authorization = std::string("Basic ") + text.c_str();
        }
        THREATLAS_TRY(const json::object tokens, asked(request));
        THREATLAS_TRY(const std::string id_token, required_text(tokens, "id_token"));
        THREATLAS_TRY(const std::string keys, fetch({.url = keys_at, .form = {}, .authorization = {}, .allow_http = settings_->allow_http}));
        return verify_id_token(id_token, keys, {settings_->issuer, settings_->client_id, pending.nonce, access_->now()});
    }

    Result<store::Person> person_of(const IdClaims& claims) const {
        store::Accounts& accounts = access_->accounts();
        THREATLAS_TRY(auto person, accounts.person_linked(claims.issuer, claims.subject));
        if (person) return std::move(*person);
        THREATLAS_TRY(person, accounts.person_with_email(claims.email));
        if (!person) {
            THREATLAS_TRY(const auto invitation, accounts.invitation_for(claims.email, access_->now()));
            if (!invitation) return fail(ErrorCode::not_allowed, "nobody here is known by this sign-in; ask an administrator for an invitation to your address");
            store::Person fresh;
            fresh.name = claims.email, fresh.email = claims.email;
            THREATLAS_TRY(person, accounts.accept(invitation->id, fresh, access_->now()));
        }
        THREATLAS_CHECK(accounts.link(reader_for(person->id, person->standing), person->id, claims.issuer, claims.subject, access_->now()));
        return std::move(*person);
    }

    std::shared_ptr<Access> access_;
    std::optional<OidcSettings> settings_;
    std::mutex lock_;
    std::map<std::string, Pending> pending_;   // by state
};

}  // namespace

Result<OidcSettings> load_oidc_settings(const std::string& path) {
    struct stat info{};
    if (::stat(path.c_str(), &info) == 0 && (info.st_mode & S_IRWXO) != 0) return fail(ErrorCode::not_allowed, "the settings hold a secret and may be read by others: chmod 600 " + path, {path, 0, ""});
    THREATLAS_TRY(const std::string text, core::read_file(path));
    THREATLAS_TRY(const json::value value, core::parse_json(text, path));
    if (!value.is_object()) return fail(ErrorCode::bad_input, "the settings are not a JSON object", {path, 0, ""});
    const json::object& object = value.get_object();
    OidcSettings out;
    for (const auto& [key, into] : {std::pair{"issuer", &out.issuer}, std::pair{"client_id", &out.client_id}, std::pair{"redirect", &out.redirect}}) {
        THREATLAS_TRY(*into, required_text(object, key));
    }
    THREATLAS_TRY(out.client_secret, text_of(object, "client_secret"));
    THREATLAS_TRY(const std::string name, text_of(object, "name"));
    if (!name.empty()) out.name = name;
    if (const json::value* allowed = object.if_contains("allow_http")) out.allow_http = allowed->is_bool() && allowed->get_bool();
    return out;
}

Routes oidc_routes(std::shared_ptr<Access> access, std::optional<OidcSettings> settings) {
    const auto oidc = std::make_shared<Oidc>(std::move(access), std::move(settings));
    return {{"GET", "/api/v1/oidc", "oidc_info", "whether one can sign in through a provider", "session", [oidc](const Call& call) { return oidc->info(call); }, {}, {}, {schema_of({{"enabled", "boolean"}, {"name", "string"}})}},
            {"GET", "/api/v1/oidc/start", "oidc_start", "to the provider's sign-in page", "session", [oidc](const Call& call) { return oidc->start(call); }, {}, {}, {}, 302},
            {"GET", "/api/v1/oidc/callback", "oidc_callback", "back from the provider", "session", [oidc](const Call& call) { return oidc->callback(call); }, {}, {}, {}, 302}};
}

}  // namespace threatlas::serve::access
