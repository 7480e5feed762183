// What every command needs: where to write, which data folder, who is asking.
#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include "core/calendar.hpp"
#include "core/json.hpp"
#include "core/progress.hpp"
#include "core/result.hpp"
#include "model/catalogue.hpp"
#include "model/reader.hpp"
#include "store/store.hpp"

namespace CLI {
class App;
}

namespace threatlas::app {

struct Session {
    std::ostream& out;
    std::ostream& err;
    bool json = false;
    bool quiet = false;
    unsigned threads = 0;
    std::string data;        // folder of the store; with --store, of the files beside it
    std::string store;       // postgres://...; empty: the embedded store in the data folder
    std::string catalogue;   // folder; empty: the one the store was made with, else the shipped one
    std::string purpose;     // goes into the audit log
    std::string key_file{};  // of encrypted fields; empty: $THREATLAS_KEY_FILE, else beside the data folder
    std::function<core::Result<void>()> action;  // set by the command that was named
};

// purpose: a word of model::Purpose and a text, 'management: status'.
// The reader on whose behalf this process runs: the operating-system user, for the working group.
model::Reader reader_of(const Session& session, const std::string& purpose);

// The same user looking after the log: who may read the whole folder may read the log in it.
model::Reader auditor_of(const Session& session, const std::string& purpose);

// The data folder given, or $THREATLAS_DATA, or 'threatlas-data'.
std::string data_folder(const Session& session);
// The address given by --store, --data or $THREATLAS_STORE; empty for the embedded store.
std::string store_address(const Session& session);
// Of the encrypted fields of a store at an address: beside the data folder unless $THREATLAS_KEY_FILE says otherwise.
std::string remote_key_file(const Session& session);
core::Result<std::unique_ptr<store::Store>> open_store(const Session& session);
core::Result<std::string> catalogue_folder(const Session& session);
core::Result<model::Catalogue> open_catalogue(const Session& session);

core::Day today();

// A bar on the terminal; silent when the output is not one, or --quiet was given.
std::unique_ptr<core::Progress> progress_bar(const Session& session);

// Adds '--data' and '--store' to a command.
void add_data_option(CLI::App& command, Session& session);
// Adds '--key-file' to a command.
void add_key_option(CLI::App& command, Session& session);
// Adds '--catalogue' to a command.
void add_catalogue_option(CLI::App& command, Session& session);

// Prints a JSON value when --json was given; returns whether it was.
bool print_json(const Session& session, const core::json::value& value);

}  // namespace threatlas::app
