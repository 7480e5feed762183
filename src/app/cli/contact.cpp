// contact: the directory of desks, and what one subscribes to.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/cli/commands.hpp"
#include "app/cli/desk.hpp"
#include "core/text.hpp"
#include "model/json_codec.hpp"
#include "work/contact/directory.hpp"
#include "work/contact/duty_hours.hpp"

namespace threatlas::app {
namespace {

using core::Result;
namespace contact = work::contact;

struct Arguments {
    model::ContactPoint point;
    model::Subscription subscription;
    std::string id, key;
    bool on_duty = false;
};

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

Result<void> subscriptions(const Session& session, const Arguments&) {
    THREATLAS_TRY(const auto open, open_desk(session, "joint_operation: subscriptions"));
    THREATLAS_TRY(const auto all, contact::subscriptions(open.desk(), open.reader));
    if (print_json(session, model::to_json(all))) return {};
    for (const auto& each : all) session.out << fmt::format("{:<14} {:<8} {:<30} up to {:<18} {}\n", each.id, each.digest, each.email, each.clearance, core::join(each.threats, ","));
    if (all.empty()) session.out << "No subscriptions; 'threatlas contact subscribe' makes one.\n";
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
    const auto command = [&](const char* name, const char* what, auto action, const char* example) {
        auto* each = root->add_subcommand(name, what);
        each->callback([&session, arguments, action] { session.action = [&session, arguments, action] { return action(session, *arguments); }; });
        each->footer(std::string("Example:\n  threatlas contact ") + example);
        return each;
    };
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
    root->footer("Examples:\n  threatlas contact add 'Duty desk' --hours 24/7 --zone Europe/Belgrade --email desk@mup.example\n  threatlas contact list --on-duty");
}

}  // namespace threatlas::app
