#include "app/cli/session.hpp"

#include <pwd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "core/text.hpp"
#include "model/json_codec.hpp"
#include "store/field_key.hpp"
#include "store/postgres/connection.hpp"

namespace threatlas::app {
namespace {

namespace fs = std::filesystem;

// Redraws at most ten times a second; clears its line when the work is over.
class Bar final : public core::Progress {
  public:
    ~Bar() override {
        if (drawn_) std::cerr << "\r\033[K" << std::flush;
    }
    void step(std::string_view what, std::uint64_t done, std::uint64_t total) override {
        const auto now = std::chrono::steady_clock::now();
        if (drawn_ && now - last_ < std::chrono::milliseconds(100)) return;
        last_ = now;
        drawn_ = true;
        constexpr std::uint64_t kWidth = 30;
        std::string line = "\r\033[K" + std::string(what) + " ";
        if (total != 0) {
            const std::uint64_t filled = std::min(kWidth, kWidth * done / total);
            line += '[' + std::string(filled, '#') + std::string(kWidth - filled, '.') + "] " + std::to_string(100 * std::min(done, total) / total) + " %";
        } else {
            line += std::to_string(done);
        }
        std::cerr << line << std::flush;
    }

  private:
    bool drawn_ = false;
    std::chrono::steady_clock::time_point last_{};
};

// The catalogue that ships: beside the program or in a folder above it.
core::Result<std::string> shipped_catalogue() {
    std::error_code error;
    for (fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path(); !folder.empty(); folder = folder.parent_path()) {
        for (const char* below : {"catalogue/see", "share/threatlas/catalogue/see"})
            if (fs::exists(folder / below / "region.yaml", error)) return (folder / below).string();
        if (folder == folder.root_path()) break;
    }
    return core::fail(core::ErrorCode::not_found, "no catalogue was found: name its folder with --catalogue");
}

}  // namespace

model::Reader reader_of(const Session& session, const std::string& purpose) {
    const passwd* user = getpwuid(geteuid());
    // What was said on the command line stands for the command's own text; without a word of the list it stands behind the command's word.
    std::string stated = purpose;
    if (!session.purpose.empty()) stated = model::purpose_of(session.purpose) ? session.purpose : purpose.substr(0, purpose.find(':')) + ": " + session.purpose;
    return {user != nullptr ? user->pw_name : "uid " + std::to_string(geteuid()), "regional", model::Role::analyst, "TLP:RED H3", stated};
}

model::Reader auditor_of(const Session& session, const std::string& purpose) {
    model::Reader reader = reader_of(session, purpose);
    reader.role = model::Role::auditor;
    return reader;
}

std::string data_folder(const Session& session) {
    if (!session.data.empty() && !store::postgres::is_address(session.data)) return session.data;
    const char* set = std::getenv("THREATLAS_DATA");
    return set != nullptr && *set != '\0' ? set : "threatlas-data";
}

core::Day today() {
    const auto now = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
    return core::Day{static_cast<std::int32_t>(now.time_since_epoch().count())};
}

std::string store_address(const Session& session) {
    if (!session.store.empty()) return session.store;
    if (store::postgres::is_address(session.data)) return session.data;
    // A folder named on the command line is meant, whatever the environment says.
    const char* set = session.data.empty() ? std::getenv("THREATLAS_STORE") : nullptr;
    return set != nullptr ? set : "";
}

std::string remote_key_file(const Session& session) { return store::FieldKey::default_path(data_folder(session)); }

core::Result<std::unique_ptr<store::Store>> open_store(const Session& session) {
    if (const std::string address = store_address(session); !address.empty()) {
        if (!store::postgres::is_address(address)) return core::fail(core::ErrorCode::bad_usage, "--store takes an address like postgres://user@host/database; a folder is named with --data");
        return store::Store::open(address, {.clock = {}, .key_file = remote_key_file(session)});
    }
    const std::string folder = data_folder(session);
    if (!fs::exists(fs::path(folder) / "threatlas.db"))
        return core::fail(core::ErrorCode::not_found, "there is no Threatlas data here: make it with 'threatlas init --data " + folder + "'", {folder, 0, ""});
    return store::Store::open(folder, {.clock = {}, .key_file = session.key_file});
}

core::Result<std::string> catalogue_folder(const Session& session) {
    if (!session.catalogue.empty()) return session.catalogue;
    const std::string settings = (fs::path(data_folder(session)) / "settings.json").string();
    if (fs::exists(settings)) {
        THREATLAS_TRY(const std::string text, core::read_file(settings));
        THREATLAS_TRY(const auto value, core::parse_json(text, settings));
        if (const auto* object = value.if_object())
            if (const auto* folder = object->if_contains("catalogue"); folder != nullptr && folder->is_string())
                if (fs::exists(fs::path(std::string(folder->get_string())) / "region.yaml")) return std::string(folder->get_string());
    }
    return shipped_catalogue();
}

core::Result<model::Catalogue> open_catalogue(const Session& session) {
    THREATLAS_TRY(const std::string folder, catalogue_folder(session));
    return model::load_catalogue(folder);
}

std::unique_ptr<core::Progress> progress_bar(const Session& session) {
    if (session.quiet || session.json || isatty(STDERR_FILENO) == 0) return std::make_unique<core::NoProgress>();
    return std::make_unique<Bar>();
}

void add_data_option(CLI::App& command, Session& session) {
    command.add_option("--data", session.data, "folder of the store; default $THREATLAS_DATA, else threatlas-data");
    command.add_option("--store", session.store, "a store on PostgreSQL instead, as postgres://user@host/database; default $THREATLAS_STORE. The data folder then holds settings, the key and working files");
}

void add_key_option(CLI::App& command, Session& session) {
    command.add_option("--key-file", session.key_file, "key of the encrypted fields; default $THREATLAS_KEY_FILE, else <data>.key beside the data folder");
}

void add_catalogue_option(CLI::App& command, Session& session) {
    command.add_option("--catalogue", session.catalogue, "folder of the catalogue; default: the one the store was made with");
}

bool print_json(const Session& session, const core::json::value& value) {
    if (session.json) session.out << core::write_json(value, 2);
    return session.json;
}

}  // namespace threatlas::app
