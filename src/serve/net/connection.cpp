#include "serve/net/connection.hpp"

#include <array>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <exception>
#include <optional>
#include <type_traits>

#include "serve/net/answer.hpp"
#include "serve/net/events.hpp"
#include "serve/net/gzip.hpp"
#include "serve/net/reader.hpp"
#include "serve/net/tls.hpp"

namespace threatlas::serve::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Code = boost::system::error_code;
using Plain = tcp::socket;
using Secure = asio::ssl::stream<tcp::socket>;

constexpr std::size_t kWriteBlock = 256 * 1024;   // written under one deadline
constexpr std::size_t kOneBuffer = 16 * 1024;     // up to here head and body are written as one
constexpr std::size_t kWorthCompressing = 1024;
constexpr std::size_t kDrained = 4 * 1024 * 1024;
constexpr auto kLinger = std::chrono::seconds(2);

template <class Stream>
class Connection final : public Hub::Member, public std::enable_shared_from_this<Connection<Stream>> {
  public:
    Connection(std::shared_ptr<Hub> hub, tcp::socket socket, std::string address, asio::ssl::context* tls)
        : hub_(std::move(hub)), stream_(make(std::move(socket), tls)), address_(std::move(address)), reader_(hub_->options.limits, hub_->options.spool_folder) {}
    ~Connection() override {
        release_stream();
        hub_->leave(this);
        hub_->dismiss(address_);
    }

    void start() {
        hub_->enter(this->weak_from_this(), this);
        asio::dispatch(stream_.get_executor(), [self = self()] {
            Code ignored;
            self->socket().set_option(tcp::no_delay(true), ignored);
            if constexpr (std::is_same_v<Stream, Secure>) {
                self->within(self->limits().handshake);
                self->stream_.async_handshake(asio::ssl::stream_base::server, [self](const Code& error) {
                    if (self->state_ == State::gone) return;
                    if (error) return self->gone();
                    self->certificate_ = fingerprint(self->stream_.native_handle());
                    self->next();
                });
            } else {
                self->next();
            }
        });
    }

    void wake() override {
        asio::post(stream_.get_executor(), [self = self()] { if (self->state_ == State::events) self->pump(); });
    }
    void due() override {
        asio::post(stream_.get_executor(), [self = self()] { self->too_late(); });
    }
    void end() override {
        asio::post(stream_.get_executor(), [self = self()] {
            self->closing_ = true;
            if (self->state_ == State::idle || (self->state_ == State::events && !self->writing_)) self->gone();
        });
    }
    void cut() override {
        asio::post(stream_.get_executor(), [self = self()] { self->gone(); });
    }

  private:
    enum class State { handshake, idle, head, body, handling, writing, events, lingering, gone };

    static Stream make(tcp::socket socket, asio::ssl::context* tls) {
        if constexpr (std::is_same_v<Stream, Secure>) return Stream(std::move(socket), *tls);
        else return static_cast<void>(tls), Stream(std::move(socket));
    }
    std::shared_ptr<Connection> self() { return this->shared_from_this(); }
    tcp::socket& socket() {
        if constexpr (std::is_same_v<Stream, Secure>) return stream_.next_layer();
        else return stream_;
    }
    const Limits& limits() const { return hub_->options.limits; }
    void within(std::chrono::milliseconds time) { deadline.store((Hub::Clock::now() + time).time_since_epoch().count(), std::memory_order_relaxed); }
    void for_ever() { deadline.store(Hub::kNever, std::memory_order_relaxed); }

    // --- deadlines

    void too_late() {
        // Between the sweep and now it may have been put off.
        if (Hub::Clock::now().time_since_epoch().count() < deadline.load(std::memory_order_relaxed)) return;
        switch (state_) {
            case State::idle:
            case State::lingering: return gone();
            case State::head: return interrupt({408, "the request comes too slowly"});
            case State::body: {
                const auto least = limits().body_rate * static_cast<std::uint64_t>(limits().body_window.count()) / 1000;
                if (window_bytes_ < least) return interrupt({408, "the body comes too slowly"});
                window_bytes_ = 0;
                return within(limits().body_window);
            }
            case State::events:
                if (!writing_) return say(std::string(kStillHere));
                [[fallthrough]];
            case State::handshake:
            case State::writing: ++hub_->counted.timeouts; return gone();
            case State::handling:
            case State::gone: return for_ever();
        }
    }

