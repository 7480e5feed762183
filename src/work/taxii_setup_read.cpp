// The forms of a setup file.
#include <algorithm>

#include "core/text.hpp"
#include "exchange/taxii/envelope.hpp"
#include "work/taxii_setup.hpp"

namespace threatlas::work {

using core::ErrorCode;
using core::fail;
using core::Result;
namespace json = core::json;

namespace {

// Reads keys of an object, and in the end says which it did not know.
class Reading {
  public:
    Reading(const json::object& object, std::string where) : object_(object), where_(std::move(where)) {}
    const json::value* find(std::string_view key) { return known_.emplace_back(key), object_.if_contains(key); }
    Result<std::string> text(std::string_view key, std::string otherwise = {}) {
        const auto* value = find(key);
        if (value == nullptr) return otherwise;
        if (!value->is_string()) return odd(key, "is no text");
        return std::string(value->get_string());
    }
    Result<bool> flag(std::string_view key, bool otherwise) {
        const auto* value = find(key);
        if (value == nullptr) return otherwise;
        if (!value->is_bool()) return odd(key, "is neither true nor false");
        return value->get_bool();
    }
    Result<std::vector<std::string>> texts(std::string_view key) {
        std::vector<std::string> out;
        const auto* value = find(key);
        if (value == nullptr) return out;
        if (!value->is_array()) return odd(key, "is no list");
        for (const auto& each : value->get_array()) {
            if (!each.is_string()) return odd(key, "is a list of texts");
            out.emplace_back(each.get_string());
        }
        return out;
    }
    Result<const json::array*> objects(std::string_view key) {
        static const json::array none;
        const auto* value = find(key);
        if (value == nullptr) return &none;
        if (!value->is_array() || !std::all_of(value->get_array().begin(), value->get_array().end(), [](const auto& each) { return each.is_object(); })) return odd(key, "is a list of JSON objects");
        return &value->get_array();
    }
    Result<void> rest() const {
        for (const auto& each : object_)
            if (std::find(known_.begin(), known_.end(), std::string_view(each.key())) == known_.end()) return odd(std::string_view(each.key()), "is not known here");
        return {};
    }
    tl::unexpected<core::Error> odd(std::string_view key, const std::string& why) const { return fail(ErrorCode::bad_input, "'" + std::string(key) + "' " + why, {where_, 0, std::string(key)}); }

