// One function a command: declares its options and sets the session's action when it is named.
#pragma once

namespace CLI {
class App;
}

namespace threatlas::app {

struct Session;

void add_init(CLI::App& app, Session& session);
void add_catalogue(CLI::App& app, Session& session);
void add_ingest(CLI::App& app, Session& session);
void add_submissions(CLI::App& app, Session& session);
void add_status(CLI::App& app, Session& session);
void add_assess(CLI::App& app, Session& session);
void add_watch(CLI::App& app, Session& session);
void add_signals(CLI::App& app, Session& session);
void add_decisions(CLI::App& app, Session& session);
void add_stix(CLI::App& app, Session& session);
void add_misp(CLI::App& app, Session& session);
void add_bulletin(CLI::App& app, Session& session);
void add_request(CLI::App& app, Session& session);
void add_contact(CLI::App& app, Session& session);
void add_forecast(CLI::App& app, Session& session);
void add_report(CLI::App& app, Session& session);
void add_explain(CLI::App& app, Session& session);
void add_verify(CLI::App& app, Session& session);
void add_diff(CLI::App& app, Session& session);
void add_simulate(CLI::App& app, Session& session);
void add_serve(CLI::App& app, Session& session);
void add_taxii(CLI::App& app, Session& session);
void add_protection(CLI::App& app, Session& session);
void add_people(CLI::App& app, Session& session);
void add_tokens(CLI::App& app, Session& session);
void add_match(CLI::App& app, Session& session);
void add_node(CLI::App& app, Session& session);
void add_profile(CLI::App& app, Session& session);
void add_audit(CLI::App& app, Session& session);
void add_doctor(CLI::App& app, Session& session);
void add_completion(CLI::App& app, Session& session);

}  // namespace threatlas::app
