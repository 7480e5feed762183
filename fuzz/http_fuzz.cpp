// Any bytes as what a connection brings: heads, targets, cookies, bodies, one request after another. No crash, no endless
// loop; what is taken keeps to what message.hpp promises of a path; and how the bytes were cut by the network changes nothing.
// The first byte chooses the cut.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "serve/net/events.hpp"
#include "serve/net/gzip.hpp"
#include "serve/net/reader.hpp"

using namespace threatlas::serve::net;

namespace {

void keeps_its_promises(const Request& request) {
    const std::string& path = request.path;
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    if (path.empty() || path.front() != '/' || std::any_of(path.begin(), path.end(), control)) std::abort();
    const std::string closed = path + (path.back() == '/' ? "" : "/");
    for (const char* never : {"//", "/./", "/../", "\\"})
        if (closed.find(never) != std::string::npos) std::abort();
    for (const auto& [name, value] : request.headers)
        if (name.empty() || std::any_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; }) || value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) std::abort();
    static_cast<void>(request.cookie("threatlas_session"));
    static_cast<void>(accepts_gzip(request.header("accept-encoding")));
    static_cast<void>(last_event_id(request.header("last-event-id")));
}

// What is made of the bytes when they come `piece` at a time: every request, and how it ended.
std::string read(std::string_view bytes, std::size_t piece) {
    Limits limits;
    limits.header_bytes = 2048, limits.headers = 20, limits.target_bytes = 512, limits.body = 4096;
    RequestReader reader(limits, "");
    std::string out;
    for (;;) {
        switch (reader.step()) {
            case RequestReader::Step::whole: {
                const bool keep = reader.keep_alive();
                const Request request = reader.take();
                keeps_its_promises(request);
                if (request.body.size() > limits.body) std::abort();
                out += request.method + " " + request.path + " " + std::to_string(request.headers.size()) + " " + request.body + "\n";
                if (!keep) return out + "closed";
                continue;
            }
            case RequestReader::Step::refused: {
                if (reader.refusal().status < 400 || reader.refusal().sentence.empty()) std::abort();
                return out + "refused";
            }
            case RequestReader::Step::go_ahead: break;
            case RequestReader::Step::more: break;
        }
        if (bytes.empty()) return out + "more";
        const auto room = reader.room();
        const std::size_t size = std::min({bytes.size(), room.size(), piece});
        if (size == 0) std::abort();
        std::memcpy(room.data(), bytes.data(), size);
        reader.received(size);
        bytes.remove_prefix(size);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const std::string whole = read(bytes, bytes.size() + 1);
    if (read(bytes, 1U + data[0]) != whole) std::abort();
    return 0;
}
