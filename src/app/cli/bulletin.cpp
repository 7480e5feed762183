// bulletin, request: what contact points tell and ask one another.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "app/cli/commands.hpp"
#include "app/cli/desk.hpp"
#include "core/text.hpp"
#include "model/json_codec.hpp"
#include "work/contact/consents.hpp"
#include "work/contact/deliver.hpp"
#include "work/contact/files.hpp"
#include "work/contact/papers.hpp"
#include "work/contact/spread.hpp"
#include "work/disclosure.hpp"
#include "work/nodes/post.hpp"

namespace threatlas::app {

core::Result<OpenDesk> open_desk(const Session& session, const std::string& purpose) {
    OpenDesk out;
    THREATLAS_TRY(out.catalogue, open_catalogue(session));
    THREATLAS_TRY(out.store, open_store(session));
    out.reader = reader_of(session, purpose);
    THREATLAS_TRY(const std::string own, work::own_organisation(*out.store));
    if (!own.empty()) out.reader.organisation = own, out.reader.role = model::Role::contact_point;
    return out;
}

core::Result<std::string> text_or_file(const std::string& said) {
    if (!said.starts_with('@')) return said;
    return core::read_file(said.substr(1));
}

namespace {

using core::Result;
using model::Answer;
using model::Bulletin;
using model::Request;
namespace contact = work::contact;

struct Arguments {
    Bulletin bulletin;
    Request request;
    Answer answer;
    std::string id, text, note, reason, to, until, handling, hash, out;
    std::vector<std::string> files, recipients;
    std::uint64_t version = 0;
};

template <class T>
void print_receipts(const Session& session, const contact::Held<T>& held) {
    for (const auto& each : held.receipts)
        session.out << fmt::format("  {:<14} sent {:<22} fetched {:<22} read {:<22} acknowledged {}{}{}\n", each.organisation, each.sent.empty() ? "-" : each.sent, each.fetched.empty() ? "-" : each.fetched, each.read.empty() ? "-" : each.read, each.acknowledged.empty() ? "-" : each.acknowledged,
                                   each.note.empty() ? "" : ": " + each.note, each.forwarded_by.empty() ? "" : " (passed on by " + each.forwarded_by + ")");
}

template <class T>
core::json::object as_json(const contact::Held<T>& held) {
    core::json::object out = model::to_json(held.record).as_object();
    if constexpr (std::is_same_v<T, Bulletin>) out["expired"] = held.expired;
    out["receipts"] = model::to_json(held.receipts);
    return out;
}

template <class T>
Result<void> said(const Session& session, const Result<contact::Held<T>>& held, const std::string& done) {
    if (!held) return tl::unexpected<core::Error>(held.error());
    if (!print_json(session, as_json(*held))) session.out << fmt::format("{} {} {}, version {}, {}\n", T::kKind, held->record.id, done, held->record.version, held->record.handling);
    return {};
}

// Files named on the command line are kept first.
template <class T>
Result<void> attach(const OpenDesk& open, const std::vector<std::string>& files, T& wanted) {
    for (const auto& each : files) {
        THREATLAS_TRY(const std::string content, core::read_file(each));
        THREATLAS_TRY(auto kept, contact::keep_file(open.desk(), open.reader, std::filesystem::path(each).filename().string(), content));
        wanted.attachments.push_back(std::move(kept));
    }
    return {};
}

template <class T>
Result<void> list(const Session& session, const Arguments&) {
    THREATLAS_TRY(const auto open, open_desk(session, std::string("joint_operation: ") + std::string(T::kKind) + "s"));
    THREATLAS_TRY(const auto all, contact::listed<T>(open.desk(), open.reader));
    core::json::array rows;
    for (const auto& each : all) rows.push_back(as_json(each));
    if (print_json(session, rows)) return {};
    if (all.empty()) session.out << "No " << T::kKind << "s; 'threatlas " << T::kKind << " new' makes one.\n";
    for (const auto& each : all) {
        std::size_t seen = 0;
        for (const auto& receipt : each.receipts) seen += receipt.acknowledged.empty() ? 0 : 1;
        const bool own = each.record.originator == open.reader.organisation;
        session.out << fmt::format("{:<28} v{:<3} {:<10} {:<18} {:<14} {:<22} {}\n", each.record.id, each.record.version, each.expired ? "expired" : each.record.state, each.record.handling, each.record.originator, own ? fmt::format("acknowledged {}/{}", seen, each.receipts.size()) : seen != 0 ? "acknowledged" : each.expired ? "" : "waits for you", contact::title_of(each.record));
    }
    return {};
}

// Who may have it by consent; of others' as well, to who has it.
template <class T>
Result<void> print_consents(const Session& session, const OpenDesk& open, const T& record) {
    THREATLAS_TRY(const auto all, contact::consents_of(open.desk(), open.reader, std::string(T::kKind), record.id));
    for (const auto& each : all)
        session.out << fmt::format("Consent     {}  {} to {}{}{}{}\n", each.id, each.originator, each.to, each.handling.empty() ? "" : ", may mark " + each.handling, each.until.empty() ? "" : ", until " + each.until, each.revoked ? ", taken back" : "");
    return {};
}

template <class T>
void print_files(const Session& session, const T& record) {
    for (const auto& each : record.attachments) session.out << fmt::format("File        {}  {} bytes  {}\n", each.name, each.size, each.sha256);
}

Result<void> show_bulletin(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const auto open, open_desk(session, "joint_operation: bulletin " + arguments.id));
    THREATLAS_TRY(const auto held, contact::opened<Bulletin>(open.desk(), open.reader, arguments.id, arguments.version));
    if (print_json(session, as_json(held))) return {};
    const Bulletin& b = held.record;
    session.out << fmt::format("{}\n{}, version {} ({}), {}\n{} of {}, {}\n", b.title, b.id, b.version, held.expired ? "expired" : b.state, b.handling, b.kind, b.originator, b.modified);
    if (!b.reason.empty()) session.out << "Reason      " << b.reason << '\n';
    for (const auto& [name, values] : {std::pair{"Threats", &b.threats}, {"Areas", &b.areas}, {"Modus", &b.mos}, {"Places", &b.places}, {"Made from", &b.derived_from}})
        if (!values->empty()) session.out << fmt::format("{:<11} {}\n", name, core::join(*values, ", "));
    if (!b.valid_until.empty()) session.out << "Until       " << b.valid_until << (held.expired ? ", expired: it is not sent anew" : "") << '\n';
    print_files(session, b);
    THREATLAS_CHECK(print_consents(session, open, b));
    session.out << '\n' << b.text << "\n\n";
    print_receipts(session, held);
    return {};
}

Result<void> show_request(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const auto open, open_desk(session, "joint_operation: request " + arguments.id));
    THREATLAS_TRY(const auto held, contact::opened<Request>(open.desk(), open.reader, arguments.id));
    THREATLAS_TRY(auto answers, contact::listed<Answer>(open.desk(), open.reader));
    std::erase_if(answers, [&](const auto& each) { return each.record.request != held.record.id; });
    if (session.json) {
        core::json::array given;
        for (const auto& each : answers) given.push_back(as_json(each));
        core::json::object out = as_json(held);
        out["answers"] = std::move(given);
        print_json(session, out);
        return {};
    }
    const Request& r = held.record;
    session.out << fmt::format("{}\n{}, version {} ({}), {}\n{} from {}, {}{}\n", r.title, r.id, r.version, r.state, r.handling, r.kind, r.originator, r.modified, r.deadline.empty() ? "" : ", wanted by " + r.deadline);
    if (!r.reason.empty()) session.out << "Reason      " << r.reason << '\n';
    print_files(session, r);
    THREATLAS_CHECK(print_consents(session, open, r));
    if (!r.text.empty()) session.out << '\n' << r.text << '\n';
    for (std::size_t i = 0; i < r.questions.size(); ++i) session.out << fmt::format("{:>3}. {}\n", i + 1, r.questions[i]);
    session.out << '\n';
    print_receipts(session, held);
    for (const auto& each : answers) {
        session.out << fmt::format("\n{} answers ({}), {}, {}\n", each.record.originator, each.record.outcome, each.record.handling, each.record.id);
        for (std::size_t i = 0; i < each.record.answers.size(); ++i) session.out << fmt::format("{:>3}. {}\n", i + 1, each.record.answers[i]);
        if (!each.record.text.empty()) session.out << each.record.text << '\n';
    }
    return {};
}

