#include "serve/net/connection.hpp"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <sodium.h>

#include <array>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <ctime>
#include <deque>
#include <exception>
#include <type_traits>

#include "serve/net/answer.hpp"
#include "serve/net/body_sink.hpp"
#include "serve/net/boundary.hpp"
#include "serve/net/gzip.hpp"

namespace threatlas::serve::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using Code = beast::error_code;
using Clock = std::chrono::steady_clock;
using Plain = beast::tcp_stream;
using Secure = asio::ssl::stream<beast::tcp_stream>;

constexpr std::size_t kBlock = 64 * 1024;        // read at a time of a body
constexpr std::size_t kWriteBlock = 256 * 1024;  // written under one deadline
constexpr std::size_t kWorthCompressing = 1024;
constexpr auto kRateWindow = std::chrono::seconds(10);
constexpr auto kHeartbeat = std::chrono::seconds(15);
constexpr auto kLinger = std::chrono::seconds(2);

std::string fingerprint(SSL* ssl) {
    X509* certificate = SSL_get0_peer_certificate(ssl);
    if (certificate == nullptr || SSL_get_verify_result(ssl) != X509_V_OK) return {};
    std::array<unsigned char, 32> digest{};
    unsigned size = 0;
    if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1 || size != digest.size()) return {};
    std::array<char, 65> text{};
    sodium_bin2hex(text.data(), text.size(), digest.data(), digest.size());
    return text.data();
}

std::string new_id() {
    std::array<unsigned char, 8> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    std::array<char, 17> text{};
    sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
    return text.data();
}

template <class Stream>
class Connection final : public Hub::Member, public std::enable_shared_from_this<Connection<Stream>> {
  public:
    Connection(std::shared_ptr<Hub> hub, asio::ip::tcp::socket socket, std::string address, asio::ssl::context* tls)
        : hub_(std::move(hub)), stream_(make(std::move(socket), tls)), timer_(stream_.get_executor()), address_(std::move(address)) {}
    ~Connection() override {
        hub_->leave(this);
        hub_->dismiss(address_);
    }

    void start() {
        hub_->enter(this->weak_from_this(), this);
        lowest().socket().set_option(asio::ip::tcp::no_delay(true), ignored_);
        if constexpr (std::is_same_v<Stream, Secure>) {
            lowest().expires_after(hub_->options.limits.handshake);
            stream_.async_handshake(asio::ssl::stream_base::server, [self = self()](const Code& error) {
                if (error) return self->failed(error);
                self->certificate_ = fingerprint(self->stream_.native_handle());
                self->wait();
            });
        } else {
            asio::dispatch(stream_.get_executor(), [self = self()] { self->wait(); });
        }
    }

    void wake() override {
        asio::post(stream_.get_executor(), [self = self()] { if (self->events_) self->pump(); });
    }
    void end() override {
        asio::post(stream_.get_executor(), [self = self()] {
            self->closing_ = true;
            if (self->idle_ || self->events_) self->cut_now();
        });
    }
    void cut() override {
        asio::post(stream_.get_executor(), [self = self()] { self->cut_now(); });
    }

  private:
    static Stream make(asio::ip::tcp::socket socket, asio::ssl::context* tls) {
        if constexpr (std::is_same_v<Stream, Secure>) return Stream(beast::tcp_stream(std::move(socket)), *tls);
        else return static_cast<void>(tls), Stream(std::move(socket));
    }
    std::shared_ptr<Connection> self() { return this->shared_from_this(); }
    beast::tcp_stream& lowest() { return beast::get_lowest_layer(stream_); }
    const Limits& limits() const { return hub_->options.limits; }

    // --- reading

    // Between requests: as long as an idle connection may be.
    void wait() {
        if (closing_ || hub_->stopping) return cut_now();
        if (buffer_.size() > 0) return read_header();
        idle_ = true;
        lowest().expires_after(limits().idle);
        stream_.async_read_some(buffer_.prepare(4096), [self = self()](const Code& error, std::size_t bytes) {
            self->idle_ = false;
            if (error) return self->cut_now();   // an idle connection that ends is nothing to tell
            self->buffer_.commit(bytes);
            self->read_header();
        });
    }

