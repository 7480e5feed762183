#include "serve/net/reader.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace threatlas::serve::net {
namespace {

using Step = RequestReader::Step;

struct Outcome {
    std::vector<Request> requests;
    Step last = Step::more;
    int status = 0;
    int go_aheads = 0;
};

Outcome read(std::string_view bytes, std::size_t piece = 1 << 20, Limits limits = {}, const std::string& folder = "") {
    RequestReader reader(limits, folder);
    Outcome out;
    for (;;) {
        out.last = reader.step();
        if (out.last == Step::whole) {
            out.requests.push_back(reader.take());
            continue;
        }
        if (out.last == Step::refused) {
            out.status = reader.refusal().status;
            return out;
        }
        out.go_aheads += out.last == Step::go_ahead;
        if (bytes.empty()) return out;
        const auto room = reader.room();
        const std::size_t size = std::min({bytes.size(), room.size(), piece});
        std::memcpy(room.data(), bytes.data(), size);
        reader.received(size);
        bytes.remove_prefix(size);
    }
}

TEST(RequestReader, ReadsTheSameHoweverTheNetworkCutIt) {
    const std::string sent = "\r\nGET /a%20b/?q=1+2&r=%C5%A1 HTTP/1.1\r\nHost: x\r\nX-One:  two \r\n\r\nPOST /c HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nhello"
                             "PUT /d HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n003\r\nabc\r\n2\r\nde\r\n0\r\nAuthorization: late\r\n\r\n";
    for (const std::size_t piece : {1U, 2U, 3U, 7U, 64U, 10000U}) {
        const Outcome out = read(sent, piece);
        ASSERT_EQ(out.requests.size(), 3U) << piece << " " << out.status;
        EXPECT_EQ(out.requests[0].path, "/a b/");
        EXPECT_EQ(out.requests[0].parameter("q"), "1 2");
        EXPECT_EQ(out.requests[0].parameter("r"), "š");
        EXPECT_EQ(out.requests[0].header("x-one"), "two");
        EXPECT_EQ(out.requests[1].body, "hello");
        EXPECT_EQ(out.requests[2].body, "abcde");
        EXPECT_EQ(out.requests[2].header("authorization"), "") << "a trailer is no header";
        EXPECT_EQ(out.last, Step::more);
    }
}

struct Case {
    const char* why;
    const char* sent;
    int status;
};

TEST(RequestReader, RefusesWhatTwoReadersWouldReadDifferently) {
    const Case cases[] = {
        {"length and chunks", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        {"chunks and length", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", 400},
        {"two lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400},
        {"the same length twice", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400},
        {"a list of lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3, 3\r\n\r\nabc", 400},
        {"a signed length", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +3\r\n\r\nabc", 400},
        {"a hexadecimal length", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0x3\r\n\r\nabc", 400},
        {"a negative length", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400},
        {"no length", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n\r\n", 400},
        {"a length beyond 64 bits", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 18446744073709551617\r\n\r\na", 400},
        {"two codings", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        {"an unknown coding", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
        {"a coding of a similar name", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501},
        {"a folded line", "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n", 400},
        {"a folded coding", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\r\n chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", 400},
        {"a first line that is folded", "GET / HTTP/1.1\r\n Host: x\r\n\r\n", 400},
        {"bare line feeds", "GET / HTTP/1.1\nHost: x\n\n", 400},
        {"one bare line feed", "GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n", 400},
        {"a bare carriage return", "GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n", 400},
        {"space before the colon", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400},
        {"no colon", "GET / HTTP/1.1\r\nHost: x\r\nabc\r\n\r\n", 400},
        {"no name", "GET / HTTP/1.1\r\nHost: x\r\n: abc\r\n\r\n", 400},
        {"a chunk that is no number", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n0\r\n\r\n", 400},
        {"a chunk without its end", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n0\r\n\r\n", 400},
        {"a chunk line with a bare line feed", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n", 400},
        {"a chunk with an extension", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;a=\"\r\nabc\r\n0\r\n\r\n", 400},
        {"a chunk without a size", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n\r\nabc\r\n0\r\n\r\n", 400},
        {"a size with a prefix", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n", 400},
        {"a size with a space", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3 \r\nabc\r\n0\r\n\r\n", 400},
        {"a trailer with a bare line feed", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: b\n\r\n", 400},
        {"a chunk beyond 64 bits", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000003\r\nabc\r\n0\r\n\r\n", 400},
        {"no host", "GET / HTTP/1.1\r\n\r\n", 400},
        {"two hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", 400},
        {"an empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
        {"a host with a path", "GET / HTTP/1.1\r\nHost: x/y\r\n\r\n", 400},
        {"two cookies", "GET / HTTP/1.1\r\nHost: x\r\nCookie: a=b\r\nCookie: c=d\r\n\r\n", 400},
        {"two tokens", "GET / HTTP/1.1\r\nHost: x\r\nAuthorization: a\r\nAuthorization: b\r\n\r\n", 400},
        {"chunks in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        {"an unknown version", "GET / HTTP/1.2\r\nHost: x\r\n\r\n", 505},
        {"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
        {"HTTP/0.9", "GET /\r\n\r\n", 400},
        {"TLS where none is spoken", "\x16\x03\x01\x02\n\x01\r\n\r\n", 400},
        {"CONNECT", "CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n", 501},
        {"TRACE", "TRACE / HTTP/1.1\r\nHost: x\r\n\r\n", 501},
        {"a method nobody knows", "FROBNICATE / HTTP/1.1\r\nHost: x\r\n\r\n", 501},
        {"an expectation nobody knows", "POST / HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\nContent-Length: 1\r\n\r\na", 417},
        {"another place's address", "GET http://y/ HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"two spaces", "GET  / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"a space in the address", "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"a tab for a space", "GET\t/ HTTP/1.1\r\nHost: x\r\n\r\n", 400},
    };
    for (const Case& each : cases)
        for (const std::size_t piece : {std::size_t{1}, std::size_t{1} << 20}) {
            const Outcome out = read(std::string(each.sent) + "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n", piece);
            EXPECT_EQ(out.status, each.status) << each.why << " in pieces of " << piece;
            EXPECT_TRUE(out.requests.empty()) << each.why;
        }
    EXPECT_EQ(read(std::string("GET / HTTP/1.1\r\nHost: x\r\nA: b") + '\0' + "c\r\n\r\n").status, 400);
}

TEST(RequestReader, RefusesAddressesThatAreNotWhatTheySeem) {
    for (const char* address : {"/../a", "/a/..", "/a/./b", "/a//b", "//a", "/%2e%2e/a", "/a%2f..%2fb", "/%00", "/a%0d%0ab", "/%c0%ae%c0%ae/", "/%e0%80%af", "/%ff", "/a\\b", "/a%5cb", "/%", "/%2", "/%zz", "a", "*", "", "/a#b", "/?q=%ff", "/?%zz=1"}) {
        const Outcome out = read(std::string("GET ") + address + " HTTP/1.1\r\nHost: x\r\n\r\n");
        EXPECT_EQ(out.status, 400) << address;
        EXPECT_TRUE(out.requests.empty()) << address;
    }
    EXPECT_EQ(read("GET /%252e%252e/a HTTP/1.1\r\nHost: x\r\n\r\n").requests.at(0).path, "/%2e%2e/a") << "decoded once, not twice";
}

TEST(RequestReader, KeepsToItsLimits) {
    Limits limits;
    const std::string host = "Host: x\r\n";
    const auto status = [&](const std::string& sent) { return read(sent, 1 << 20, limits).status; };
    EXPECT_EQ(status("GET /" + std::string(limits.target_bytes - 1, 'a') + " HTTP/1.1\r\n" + host + "\r\n"), 0);
    EXPECT_EQ(status("GET /" + std::string(limits.target_bytes, 'a') + " HTTP/1.1\r\n" + host + "\r\n"), 414);
    EXPECT_EQ(status("GET /" + std::string(limits.target_bytes + 100, 'a')), 414) << "without waiting for its end";
    EXPECT_EQ(status("GET / HTTP/1.1\r\n" + host + "X: " + std::string(limits.header_bytes, 'a')), 431) << "without waiting for its end";
    std::string many = "GET / HTTP/1.1\r\n" + host;
    for (std::size_t i = 1; i < limits.headers; ++i) many += "X: a\r\n";
    EXPECT_EQ(status(many + "\r\n"), 0);
    EXPECT_EQ(status(many + "X: a\r\n\r\n"), 431);
    limits.body = 10;
    EXPECT_EQ(status("POST / HTTP/1.1\r\n" + host + "Content-Length: 10\r\n\r\n0123456789"), 0);
    EXPECT_EQ(status("POST / HTTP/1.1\r\n" + host + "Content-Length: 11\r\n\r\n"), 413) << "before it is sent";
    EXPECT_EQ(status("POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n6\r\n012345\r\n6\r\n"), 413);
    EXPECT_EQ(status("POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n1;" + std::string(9000, 'a')), 400) << "a chunk's heading has an end";
    EXPECT_EQ(status("POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\nX: " + std::string(9000, 'a')), 400) << "so have trailers";
}

TEST(RequestReader, WaitsToBeToldToGoOnOnce) {
    const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\nContent-Length: 3\r\n\r\n";
    const Outcome waiting = read(head, 1);
    EXPECT_EQ(waiting.go_aheads, 1);
    EXPECT_EQ(waiting.last, Step::go_ahead);
    EXPECT_EQ(read(head + "abc").go_aheads, 0) << "the body is here already";
    EXPECT_EQ(read(head + "abc", 1).requests.at(0).body, "abc");
    EXPECT_EQ(read("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n").go_aheads, 0);
}

TEST(RequestReader, SpoolsWhatIsLongAndRemovesIt) {
    const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "threatlas_spool";
    std::filesystem::create_directories(folder);
    Limits limits;
    limits.body_in_memory = 1000;
    const auto files = [&] { return std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator()); };
    const std::string body(5000, 'b');
    {
        const Outcome out = read("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n" + body, 777, limits, folder);
        ASSERT_EQ(out.requests.size(), 1U);
        ASSERT_TRUE(out.requests[0].spooled);
        EXPECT_TRUE(out.requests[0].body.empty());
        std::ifstream in(out.requests[0].spooled->path());
        EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), body);
        EXPECT_EQ(files(), 1);
    }
    EXPECT_EQ(files(), 0) << "gone with its request";
    EXPECT_EQ(read("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n" + body.substr(0, 4000), 777, limits, folder).last, Step::more);
    EXPECT_EQ(files(), 0) << "gone when the rest never came";
    EXPECT_EQ(read("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n" + body, 777, limits, folder / "missing").status, 503);
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace threatlas::serve::net
