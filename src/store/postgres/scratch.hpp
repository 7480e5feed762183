// A folder that goes away.
#pragma once

#include <string>
#include <utility>

#include "core/result.hpp"

namespace threatlas::store::postgres {

// A folder for this process alone, removed with the object.
class Scratch {
  public:
    static core::Result<Scratch> make();
    Scratch() = default;
    Scratch(Scratch&& other) noexcept : path_(std::exchange(other.path_, {})) {}
    Scratch& operator=(Scratch&& other) noexcept {
        std::swap(path_, other.path_);
        return *this;
    }
    ~Scratch();
    const std::string& path() const { return path_; }

  private:
    std::string path_;
};

}  // namespace threatlas::store::postgres
