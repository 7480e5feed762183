// The client against servers that lie: what each answers is a script.
#include "exchange/taxii/client.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <thread>

namespace threatlas::exchange::taxii {
namespace {

using core::ErrorCode;

struct Said {
    int status = 200;
    std::string body = "{}", type = "application/taxii+json;version=2.1", headers{};
};

// Answers by a function of the request's head; one connection at a time.
class Liar {
  public:
    explicit Liar(std::function<Said(const std::string& head, int nth)> say) : say_(std::move(say)) {
        socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET, address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&address), size), 0);
        EXPECT_EQ(::listen(socket_, 4), 0);
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
        url = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/r/";
        thread_ = std::thread([this] { run(); });
    }
    ~Liar() {
        ending_ = true;
        thread_.join();
        ::close(socket_);
    }
    std::string url;
    std::atomic<int> asked{0};

  private:
    bool ready(int socket) const {
        pollfd one{socket, POLLIN, 0};
        return ::poll(&one, 1, 20) > 0;
    }
    void run() {
        while (!ending_) {
            if (!ready(socket_)) continue;
            const int peer = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
            std::string in;
            while (!ending_) {
                if (!ready(peer)) continue;
                char piece[65536];
                const auto got = ::recv(peer, piece, sizeof piece, 0);
                if (got <= 0) break;
                in.append(piece, static_cast<std::size_t>(got));
                const std::size_t end = in.find("\r\n\r\n");
                if (end == std::string::npos) continue;
                const std::size_t length = in.find("Content-Length: ");
                const std::size_t whole = end + 4 + (length < end ? std::stoul(in.substr(length + 16)) : 0);
                if (in.size() < whole) continue;
                const Said said = say_(in.substr(0, whole), asked++);
                in.erase(0, whole);
                const std::string out = "HTTP/1.1 " + std::to_string(said.status) + " X\r\nContent-Type: " + said.type + "\r\n" + said.headers + "Content-Length: " + std::to_string(said.body.size()) + "\r\n\r\n" + said.body;
                ::send(peer, out.data(), out.size(), MSG_NOSIGNAL);
            }
            ::close(peer);
        }
    }
    std::function<Said(const std::string&, int)> say_;
    int socket_ = -1;
    std::atomic<bool> ending_{false};
    std::thread thread_;
};

std::string object(int i) {
    char id[64];
    std::snprintf(id, sizeof id, "%012d", i);
    return "{\"type\":\"indicator\",\"id\":\"indicator--00000000-0000-4000-8000-" + std::string(id) + "\"}";
}
std::string added(int second) {
    char text[64];
    std::snprintf(text, sizeof text, "X-TAXII-Date-Added-Last: 2026-01-01T00:00:%02d.000000Z\r\n", second);
    return text;
}

core::Result<Polled> poll(Liar& liar, std::vector<std::string>* got = nullptr, const std::string& state = {}, ClientLimits limits = {}) {
    Client client({}, limits);
    return client.poll(liar.url + "collections/c/", state, {}, [&](const Page& page) -> core::Result<void> {
        for (const auto& each : page.objects)
            if (got != nullptr) got->push_back(std::string(each.text));
        return {};
    });
}

TEST(TaxiiClient, PollsPageByPageAndGoesOnLater) {
    int failing = 1;
    Liar server([&](const std::string& head, int) -> Said {
        if (head.find("next=c2") != std::string::npos) return failing-- > 0 ? Said{503, "{}"} : Said{200, "{\"more\":false,\"objects\":[" + object(2) + "]}", "application/taxii+json;version=2.1", added(2)};
        if (head.find("added_after=2026-01-01T00%3A00%3A02.000000Z") != std::string::npos) return {};
        return {200, "{\"more\":true,\"next\":\"c2\",\"objects\":[" + object(1) + "]}", "application/taxii+json;version=2.1", added(1)};
    });
    std::vector<std::string> got;
    std::string state;
    Client client({});
    const auto sink = [&](const Page& page) -> core::Result<void> {
        for (const auto& each : page.objects) got.push_back(std::string(each.text));
        state = page.state;
        return {};
    };
    const auto broken = client.poll(server.url + "collections/c/", state, {}, sink);
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().code, ErrorCode::unavailable);
    const auto whole = client.poll(server.url + "collections/c/", state, {}, sink);
    ASSERT_TRUE(whole) << whole.error().message;
    EXPECT_EQ(got, (std::vector{object(1), object(2)}));
    EXPECT_EQ(read_state(state)->added_after, "2026-01-01T00:00:02.000000Z");
    EXPECT_TRUE(client.poll(server.url + "collections/c/", state, {}, sink));
    EXPECT_EQ(got.size(), 2u);
}

