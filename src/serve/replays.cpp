#include "serve/replays.hpp"

#include <algorithm>

#include "core/hash.hpp"

namespace threatlas::serve {

using core::ErrorCode;
using core::fail;
using core::Result;

Result<net::Response> Replays::once(const net::Request& request, const Caller& caller, const std::function<Result<net::Response>()>& change) {
    const std::string key(request.header("idempotency-key"));
    if (key.empty()) return change();
    if (key.size() > 200 || std::any_of(key.begin(), key.end(), [](char c) { return c < 0x21 || c > 0x7e; })) return fail(ErrorCode::bad_input, "an Idempotency-Key is 1 to 200 visible letters, without a blank", {"header", 0, "Idempotency-Key"});
    core::Sha256 hash;
    const auto part = [&](std::string_view text) {
        hash.add(std::to_string(text.size()) + ":");
        hash.add(text);
    };
    part(request.method), part(request.path);
    for (const auto& [name, value] : request.query) part(name), part(value);
    if (request.spooled) {
        THREATLAS_TRY(const std::string file, core::sha256_file(request.spooled->path()));
        part(file);
    } else {
        part(request.body);
    }
    const std::string asked = kept_.named(hash.finish()), name = caller.account + '\n' + key;
    struct Turn {
        Replays& of;
        std::string name;
        ~Turn() {
            const std::lock_guard guard(of.lock_);
            of.under_way_.erase(name);
        }
    };
    {
        const std::lock_guard guard(lock_);
        if (!under_way_.insert(name).second) return fail(ErrorCode::conflict, "a change with this Idempotency-Key is under way; ask again when it is done");
    }
    const Turn turn{*this, name};
    THREATLAS_TRY(const auto before, kept_.find(caller.account, key, now_()));
    if (before) {
        if (before->request != asked) return fail(ErrorCode::conflict, "this Idempotency-Key was used for another change; take a new one");
        net::Response again{before->status, {{"Content-Type", before->type}, {"Idempotent-Replay", "true"}}, before->body};
        if (before->type.empty()) again.headers.erase(again.headers.begin());
        return again;
    }
    THREATLAS_TRY(net::Response answer, change());
    const auto* body = std::get_if<std::string>(&answer.body);
    if (answer.status >= 300 || body == nullptr) return answer;
    store::Answered kept{asked, answer.status, "", *body};
    for (const auto& [header, value] : answer.headers)
        if (header == "Content-Type") kept.type = value;
    // The change is made: it is not told as failed because its answer could not be kept.
    if (const auto done = kept_.keep(caller.account, key, kept, now_()); !done) answer.with("Idempotency-Kept", "false");
    return answer;
}

}  // namespace threatlas::serve