    void read_header() {
        parser_.emplace();
        set_limits(*parser_, limits());
        lowest().expires_after(limits().header);
        http::async_read_header(stream_, buffer_, *parser_, [self = self()](const Code& error, std::size_t bytes) {
            self->hub_->counted.bytes_in += bytes;
            if (error) return self->failed(error);
            self->check_header();
        });
    }

    void check_header() {
        if (const auto refusal = refused_head(*parser_, limits())) return refuse(*refusal);
        body_.emplace(hub_->options.spool_folder, limits().body_in_memory);
        if (parser_->is_done()) return hand_on();
        if (beast::iequals(parser_->get()[http::field::expect], "100-continue")) {
            out_ = "HTTP/1.1 100 Continue\r\n\r\n";
            lowest().expires_after(limits().write);
            return asio::async_write(stream_, asio::buffer(out_), [self = self()](const Code& error, std::size_t) {
                if (error) return self->cut_now();
                self->begin_body();
            });
        }
        begin_body();
    }

    void begin_body() {
        window_began_ = Clock::now(), window_bytes_ = 0;
        if (block_.empty()) block_.resize(kBlock);
        read_body();
    }

    void read_body() {
        auto& into = parser_->get().body();
        into.data = block_.data(), into.size = block_.size();
        lowest().expires_after(kRateWindow);
        http::async_read_some(stream_, buffer_, *parser_, [self = self()](Code error, std::size_t bytes) {
            if (error == http::error::need_buffer) error = {};
            self->hub_->counted.bytes_in += bytes;
            if (error) return self->failed(error);
            const std::size_t got = self->block_.size() - self->parser_->get().body().size;
            if (auto taken = self->body_->add({self->block_.data(), got}); !taken) return self->refuse({503, taken.error().message});
            if (self->parser_->is_done()) return self->hand_on();
            self->window_bytes_ += bytes;
            if (const auto now = Clock::now(); now - self->window_began_ >= kRateWindow) {
                if (self->window_bytes_ < self->limits().body_rate * static_cast<std::uint64_t>(kRateWindow.count())) return self->refuse({408, "the body comes too slowly"});
                self->window_began_ = now, self->window_bytes_ = 0;
            }
            self->read_body();
        });
    }

    // --- answering

    void hand_on() {
        auto request = request_of(*parser_);
        if (!request) return refuse({400, request.error().message});
        request_ = std::move(*request);
        if (auto ended = body_->finish(request_); !ended) return refuse({503, ended.error().message});
        body_.reset();
        request_.peer = {address_, std::is_same_v<Stream, Secure>, certificate_};
        request_.id = new_id();
        old_ = parser_->get().version() < 11;
        keep_alive_ = parser_->keep_alive() && !old_;
        gzip_ = accepts_gzip(request_.header("accept-encoding"));
        ++hub_->counted.requests;
        if (hub_->options.quick) {
            Response quick = hub_->options.quick(request_);
            if (quick.status != 0) return answer(std::move(quick));
        }
        lowest().expires_never();
        asio::post(hub_->workers, [self = self()] {
            Response made = self->made();
            self->compress(made);
            asio::post(self->stream_.get_executor(), [self, made = std::move(made)]() mutable { self->answer(std::move(made)); });
        });
    }

    Response made() {
        try {
            return hub_->handler(request_);
        } catch (const std::exception&) {
            return text_response(500, "Something went wrong here; it is in the log under " + request_.id + "\n");
        }
    }

    // On a worker: a whole text that is worth it.
    void compress(Response& response) const {
        auto* text = std::get_if<std::string>(&response.body);
        if (!gzip_ || text == nullptr || text->size() < kWorthCompressing || !compressible(header_of(response, "content-type")) || !header_of(response, "content-encoding").empty()) return;
        *text = gzipped(*text);
        response.with("Content-Encoding", "gzip").with("Vary", "Accept-Encoding");
    }