Result<void> new_bulletin(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const auto open, open_desk(session, "joint_operation: bulletin"));
    Bulletin wanted = arguments.bulletin;
    THREATLAS_TRY(wanted.text, text_or_file(arguments.text));
    THREATLAS_CHECK(attach(open, arguments.files, wanted));
    return said<Bulletin>(session, contact::give(open.desk(), open.reader, std::move(wanted)), "is issued");
}

Result<void> new_request(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const auto open, open_desk(session, "joint_operation: request"));
    Request wanted = arguments.request;
    THREATLAS_TRY(wanted.text, text_or_file(arguments.text));
    THREATLAS_CHECK(attach(open, arguments.files, wanted));
    return said<Request>(session, contact::give(open.desk(), open.reader, std::move(wanted)), "is asked");
}

Result<void> answer_request(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const auto open, open_desk(session, "joint_operation: answer to " + arguments.id));
    THREATLAS_TRY(const auto asked, contact::opened<Request>(open.desk(), open.reader, arguments.id));
    Answer wanted = arguments.answer;
    wanted.request = asked.record.id;
    THREATLAS_TRY(wanted.text, text_or_file(arguments.text));
    THREATLAS_CHECK(attach(open, arguments.files, wanted));
    return said<Answer>(session, contact::give(open.desk(), open.reader, std::move(wanted)), "is given");
}