    // Ends the read under way; its handler answers.
    void interrupt(Refusal why) {
        for_ever();
        late_ = std::move(why);
        Code ignored;
        socket().cancel(ignored);
    }

    // --- reading

    void next() {
        if (closing_ || hub_->stopping) return gone();
        if (reader_.begun()) {
            state_ = State::head;
            within(limits().header);
            return advance();
        }
        reader_.release();
        state_ = State::idle;
        within(limits().idle);
        read();
    }

    void read() {
        const auto room = reader_.room();
        stream_.async_read_some(asio::buffer(room.data(), room.size()), [self = self()](const Code& error, std::size_t bytes) {
            if (self->state_ == State::gone) return;
            if (self->late_) return self->refuse(*self->late_);
            if (error) return self->gone();   // a peer that went away is told nothing
            self->hub_->counted.bytes_in += bytes;
            self->reader_.received(bytes);
            if (self->state_ == State::idle) {
                self->state_ = State::head;
                self->within(self->limits().header);
            }
            self->window_bytes_ += bytes;
            self->advance();
        });
    }

    void advance() {
        switch (reader_.step()) {
            case RequestReader::Step::more:
                if (reader_.in_body() && state_ != State::body) begin_body();
                return read();
            case RequestReader::Step::go_ahead:
                out_ = "HTTP/1.1 100 Continue\r\n\r\n";
                return write({}, [self = self()] {
                    self->begin_body();
                    self->read();
                });
            case RequestReader::Step::whole: return hand_on();
            case RequestReader::Step::refused: return refuse(reader_.refusal());
        }
    }

    void begin_body() {
        state_ = State::body;
        window_bytes_ = 0;
        within(limits().body_window);
    }

    // --- answering

    void hand_on() {
        old_ = reader_.old(), keep_alive_ = reader_.keep_alive();
        request_ = reader_.take();
        request_.peer = {address_, std::is_same_v<Stream, Secure>, certificate_};
        request_.id = hub_->new_id();
        gzip_ = accepts_gzip(request_.header("accept-encoding"));
        state_ = State::handling;
        for_ever();
        ++hub_->counted.requests;
        if (hub_->options.quick) {
            Response quick = guarded(hub_->options.quick);
            if (quick.status != 0) return answer(std::move(quick));
        }
        if (++hub_->waiting > limits().waiting) {
            --hub_->waiting;
            return answer(text_response(503, "Too many requests are waiting; try again in a while.\n").with("Retry-After", "2"));
        }
        asio::post(hub_->workers, [self = self()] {
            --self->hub_->waiting;
            Response made = self->guarded(self->hub_->handler);
            self->compress(made);
            asio::post(self->stream_.get_executor(), [self, made = std::move(made)]() mutable { self->answer(std::move(made)); });
        });
    }

    Response guarded(const Handler& handler) const {
        try {
            return handler(request_);
        } catch (const std::exception& thrown) {
            note(500, request_.id + " " + thrown.what());
            return text_response(500, "Something went wrong here; it is in the log under " + request_.id + "\n");
        }
    }

    bool packs(const Response& response) const { return gzip_ && response.status != 206 && compressible(header_of(response, "content-type")) && header_of(response, "content-encoding").empty(); }

    // On a worker: a whole text that is worth it.
    void compress(Response& response) const {
        auto* text = std::get_if<std::string>(&response.body);
        if (text == nullptr || text->size() < kWorthCompressing || !packs(response)) return;
        *text = gzipped(*text);
        response.with("Content-Encoding", "gzip");
        varied(response);
    }

    // Other bytes under the same tag: the tag is weak from here on.
    static void varied(Response& response) {
        response.with("Vary", "Accept-Encoding");
        for (auto& [name, value] : response.headers)
            if ((name == "ETag" || name == "etag") && value.starts_with('"')) value.insert(0, "W/");
    }