    void answer(Response response) {
        response_ = std::move(response);
        const bool head_only = request_.method == "HEAD";
        Framing framing;
        framing.keep_alive = keep_alive_ = keep_alive_ && !closing_ && !hub_->stopping;
        if (std::holds_alternative<Events>(response_.body) && !head_only) return begin_events();
        if (std::holds_alternative<Pieces>(response_.body) && !head_only) {
            const bool pack = gzip_ && compressible(header_of(response_, "content-type")) && header_of(response_, "content-encoding").empty();
            if (pack) framing.encoding = "gzip", packer_.emplace(), response_.with("Vary", "Accept-Encoding");
            if (old_) framing.until_close = true, framing.keep_alive = keep_alive_ = false;
            chunked_ = !framing.until_close;
            out_ = head_of(response_, framing, date());
            return write({}, [self = self()] { self->next_piece(); });
        }
        const std::string_view whole = whole_body();
        framing.length = whole.size();
        out_ = head_of(response_, framing, date());
        write(head_only ? std::string_view{} : whole, [self = self()] { self->done(); });
    }

    std::string_view whole_body() const {
        if (const auto* text = std::get_if<std::string>(&response_.body)) return *text;
        if (const auto* shared = std::get_if<Shared>(&response_.body)) return *shared ? std::string_view(**shared) : std::string_view{};
        return {};
    }
    static std::string date() { return http_date(std::time(nullptr)); }

    // out_, then `rest` in blocks, each under its own deadline.
    template <class Then>
    void write(std::string_view rest, Then then) {
        const std::string_view now = rest.substr(0, kWriteBlock);
        rest.remove_prefix(now.size());
        lowest().expires_after(limits().write);
        const std::array<asio::const_buffer, 2> both{asio::buffer(out_), asio::buffer(now.data(), now.size())};
        asio::async_write(stream_, both, [self = self(), rest, then = std::move(then)](const Code& error, std::size_t bytes) mutable {
            self->hub_->counted.bytes_out += bytes;
            if (error) return self->failed_writing(error);
            self->out_.clear();
            if (rest.empty()) return then();
            self->write(rest, std::move(then));
        });
    }

    void next_piece() {
        lowest().expires_never();
        asio::post(hub_->workers, [self = self()] {
            std::string piece;
            bool more = false, broken = false;
            try {
                auto got = std::get<Pieces>(self->response_.body)(piece);
                broken = !got, more = got && *got;
            } catch (const std::exception&) {
                broken = true;
            }
            if (!broken && self->packer_) piece = self->packer_->add(piece, !more);
            asio::post(self->stream_.get_executor(), [self, piece = std::move(piece), more, broken]() mutable { self->send_piece(std::move(piece), more, broken); });
        });
    }

    void send_piece(std::string piece, bool more, bool broken) {
        if (broken) return cut_now();   // the status is sent: only a cut says that the rest is missing
        out_.clear();
        if (chunked_ && !piece.empty()) {
            std::array<char, 20> size{};
            std::snprintf(size.data(), size.size(), "%zx\r\n", piece.size());
            out_ = size.data();
        }
        out_ += piece;
        if (chunked_ && !piece.empty()) out_ += "\r\n";
        if (chunked_ && !more) out_ += "0\r\n\r\n";
        if (out_.empty()) return more ? next_piece() : done();
        write({}, [self = self(), more] { more ? self->next_piece() : self->done(); });
    }

    void done() {
        packer_.reset();
        response_ = {};
        request_ = {};
        if (!keep_alive_ || closing_) return linger();
        wait();
    }

    // --- events

    void begin_events() {
        if (hub_->counted.streams.fetch_add(1) >= limits().streams) {
            --hub_->counted.streams;
            keep_alive_ = false;
            return answer(text_response(503, "Too many streams are open; try again in a while.\n"));
        }
        events_ = std::get<Events>(std::move(response_.body));
        if (const std::string_view last = request_.header("last-event-id"); !last.empty() && last.size() < 20) {
            std::uint64_t number = 0;
            bool digits = true;
            for (const char c : last) digits = digits && c >= '0' && c <= '9', number = number * 10 + static_cast<std::uint64_t>(c - '0');
            if (digits) last_event_ = number;
        }
        Framing framing;
        framing.until_close = true, framing.keep_alive = false;
        response_.with("X-Accel-Buffering", "no");
        out_ = head_of(response_, framing, date()) + ": ready\n\n";
        writing_ = true;
        // A reader sends nothing more; that its end is seen is what this is for.
        stream_.async_read_some(asio::buffer(listen_), [self = self()](const Code&, std::size_t) { self->cut_now(); });
        write({}, [self = self()] { self->after_event(); });
    }