  private:
    const json::object& object_;
    std::string where_;
    std::vector<std::string> known_;
};

Result<std::int64_t> length_of(Reading& of) {
    const auto* value = of.find("max_content_length");
    if (value == nullptr) return std::int64_t{10} << 20;
    if (!value->is_number() || value->to_number<double>() < 1024) return of.odd("max_content_length", "is no number of bytes, 1024 at least");
    return static_cast<std::int64_t>(std::min(value->to_number<double>(), 268435456.0));   // what the server takes at all
}

// '/trustgroup1/' of 'http://localhost:5000/trustgroup1/', of '/trustgroup1/' and of 'trustgroup1'.
std::string path_of(std::string address) {
    if (const std::size_t scheme = address.find("://"); scheme != std::string::npos) {
        const std::size_t slash = address.find('/', scheme + 3);
        address = slash == std::string::npos ? "/" : address.substr(slash);
    }
    if (!address.starts_with('/')) address = "/" + address;
    return address.ends_with('/') ? address : address + "/";
}

void grant(store::Collection& to, const std::string& who, bool read, bool write) {
    for (store::CollectionGrant& each : to.grants)
        if (each.who == who) return each.read |= read, each.write |= write, void();
    to.grants.push_back({who, read, write});
}

Result<TaxiiUser> user_of(const json::object& object, const std::string& where) {
    Reading of(object, where);
    TaxiiUser out;
    THREATLAS_TRY(out.name, of.text("name"));
    THREATLAS_TRY(out.password, of.text("password"));
    THREATLAS_TRY(out.token, of.text("token"));
    THREATLAS_TRY(const std::string certificate, of.text("certificate"));
    out.certificate = core::lower_ascii(certificate);
    std::erase(out.certificate, ':');
    if (!out.certificate.empty() && (out.certificate.size() != 64 || out.certificate.find_first_not_of("0123456789abcdef") != std::string::npos)) return of.odd("certificate", "is the SHA-256 of one, as 'openssl x509 -fingerprint -sha256' prints it");
    THREATLAS_TRY(out.organisation, of.text("organisation", out.organisation));
    THREATLAS_TRY(out.role, of.text("role", out.role));
    THREATLAS_TRY(out.clearance, of.text("clearance", out.clearance));
    THREATLAS_CHECK(of.rest());
    return out;
}

// {"admin": "Password0"}: the reference server's, whose users see all there is.
void named_users(TaxiiSetup& out, const json::object& users) {
    for (const auto& each : users) {
        TaxiiUser user;
        user.name = std::string(each.key()), user.clearance = "TLP:RED H3";
        if (!each.value().is_string()) continue;
        user.password = std::string(each.value().get_string());
        if (user.password.starts_with("pbkdf2:") || user.password.starts_with("scrypt:")) out.warnings.push_back("user '" + user.name + "': the file holds a hash and not the password; give it with --user " + user.name + ":PASSWORD");
        else out.users.push_back(std::move(user));
    }
}

Result<store::Collection> collection_of(Reading& of, const std::string& root) {
    store::Collection out;
    out.root = root;
    THREATLAS_TRY(out.id, of.text("id"));
    THREATLAS_TRY(out.title, of.text("title"));
    THREATLAS_TRY(out.description, of.text("description"));
    THREATLAS_TRY(out.alias, of.text("alias"));
    THREATLAS_TRY(const auto types, of.texts("media_types"));
    if (!types.empty()) out.media_types = types;
    return out;
}

Result<void> own_form(TaxiiSetup& out, const json::object& whole, std::string_view text, const std::string& source) {
    Reading of(whole, source);
    std::string preferred;
    if (const auto* discovery = of.find("discovery")) {
        if (!discovery->is_object()) return of.odd("discovery", "is a JSON object");
        Reading self(discovery->get_object(), source + " discovery");
        store::ApiRoot root{.path = "/taxii2/"};
        THREATLAS_TRY(root.title, self.text("title", "Threatlas"));
        THREATLAS_TRY(root.description, self.text("description"));
        THREATLAS_TRY(root.contact, self.text("contact"));
        THREATLAS_TRY(preferred, self.text("default"));
        if (!preferred.empty()) preferred = path_of(preferred);
        THREATLAS_CHECK(self.rest());
        out.roots.push_back(std::move(root));
    }
    THREATLAS_TRY(const json::array* roots, of.objects("api_roots"));
    for (std::size_t r = 0; r < roots->size(); ++r) {
        const std::string where = source + " api_roots[" + std::to_string(r) + "]";
        Reading each((*roots)[r].get_object(), where);
        store::ApiRoot root;
        THREATLAS_TRY(const std::string name, each.text("name"));
        THREATLAS_TRY(root.path, each.text("path", "/taxii2/" + name + "/"));
        root.path = path_of(root.path);
        THREATLAS_TRY(root.title, each.text("title", name));
        THREATLAS_TRY(root.description, each.text("description"));
        THREATLAS_TRY(root.max_content_length, length_of(each));
        root.preferred = root.path == preferred;
        THREATLAS_TRY(const json::array* collections, each.objects("collections"));
        for (std::size_t c = 0; c < collections->size(); ++c) {
            const std::string place = where + " collections[" + std::to_string(c) + "]";
            Reading one((*collections)[c].get_object(), place);
            TaxiiCollection made;
            THREATLAS_TRY(made.collection, collection_of(one, root.path));
            THREATLAS_TRY(made.collection.handling, one.text("handling", "TLP:AMBER"));
            THREATLAS_TRY(made.collection.audience, one.texts("audience"));
            for (const auto& [key, read, write] : {std::tuple{"known_to", false, false}, std::tuple{"read", true, false}, std::tuple{"write", false, true}}) {
                THREATLAS_TRY(const auto who, one.texts(key));
                for (const std::string& name_of : who) grant(made.collection, name_of, read, write);
            }
            THREATLAS_TRY(const bool read, one.flag("can_read", false));
            THREATLAS_TRY(const bool write, one.flag("can_write", false));
            if (one.find("can_read") != nullptr || one.find("can_write") != nullptr) grant(made.collection, "*", read, write);
            one.find("objects");
            THREATLAS_CHECK(one.rest());
            THREATLAS_TRY(made.objects, exchange::taxii::raw_list(text, "/api_roots/" + std::to_string(r) + "/collections/" + std::to_string(c) + "/objects"));
            out.collections.push_back(std::move(made));
        }
        THREATLAS_CHECK(each.rest());
        out.roots.push_back(std::move(root));
    }
    if (const auto* users = of.find("users"); users != nullptr && users->is_object()) {
        named_users(out, users->get_object());
    } else {
        THREATLAS_TRY(const json::array* list, of.objects("users"));
        for (std::size_t u = 0; u < list->size(); ++u) {
            THREATLAS_TRY(out.users.emplace_back(), user_of((*list)[u].get_object(), source + " users[" + std::to_string(u) + "]"));
        }
    }
    return of.rest();
}

std::string pointer_part(std::string_view key) {
    std::string out;
    for (const char c : key) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    return out;
}

// OASIS's reference server: '/discovery', and a key for each API root.
Result<void> reference_form(TaxiiSetup& out, const json::object& whole, std::string_view text, const std::string& source) {
    std::string preferred;
    std::vector<std::string> order;
    if (const auto* discovery = whole.if_contains("/discovery"); discovery != nullptr && discovery->is_object()) {
        Reading self(discovery->get_object(), source + " /discovery");
        store::ApiRoot root{.path = "/taxii2/"};
        THREATLAS_TRY(root.title, self.text("title", "TAXII"));
        THREATLAS_TRY(root.description, self.text("description"));
        THREATLAS_TRY(root.contact, self.text("contact"));
        THREATLAS_TRY(preferred, self.text("default"));
        if (!preferred.empty()) preferred = path_of(preferred);
        THREATLAS_TRY(order, self.texts("api_roots"));
        out.roots.push_back(std::move(root));
    }
    std::vector<std::string> keys;
    for (const auto& each : whole)
        if (each.key() != "/discovery" && each.value().is_object()) keys.emplace_back(each.key());
    const auto place = [&](const std::string& key) { return std::find_if(order.begin(), order.end(), [&](const auto& each) { return path_of(each) == path_of(key); }) - order.begin(); };
    std::stable_sort(keys.begin(), keys.end(), [&](const auto& a, const auto& b) { return place(a) < place(b); });
    for (const std::string& key : keys) {
        const json::object& each = whole.at(key).get_object();
        const auto* information = each.if_contains("information");
        if (information == nullptr || !information->is_object()) return fail(ErrorCode::bad_input, "the API root '" + key + "' has no 'information'", {source, 0, ""});
        Reading about(information->get_object(), source + " " + key);
        store::ApiRoot root{.path = path_of(key)};
        THREATLAS_TRY(root.title, about.text("title", key));
        THREATLAS_TRY(root.description, about.text("description"));
        THREATLAS_TRY(root.max_content_length, length_of(about));
        root.preferred = root.path == preferred;
        Reading of(each, source + " " + key);
        THREATLAS_TRY(const json::array* statuses, of.objects("status"));
        for (const auto& status : *statuses) {
            const auto* id = status.get_object().if_contains("id");
            if (id != nullptr && id->is_string()) out.statuses.push_back({root.path, {std::string(id->get_string()), core::write_json(status)}});
        }
        // A list, or by id.
        std::vector<std::pair<std::string, const json::object*>> collections;
        if (const auto* found = each.if_contains("collections"); found != nullptr && found->is_object()) {
            for (const auto& one : found->get_object())
                if (one.value().is_object()) collections.emplace_back(pointer_part(one.key()), &one.value().get_object());
        } else {
            THREATLAS_TRY(const json::array* list, of.objects("collections"));
            for (std::size_t c = 0; c < list->size(); ++c) collections.emplace_back(std::to_string(c), &(*list)[c].get_object());
        }
        for (const auto& [step, object] : collections) {
            Reading one(*object, source + " " + key + " collection " + step);
            TaxiiCollection made;
            THREATLAS_TRY(made.collection, collection_of(one, root.path));
            if (made.collection.id.empty()) made.collection.id = step;
            made.collection.handling = "TLP:AMBER";
            THREATLAS_TRY(const bool read, one.flag("can_read", true));
            THREATLAS_TRY(const bool write, one.flag("can_write", true));
            grant(made.collection, "*", read, write);
            THREATLAS_TRY(made.objects, exchange::taxii::raw_list(text, "/" + pointer_part(key) + "/collections/" + step + "/objects"));
            THREATLAS_TRY(const json::array* manifest, one.objects("manifest"));
            for (const auto& entry : *manifest) {
                Reading row(entry.get_object(), source + " manifest");
                THREATLAS_TRY(const std::string id, row.text("id"));
                THREATLAS_TRY(const std::string date, row.text("date_added"));
                THREATLAS_TRY(const std::string version, row.text("version"));
                made.added.emplace_back(id + " " + version, date);
                if (const auto* versions = entry.get_object().if_contains("versions"); versions != nullptr && versions->is_array())
                    for (const auto& each_version : versions->get_array())
                        if (each_version.is_string()) made.added.emplace_back(id + " " + std::string(each_version.get_string()), date);
            }
            out.collections.push_back(std::move(made));
        }
        out.roots.push_back(std::move(root));
    }
    return {};
}

}  // namespace

Result<TaxiiSetup> read_taxii_setup(std::string_view text, const std::string& source, const std::function<Result<std::string>(const std::string&)>& read) {
    THREATLAS_TRY(const json::value value, core::parse_json(text, source));
    if (!value.is_object()) return fail(ErrorCode::bad_input, "a setup file is a JSON object", {source, 0, ""});
    const json::object& whole = value.get_object();
    TaxiiSetup out;
    if (whole.contains("api_roots") || whole.contains("discovery")) return own_form(out, whole, text, source).map([&] { return std::move(out); });
    if (const auto* backend = whole.if_contains("backend"); backend != nullptr && backend->is_object()) {
        const auto* file = backend->get_object().if_contains("filename");
        if (file == nullptr || !file->is_string()) return fail(ErrorCode::bad_input, "the configuration names no data file ('backend': 'filename')", {source, 0, ""});
        const std::string name(file->get_string());
        THREATLAS_TRY(const std::string data, read(name));
        THREATLAS_TRY(out, read_taxii_setup(data, name, [&](const std::string&) -> Result<std::string> { return fail(ErrorCode::bad_input, "a data file names no further one", {name, 0, ""}); }));
        for (const json::object* from : {&whole, whole.contains("auth") && whole.at("auth").is_object() ? &whole.at("auth").get_object() : nullptr}) {
            if (from == nullptr) continue;
            if (const auto* users = from->if_contains("users"); users != nullptr && users->is_object()) named_users(out, users->get_object());
            if (const auto* keys = from->if_contains("api_keys"); keys != nullptr && keys->is_object())
                for (const auto& each : keys->get_object())
                    if (each.value().is_string()) {
                        TaxiiUser user;
                        user.name = std::string(each.value().get_string()), user.token = std::string(each.key()), user.clearance = "TLP:RED H3";
                        out.users.push_back(std::move(user));
                    }
        }
        return out;
    }
    if (whole.contains("/discovery")) return reference_form(out, whole, text, source).map([&] { return std::move(out); });
    if (const auto* users = whole.if_contains("users"); users != nullptr && users->is_object() && whole.size() == 1) return named_users(out, users->get_object()), std::move(out);
    return fail(ErrorCode::bad_input, "this is no setup of TAXII: it has neither 'api_roots' nor '/discovery'; docs/TAXII.md shows its form", {source, 0, ""});
}

}  // namespace threatlas::work
