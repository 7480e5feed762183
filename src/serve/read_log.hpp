// Reads answered from memory, on their way into the audit log: counted by who, why and what, and written together.
// What a kill leaves unwritten is at most the reads of the last second; nothing is read once the log cannot be written.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/result.hpp"
#include "model/reader.hpp"

namespace threatlas::serve {

class ReadLog {
  public:
    struct Note {
        model::Reader who;
        std::string object;        // with ' x 12' behind it when it was read so often
    };
    using Write = std::function<core::Result<void>(const std::vector<Note>&)>;
    explicit ReadLog(Write write, std::chrono::milliseconds every = std::chrono::milliseconds(1000));
    ~ReadLog();                    // writes the rest
    ReadLog(const ReadLog&) = delete;
    ReadLog& operator=(const ReadLog&) = delete;

    // The error of the last writing, until one succeeds: then whoever asked gets that and not what was read.
    core::Result<void> note(const model::Reader& who, const std::string& object);
    core::Result<void> flush();

  private:
    struct Counted {
        model::Reader who;
        std::string object;
        std::uint64_t times = 0;
    };
    void run();

    Write write_;
    std::chrono::milliseconds every_;
    std::mutex lock_, writing_;
    std::condition_variable wake_;
    std::map<std::string, Counted> pending_;
    core::Result<void> last_;
    bool ending_ = false;
    std::thread thread_;
};

}  // namespace threatlas::serve
