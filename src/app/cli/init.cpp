#include <CLI/CLI.hpp>
#include <filesystem>

#include "app/cli/commands.hpp"
#include "app/cli/session.hpp"
#include "core/text.hpp"
#include "store/postgres/connection.hpp"

namespace threatlas::app {
namespace {

core::Result<void> init(const Session& session) {
    const std::string data = data_folder(session);
    THREATLAS_TRY(const std::string folder, catalogue_folder(session));
    THREATLAS_TRY(const model::Catalogue catalogue, model::load_catalogue(folder));
    const std::string address = store_address(session);
    if (!address.empty() && !store::postgres::is_address(address)) return core::fail(core::ErrorCode::bad_usage, "--store takes an address like postgres://user@host/database; a folder is named with --data");
    THREATLAS_TRY(const auto store, address.empty() ? store::Store::create(data) : store::Store::create(address, {.clock = {}, .key_file = remote_key_file(session)}));
    if (std::error_code error; !address.empty() && !std::filesystem::exists(data, error)) {
        std::filesystem::create_directories(data, error);
        std::filesystem::permissions(data, std::filesystem::perms::owner_all | std::filesystem::perms::group_read | std::filesystem::perms::group_exec, error);
    }
    const std::string settings = core::write_json({{"catalogue", std::filesystem::absolute(folder).lexically_normal().string()}}, 2);
    THREATLAS_CHECK(core::write_file((std::filesystem::path(data) / "settings.json").string(), settings));
    THREATLAS_CHECK(store->audit(reader_of(session, "administration: init"), "init", "catalogue " + catalogue.region.id + " " + catalogue.hash));
    if (print_json(session, {{"data", data}, {"catalogue", catalogue.region.id}, {"version", catalogue.region.version}})) return {};
    if (!address.empty()) {
        session.out << "Made an empty store at " << store::postgres::without_password(address) << " for the region '" << catalogue.region.title << "' (catalogue " << catalogue.region.version << "); settings and the key of encrypted fields are with " << data
                    << ".\nNext: threatlas ingest --store '" << store::postgres::without_password(address) << "' --data " << data << " --package examples/see/datapackage.json\n";
        return {};
    }
    session.out << "Made an empty store in " << data << " for the region '" << catalogue.region.title << "' (catalogue " << catalogue.region.version
                << ").\nNext: threatlas ingest --data " << data << " --package examples/see/datapackage.json\n";
    return {};
}

}  // namespace

void add_init(CLI::App& app, Session& session) {
    auto* command = app.add_subcommand("init", "make an empty store");
    add_data_option(*command, session);
    add_catalogue_option(*command, session);
    command->footer("Example:\n  threatlas init --data var/mine");
    command->callback([&session] { session.action = [&session] { return init(session); }; });
}

}  // namespace threatlas::app
