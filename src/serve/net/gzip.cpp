#include "serve/net/gzip.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <new>

#include "core/text.hpp"

namespace threatlas::serve::net {

struct Gzip::State {
    z_stream stream{};
};

Gzip::Gzip(int level) : state_(std::make_unique<State>()) {
    constexpr int kGzip = 15 + 16;   // window bits; 16 more: a gzip heading
    if (deflateInit2(&state_->stream, level, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
}

Gzip::~Gzip() { deflateEnd(&state_->stream); }

std::string Gzip::add(std::string_view piece, bool last) {
    std::string out;
    std::array<Bytef, 32768> block;
    auto& z = state_->stream;
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
    z.avail_in = static_cast<uInt>(piece.size());
    do {
        z.next_out = block.data(), z.avail_out = block.size();
        deflate(&z, last ? Z_FINISH : Z_SYNC_FLUSH);
        out.append(reinterpret_cast<const char*>(block.data()), block.size() - z.avail_out);
    } while (z.avail_out == 0);
    return out;
}

std::string gzipped(std::string_view whole, int level) { return Gzip(level).add(whole, true); }

bool accepts_gzip(std::string_view accept_encoding) {
    for (const std::string& each : core::split(std::string(accept_encoding), ',')) {
        std::string token;
        std::copy_if(each.begin(), each.end(), std::back_inserter(token), [](char c) { return c != ' ' && c != '\t'; });
        if (core::lower_ascii(token).starts_with("gzip")) return token.find(";q=0") == std::string::npos || token.find(";q=0.") != std::string::npos;
    }
    return false;
}

}  // namespace threatlas::serve::net
