#include "exchange/mail/smtp.hpp"

#include <sodium.h>

#include <array>

#include "exchange/mail/reply.hpp"
#include "exchange/net/line.hpp"

namespace threatlas::exchange::mail {

using core::ErrorCode;
using core::fail;
using core::Result;
using net::Moment;
using Outcome = Sent::Outcome;

namespace {

std::string base64(std::string_view bytes) {
    std::string out(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
    out.resize(out.find('\0'));
    return out;
}

bool one_line(std::string_view text) { return text.find_first_of("\r\n\0") == std::string_view::npos; }

class Talk {
  public:
    explicit Talk(const Server& server) : server_(server), line_(server.host, server.port) {}

    // Up to where messages may be sent.
    Result<void> open() {
        const Moment until = std::chrono::steady_clock::now() + server_.deadline;
        THREATLAS_CHECK(line_.connect(until));
        if (server_.security == "tls") THREATLAS_CHECK(line_.secure({server_.authorities, {}, {}}, until));
        THREATLAS_CHECK(expect(220, "greets with"));
        THREATLAS_CHECK(hello());
        if (server_.security == "starttls") {
            if (!hello_.says("STARTTLS")) return fail(ErrorCode::unavailable, "the mail server offers no STARTTLS; nothing is sent without");
            THREATLAS_CHECK(ask("STARTTLS", 220));
            if (!rest_.empty()) return fail(ErrorCode::unavailable, "the mail server speaks before TLS is agreed on");   // somebody else may have
            THREATLAS_CHECK(line_.secure({server_.authorities, {}, {}}, std::chrono::steady_clock::now() + server_.deadline));
            THREATLAS_CHECK(hello());
        }
        return server_.user.empty() ? Result<void>{} : sign_in();
    }

    Sent deliver(const Message& message, const std::string& text) {
        const auto no = [&](const Reply& reply) { return Sent{reply.code >= 500 ? Outcome::never : Outcome::later, reply.text(), line_.secured()}; };
        const auto cut = [&](const core::Error& error) {
            broken_ = true;
            return Sent{Outcome::later, error.message, line_.secured()};
        };
        for (const std::string& each : {"MAIL FROM:<" + message.from + ">", "RCPT TO:<" + message.to + ">", std::string("DATA")}) {
            const auto reply = say(each + "\r\n", server_.deadline);
            if (!reply) return cut(reply.error());
            if (reply->code != 250 && reply->code != 251 && reply->code != 354) {
                if (reply->code == 421) broken_ = true;
                else if (const auto reset = say("RSET\r\n", server_.deadline); !reset || reset->code != 250) broken_ = true;
                return no(*reply);
            }
        }
        const auto reply = say(dot_stuffed(text), 5 * server_.deadline);
        if (!reply) return cut(reply.error());
        if (reply->code == 421) broken_ = true;
        return reply->code == 250 ? Sent{Outcome::sent, reply->text(), line_.secured()} : no(*reply);
    }

    bool broken() const { return broken_; }
    void close() {
        if (!broken_) (void)say("QUIT\r\n", std::chrono::milliseconds(2000));
    }

  private:
    Result<Reply> say(std::string_view what, std::chrono::milliseconds within) {
        const Moment until = std::chrono::steady_clock::now() + within;
        if (!what.empty() && !line_.send(what, until)) return line_.unreached("does not listen");
        ReplyReader reader;
        std::array<char, 4096> piece{};
        for (;;) {
            THREATLAS_TRY(const std::size_t taken, reader.take(rest_));
            rest_.erase(0, taken);
            if (reader.done()) return std::move(reader.reply());
            const int got = line_.receive(piece.data(), piece.size(), until);
            if (got <= 0) return line_.unreached(got == 0 ? "breaks off" : "does not answer in time, or breaks off");
            rest_.assign(piece.data(), static_cast<std::size_t>(got));
        }
    }
    Result<void> refused(const Reply& reply, const std::string& doing) const { return fail(reply.code >= 500 ? ErrorCode::not_allowed : ErrorCode::unavailable, "the mail server " + doing + " " + reply.text()); }
    Result<void> expect(int code, const std::string& doing) {
        THREATLAS_TRY(const Reply reply, say({}, server_.deadline));
        return reply.code == code ? Result<void>{} : refused(reply, doing);
    }
    Result<void> ask(const std::string& command, int code) {
        THREATLAS_TRY(const Reply reply, say(command + "\r\n", server_.deadline));
        return reply.code == code ? Result<void>{} : refused(reply, "answers " + command.substr(0, command.find(' ')) + " with");
    }
    Result<void> hello() {
        THREATLAS_TRY(hello_, say("EHLO " + server_.called + "\r\n", server_.deadline));
        return hello_.code == 250 ? Result<void>{} : refused(hello_, "answers EHLO with");
    }
    Result<void> sign_in() {
        const std::string ways = " " + std::string(hello_.after("AUTH")) + " ";
        if (ways.find(" PLAIN ") != std::string::npos) {
            THREATLAS_TRY(const Reply reply, say("AUTH PLAIN " + base64(std::string(1, '\0') + server_.user + std::string(1, '\0') + server_.password) + "\r\n", server_.deadline));
            return reply.code == 235 ? Result<void>{} : refused(reply, "answers the password with");
        }
        if (ways.find(" LOGIN ") == std::string::npos) return fail(ErrorCode::not_allowed, "the mail server takes no password by PLAIN or LOGIN");
        THREATLAS_CHECK(ask("AUTH LOGIN", 334));
        THREATLAS_TRY(const Reply name, say(base64(server_.user) + "\r\n", server_.deadline));
        if (name.code != 334) return refused(name, "answers the name with");
        THREATLAS_TRY(const Reply reply, say(base64(server_.password) + "\r\n", server_.deadline));
        return reply.code == 235 ? Result<void>{} : refused(reply, "answers the password with");
    }

    const Server& server_;
    net::Line line_;
    std::string rest_;   // read, not yet taken
    Reply hello_;
    bool broken_ = false;
};

}  // namespace

Result<std::vector<Sent>> send(const Server& server, const std::vector<Message>& messages) {
    const bool loopback = server.host == "127.0.0.1" || server.host == "::1" || server.host == "[::1]" || server.host == "localhost";
    if (server.host.empty() || !one_line(server.host) || server.port.empty() || server.port.size() > 5 || server.port.find_first_not_of("0123456789") != std::string::npos) return fail(ErrorCode::bad_input, "the mail server needs 'host' and 'port'");
    if (server.security != "starttls" && server.security != "tls" && server.security != "none") return fail(ErrorCode::bad_input, "'security' of the mail server is starttls, tls or none");
    if (server.security == "none" && !loopback) return fail(ErrorCode::bad_input, "a mail server without TLS is taken on loopback alone");
    if (server.called.empty() || server.called.size() > 250 || server.called.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-[]:") != std::string::npos) return fail(ErrorCode::bad_input, "'called' is the name of this machine");
    std::vector<Sent> out(messages.size());
    std::vector<std::string> texts(messages.size());
    bool any = false;
    for (std::size_t i = 0; i < messages.size(); ++i) {
        auto text = written(messages[i]);
        if (text) texts[i] = std::move(*text), any = true;
        else out[i] = {Outcome::never, text.error().message, false};
    }
    if (!any) return out;
    Talk talk(server);
    const auto opened = talk.open();
    for (std::size_t i = 0; i < messages.size(); ++i) {
        if (texts[i].empty()) continue;
        if (!opened) out[i] = {Outcome::later, opened.error().message, false};   // our own settings may be wrong: nothing is given up for that
        else if (talk.broken()) out[i] = {Outcome::later, "the mail server broke off before", false};
        else out[i] = talk.deliver(messages[i], texts[i]);
    }
    if (opened) talk.close();
    return out;
}

}  // namespace threatlas::exchange::mail
