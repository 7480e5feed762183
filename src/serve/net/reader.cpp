#include "serve/net/reader.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "core/text.hpp"
#include "serve/net/body.hpp"
#include "serve/net/body_sink.hpp"
#include "serve/net/target.hpp"

namespace threatlas::serve::net {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using View = boost::beast::string_view;

constexpr std::size_t kHeadBlock = 4096, kBodyBlock = 64 * 1024;   // received at a time
constexpr std::size_t kFirstLineBesides = 64;                      // method, version and spaces

std::string_view of(View text) { return {text.data(), text.size()}; }

// Headers of which a second one would be a second opinion.
constexpr std::array kOnce{http::field::host, http::field::content_length, http::field::transfer_encoding, http::field::authorization, http::field::cookie, http::field::content_type, http::field::origin, http::field::expect};

bool plain_host(std::string_view host) {
    return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':' || c == '[' || c == ']' || c == '_'; });
}

// Takes a head apart. The body is not its business.
class Parser final : public http::basic_parser<true> {
  public:
    explicit Parser(const Limits& limits) {
        header_limit(static_cast<std::uint32_t>(limits.header_bytes + 1));
        body_limit(boost::none);
        eager(false);
    }
    Request request;
    std::string target;
    std::optional<Refusal> refusal;   // ours, more to the point than the parser's error
    bool old = false, awaits = false;
    // None: in chunks. Without a word about it there is no body.
    std::optional<std::uint64_t> length = 0;

    std::optional<Refusal> refused() const {
        const bool sized = seen(http::field::content_length), coded = seen(http::field::transfer_encoding);
        if (!seen(http::field::host) && !old) return Refusal{400, "a request names one host"};
        if (sized && coded) return Refusal{400, "the length of the body is stated in more than one way"};
        if (old && coded) return Refusal{400, "HTTP/1.0 knows no chunks"};
        if (method_ == http::verb::unknown || method_ == http::verb::connect || method_ == http::verb::trace) return Refusal{501, "that method is not understood"};
        return std::nullopt;
    }

  private:
    bool seen(http::field name) const { return (seen_ & bit(name)) != 0; }
    static unsigned bit(http::field name) {
        const auto at = std::find(kOnce.begin(), kOnce.end(), name);
        return at == kOnce.end() ? 0U : 1U << (at - kOnce.begin());
    }
    void refuse(int status, std::string sentence, error_code& error) {
        if (!refusal) refusal = Refusal{status, std::move(sentence)};
        error = http::error::bad_value;
    }

    void on_request_impl(http::verb method, View method_text, View address, int version, error_code&) override {
        method_ = method, old = version < 11;
        request.method = of(method_text);
        target = of(address);
    }
    void on_field_impl(http::field name, View name_text, View value, error_code& error) override {
        if (const unsigned one = bit(name); one != 0) {
            if ((seen_ & one) != 0) return refuse(400, "the header '" + std::string(of(name_text)) + "' is there twice", error);
            seen_ |= one;
        }
        const std::string_view text = of(value);
        switch (name) {
            case http::field::host:
                if (!plain_host(text)) return refuse(400, "a request names one host", error);
                break;
            case http::field::content_length:
                if (text.empty() || text.size() > 19 || text.find_first_not_of("0123456789") != std::string_view::npos) return refuse(400, "the length of the body is no number", error);
                length = std::stoull(std::string(text));   // 19 digits fit
                break;
            case http::field::transfer_encoding:
                if (core::lower_ascii(text) != "chunked") return refuse(501, "only chunked transfer is understood", error);
                length.reset();
                break;
            case http::field::expect:
                if (core::lower_ascii(text) != "100-continue") return refuse(417, "that expectation is not understood", error);
                awaits = !old;
                break;
            default: break;
        }
        request.headers.emplace_back(core::lower_ascii(of(name_text)), std::string(text));
    }
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(View piece, error_code&) override { return piece.size(); }
    void on_chunk_header_impl(std::uint64_t, View, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, View piece, error_code&) override { return piece.size(); }
    void on_response_impl(int, View, int, error_code&) override {}
    void on_finish_impl(error_code&) override {}

    http::verb method_ = http::verb::unknown;
    unsigned seen_ = 0;
};

Refusal refusal_of(const error_code& error) {
    if (error == http::error::header_limit) return {431, "the head is too long"};
    if (error == http::error::bad_version) return {505, "only HTTP/1.1 is spoken here"};
    return {400, "the request cannot be read: " + error.message()};
}

}  // namespace

