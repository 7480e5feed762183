#include "serve/contact/runner.hpp"

#include <algorithm>
#include <chrono>

#include "serve/jobs/office.hpp"
#include "store/desk.hpp"
#include "work/contact/deliver.hpp"
#include "work/contact/papers.hpp"
#include "work/contact/spread.hpp"

namespace threatlas::serve {

namespace contact = work::contact;

contact::Desk ContactRunner::desk() const { return {office_.store, office_.catalogue}; }

core::Result<void> ContactRunner::start() {
    THREATLAS_CHECK(contact::contact_settings(office_.options.data));
    THREATLAS_TRY(store::Desk * kept, office_.store.desk());
    THREATLAS_TRY(told_, kept->newest());
    thread_ = std::thread([this] {
        std::unique_lock lock(mutex_);
        while (!stopping_) {
            woken_.wait_for(lock, std::chrono::seconds(3), [&] { return stopping_ || asked_; });
            if (stopping_) return;
            asked_ = false;
            lock.unlock();
            round();
            lock.lock();
        }
    });
    return {};
}

void ContactRunner::stop() {
    {
        const std::lock_guard guard(mutex_);
        stopping_ = true;
    }
    woken_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void ContactRunner::wake() {
    {
        const std::lock_guard guard(mutex_);
        asked_ = true;
    }
    woken_.notify_all();
}

void ContactRunner::tell(const std::string& kind, const std::string& id, std::uint64_t version, const std::string& handling, const std::vector<std::string>& to) {
    for (const auto& each : to) office_.events.tell({.type = kind, .data = {{"id", id}, {"version", version}}, .organisation = each, .handling = handling, .addressed = true});
}

void ContactRunner::tell_new() {
    const auto kept = office_.store.desk();
    if (!kept) return;
    const auto fresh = (*kept)->opened_after(told_, {"bulletin", "request", "answer"});
    if (!fresh) return;
    for (const auto& mark : *fresh) {
        told_ = mark.number;
        if (mark.originators.empty()) continue;
        const auto dot = mark.id.rfind('.');
        const auto all = contact::papers(desk(), contact::desk_of(mark.originators.front(), "telling who watches"), mark.kind, mark.id.substr(0, dot));
        if (!all) continue;
        for (const auto& each : *all)
            if (each.id + "." + std::to_string(each.version) == mark.id) tell(mark.kind, each.id, each.version, each.handling, each.audience);
    }
}

std::string ContactRunner::problem() const {
    const std::lock_guard guard(mutex_);
    return problem_;
}

void ContactRunner::found(std::string problem) {
    {
        const std::lock_guard guard(mutex_);
        if (problem == problem_) return;
        problem_ = problem;
    }
    if (on_problem_) on_problem_(problem);
}

void ContactRunner::round() {
    tell_new();
    const contact::Desk now = desk();
    std::string problem;
    const auto note = [&](const char* what, const auto& done) { if (!done && problem.empty()) problem = std::string(what) + core::describe(done.error()); };
    note("what was issued is not sent on: ", contact::spread(now));
    const auto settings = contact::contact_settings(office_.options.data);
    note("nothing is sent by e-mail or webhook: ", settings);
    if (settings) {
        note("webhooks are not called: ", contact::deliver_webhooks(now, *settings));
        note("no e-mail is sent: ", contact::deliver_mail(now, *settings));
    }
    found(std::move(problem));
}

}  // namespace threatlas::serve