template <class T>
Result<void> acknowledge(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const auto open, open_desk(session, "joint_operation: acknowledging " + arguments.id));
    return said<T>(session, contact::acknowledge<T>(open.desk(), open.reader, arguments.id, arguments.note), "is acknowledged");
}

Result<void> correct_bulletin(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const auto open, open_desk(session, "joint_operation: correcting " + arguments.id));
    THREATLAS_TRY(const auto now, contact::opened<Bulletin>(open.desk(), open.reader, arguments.id));
    Bulletin wanted = now.record;   // what is not said stays
    const Bulletin& said_now = arguments.bulletin;
    if (!said_now.kind.empty()) wanted.kind = said_now.kind;
    if (!said_now.title.empty()) wanted.title = said_now.title;
    if (!arguments.text.empty()) {
        THREATLAS_TRY(wanted.text, text_or_file(arguments.text));
    }
    for (const auto& [from, into] : {std::pair{&said_now.areas, &wanted.areas}, {&said_now.threats, &wanted.threats}, {&said_now.mos, &wanted.mos}, {&said_now.places, &wanted.places}, {&said_now.derived_from, &wanted.derived_from}})
        if (!from->empty()) *into = *from;
    for (const auto& each : said_now.recipients) contact::add_to(wanted.recipients, each);
    if (!said_now.handling.empty()) wanted.handling = said_now.handling;
    if (!said_now.valid_until.empty()) wanted.valid_until = said_now.valid_until;
    if (!arguments.files.empty()) wanted.attachments.clear();
    THREATLAS_CHECK(attach(open, arguments.files, wanted));
    return said<Bulletin>(session, contact::correct(open.desk(), open.reader, std::move(wanted), arguments.reason), "is corrected");
}

template <class T>
Result<void> withdraw(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const auto open, open_desk(session, "joint_operation: withdrawing " + arguments.id));
    return said<T>(session, contact::end<T>(open.desk(), open.reader, arguments.id, "withdrawn", arguments.reason), "is withdrawn");
}

Result<void> close_request(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const auto open, open_desk(session, "joint_operation: closing " + arguments.id));
    return said<Request>(session, contact::end<Request>(open.desk(), open.reader, arguments.id, "closed", arguments.reason), "is closed");
}

template <class T>
Result<void> forward(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const auto open, open_desk(session, "joint_operation: passing on " + arguments.id));
    return said<T>(session, contact::forward<T>(open.desk(), open.reader, arguments.id, arguments.recipients, arguments.note), "is passed on");
}

template <class T>
Result<void> consent(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const auto open, open_desk(session, "joint_operation: consent for " + arguments.id));
    THREATLAS_TRY(const auto held, contact::opened<T>(open.desk(), open.reader, arguments.id));
    THREATLAS_TRY(const auto given, contact::consent_to(open.desk(), open.reader, std::string(T::kKind), held.record.id, arguments.to, arguments.handling, arguments.until));
    if (!print_json(session, model::to_json(given))) session.out << "consent " << given.id << ": " << given.to << " may have " << held.record.id << (given.handling.empty() ? "" : " and mark it " + given.handling) << '\n';
    return {};
}