struct RequestReader::State {
    State(const Limits& given, std::string folder) : limits(given), spool_folder(std::move(folder)) {}

    const Limits& limits;
    std::string spool_folder;
    std::vector<char> buffer;
    std::size_t begin = 0, end = 0;
    HeadSearch search;
    std::optional<BodySink> sink;
    std::optional<Parser> parser;   // there while a request is under way, and
    std::optional<BodyReader> rest; // this
    std::optional<Refusal> refusal;
    bool skipped = false;           // an empty line before the request

    std::string_view pending() const { return {buffer.data() + begin, end - begin}; }
    Step refuse(Refusal why) {
        refusal = std::move(why);
        parser.reset(), rest.reset(), sink.reset();
        return Step::refused;
    }

    Step head() {
        if (!skipped && pending().starts_with("\r\n")) begin += 2, skipped = true, search = {};
        const std::string_view text = pending();
        const auto found = search.look(text);
        if ((search.first_line() == 0 ? text.size() : search.first_line()) > limits.target_bytes + kFirstLineBesides) return refuse({414, "the address is too long"});
        switch (found) {
            case HeadSearch::Found::bare_line_feed: return refuse({400, "a line of the head does not end in CR LF"});
            case HeadSearch::Found::not_yet:
                if (text.size() > limits.header_bytes) return refuse({431, "the head is too long"});
                return Step::more;
            case HeadSearch::Found::end: break;
        }
        const std::string_view whole = text.substr(0, search.end());
        if (auto why = refused_head(whole, limits)) return refuse(std::move(*why));
        parser.emplace(limits);
        error_code error;
        parser->put(boost::asio::const_buffer(whole.data(), whole.size()), error);
        begin += whole.size();
        if (parser->refusal) return refuse(*parser->refusal);
        if (error) return refuse(refusal_of(error));
        if (!parser->is_header_done()) return refuse({400, "the head cannot be read"});
        if (auto why = parser->refused()) return refuse(std::move(*why));
        auto target = parse_target(parser->target);
        if (!target) return refuse({400, target.error().message});
        parser->request.path = std::move(target->path), parser->request.query = std::move(target->query);
        sink.emplace(spool_folder, limits.body_in_memory);
        rest.emplace(parser->length, limits.body);
        if (rest->refusal()) return refuse(*rest->refusal());
        if (!rest->done() && parser->awaits && pending().empty()) return Step::go_ahead;
        return body();
    }

    Step body() {
        begin += rest->take(pending(), *sink);
        if (rest->refusal()) return refuse(*rest->refusal());
        if (!rest->done()) return Step::more;
        if (auto kept = sink->finish(parser->request); !kept) return refuse({503, kept.error().message});
        return Step::whole;
    }
};

RequestReader::RequestReader(const Limits& limits, const std::string& spool_folder) : state_(std::make_unique<State>(limits, spool_folder)) {}
RequestReader::~RequestReader() = default;

std::span<char> RequestReader::room() {
    State& s = *state_;
    const std::size_t want = s.parser ? kBodyBlock : kHeadBlock;
    if (s.begin == s.end) s.begin = s.end = 0;
    if (s.buffer.size() - s.end < want && s.begin > 0) {
        std::memmove(s.buffer.data(), s.buffer.data() + s.begin, s.end - s.begin);
        s.end -= s.begin, s.begin = 0;
    }
    if (s.buffer.size() - s.end < want) s.buffer.resize(s.end + want);
    return {s.buffer.data() + s.end, s.buffer.size() - s.end};
}

void RequestReader::received(std::size_t bytes) { state_->end += bytes; }

RequestReader::Step RequestReader::step() {
    if (state_->refusal) return Step::refused;
    return state_->parser ? state_->body() : state_->head();
}

bool RequestReader::begun() const { return state_->begin != state_->end || state_->parser; }
bool RequestReader::in_body() const { return state_->parser.has_value(); }
const Refusal& RequestReader::refusal() const { return *state_->refusal; }
bool RequestReader::keep_alive() const { return state_->parser->keep_alive() && !state_->parser->old; }
bool RequestReader::old() const { return state_->parser->old; }

Request RequestReader::take() {
    Request out = std::move(state_->parser->request);
    state_->parser.reset(), state_->rest.reset(), state_->sink.reset();
    state_->search = {};
    state_->skipped = false;
    return out;
}

void RequestReader::release() {
    if (state_->begin == state_->end && state_->buffer.size() > kHeadBlock) state_->buffer = {}, state_->begin = state_->end = 0;
}

}  // namespace threatlas::serve::net
