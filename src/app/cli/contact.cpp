// contact: the directory of desks, what one subscribes to, machines that are told, and how all that stands.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/cli/commands.hpp"
#include "app/cli/desk.hpp"
#include "core/text.hpp"
#include "model/json_codec.hpp"
#include "work/contact/deliver.hpp"
#include "work/contact/directory.hpp"
#include "work/contact/duty_hours.hpp"

namespace threatlas::app {
namespace {

using core::Result;
namespace contact = work::contact;

struct Arguments {
    model::ContactPoint point;
    model::Subscription subscription;
    model::Webhook webhook;
    std::string id, key;
    bool on_duty = false;
};

// Settings that cannot be used stop all sending: said wherever one looks.
void say_broken(const Session& session) {
    if (session.json) return;
    if (const auto settings = contact::contact_settings(data_folder(session)); !settings) session.out << "Nothing is sent by e-mail or webhook: " << core::describe(settings.error()) << '\n';
}

Result<void> status(const Session& session, const Arguments&) {
    THREATLAS_TRY(const auto open, open_desk(session, "joint_operation: state of the contact desk"));
    THREATLAS_TRY(const auto now, contact::desk_state(open.desk(), open.reader, data_folder(session)));
    if (print_json(session, model::to_json(now))) return {};
    say_broken(session);
    session.out << fmt::format("Settings    {}\nE-mail      {}\nDeliveries  {} waiting, {} given up\nWebhooks    {} stopped\nAccounts    {} subscriptions and webhooks whose account is closed\n", now.settings == "none" ? "none: " + data_folder(session) + "/contact.json is not there" : now.settings,
                               now.mail ? "a mail server is set" : "no mail server is set", now.waiting, now.given_up, now.stopped, now.closed);
    return {};
}

Result<void> list(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const auto open, open_desk(session, "joint_operation: directory"));
    THREATLAS_TRY(const auto all, contact::contact_points(open.desk()));
    core::json::array rows;
    for (const auto& each : all) {
        THREATLAS_TRY(const auto hours, contact::parse_duty_hours(each.hours));
        THREATLAS_TRY(const bool on, contact::on_duty(hours, each.zone, open.desk().now()));
        if (arguments.on_duty && !on) continue;
        core::json::object row = model::to_json(each).as_object();
        row["on_duty"] = on;
        rows.push_back(std::move(row));
        if (!session.json) session.out << fmt::format("{:<14} {:<14} {:<24} {} {} {}  {}  {}  {}\n", each.id, each.organisation, each.desk, on ? "on duty " : "off duty", each.hours, each.zone, each.phone, each.email, core::join(each.languages, ","));
    }
    if (!print_json(session, rows) && rows.empty()) session.out << "No contact points; 'threatlas contact add' makes one.\n";
    say_broken(session);
    return {};
}

Result<void> add(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const auto open, open_desk(session, "joint_operation: directory"));
    model::ContactPoint wanted = arguments.point;
    THREATLAS_TRY(wanted.public_key, text_or_file(arguments.key));
    THREATLAS_TRY(const auto made, contact::save_contact_point(open.desk(), open.reader, std::move(wanted)));
    if (!print_json(session, model::to_json(made))) session.out << "contact point " << made.id << " of " << made.organisation << " is kept\n";
    return {};
}

Result<void> remove(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const auto open, open_desk(session, "joint_operation: directory"));
    THREATLAS_CHECK(contact::drop_contact_point(open.desk(), open.reader, arguments.id));
    if (!print_json(session, {{"removed", arguments.id}})) session.out << "removed: " << arguments.id << '\n';
    return {};
}

Result<void> subscribe(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const auto open, open_desk(session, "joint_operation: subscription"));
    THREATLAS_TRY(const auto made, contact::subscribe(open.desk(), open.reader, "", arguments.subscription));
    if (!print_json(session, model::to_json(made))) session.out << "subscription " << made.id << ", " << made.digest << '\n';
    return {};
}

// Each with whether its account is closed.
template <class T>
Result<core::json::array> rows_of(const OpenDesk& open, const std::vector<T>& all) {
    core::json::array out;
    for (const T& each : all) {
        core::json::object row = model::to_json(each).as_object();
        THREATLAS_TRY(row["closed"], contact::closed(open.desk(), each));
        out.push_back(std::move(row));
    }
    return out;
}
const char* closed_words(const core::json::value& row) { return row.at("closed").as_bool() ? "  its account is closed" : ""; }