template <class T>
Result<void> save_file(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const auto open, open_desk(session, "joint_operation: file of " + arguments.id));
    THREATLAS_TRY(const auto found, contact::file_of<T>(open.desk(), open.reader, arguments.id, arguments.hash));
    const std::string path = arguments.out.empty() ? found.what.name : arguments.out;
    if (std::filesystem::exists(path)) return core::fail(core::ErrorCode::conflict, "there is a file already", {path, 0, ""});
    THREATLAS_CHECK(core::write_file(path, found.content));
    THREATLAS_CHECK(work::note_disclosure(*open.store, open.reader, "file of " + arguments.id, path));
    if (!print_json(session, {{"file", path}, {"sha256", found.what.sha256}})) session.out << "saved: " << path << '\n';
    return {};
}

Result<void> digest(const Session& session, const Arguments&) {
    THREATLAS_TRY(const auto open, open_desk(session, "joint_operation: digest"));
    THREATLAS_TRY(const auto settings, contact::contact_settings(data_folder(session)));
    THREATLAS_CHECK(contact::spread(open.desk()));
    THREATLAS_TRY(const auto sent, contact::deliver_mail(open.desk(), settings, true));
    if (print_json(session, model::to_json(sent))) return {};
    if (settings.mail.host.empty()) session.out << "no mail server is set: write 'mail' into " << data_folder(session) << "/contact.json (docs/HOWTO-contact.md)\n";
    else session.out << fmt::format("sent {}, later {}, given up {}, dropped {}\n", sent.sent, sent.later, sent.given_up, sent.dropped);
    return {};
}

class Commands {
  public:
    Commands(CLI::App& app, Session& session, const char* name, const char* what) : session_(session), root_(app.add_subcommand(name, what)) {
        root_->require_subcommand(1);
        add_data_option(*root_, session);
        add_key_option(*root_, session);
        add_catalogue_option(*root_, session);
    }
    template <class Action>
    CLI::App* add(const char* name, const char* what, Action action, const char* example) {
        auto* each = root_->add_subcommand(name, what);
        each->callback([this_session = &session_, arguments = arguments, action] { this_session->action = [this_session, arguments, action] { return action(*this_session, *arguments); }; });
        each->footer(std::string("Example:\n  threatlas ") + root_->get_name() + " " + example);
        return each;
    }
    CLI::App* with_id(CLI::App* command) {
        command->add_option("id", arguments->id, "its id, or the beginning of it")->required();
        return command;
    }
    CLI::App& root() { return *root_; }
    const std::shared_ptr<Arguments> arguments = std::make_shared<Arguments>();

  private:
    Session& session_;
    CLI::App* root_;
};

template <class T>
void topics(CLI::App& command, T& record) {
    command.add_option("--areas", record.areas, "crime areas");
    command.add_option("--threats", record.threats, "threats");
    command.add_option("--mos", record.mos, "modus operandi codes");
    command.add_option("--places", record.places, "countries");
}

template <class T>
void marks(CLI::App& command, T& record, Arguments& arguments) {
    command.add_option("--handling", record.handling, "TLP word and codes, 'TLP:AMBER H2'; default: of what it is made from, else TLP:AMBER");
    command.add_option("--to", record.recipients, "organisations; default: all members");
    command.add_option("--from", record.derived_from, "ids of what it is made from");
    command.add_option("--language", record.language, "two letters")->capture_default_str();
    command.add_option("--attach", arguments.files, "files: PDF, PNG, JPEG, text, DOCX, XLSX, ODT, ODS");
}

template <class T>
void shared_commands(Commands& all, const char* kind) {
    auto& arguments = *all.arguments;
    all.with_id(all.add("ack", "say that your organisation has it", acknowledge<T>, "ack N-rs_mup-01"))->add_option("note", arguments.note, "what to say with it");
    all.with_id(all.add("withdraw", "withdraw it: all who had it are told", withdraw<T>, "withdraw N-rs_mup-01 --reason 'It was a film'"))->add_option("--reason", arguments.reason, "why")->required();
    auto* onward = all.with_id(all.add("forward", "pass it on, as far as its marking or its originator's recorded consent allows", forward<T>, "forward N-rs_mup-01 --to me_up"));
    onward->add_option("--to", arguments.recipients, "organisations")->required();
    onward->add_option("--note", arguments.note, "why");
    auto* leave = all.with_id(all.add("consent", "let another organisation have what is yours", consent<T>, "consent N-rs_mup-01 --to me_up --until 2027-12-31"));
    leave->add_option("--to", arguments.to, "organisation that may")->required();
    leave->add_option("--handling", arguments.handling, "how mildly it may mark what it makes of it; without: no more mildly");
    leave->add_option("--until", arguments.until, "last day (YYYY-MM-DD)");
    auto* file = all.with_id(all.add("file", "save one of its files", save_file<T>, "file N-rs_mup-01 3f2a... --out plan.pdf"));
    file->add_option("sha256", arguments.hash, "as 'show' prints it")->required();
    file->add_option("--out", arguments.out, "where to; default: its name, here");
    (void)kind;
}

}  // namespace

