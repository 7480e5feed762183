// How fast STIX comes in, beside a bare parse of the same bytes: cutting a bundle into objects, reading each, validating,
// reading the records carried, and writing. Prints MB/s, objects/s and the share of the bare parse's speed.
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>

#include "exchange/misp/event.hpp"
#include "exchange/stix/carry.hpp"
#include "exchange/stix/ids.hpp"
#include "exchange/stix/markings.hpp"
#include "exchange/stix/records.hpp"
#include "exchange/stix/slices.hpp"
#include "exchange/stix/validate.hpp"

namespace stix = threatlas::exchange::stix;
namespace misp = threatlas::exchange::misp;
namespace core = threatlas::core;

namespace {

double seconds(const std::function<void()>& work) {
    double best = 1e9;
    for (int i = 0; i < 5; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        work();
        best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    }
    return best;
}

void say(const char* what, double bytes, std::size_t objects, double took, double bare) { std::printf("%-34s %8.1f MB/s  %10.0f objects/s  %6.3f of a bare parse\n", what, bytes / took / 1e6, static_cast<double>(objects) / took, bare / took); }

}  // namespace

int main(int count, char** arguments) {
    const std::size_t many = count > 1 ? static_cast<std::size_t>(std::atoll(arguments[1])) : 20'000;
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < many; ++i) {
        const std::string n = std::to_string(i);
        if (i % 2 == 0) {
            core::json::object indicator{{"type", "indicator"}, {"spec_version", "2.1"}, {"id", stix::id_of("indicator", n)}, {"created", "2026-01-01T00:00:00.000Z"}, {"modified", "2026-01-01T00:00:00.000Z"}, {"name", "Indicator " + n},
                                         {"pattern", "[file:hashes.MD5 = '" + stix::uuid_of(n) + "']"}, {"pattern_type", "stix"}, {"valid_from", "2026-01-01T00:00:00Z"}, {"labels", core::json::array{"a", "b"}}, {"object_marking_refs", stix::marking_refs("TLP:GREEN")}};
            texts.push_back(core::write_json(indicator));
        } else {
            texts.push_back(core::write_json(stix::carry("note", {.kind = "bulletin", .id = "rs_mup/" + n, .created = "2026-01-01", .modified = "2026-01-02", .title = "Bulletin " + n, .text = "Opening tools were seen again.", .handling = "TLP:AMBER H1", .originators = {"rs_mup"},
                                                                  .record = {{"places", core::json::array{"RS", "BA"}}, {"n", static_cast<std::int64_t>(i)}}})));
        }
    }
    const std::string all = stix::bundle(texts);
    const double bytes = static_cast<double>(all.size());
    std::printf("%zu objects, %.1f MB\n", many, bytes / 1e6);
    const double bare = seconds([&] {
        boost::json::monotonic_resource memory;
        if (!boost::json::parse(all, &memory).is_object()) std::abort();
    });
    say("bare parse (Boost.JSON, monotonic)", bytes, many, bare, bare);
    say("cut into objects", bytes, many, seconds([&] {
            if (stix::slices(all, "b")->slices.size() != many) std::abort();
        }), bare);
    const auto parts = *stix::slices(all, "b");
    std::vector<core::json::object> objects;
    say("cut and read", bytes, many, seconds([&] {
            objects.clear();
            const auto cut = *stix::slices(all, "b");
            for (const auto& each : cut.slices) objects.push_back(std::move(*stix::object_of(each, "b")));
        }), bare);
    say("cut, read and validate", bytes, many, seconds([&] {
            if (stix::validate(all, "b")->faulty != 0) std::abort();
        }), bare);
    say("records carried (of those read)", bytes, many, seconds([&] {
            std::size_t carried = 0;
            for (const auto& each : objects)
                if (stix::is_carried(each) && stix::carried(each)) ++carried;
            if (carried != many / 2) std::abort();
        }), bare);
    say("write", bytes, many, seconds([&] {
            std::vector<std::string> out;
            for (const auto& each : objects) out.push_back(core::write_json(each));
            if (stix::bundle(out).size() != all.size()) std::abort();
        }), bare);

    std::string events = "{\"response\":[";
    for (std::size_t i = 0; i < many / 10; ++i) {
        misp::Event e;
        e.uuid = stix::uuid_of("e" + std::to_string(i)), e.info = "Event", e.date = "2026-03-02", e.timestamp = "1772409600", e.tags = {"tlp:amber", "misp-galaxy:financial-fraud=\"ATM Explosive Attack\""};
        for (int k = 0; k < 10; ++k) e.attributes.push_back({stix::uuid_of(std::to_string(k)), "text", "Other", "value " + std::to_string(k), "", "1772409600", "", "", false, {}});
        events += (i == 0 ? "" : ",") + core::write_json(misp::to_json(e));
    }
    events += "]}";
    const double bare_misp = seconds([&] {
        boost::json::monotonic_resource memory;
        if (!boost::json::parse(events, &memory).is_object()) std::abort();
    });
    std::printf("%zu MISP events of 10 attributes, %.1f MB\n", many / 10, static_cast<double>(events.size()) / 1e6);
    say("bare parse", static_cast<double>(events.size()), many / 10, bare_misp, bare_misp);
    say("events read", static_cast<double>(events.size()), many / 10, seconds([&] {
            const auto read = *misp::events_of(events, "b");
            for (const auto& each : read)
                if (!misp::from_json(each)) std::abort();
        }), bare_misp);
    return 0;
}