    void after_event() {
        writing_ = false;
        lowest().expires_never();
        pump();
    }

    void pump() {
        if (writing_ || !events_) return;
        if (closing_) return cut_now();
        out_.clear();
        for (const Event& each : events_->since(last_event_)) {
            out_.append("id: ").append(std::to_string(each.id)).append("\nevent: ").append(each.type).append("\ndata: ").append(each.data).append("\n\n");
            last_event_ = each.id;
        }
        if (!out_.empty()) {
            writing_ = true;
            return write({}, [self = self()] { self->after_event(); });
        }
        timer_.expires_after(kHeartbeat);
        timer_.async_wait([self = self()](const Code& error) {
            if (error || self->writing_ || !self->events_) return;
            self->out_ = ": still here\n\n";
            self->writing_ = true;
            self->write({}, [self] { self->after_event(); });
        });
    }

    // --- ends

    void refuse(const Refusal& refusal) {
        ++hub_->counted.malformed;
        if (refusal.status == 408) ++hub_->counted.timeouts;
        keep_alive_ = false, request_ = {}, body_.reset();
        answer(text_response(refusal.status, refusal.sentence + "\n"));
    }

    void failed(const Code& error) {
        if (error == beast::error::timeout) {
            ++hub_->counted.timeouts;
            return cut_now();   // the socket is closed already
        }
        if (const auto refusal = refused_parse(error)) return refuse(*refusal);
        cut_now();
    }

    void failed_writing(const Code& error) {
        if (error == beast::error::timeout) ++hub_->counted.timeouts;
        cut_now();
    }

    // What the peer is still sending is read and dropped for a moment: closing over unread bytes would
    // destroy the answer on its way.
    void linger() {
        lowest().expires_after(kLinger);
        if constexpr (std::is_same_v<Stream, Secure>) {
            stream_.async_shutdown([self = self()](const Code&) { self->cut_now(); });
        } else {
            lowest().socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored_);
            drain();
        }
    }
    void drain() {
        if (block_.empty()) block_.resize(kBlock);
        lowest().async_read_some(asio::buffer(block_), [self = self()](const Code& error, std::size_t bytes) {
            self->drained_ += bytes;
            if (error || self->drained_ > 4 * kBlock) return self->cut_now();
            self->drain();
        });
    }

    void cut_now() {
        if (events_) {
            events_.reset();
            --hub_->counted.streams;
        }
        timer_.cancel();
        lowest().socket().close(ignored_);
    }

    std::shared_ptr<Hub> hub_;
    Stream stream_;
    asio::steady_timer timer_;
    std::string address_, certificate_;
    beast::flat_buffer buffer_{256 * 1024};
    std::optional<Parser> parser_;
    std::optional<BodySink> body_;
    std::vector<char> block_;
    Clock::time_point window_began_{};
    std::uint64_t window_bytes_ = 0, drained_ = 0;
    Request request_;
    Response response_;
    std::string out_;
    std::optional<Gzip> packer_;
    std::optional<Events> events_;
    std::optional<std::uint64_t> last_event_;
    std::array<char, 256> listen_{};
    Code ignored_;
    bool idle_ = false, keep_alive_ = true, old_ = false, gzip_ = false, chunked_ = true, closing_ = false, writing_ = false;
};

}  // namespace

void open_connection(std::shared_ptr<Hub> hub, asio::ip::tcp::socket socket, asio::ssl::context* tls) {
    Code error;
    const auto peer = socket.remote_endpoint(error);
    if (error) return;
    std::string address = peer.address().to_string();
    if (hub->stopping || !hub->admit(address)) {
        ++hub->counted.refused;
        return;   // closes it
    }
    if (tls != nullptr) std::make_shared<Connection<Secure>>(std::move(hub), std::move(socket), std::move(address), tls)->start();
    else std::make_shared<Connection<Plain>>(std::move(hub), std::move(socket), std::move(address), nullptr)->start();
}

}  // namespace threatlas::serve::net