Result<void> subscriptions(const Session& session, const Arguments&) {
    THREATLAS_TRY(const auto open, open_desk(session, "joint_operation: subscriptions"));
    THREATLAS_TRY(const auto all, contact::subscriptions(open.desk(), open.reader));
    THREATLAS_TRY(const auto rows, rows_of(open, all));
    if (print_json(session, rows)) return {};
    for (std::size_t i = 0; i < all.size(); ++i) session.out << fmt::format("{:<14} {:<8} {:<30} up to {:<18} {}{}\n", all[i].id, all[i].digest, all[i].email, all[i].clearance, core::join(all[i].threats, ","), closed_words(rows[i]));
    if (all.empty()) session.out << "No subscriptions; 'threatlas contact subscribe' makes one.\n";
    say_broken(session);
    return {};
}

template <class T>
Result<void> take_over(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const auto open, open_desk(session, "joint_operation: taking over"));
    THREATLAS_TRY(const auto now, contact::take_over<T>(open.desk(), open.reader, "", arguments.id));
    if (!print_json(session, model::to_json(now))) session.out << now.id << " goes on, up to " << now.clearance << '\n';
    return {};
}

Result<void> webhook_add(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const auto open, open_desk(session, "joint_operation: webhook"));
    THREATLAS_TRY(const auto made, contact::add_webhook(open.desk(), open.reader, "", arguments.webhook));
    if (!print_json(session, model::to_json(made))) session.out << "webhook " << made.id << ", up to " << made.clearance << "\nIts secret, shown only now: " << made.secret << '\n';
    return {};
}

Result<void> webhook_list(const Session& session, const Arguments&) {
    THREATLAS_TRY(const auto open, open_desk(session, "joint_operation: webhooks"));
    THREATLAS_TRY(const auto all, contact::webhooks(open.desk(), open.reader));
    THREATLAS_TRY(const auto rows, rows_of(open, all));
    if (print_json(session, rows)) return {};
    for (std::size_t i = 0; i < all.size(); ++i) session.out << fmt::format("{:<14} {:<8} {:<24} up to {:<18} {}{}\n", all[i].id, all[i].stopped ? "stopped" : "runs", all[i].events.empty() ? "everything" : core::join(all[i].events, ","), all[i].clearance, all[i].url, closed_words(rows[i]));
    if (all.empty()) session.out << "No webhooks; 'threatlas contact webhook add' makes one.\n";
    say_broken(session);
    return {};
}

Result<void> webhook_remove(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const auto open, open_desk(session, "joint_operation: webhook"));
    THREATLAS_CHECK(contact::drop_webhook(open.desk(), open.reader, arguments.id));
    if (!print_json(session, {{"removed", arguments.id}})) session.out << "removed: " << arguments.id << '\n';
    return {};
}

Result<void> webhook_deliveries(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const auto open, open_desk(session, "joint_operation: deliveries"));
    THREATLAS_TRY(auto all, contact::deliveries(open.desk(), open.reader));
    std::erase_if(all, [&](const auto& each) { return each.channel != "webhook" || (!arguments.id.empty() && each.target != arguments.id); });
    if (print_json(session, model::to_json(all))) return {};
    for (const auto& each : all) {
        session.out << fmt::format("{:>6}  {}  {:<10} {:<14} {}\n", each.number, contact::iso_time(each.made), each.state, each.target, each.subject);
        for (const auto& tried : each.attempts) session.out << fmt::format("        {}  {}\n", contact::iso_time(tried.at), tried.outcome);
        if (each.state == "waiting") session.out << fmt::format("        {}  next try\n", contact::iso_time(each.next));
    }
    if (all.empty()) session.out << "Nothing was sent to a webhook yet.\n";
    say_broken(session);
    return {};
}

Result<void> unsubscribe(const Session& session, const Arguments& arguments) {
    THREATLAS_TRY(const auto open, open_desk(session, "joint_operation: subscription"));
    THREATLAS_CHECK(contact::unsubscribe(open.desk(), open.reader, arguments.id));
    if (!print_json(session, {{"ended", arguments.id}})) session.out << "ended: " << arguments.id << '\n';
    return {};
}

}  // namespace

