#include <CLI/CLI.hpp>
#include <charconv>
#include <csignal>
#include <thread>

#include "app/cli/commands.hpp"
#include "app/cli/session.hpp"
#include "serve/serving.hpp"

namespace threatlas::app {
namespace {

struct Arguments {
    std::string listen = "127.0.0.1:8080", key_file, certificate, key, client_authority;
    bool client_required = false, quiet_log = false;
    unsigned sync_every = 30;
};

core::Result<void> split_address(const std::string& listen, serve::ServeOptions& options) {
    const std::size_t colon = listen.rfind(':');
    const auto wrong = [&] { return core::fail(core::ErrorCode::bad_usage, "--listen takes an address and a port, as 127.0.0.1:8080 or [::1]:8080, not '" + listen + "'"); };
    if (colon == std::string::npos) return wrong();
    options.address = listen.substr(0, colon);
    if (options.address.starts_with('[') && options.address.ends_with(']')) options.address = options.address.substr(1, options.address.size() - 2);
    const char* end = listen.data() + listen.size();
    const auto [at, error] = std::from_chars(listen.data() + colon + 1, end, options.port);
    if (error != std::errc() || at != end) return wrong();
    return {};
}

core::Result<void> serve_command(const Session& session, const Arguments& arguments) {
    // Waited for below: blocked first, so that every thread that starts inherits it.
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT), sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, nullptr);

    serve::ServeOptions options;
    THREATLAS_CHECK(split_address(arguments.listen, options));
    options.data_folder = data_folder(session);
    options.store = store_address(session);
    THREATLAS_TRY(options.catalogue_folder, catalogue_folder(session));
    options.version = THREATLAS_VERSION;
    options.key_file = arguments.key_file;
    options.tls = {arguments.certificate, arguments.key, arguments.client_authority, arguments.client_required};
    options.log = !arguments.quiet_log, options.sync_every = arguments.sync_every;
    options.workers = std::max(4U, 2 * std::thread::hardware_concurrency());
    if (arguments.certificate.empty() != arguments.key.empty()) return core::fail(core::ErrorCode::bad_usage, "--tls-cert and --tls-key belong together");
    if (arguments.certificate.empty() && options.address != "127.0.0.1" && options.address != "::1")
        session.err << "threatlas: without --tls-cert everything, passwords too, crosses the network in the clear; do this only behind a proxy that speaks TLS\n";
    THREATLAS_TRY(const auto serving, serve::Serving::start(options));
    const std::string host = options.address.find(':') == std::string::npos ? options.address : "[" + options.address + "]";
    const std::string address = (arguments.certificate.empty() ? "http://" : "https://") + host + ":" + std::to_string(serving->port());
    session.out << "Threatlas is at " << address << "\n";
    if (!serving->setup_secret().empty()) session.out << "Nobody can sign in yet. Open this link once, within a day, to make the first administrator:\n  " << address << "/setup#" << serving->setup_secret() << "\n";
    session.out << "End it with Ctrl+C.\n" << std::flush;
    int number = 0;
    sigwait(&ends, &number);
    session.out << "Ending: what is under way is finished ...\n" << std::flush;
    serving->stop();
    return {};
}

}  // namespace

void add_serve(CLI::App& app, Session& session) {
    auto* command = app.add_subcommand("serve", "the dashboard and the API, over HTTP");
    const auto arguments = std::make_shared<Arguments>();
    add_data_option(*command, session);
    add_catalogue_option(*command, session);
    command->add_option("--listen", arguments->listen, "address and port; 0 takes a free port")->capture_default_str();
    command->add_option("--key-file", arguments->key_file, "key of encrypted fields; default $THREATLAS_KEY_FILE, else FOLDER.key beside the data folder");
    command->add_option("--tls-cert", arguments->certificate, "certificate chain (PEM): TLS 1.3");
    command->add_option("--tls-key", arguments->key, "its private key (PEM)");
    command->add_option("--client-ca", arguments->client_authority, "authority of client certificates (PEM): machines may sign in by theirs");
    command->add_flag("--client-required", arguments->client_required, "refuse whoever brings no certificate");
    command->add_flag("--no-log", arguments->quiet_log, "no line a request on standard error");
    command->add_option("--sync-every", arguments->sync_every, "seconds between two rounds with the peers ('threatlas node'); 0: none")->capture_default_str()->check(CLI::Range(0U, 86400U));
    command->footer("Examples:\n  threatlas serve --data var/demo --listen 127.0.0.1:8080\n  threatlas serve --data /srv/threatlas --listen 0.0.0.0:443 --tls-cert chain.pem --tls-key key.pem");
    command->callback([&session, arguments] { session.action = [&session, arguments] { return serve_command(session, *arguments); }; });
}

}  // namespace threatlas::app
