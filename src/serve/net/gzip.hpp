// gzip for answers (zlib).
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace threatlas::serve::net {

class Gzip {
  public:
    explicit Gzip(int level = 5);
    ~Gzip();
    Gzip(const Gzip&) = delete;
    Gzip& operator=(const Gzip&) = delete;
    // Compressed bytes so far; `last` ends the stream, else it is flushed so that a reader can go on.
    std::string add(std::string_view piece, bool last);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

std::string gzipped(std::string_view whole, int level = 5);

// Whether Accept-Encoding takes gzip ('gzip;q=0' does not).
bool accepts_gzip(std::string_view accept_encoding);

}  // namespace threatlas::serve::net
