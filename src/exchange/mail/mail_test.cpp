#include <gtest/gtest.h>
#include <sodium.h>

#include <filesystem>

#include "core/text.hpp"
#include "exchange/mail/message.hpp"
#include "exchange/mail/reply.hpp"
#include "exchange/mail/smtp.hpp"

namespace threatlas::exchange::mail {
namespace {

Message message() { return {.from = "desk@police.example", .to = "desk@other.example", .from_name = "Threatlas", .subject = "New", .text = "Text\n", .id = "a-1", .date = 1784097000, .more = {}}; }

// The words of an encoded header, decoded.
std::string decoded(std::string_view header) {
    std::string out;
    for (std::size_t at = header.find("=?UTF-8?B?"); at != std::string_view::npos; at = header.find("=?UTF-8?B?", at)) {
        const auto end = header.find("?=", at + 10);
        const std::string_view word = header.substr(at + 10, end - at - 10);
        std::string bytes(word.size(), '\0');
        std::size_t size = 0;
        EXPECT_EQ(sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), word.data(), word.size(), nullptr, &size, nullptr, sodium_base64_VARIANT_ORIGINAL), 0);
        EXPECT_TRUE(core::is_utf8(std::string_view(bytes).substr(0, size))) << "a character cut in two";
        EXPECT_LE(end + 2 - at, 75U);
        out += bytes.substr(0, size), at = end;
    }
    return out;
}

TEST(MailReply, IsReadInAnyPieces) {
    const std::string text = "250-mail.example at your service\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN\r\nrest";
    for (std::size_t size = 1; size < text.size(); ++size) {
        ReplyReader reader;
        std::size_t taken = 0;
        while (!reader.done()) taken += *reader.take(std::string_view(text).substr(taken, size));
        EXPECT_EQ(text.substr(taken), "rest");
        EXPECT_EQ(reader.reply().code, 250);
        EXPECT_TRUE(reader.reply().says("STARTTLS"));
        EXPECT_FALSE(reader.reply().says("START"));
        EXPECT_EQ(reader.reply().after("AUTH"), "PLAIN LOGIN");
    }
    for (const char* bad : {"hello\r\n", "25 x\r\n", "99x\r\n", "100 x\r\n", "600 x\r\n", "250-a\r\n251 b\r\n", "250+a\r\n", "\r\n"}) EXPECT_FALSE(ReplyReader().take(bad)) << bad;
    EXPECT_FALSE(ReplyReader().take("250 " + std::string(3000, 'x') + "\r\n"));
    std::string endless;
    for (int i = 0; i < 300; ++i) endless += "250-x\r\n";
    EXPECT_FALSE(ReplyReader().take(endless));
    ReplyReader odd;
    ASSERT_TRUE(odd.take("550 \x1b[31m\xff no\r\n"));
    EXPECT_EQ(odd.reply().text(), "550 ?[31m? no");
}

TEST(MailMessage, CarriesAnyLanguageInShortLines) {
    Message one = message();
    one.subject = "Упозорење: кеш машине нападнуте у три места ове недеље, молимо одговор";
    one.text = "Крадља возила.\n.\nFrom a line that begins so\n" + std::string(300, 'x') + "\nend = end \n";
    const auto out = written(one);
    ASSERT_TRUE(out);
    EXPECT_EQ(decoded(out->substr(out->find("Subject: "))), one.subject);
    for (const auto& line : core::split(*out, '\n')) {
        EXPECT_LE(line.size(), 77U);
        EXPECT_TRUE(line.empty() || line.back() == '\r') << line;
    }
    EXPECT_NE(out->find("\r\n\r\n"), std::string::npos);
    EXPECT_NE(out->find("Date: Wed, 15 Jul 2026 06:30:00 +0000\r\n"), std::string::npos);
    EXPECT_NE(out->find("Message-ID: <a-1@police.example>\r\n"), std::string::npos);
    EXPECT_NE(out->find("=3D"), std::string::npos);
    EXPECT_NE(dot_stuffed(*out).find("\r\n..\r\n"), std::string::npos);
    EXPECT_TRUE(dot_stuffed(*out).ends_with("\r\n.\r\n"));
    EXPECT_EQ(dot_stuffed("no end"), "no end\r\n.\r\n");
}

