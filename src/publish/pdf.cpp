// WeasyPrint as a child process: no shell, arguments as they are.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "core/text.hpp"
#include "publish/publish.hpp"

namespace threatlas::publish {

namespace {

// Setting a report takes seconds: a PDF that carries the fingerprint of this page is left as it is.
bool printed_already(const std::string& html_path, const std::string& pdf_path) {
    const auto page = core::read_file(html_path), pdf = core::read_file(pdf_path);
    if (!page || !pdf) return false;
    constexpr std::string_view kMark = "<meta name=\"keywords\" content=\"";
    const std::size_t begin = page->find(kMark), end = begin == std::string::npos ? begin : page->find('"', begin + kMark.size());
    if (end == std::string::npos) return false;
    return pdf->find("/Keywords (" + page->substr(begin + kMark.size(), end - begin - kMark.size()) + ")") != std::string::npos && pdf->ends_with("%%EOF\n");
}

}  // namespace

core::Result<void> write_pdf(const std::string& html_path, const std::string& pdf_path) {
    if (printed_already(html_path, pdf_path)) return {};
    const std::string part = pdf_path + ".part", log = pdf_path + ".log";
    std::vector<std::string> words{"weasyprint", "--quiet", "--encoding", "utf-8", html_path, part};
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    std::vector<std::string> settings{"SOURCE_DATE_EPOCH=0"};  // no time of the machine in the file
    for (char** each = environ; *each != nullptr; ++each) settings.emplace_back(*each);
    std::vector<char*> environment;
    for (std::string& each : settings) environment.push_back(each.data());
    environment.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    pid_t child = 0;
    const int failed = posix_spawnp(&child, "weasyprint", &actions, nullptr, arguments.data(), environment.data());
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) {
        std::remove(log.c_str());
        return core::fail(core::ErrorCode::unavailable, std::string("weasyprint cannot be started (") + std::strerror(failed) + "): install it with 'apt-get install weasyprint'", {pdf_path, 0, ""});
    }
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    std::string said;
    if (auto text = core::read_file(log); text) said = text->substr(0, 400);
    std::remove(log.c_str());
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        std::remove(part.c_str());
        return core::fail(core::ErrorCode::unavailable, "weasyprint could not write the PDF: " + said, {pdf_path, 0, ""});
    }
    if (std::rename(part.c_str(), pdf_path.c_str()) != 0) return core::fail(core::ErrorCode::unavailable, std::string("the PDF cannot be put in place: ") + std::strerror(errno), {pdf_path, 0, ""});
    return {};
}

}  // namespace threatlas::publish
