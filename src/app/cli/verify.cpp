#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "app/cli/commands.hpp"
#include "app/cli/session.hpp"
#include "core/text.hpp"
#include "publish/bundle.hpp"
#include "store/checkpoints.hpp"
#include "store/postgres/connection.hpp"

namespace threatlas::app {
namespace {

core::Result<void> verify(const Session& session, const std::string& folder) {
    const auto progress = progress_bar(session);
    THREATLAS_TRY(const publish::Verification result, publish::verify_bundle(folder, *progress));
    if (!result.same)
        return core::fail(core::ErrorCode::mismatch, "the re-run differs: the bundle says " + result.expected.substr(0, 16) + "..., the re-run gives " + result.found.substr(0, 16) +
                                                         "... (another version of Threatlas, or an altered bundle)", {folder, 0, ""});
    if (print_json(session, {{"same", true}, {"sha256", result.found}})) return {};
    for (const std::string& note : result.notes) session.out << note << ".\n";
    session.out << "The assessment was run again from its inputs and came out the same, byte for byte.\nSHA-256 " << result.found << '\n';
    return {};
}

core::Result<void> audit_verify(const Session& session, const std::string& public_key_file, const std::string& kept_file) {
    THREATLAS_TRY(const auto store, open_store(session));
    std::string public_key;
    if (!public_key_file.empty()) {
        THREATLAS_TRY(public_key, store::read_public_key(public_key_file));
    }
    std::vector<store::Checkpoint> kept;
    if (!kept_file.empty()) {
        THREATLAS_TRY(const std::string text, core::read_file(kept_file));
        THREATLAS_TRY(kept, store::parse_checkpoints(text, kept_file));
    }
    THREATLAS_TRY(const store::AuditProof proof, store->prove_audit(auditor_of(session, "supervision: audit verify"), public_key, kept));
    if (print_json(session, {{"entries", proof.entries}, {"whole", true}, {"checkpoints", proof.checkpoints}, {"signed_until", proof.signed_until}, {"erased", proof.erased}})) return {};
    session.out << "The audit chain is whole: " << proof.entries << " entries, each bound to the one before; submissions, judgements, refused rows and assessments are as it says.\n";
    if (proof.checkpoints > 0) session.out << proof.checkpoints << " signed checkpoints fit it, the last of " << proof.signed_until << ".\n";
    else session.out << "There is no signed checkpoint: 'threatlas audit checkpoint' makes one.\n";
    if (proof.erased > 0) session.out << proof.erased << " submissions were erased: their counts stand, their content is gone.\n";
    return {};
}

core::Result<void> audit_checkpoint(const Session& session) {
    THREATLAS_TRY(const auto store, open_store(session));
    THREATLAS_TRY(const store::Checkpoint made, store->checkpoint(auditor_of(session, "supervision: audit checkpoint")));
    if (print_json(session, {{"entries", made.entries}, {"hash", made.hash}, {"at", made.at}, {"public_key", made.public_key}, {"signature", made.signature}})) return {};
    const std::string folder = data_folder(session);
    session.out << "Signed: " << made.entries << " entries, " << made.hash.substr(0, 16) << "... Hand " << store::audit_key_path(folder) << ".pub and a copy of " << folder << "/audit.checkpoints to the auditor.\n";
    return {};
}

core::Result<void> audit_search(const Session& session, const store::AuditQuery& query) {
    THREATLAS_TRY(const auto store, open_store(session));
    THREATLAS_TRY(const auto page, store->search_audit(auditor_of(session, "supervision: audit search"), query));
    core::json::array list;
    for (const auto& e : page.entries) {
        if (session.json)
            list.push_back({{"number", e.number}, {"at", e.at}, {"person", e.person}, {"organisation", e.organisation}, {"role", e.role}, {"purpose", e.purpose}, {"action", e.action}, {"object", e.object}, {"hash", e.hash}});
        else
            session.out << fmt::format("{:>6}  {}  {}/{}  {:<9} {}  [{}]\n", e.number, e.at, e.organisation, e.person, e.action, e.object, e.purpose);
    }
    if (print_json(session, list)) return {};
    if (page.entries.empty()) session.out << "no entry is like that\n";
    if (page.next) session.out << "older ones: --after " << *page.next << '\n';
    return {};
}

core::Result<void> audit_list(const Session& session, std::size_t last) {
    THREATLAS_TRY(const auto store, open_store(session));
    THREATLAS_TRY(const auto entries, store->audit_entries(auditor_of(session, "supervision: audit list")));
    core::json::array list;
    for (std::size_t i = entries.size() > last ? entries.size() - last : 0; i < entries.size(); ++i) {
        const auto& e = entries[i];
        if (session.json)
            list.push_back({{"number", e.number}, {"at", e.at}, {"person", e.person}, {"organisation", e.organisation}, {"role", e.role}, {"purpose", e.purpose}, {"action", e.action}, {"object", e.object}, {"hash", e.hash}});
        else
            session.out << fmt::format("{:>6}  {}  {}/{}  {:<9} {}  [{}]\n", e.number, e.at, e.organisation, e.person, e.action, e.object, e.purpose);
    }
    print_json(session, list);
    return {};
}

// The folder itself, or the nearest one above it that is there.
std::filesystem::path existing_part(const std::string& folder) {
    std::error_code error;
    std::filesystem::path path = std::filesystem::absolute(folder, error).lexically_normal();
    while (!std::filesystem::exists(path, error) && path.has_relative_path()) path = path.parent_path();
    return path;
}

core::Result<void> doctor(const Session& session) {
    bool good = true;
    core::json::array list;
    const auto say = [&](const std::string& what, const core::Result<std::string>& found) {
        good = good && found.has_value();
        const std::string text = found ? *found : core::describe(found.error());
        if (session.json) list.push_back({{"check", what}, {"good", found.has_value()}, {"text", text}});
        else session.out << fmt::format("{} {:<12} {}\n", found ? "good " : "WRONG", what, text);
    };
    const auto catalogue = open_catalogue(session);
    if (catalogue) say("catalogue", catalogue->region.title + " " + catalogue->region.version);
    else say("catalogue", tl::unexpected(catalogue.error()));
    std::error_code error;
    bool weasyprint = false;
    const char* path = std::getenv("PATH");
    for (const std::string& folder : core::split(path != nullptr ? path : "", ':'))
        weasyprint = weasyprint || std::filesystem::exists(std::filesystem::path(folder) / "weasyprint", error);
    if (weasyprint) say("PDF", std::string("weasyprint is installed"));
    else say("PDF", core::fail(core::ErrorCode::unavailable, "weasyprint is not installed: no PDF can be written (apt-get install weasyprint)"));
    const auto space = std::filesystem::space(existing_part(data_folder(session)), error);
    if (!error && space.available < (std::uintmax_t{1} << 30)) say("disk", core::fail(core::ErrorCode::unavailable, "less than 1 GB is free where the store is: make room, or move it"));
    else say("disk", fmt::format("{:.0f} GB free where the store is", error ? 0.0 : static_cast<double>(space.available) / 1e9));
    const std::string address = store_address(session);
    say("engine", address.empty() ? "embedded, in " + data_folder(session) : "PostgreSQL at " + store::postgres::without_password(address));
    const auto store = open_store(session);
    if (!store) {
        say("store", tl::unexpected(store.error()));
    } else {
        const model::Reader reader = auditor_of(session, "supervision: doctor");
        const auto progress = progress_bar(session);
        const auto segments = (*store)->verify_segments(reader, *progress);
        if (segments) say("store", fmt::format("{:.1f} MB of observations carry the hashes they were written with", static_cast<double>(*segments) / 1e6));
        else say("store", tl::unexpected(segments.error()));
        const auto chain = (*store)->verify_audit(reader);
        if (chain) say("audit chain", std::to_string(*chain) + " entries, whole; the records are as it says");
        else say("audit chain", tl::unexpected(chain.error()));
    }
    if (session.json) print_json(session, list);
    if (!good) return core::fail(core::ErrorCode::mismatch, "something is not as it should be: see the lines marked WRONG");
    return {};
}

}  // namespace

void add_verify(CLI::App& app, Session& session) {
    auto* command = app.add_subcommand("verify", "run an assessment again from its bundle and compare byte for byte");
    const auto folder = std::make_shared<std::string>();
    command->add_option("bundle", *folder, "folder of the bundle")->required();
    command->footer("Example:\n  threatlas verify var/demo/bundle");
    command->callback([&session, folder] { session.action = [&session, folder] { return verify(session, *folder); }; });
}

void add_audit(CLI::App& app, Session& session) {
    auto* command = app.add_subcommand("audit", "who read or sent what, when and why");
    command->require_subcommand(1);
    command->footer("Examples:\n  threatlas audit verify --data var/mine\n  threatlas audit list --data var/mine --last 20\n  threatlas audit search --data var/mine --action disclose --from 2026-01-01\n  threatlas audit checkpoint --data var/mine");
    auto* verifying = command->add_subcommand("verify", "prove that no entry was changed or taken out, and that the records are as the log says");
    add_data_option(*verifying, session);
    const auto key = std::make_shared<std::string>(), kept = std::make_shared<std::string>();
    verifying->add_option("--public-key", *key, "the key file the auditor holds; default: the one beside the store");
    verifying->add_option("--checkpoints", *kept, "a copy of audit.checkpoints kept elsewhere: must fit as well");
    verifying->callback([&session, key, kept] { session.action = [&session, key, kept] { return audit_verify(session, *key, *kept); }; });
    auto* signing = command->add_subcommand("checkpoint", "sign the log as it stands, so that nobody can write it anew unseen");
    add_data_option(*signing, session);
    signing->callback([&session] { session.action = [&session] { return audit_checkpoint(session); }; });
    auto* searching = command->add_subcommand("search", "entries by who, what and when, newest first");
    add_data_option(*searching, session);
    const auto query = std::make_shared<store::AuditQuery>();
    searching->add_option("--person", query->person, "account or user");
    searching->add_option("--organisation", query->organisation, "member id, or 'regional'");
    searching->add_option("--action", query->action, "read, ingest, erase, disclose ...");
    searching->add_option("--from", query->from, "first day or moment (ISO)");
    searching->add_option("--to", query->to, "last day or moment (ISO)");
    searching->add_option("--text", query->text, "anywhere in what was touched, or in the purpose");
    searching->add_option("--after", query->after, "go on below this entry");
    searching->add_option("--limit", query->limit, "how many")->check(CLI::Range(1, 1000))->capture_default_str();
    searching->callback([&session, query] { session.action = [&session, query] { return audit_search(session, *query); }; });
    auto* listing = command->add_subcommand("list", "the entries, newest last");
    add_data_option(*listing, session);
    const auto last = std::make_shared<std::size_t>(50);
    listing->add_option("--last", *last, "how many")->capture_default_str();
    listing->callback([&session, last] { session.action = [&session, last] { return audit_list(session, *last); }; });
}

void add_doctor(CLI::App& app, Session& session) {
    auto* command = app.add_subcommand("doctor", "check the installation, the catalogue, the store and its audit chain");
    add_data_option(*command, session);
    add_catalogue_option(*command, session);
    command->footer("Example:\n  threatlas doctor --data var/mine");
    command->callback([&session] { session.action = [&session] { return doctor(session); }; });
}

}  // namespace threatlas::app
