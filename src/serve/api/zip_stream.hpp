// A ZIP archive written as it is sent: no file, and what is given comes out packed within some 64 KiB.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace threatlas::serve::api {

class ZipStream {
  public:
    ZipStream();
    ~ZipStream();
    ZipStream(ZipStream&&) noexcept;
    ZipStream& operator=(ZipStream&&) noexcept;

    core::Result<void> begin(const std::string& name);      // ends the entry before; an entry holds less than 4 GiB
    core::Result<void> add(std::string_view bytes);
    core::Result<void> finish();
    // What is ready to be sent: taken out.
    std::string& out();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace threatlas::serve::api
