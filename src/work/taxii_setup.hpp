// API roots, collections, objects and users of the TAXII server from a file: docs/TAXII.md has its form. The data and
// configuration files of OASIS's reference server are understood as well. The same file again changes nothing.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/json.hpp"
#include "core/result.hpp"
#include "model/reader.hpp"
#include "store/collections.hpp"
#include "store/store.hpp"

namespace threatlas::work {

struct TaxiiUser {
    std::string name, password, token;
    std::string certificate;   // SHA-256 of a client certificate, lower-case hexadecimal
    std::string organisation = "regional", role = "contact_point", clearance = "TLP:AMBER";
};

struct TaxiiCollection {
    store::Collection collection;              // grants: by name until they are resolved
    std::vector<std::string> objects;          // JSON, as it stands in the file
    std::vector<std::pair<std::string, std::string>> added;   // of 'id version': date_added
};

struct TaxiiSetup {
    std::vector<store::ApiRoot> roots;
    std::vector<TaxiiCollection> collections;
    std::vector<std::pair<std::string, store::ExchangeStatus>> statuses;   // by root
    std::vector<TaxiiUser> users;
    std::vector<std::string> warnings;
};

// What a file says. read: another file it names, relative to it. bad_input says where it cannot be understood.
core::Result<TaxiiSetup> read_taxii_setup(std::string_view text, const std::string& source, const std::function<core::Result<std::string>(const std::string&)>& read);

struct TaxiiDone {
    std::size_t roots = 0, collections = 0, objects = 0, users = 0;   // new or changed
    std::size_t present = 0;                                          // objects that were there
    std::vector<std::string> refused;                                 // objects, with the reason
};
// hash: of a password, as signing in compares it.
core::Result<TaxiiDone> set_up_taxii(store::Store& store, const model::Reader& who, const TaxiiSetup& setup, const std::function<core::Result<std::string>(std::string_view)>& hash);

}  // namespace threatlas::work
