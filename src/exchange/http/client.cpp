#include "exchange/http/client.hpp"

#include <algorithm>

#include "exchange/http/answer_reader.hpp"
#include "exchange/net/line.hpp"

namespace threatlas::exchange::http {

using core::ErrorCode;
using core::fail;
using core::Result;
using net::Moment;

Client::Client(Trust trust) : trust_(std::move(trust)) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

Result<Answer> Client::ask(const Ask& request) {
    THREATLAS_TRY(const Place place, place_of(request.url));
    const auto odd = [](std::string_view text) { return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }); };
    const bool whole = !request.body.empty() || request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
    const bool usual = place.port == (place.tls ? "443" : "80");
    std::string head = request.method + " " + place.path + " HTTP/1.1\r\nHost: " + place.host + (usual ? "" : ":" + place.port) + "\r\nUser-Agent: threatlas\r\nAccept-Encoding: identity\r\n";
    for (const auto& [name, value] : request.headers) {
        if (odd(name) || odd(value) || name.empty()) return fail(ErrorCode::bad_input, "the header '" + name + "' holds a line break");
        head += name + ": " + value + "\r\n";
    }
    if (whole) head += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
    head += "\r\n";
    const Moment until = std::chrono::steady_clock::now() + request.deadline;
    for (;;) {
        if (line_ && (origin_ != place.origin() || line_->ended())) line_.reset();
        const bool kept = line_ != nullptr;
        if (!kept) {
            line_ = std::make_unique<net::Line>(place.host, place.port), origin_ = place.origin();
            auto opened = line_->connect(until, request.reachable);
            if (opened && place.tls) opened = line_->secure(trust_, until);
            if (!opened) return line_.reset(), tl::unexpected(opened.error());
        }
        std::unique_ptr<net::Line> line = std::move(line_);   // gone unless the answer is whole
        AnswerReader reader(request.most, request.method == "HEAD");
        // A large body may be refused while it is sent: the answer is read all the same.
        const bool small = request.body.size() <= 16 * 1024;   // head and body in one packet
        const bool sent = small ? line->send(head + request.body, until) : line->send(head, until) && line->send(request.body, until);
        std::string piece(64 * 1024, '\0');
        int got = 1;
        while (!reader.done() && (got = line->receive(piece.data(), piece.size(), until)) > 0)
            if (auto taken = reader.take({piece.data(), static_cast<std::size_t>(got)}); !taken) return fail(taken.error().code, taken.error().message, {place.origin(), 0, ""});
        if (!reader.begun() && kept && !whole && std::chrono::steady_clock::now() < until) continue;   // closed while it lay idle
        if (!reader.done() && (got < 0 || !reader.end())) return line->unreached(std::chrono::steady_clock::now() + std::chrono::milliseconds(1) >= until ? "does not answer in time" : !sent && !reader.begun() ? "does not take the request" : "breaks off its answer");
        if (reader.keeps() && sent) line_ = std::move(line);
        return std::move(reader.answer());
    }
}

Result<Answer> ask(const Ask& request, const Trust& trust) { return Client(trust).ask(request); }

}  // namespace threatlas::exchange::http