void add_contact(CLI::App& app, Session& session) {
    auto* root = app.add_subcommand("contact", "the directory of desks, and what your organisation subscribes to");
    root->require_subcommand(1);
    add_data_option(*root, session);
    add_key_option(*root, session);
    add_catalogue_option(*root, session);
    const auto arguments = std::make_shared<Arguments>();
    const auto command_of = [&](CLI::App* parent, const char* name, const char* what, auto action, const char* example) {
        auto* each = parent->add_subcommand(name, what);
        each->callback([&session, arguments, action] { session.action = [&session, arguments, action] { return action(session, *arguments); }; });
        each->footer(std::string("Example:\n  threatlas contact ") + example);
        return each;
    };
    const auto command = [&](const char* name, const char* what, auto action, const char* example) { return command_of(root, name, what, action, example); };
    command("status", "whether anything can be sent, and what came of it", status, "status");
    command("list", "desks of all organisations, and whether somebody is there", list, "list --on-duty")->add_flag("--on-duty", arguments->on_duty, "only where somebody is there now");
    auto* fresh = command("add", "add a desk", add, "add 'Duty desk' --organisation rs_mup --hours 'Mo-Fr 08:00-16:00' --zone Europe/Belgrade --email desk@mup.example");
    fresh->add_option("desk", arguments->point.desk, "name of the desk, never of a person")->required();
    fresh->add_option("--organisation", arguments->point.organisation, "whose it is; default: yours");
    fresh->add_option("--hours", arguments->point.hours, "'24/7' or 'Mo-Fr 08:00-16:00; Sa 09:00-12:00'")->capture_default_str();
    fresh->add_option("--zone", arguments->point.zone, "time zone of the hours")->capture_default_str();
    fresh->add_option("--email", arguments->point.email, "address of the desk");
    fresh->add_option("--phone", arguments->point.phone, "telephone of the desk");
    fresh->add_option("--address", arguments->point.address, "address of its node");
    fresh->add_option("--key", arguments->key, "public key, or @file");
    fresh->add_option("--fingerprint", arguments->point.fingerprint, "fingerprint of the key");
    fresh->add_option("--languages", arguments->point.languages, "two letters each");
    fresh->add_option("--note", arguments->point.note, "what else to know");
    command("remove", "remove a desk", remove, "remove P-0123456789")->add_option("id", arguments->id, "as 'list' prints it")->required();
    auto* wish = command("subscribe", "be told by e-mail", subscribe, "subscribe --email desk@mup.example --threats property.vehicle_theft --digest at_once");
    wish->add_option("--email", arguments->subscription.email, "where it is sent")->required();
    wish->add_option("--kinds", arguments->subscription.kinds, "new_mo, warning, best_practice, wanted_information; bulletin, request, answer");
    wish->add_option("--areas", arguments->subscription.areas, "crime areas");
    wish->add_option("--threats", arguments->subscription.threats, "threats");
    wish->add_option("--mos", arguments->subscription.mos, "modus operandi codes");
    wish->add_option("--places", arguments->subscription.places, "countries");
    wish->add_option("--languages", arguments->subscription.languages, "languages");
    wish->add_option("--digest", arguments->subscription.digest, "at_once, daily or none")->capture_default_str();
    wish->add_option("--clearance", arguments->subscription.clearance, "up to which mark")->capture_default_str();
    command("subscriptions", "what your organisation subscribes to", subscriptions, "subscriptions");
    command("unsubscribe", "end a subscription", unsubscribe, "unsubscribe U-0123456789")->add_option("id", arguments->id, "as 'subscriptions' prints it")->required();
    command("take-over", "go on with a subscription whose account is closed", take_over<model::Subscription>, "take-over U-0123456789")->add_option("id", arguments->id, "as 'subscriptions' prints it")->required();

    auto* hooks = root->add_subcommand("webhook", "machines of your organisation that are told by a signed message");
    hooks->require_subcommand(1);
    hooks->footer("Examples:\n  threatlas contact webhook add https://siem.mup.example/threatlas --events bulletin request\n  threatlas contact webhook deliveries");
    auto* hook = command_of(hooks, "add", "add one; prints its secret, once", webhook_add, "webhook add https://siem.mup.example/threatlas --events bulletin request --clearance TLP:AMBER");
    hook->add_option("url", arguments->webhook.url, "https://..., or http:// on this machine")->required();
    hook->add_option("--events", arguments->webhook.events, "bulletin, request, answer; default: all");
    hook->add_option("--clearance", arguments->webhook.clearance, "up to which mark")->capture_default_str();
    command_of(hooks, "list", "those of your organisation", webhook_list, "webhook list");
    command_of(hooks, "remove", "remove one; what waits for it is dropped", webhook_remove, "webhook remove H-0123456789")->add_option("id", arguments->id, "as 'webhook list' prints it")->required();
    command_of(hooks, "deliveries", "what was sent, try by try", webhook_deliveries, "webhook deliveries")->add_option("id", arguments->id, "only to this one");
    command_of(hooks, "take-over", "go on with one whose account is closed", take_over<model::Webhook>, "webhook take-over H-0123456789")->add_option("id", arguments->id, "as 'webhook list' prints it")->required();
    root->footer("Examples:\n  threatlas contact add 'Duty desk' --hours 24/7 --zone Europe/Belgrade --email desk@mup.example\n  threatlas contact list --on-duty");
}

}  // namespace threatlas::app