void add_bulletin(CLI::App& app, Session& session) {
    Commands all(app, session, "bulletin", "what contact points tell one another: modi operandi, warnings, best practice, wanted information");
    auto& a = *all.arguments;
    auto* fresh = all.add("new", "issue a bulletin", new_bulletin, "new 'Relay theft at night' --kind new_mo --text @relay.txt --threats property.vehicle_theft --to bg_mvr me_up");
    fresh->add_option("title", a.bulletin.title, "title")->required();
    fresh->add_option("--kind", a.bulletin.kind, "new_mo, warning, best_practice or wanted_information")->required();
    fresh->add_option("--text", a.text, "text, or @file")->required();
    topics(*fresh, a.bulletin), marks(*fresh, a.bulletin, a);
    fresh->add_option("--until", a.bulletin.valid_until, "last day it holds (YYYY-MM-DD)");
    all.add("list", "bulletins from and to your organisation, what has expired last", list<Bulletin>, "list");
    all.with_id(all.add("show", "one bulletin, and how far it came; counts as read", show_bulletin, "show N-rs_mup-01"))->add_option("--version", a.version, "an earlier version");
    auto* better = all.with_id(all.add("correct", "a new version, to all who had one; what is not said stays", correct_bulletin, "correct N-rs_mup-01 --text 'Three persons' --reason 'One more was seen'"));
    better->add_option("--reason", a.reason, "why")->required();
    better->add_option("--title", a.bulletin.title, "title");
    better->add_option("--kind", a.bulletin.kind, "kind");
    better->add_option("--text", a.text, "text, or @file");
    topics(*better, a.bulletin), marks(*better, a.bulletin, a);
    better->add_option("--until", a.bulletin.valid_until, "last day it holds (YYYY-MM-DD)");
    shared_commands<Bulletin>(all, "bulletin");
    all.add("digest", "send by e-mail now what subscriptions wait for", digest, "digest");
    all.root().footer("Examples:\n  threatlas bulletin new 'Relay theft' --kind new_mo --text @relay.txt --threats property.vehicle_theft\n  threatlas bulletin ack N-rs_mup-01 'Seen, we look'\n  threatlas bulletin withdraw N-rs_mup-01 --reason 'It was a film'");
}

void add_request(CLI::App& app, Session& session) {
    Commands all(app, session, "request", "what contact points ask one another, with a deadline, and the answers");
    auto& a = *all.arguments;
    auto* fresh = all.add("new", "ask other organisations", new_request, "new 'Grey van' --question 'Known to you?' 'Where seen last?' --deadline 2027-01-31 --to bg_mvr");
    fresh->add_option("title", a.request.title, "title")->required();
    fresh->add_option("--question", a.request.questions, "questions, one by one");
    fresh->add_option("--text", a.text, "what it is about, or @file");
    fresh->add_option("--kind", a.request.kind, "information, verification or consent")->capture_default_str();
    fresh->add_option("--deadline", a.request.deadline, "day by which an answer is needed (YYYY-MM-DD)");
    topics(*fresh, a.request), marks(*fresh, a.request, a);
    all.add("list", "requests from and to your organisation", list<Request>, "list");
    all.with_id(all.add("show", "one request with its answers; counts as read", show_request, "show Q-rs_mup-01"));
    auto* answer = all.with_id(all.add("answer", "answer a request", answer_request, "answer Q-rs_mup-01 --answer Yes Sofia --handling TLP:AMBER"));
    answer->add_option("--answer", a.answer.answers, "to the questions, in their order");
    answer->add_option("--text", a.text, "answer as a whole, or @file");
    answer->add_option("--outcome", a.answer.outcome, "answered, nothing_known or cannot_answer")->capture_default_str();
    marks(*answer, a.answer, a);
    all.with_id(all.add("close", "no more answers are needed", close_request, "close Q-rs_mup-01"))->add_option("--reason", a.reason, "why");
    shared_commands<Request>(all, "request");
    all.root().footer("Examples:\n  threatlas request new 'Grey van' --question 'Known to you?' --to bg_mvr\n  threatlas request answer Q-rs_mup-01 --answer Yes");
}

}  // namespace threatlas::app