TEST(TaxiiClient, ACursorNoLongerKnownIsReplacedByTheLastMoment) {
    Liar server([](const std::string& head, int) -> Said {
        if (head.find("next=") != std::string::npos) return {400, "{\"title\":\"no\"}"};
        EXPECT_NE(head.find("added_after=2026-01-01T00%3A00%3A05Z"), std::string::npos) << head;
        return {200, "{\"objects\":[" + object(7) + "]}"};
    });
    const auto got = poll(server, nullptr, "{\"added_after\":\"2026-01-01T00:00:05Z\",\"next\":\"old\"}");
    ASSERT_TRUE(got) << got.error().message;
    EXPECT_EQ(got->objects, 1u);
    EXPECT_FALSE(poll(server, nullptr, "{\"added_after\":\"then\"}"));
}

TEST(TaxiiClient, LiesAreToldFromAnswers) {
    const auto refused = [](std::function<Said(const std::string&, int)> say, const char* word) {
        Liar server(std::move(say));
        const auto got = poll(server, nullptr, {}, {.page_bytes = 10'000, .page_objects = 50, .pages = 20, .deadline = std::chrono::milliseconds(2000)});
        ASSERT_FALSE(got) << word;
        EXPECT_EQ(got.error().code, ErrorCode::bad_input) << got.error().message;
        EXPECT_NE(got.error().message.find(word), std::string::npos) << got.error().message;
        EXPECT_LT(server.asked, 5) << word;
    };
    const std::string one = "{\"more\":true,\"next\":\"n\",\"objects\":[" + object(1) + "]}";
    refused([&](const auto&, int) { return Said{200, one}; }, "again and again");
    refused([&](const auto&, int n) { return Said{200, "{\"more\":true,\"next\":\"" + std::to_string(n) + "\",\"objects\":[" + object(1) + "]}"}; }, "again and again");
    refused([&](const auto&, int n) { return Said{200, "{\"more\":true,\"next\":\"" + std::to_string(n) + "\"}"}; }, "sends nothing");
    refused([&](const auto&, int) { return Said{200, "{\"more\":true,\"objects\":[" + object(1) + "]}"}; }, "not how to get it");
    refused([&](const auto&, int n) { return Said{200, "{\"more\":true,\"objects\":[" + object(n) + "]}", "application/taxii+json;version=2.1", added(1)}; }, "not how to get it");
    refused([&](const auto&, int) { return Said{200, one, "application/json"}; }, "not TAXII 2.1");
    refused([&](const auto&, int) { return Said{200, one, "text/html"}; }, "not TAXII 2.1");
    refused([&](const auto&, int) { return Said{200, "{\"objects\":[" + object(1)}; }, "no envelope");
    refused([&](const auto&, int) { return Said{200, "[]"}; }, "no envelope");
    refused([&](const auto&, int) { return Said{200, "{\"objects\":[{\"type\":\"x\"}]}"}; }, "no envelope");
    refused([&](const auto&, int) { return Said{200, std::string(20'000, ' ') + "{}"}; }, "longer than");
    refused([&](const auto&, int) {
        std::string many;
        for (int i = 0; i < 60; ++i) many += (i > 0 ? "," : "") + object(i);
        return Said{200, "{\"objects\":[" + many + "]}"};
    }, "more than 50");
    refused([&](const auto&, int) { return Said{200, one, "application/taxii+json;version=2.1", "X-TAXII-Date-Added-Last: soon\r\n"}; }, "no timestamp");
    refused([&](const auto&, int) { return Said{302, "", "text/html", "Location: http://127.0.0.1:1/\r\n"}; }, "points elsewhere");
    refused([&](const auto&, int) { return Said{200, "{\"more\":true,\"next\":\"" + std::string(5000, 'x') + "\",\"objects\":[" + object(1) + "]}"}; }, "cursor longer");
}

TEST(TaxiiClient, EndlessPagesEndAtTheLimitAndGoOn) {
    Liar server([](const std::string&, int n) { return Said{200, "{\"more\":true,\"next\":\"" + std::to_string(n) + "\",\"objects\":[" + object(n) + "]}"}; });
    const auto got = poll(server, nullptr, {}, {.pages = 7});
    ASSERT_TRUE(got) << got.error().message;
    EXPECT_TRUE(got->more);
    EXPECT_EQ(got->objects, 7u);
    EXPECT_EQ(read_state(got->state)->next, "6");
}

TEST(TaxiiClient, ObjectsWithWrongIdsAreCountedAndNamed) {
    Liar server([](const std::string&, int) { return Said{200, "{\"objects\":[" + object(1) + ",{\"type\":\"malware\",\"id\":\"indicator--1\"}]}"}; });
    const auto got = poll(server);
    ASSERT_TRUE(got);
    EXPECT_EQ(got->faulty, 1u);
    EXPECT_NE(got->first_fault.find("indicator--1"), std::string::npos);
}

TEST(TaxiiClient, CredentialsGoToTheAddressNamedAlone) {
    std::string first, second;
    Liar other([&](const std::string& head, int) { return second = head, Said{200, "{}"}; });
    Liar server([&](const std::string& head, int) { return first = head, Said{200, "{\"title\":\"t\",\"api_roots\":[\"" + other.url + "\",\"/x/\"]}"}; });
    Client client({.user = "u", .password = "p"});
    const auto found = client.discover(server.url);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(found->api_roots[0], other.url);
    EXPECT_TRUE(client.collections(other.url));
    EXPECT_NE(first.find("Authorization: Basic dTpw\r\n"), std::string::npos);
    EXPECT_EQ(second.find("Authorization"), std::string::npos);
}

TEST(TaxiiClient, PushesInEnvelopesThatFitAndWaitsForTheStatus) {
    int waits = 0;
    std::vector<std::size_t> sizes;
    Liar server([&](const std::string& head, int) -> Said {
        if (head.starts_with("GET /r/status/s-1/")) return ++waits < 2 ? Said{200, "{\"id\":\"s-1\",\"status\":\"pending\"}"} : Said{200, "{\"id\":\"s-1\",\"status\":\"complete\",\"success_count\":2,\"failure_count\":1,\"failures\":[{\"id\":\"x\",\"message\":\"no\"}]}"};
        if (!head.starts_with("POST /r/collections/c/objects/ ")) return {404};
        const std::string body = head.substr(head.find("\r\n\r\n") + 4);
        const std::size_t count = Envelope::read(body, 100)->objects().size();
        if (count > 3) return {413, "{\"title\":\"too long\"}"};
        sizes.push_back(count);
        if (sizes.size() == 1) return {202, "{\"id\":\"s-1\",\"status\":\"pending\",\"total_count\":3}"};
        return {202, "{\"id\":\"s-2\",\"status\":\"complete\",\"total_count\":3,\"success_count\":" + std::to_string(count) + ",\"failure_count\":0,\"pending_count\":0}"};
    });
    std::vector<std::string> objects;
    for (int i = 0; i < 8; ++i) objects.push_back(object(i));
    objects.push_back("{\"type\":\"indicator\",\"x\":\"" + std::string(2000, 'x') + "\"}");
    std::size_t last = 0;
    Client client({});
    const auto pushed = client.push(server.url + "collections/c/", objects, 1000, [&](std::size_t done) -> core::Result<void> { return last = done, core::Result<void>{}; });
    ASSERT_TRUE(pushed) << pushed.error().message;
    EXPECT_EQ(sizes, (std::vector<std::size_t>{2, 2, 2, 2}));   // 8, 4, then 2
    EXPECT_EQ(pushed->successes, 8u);
    EXPECT_EQ(pushed->failures.size(), 2u);
    EXPECT_EQ(last, 9u);
}

TEST(TaxiiClient, ReadsResourcesStrictly) {
    EXPECT_TRUE(read_root("{\"title\":\"t\",\"versions\":[],\"max_content_length\":1}"));
    for (const char* text : {"", "[]", "{}", "{\"title\":1}", "{\"title\":\"t\"}", "{\"title\":\"t\",\"max_content_length\":\"5\"}", "{\"title\":\"t\",\"max_content_length\":-1}"}) EXPECT_FALSE(read_root(text)) << text;
    EXPECT_TRUE(read_collections("{}", "https://h/r/")->empty());
    for (const char* text : {"{\"collections\":{}}", "{\"collections\":[1]}", "{\"collections\":[{\"id\":\"a\",\"title\":\"t\"}]}", "{\"collections\":[{\"id\":\"../x\",\"title\":\"t\",\"can_read\":true,\"can_write\":true}]}"}) EXPECT_FALSE(read_collections(text, "https://h/r/")) << text;
    for (const char* text : {"{}", "{\"id\":\"../x\",\"status\":\"complete\"}", "{\"id\":\"a\",\"status\":\"done\"}", "{\"id\":\"a\",\"status\":\"complete\",\"success_count\":-1}", "{\"id\":\"a\",\"status\":\"complete\",\"success_count\":\"1\"}"}) EXPECT_FALSE(read_status(text)) << text;
    EXPECT_FALSE(read_discovery("{\"title\":\"t\",\"api_roots\":[\"ftp://x/\"]}", "ftp://y/"));
    EXPECT_EQ(read_error(403, "{\"title\":\"no\",\"description\":\"not\\nyours\"}"), "the server answers with status 403 and says: no: not yours");
    EXPECT_EQ(*read_state(write_state({"2026-01-01T00:00:00Z", "n", "2025-01-01T00:00:00Z"})), (PollState{"2026-01-01T00:00:00Z", "n", "2025-01-01T00:00:00Z"}));
}

}  // namespace
}  // namespace threatlas::exchange::taxii