    void answer(Response response) {
        if (state_ == State::gone) return;
        response_ = std::move(response);
        keep_alive_ = keep_alive_ && !closing_ && !hub_->stopping;
        const bool head_only = request_.method == "HEAD";
        const bool pieces = std::holds_alternative<Pieces>(response_.body), events = std::holds_alternative<Events>(response_.body);
        if (events && !head_only) return begin_events();
        Framing framing;
        if (pieces && packs(response_)) {
            framing.encoding = "gzip";
            varied(response_);
            if (!head_only) packer_.emplace();
        }
        if ((pieces || events) && head_only) {
            framing.until_close = true;   // no length is known, and no body follows
        } else if (pieces) {
            if (old_) framing.until_close = true, keep_alive_ = false;
            chunked_ = !framing.until_close;
        } else {
            framing.length = whole_body().size();
        }
        framing.keep_alive = keep_alive_;
        out_ = head_of(response_, framing, http_date_now());
        if (pieces && !head_only) return write({}, [self = self()] { self->next_piece(); });
        write(head_only ? std::string_view{} : whole_body(), [self = self()] { self->done(); });
    }

    std::string_view whole_body() const {
        if (const auto* text = std::get_if<std::string>(&response_.body)) return *text;
        if (const auto* shared = std::get_if<Shared>(&response_.body)) return *shared ? std::string_view(**shared) : std::string_view{};
        return {};
    }

    // out_, then `rest` in blocks, each under its own deadline.
    template <class Then>
    void write(std::string_view rest, Then then) {
        std::string_view now = rest.substr(0, kWriteBlock);
        rest.remove_prefix(now.size());
        if (out_.size() + now.size() <= kOneBuffer) out_.append(now), now = {};
        if (state_ != State::events) state_ = State::writing;
        writing_ = true;
        within(limits().write);
        const std::array<asio::const_buffer, 2> both{asio::buffer(out_), asio::buffer(now.data(), now.size())};
        asio::async_write(stream_, both, [self = self(), rest, then = std::move(then)](const Code& error, std::size_t bytes) mutable {
            self->hub_->counted.bytes_out += bytes;
            self->writing_ = false;
            if (self->state_ == State::gone) return;
            if (error) return self->gone();
            self->out_.clear();
            if (rest.empty()) return then();
            self->write(rest, std::move(then));
        });
    }

    void next_piece() {
        state_ = State::handling;
        for_ever();
        asio::post(hub_->workers, [self = self()] {
            std::string piece;
            std::optional<std::string> broken;
            bool more = false;
            try {
                auto got = std::get<Pieces>(self->response_.body)(piece);
                if (!got) broken = got.error().message;
                more = got && *got;
                if (got && self->packer_) piece = self->packer_->add(piece, !more);
            } catch (const std::exception& thrown) {
                broken = thrown.what();
            }
            asio::post(self->stream_.get_executor(), [self, piece = std::move(piece), more, broken = std::move(broken)] { self->send_piece(piece, more, broken); });
        });
    }

    void send_piece(const std::string& piece, bool more, const std::optional<std::string>& broken) {
        if (state_ == State::gone) return;
        if (broken) {
            note(500, request_.id + " broke half-way: " + *broken);
            return gone();   // the status is sent: only a cut says that the rest is missing
        }
        out_.clear();
        if (chunked_) append_chunk(out_, piece, !more);
        else out_ = piece;
        if (out_.empty()) return more ? next_piece() : done();
        write({}, [self = self(), more] { more ? self->next_piece() : self->done(); });
    }

    void done() {
        packer_.reset();
        response_ = {};
        request_ = {};
        if (!keep_alive_ || closing_) return linger();
        next();
    }

    // --- events

    void begin_events() {
        if (hub_->counted.streams.fetch_add(1) >= limits().streams) {
            --hub_->counted.streams;
            return answer(text_response(503, "Too many streams are open; try again in a while.\n").with("Retry-After", "5"));
        }
        events_ = std::get<Events>(std::move(response_.body));
        last_event_ = last_event_id(request_.header("last-event-id"));
        Framing framing;
        framing.until_close = true, framing.keep_alive = false;
        response_.with("X-Accel-Buffering", "no");
        out_ = head_of(response_, framing, http_date_now());
        state_ = State::events;
        streaming = true;
        // A reader sends nothing more; that its end is seen is what this is for.
        stream_.async_read_some(asio::buffer(listen_), [self = self()](const Code&, std::size_t) { self->gone(); });
        say(std::string(kStreamOpens));
    }