TEST(MailMessage, NobodyWritesAHeader) {
    const auto refused = [](auto spoil) {
        Message one = message();
        spoil(one);
        return !written(one);
    };
    EXPECT_FALSE(refused([](Message&) {}));
    EXPECT_TRUE(refused([](Message& m) { m.subject = "x\r\nBcc: somebody@else.example"; }));
    EXPECT_TRUE(refused([](Message& m) { m.subject = "x\nBcc: somebody@else.example"; }));
    EXPECT_TRUE(refused([](Message& m) { m.from_name = "x\r\ny"; }));
    EXPECT_TRUE(refused([](Message& m) { m.to = "a@b.example>\r\nRCPT TO:<c@d.example"; }));
    EXPECT_TRUE(refused([](Message& m) { m.to = "a@b.example, c@d.example"; }));
    EXPECT_TRUE(refused([](Message& m) { m.to = "\"a\"@b.example"; }));
    EXPECT_TRUE(refused([](Message& m) { m.id = "x>y"; }));
    EXPECT_TRUE(refused([](Message& m) { m.text = "\xff"; }));
    EXPECT_TRUE(refused([](Message& m) { m.more = {{"X-Any", "a\r\nb"}}; }));
    EXPECT_TRUE(refused([](Message& m) { m.more = {{"X:Any", "a"}}; }));
    for (const char* good : {"desk@police.example", "a.b+c@x-y.example"}) EXPECT_TRUE(is_address(good)) << good;
    for (const char* bad : {"", "@", "a@", "@b", "a@@b", "a b@c", "a@b c", ".a@b.c", "a@.b", "a..b@c.d", "-a@b.c", "a@b\r\n"}) EXPECT_FALSE(is_address(bad)) << bad;
    // What looks like an encoded word is encoded, so that it stays what it says.
    EXPECT_EQ(decoded(encoded_words("=?UTF-8?B?x?=", 9)), "=?UTF-8?B?x?=");
}

TEST(MailServer, NothingGoesInTheClearToAnotherMachine) {
    EXPECT_EQ(send({.host = "mail.example", .security = "none"}, {message()}).error().code, core::ErrorCode::bad_input);
    EXPECT_EQ(send({.host = "mail.example", .security = "perhaps"}, {message()}).error().code, core::ErrorCode::bad_input);
    EXPECT_EQ(send({.host = "", .security = "tls"}, {message()}).error().code, core::ErrorCode::bad_input);
    EXPECT_EQ(send({.host = "127.0.0.1", .security = "none", .called = "x\r\ny"}, {message()}).error().code, core::ErrorCode::bad_input);
    const auto silent = send({.host = "127.0.0.1", .port = "1", .security = "none"}, {message()});   // nobody is there
    ASSERT_TRUE(silent);
    EXPECT_EQ(silent->front().outcome, Sent::Outcome::later);
    Message bad = message();
    bad.to = "x";
    EXPECT_EQ(send({.host = "127.0.0.1", .port = "1", .security = "none"}, {bad})->front().outcome, Sent::Outcome::never);
}

TEST(MailCorpus, IsReadAndWritten) {
    std::size_t files = 0;
    for (const char* folder : {"mail_reply", "mail_message"})
        for (const auto& each : std::filesystem::directory_iterator(std::string(THREATLAS_SOURCE_DIR) + "/fuzz/corpus/" + folder)) {
            const auto text = core::read_file(each.path().string());
            ASSERT_TRUE(text);
            ++files;
            (void)ReplyReader().take(*text);
            Message one = message();
            one.subject = one.text = *text;
            const auto out = written(one);
            EXPECT_TRUE(!out || dot_stuffed(*out).ends_with("\r\n.\r\n"));
        }
    EXPECT_GE(files, 7U);
}

}  // namespace
}  // namespace threatlas::exchange::mail
