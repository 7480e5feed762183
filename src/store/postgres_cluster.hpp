// For tests: a PostgreSQL server of our own in a temporary folder, on a Unix socket alone, stopped and gone at
// the end. A server that is not installed is a failure, not a test left out.
#pragma once

#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace threatlas::store::testing {

// What the command prints; throws with it when it fails.
inline std::string shell(const std::string& command) {
    std::FILE* const pipe = ::popen((command + " 2>&1").c_str(), "r");
    if (pipe == nullptr) throw std::runtime_error("no shell");
    std::string out;
    std::array<char, 4096> buffer{};
    while (const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), pipe)) out.append(buffer.data(), size);
    if (::pclose(pipe) != 0) throw std::runtime_error(command + ": " + out);
    return out;
}

// Programs of the version that is installed, and who they run as.
struct Installed {
    std::string bin, as;
    static const Installed& found() {
        static const Installed one;
        return one;
    }

  private:
    Installed() {
        for (const char* version : {"15", "16", "17"})
            if (std::filesystem::exists("/usr/lib/postgresql/" + std::string(version) + "/bin/initdb")) bin = "/usr/lib/postgresql/" + std::string(version) + "/bin";
        if (bin.empty()) throw std::runtime_error("PostgreSQL is not installed: tools/packages.sh names what the tests need");
        if (::geteuid() == 0) as = "runuser -u postgres -- ";  // the server refuses to run as root
    }
};

class Cluster {
  public:
    static Cluster& instance() {
        static Cluster one;
        return one;
    }
    // options: for the server ('-c wal_level=replica'); environment: 'NAME=value' ...; primary: stands by for that one.
    explicit Cluster(const std::string& options = "", const std::string& environment = "", const Cluster* primary = nullptr) {
        std::string pattern = "/tmp/threatlas_pg_XXXXXX";
        if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
        folder_ = pattern;
        if (::geteuid() == 0) shell("chown postgres " + folder_);
        std::filesystem::permissions(folder_, std::filesystem::perms::others_exec | std::filesystem::perms::group_exec, std::filesystem::perm_options::add);
        shell(primary != nullptr ? as_ + bin_ + "/pg_basebackup -h " + primary->folder_ + " -U postgres -D " + folder_ + "/data -R -X stream -c fast --no-sync"
                                 : as_ + bin_ + "/initdb -D " + folder_ + "/data -A trust -U postgres --no-sync -E UTF8 --locale=C.UTF-8");
        shell(as_ + (environment.empty() ? "" : "env " + environment + " ") + bin_ + "/pg_ctl -D " + folder_ + "/data -w -l " + folder_ + "/log -o \"-c listen_addresses='' -c unix_socket_directories=" + folder_ + " -c fsync=off -c max_connections=40 " + options +
              "\" start >/dev/null");
        if (primary == nullptr) psql("postgres", "postgres", "CREATE ROLE threatlas_owner LOGIN; CREATE ROLE threatlas_app LOGIN;");
    }
    Cluster(const Cluster&) = delete;
    Cluster& operator=(const Cluster&) = delete;
    ~Cluster() {
        if (owner_ != ::getpid()) return;  // a forked child
        die();
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    // At once, as if the machine were switched off; again is nothing to do.
    void die() {
        if (dead_) return;
        dead_ = true;
        try {
            shell(as_ + bin_ + "/pg_ctl -D " + folder_ + "/data -m immediate -w stop");
        } catch (const std::exception& error) {
            std::fprintf(stderr, "the PostgreSQL of the tests did not stop: %s\n", error.what());
        }
    }
    void promote() const { shell(as_ + bin_ + "/pg_ctl -D " + folder_ + "/data -w promote"); }
    const std::string& folder() const { return folder_; }
    // A new database owned by a role that is no superuser; its address for that role.
    std::string fresh_database() {
        const std::string name = "t" + std::to_string(::getpid()) + "_" + std::to_string(++databases_);
        psql("postgres", "postgres", "CREATE DATABASE " + name + " OWNER threatlas_owner");
        return "postgres://threatlas_owner@/" + name + "?host=" + folder_;
    }
    static std::string database_of(const std::string& address) {
        const std::size_t from = address.find("@/") + 2;
        return address.substr(from, address.find('?') - from);
    }
    // Rows as text, one a line, fields parted by '|'.
    std::string psql(const std::string& database, const std::string& role, const std::string& sql) const {
        return shell(as_ + bin_ + "/psql -X -q -A -t -v ON_ERROR_STOP=1 -h " + folder_ + " -U " + role + " -d " + database + " -c \"" + sql + "\"");
    }

  private:
    pid_t owner_ = ::getpid();
    std::string bin_ = Installed::found().bin, as_ = Installed::found().as;
    std::string folder_;
    int databases_ = 0;
    bool dead_ = false;
};

}  // namespace threatlas::store::testing