    void say(const std::string& text) {
        out_ += text;
        write({}, [self = self()] { self->pump(); });
    }

    void pump() {
        if (writing_ || state_ != State::events) return;
        if (closing_ || hub_->stopping) return gone();
        std::string text;
        try {
            for (const Event& each : events_->since(last_event_)) {
                append_event(text, each);
                last_event_ = each.id;
            }
        } catch (const std::exception&) {
            return gone();   // the reader comes again and resumes
        }
        if (!text.empty()) return say(text);
        within(limits().heartbeat);
    }

    void release_stream() {
        if (!events_) return;
        events_.reset();
        streaming = false;
        --hub_->counted.streams;
    }

    // --- ends

    void refuse(const Refusal& refusal) {
        ++hub_->counted.malformed;
        if (refusal.status == 408) ++hub_->counted.timeouts;
        keep_alive_ = false, old_ = false, request_ = {};
        note(refusal.status, refusal.sentence);
        answer(text_response(refusal.status, refusal.sentence + "\n"));
    }

    void note(int status, const std::string& sentence) const {
        if (hub_->options.noted) hub_->options.noted({address_, std::is_same_v<Stream, Secure>, certificate_}, status, sentence);
    }

    // What the peer is still sending is read and dropped for a moment: closing over unread bytes would
    // destroy the answer on its way.
    void linger() {
        state_ = State::lingering;
        within(kLinger);
        if constexpr (std::is_same_v<Stream, Secure>) {
            stream_.async_shutdown([self = self()](const Code&) { self->drain_first(); });
        } else {
            drain_first();
        }
    }
    void drain_first() {
        if (state_ == State::gone) return;
        Code error;
        socket().shutdown(tcp::socket::shutdown_send, error);
        if (error) return gone();
        drain();
    }
    void drain() {
        const auto room = reader_.room();
        socket().async_read_some(asio::buffer(room.data(), room.size()), [self = self()](const Code& error, std::size_t bytes) {
            if (self->state_ == State::gone) return;
            self->drained_ += bytes;
            if (error || self->drained_ > kDrained) return self->gone();
            self->drain();
        });
    }

    void gone() {
        if (state_ == State::gone) return;
        state_ = State::gone;
        for_ever();
        release_stream();
        Code ignored;
        socket().close(ignored);
    }

    std::shared_ptr<Hub> hub_;
    Stream stream_;
    std::string address_, certificate_;
    RequestReader reader_;
    State state_ = State::handshake;
    std::uint64_t window_bytes_ = 0, drained_ = 0;
    std::optional<Refusal> late_;
    Request request_;
    Response response_;
    std::string out_;
    std::optional<Gzip> packer_;
    std::optional<Events> events_;
    std::optional<std::uint64_t> last_event_;
    std::array<char, 64> listen_{};
    bool keep_alive_ = true, old_ = false, gzip_ = false, chunked_ = true, closing_ = false, writing_ = false;
};

std::string text_of(asio::ip::address address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped()) address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    return address.to_string();
}

// One that is too many is told so when that costs nothing.
void turn_away(tcp::socket& socket, bool secure) {
    if (secure) return;
    constexpr std::string_view kFull = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 5\r\nConnection: close\r\n\r\n";
    Code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(kFull), ignored);
}

}  // namespace

void open_connection(std::shared_ptr<Hub> hub, tcp::socket socket, asio::ssl::context* tls) {
    Code error;
    const auto peer = socket.remote_endpoint(error);
    if (error) return;
    std::string address = text_of(peer.address());
    if (hub->stopping || !hub->admit(address)) {
        ++hub->counted.refused;
        return turn_away(socket, tls != nullptr);
    }
    if (tls != nullptr) std::make_shared<Connection<Secure>>(std::move(hub), std::move(socket), std::move(address), tls)->start();
    else std::make_shared<Connection<Plain>>(std::move(hub), std::move(socket), std::move(address), nullptr)->start();
}

}  // namespace threatlas::serve::net
