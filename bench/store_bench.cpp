// What the store costs: writing and loading observations, and SQLite alone beside it.
// store_bench [rows] [folder]; prints one line a figure, and the rows of docs/PERFORMANCE.md last.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "core/hash.hpp"
#include "core/parallel.hpp"
#include "store/segment_format.hpp"
#include "store/sqlite.hpp"
#include "store/store.hpp"
#include "row.hpp"

namespace {

using threatlas::core::Day;
namespace model = threatlas::model;
namespace store = threatlas::store;

template <class T>
T must(threatlas::core::Result<T> result) {
    if (!result) {
        std::fprintf(stderr, "%s\n", threatlas::core::describe(result.error()).c_str());
        std::exit(1);
    }
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

using bench::Watch;

// Like a monthly table of crimes by place, and with further dimensions on every second row.
class Rows {
  public:
    Rows() {
        for (int i = 0; i < 60; ++i) whats_.push_back("iccs.ICCS" + std::to_string(10000 + i));
        for (int i = 0; i < 40; ++i) places_.push_back("P" + std::to_string(i));
        for (int i = 0; i < 300; ++i) citizens_.push_back("C" + std::to_string(i));
        o_.unit = "count";
        o_.nature = model::Nature::reported_crime;
        o_.source = "bench";
        o_.file = "bench.csv";
    }
    const model::Observation& operator()(std::uint64_t i) {
        o_.what = whats_[i / 97 % whats_.size()];
        o_.place = places_[i % places_.size()];
        o_.period = {Day{static_cast<std::int32_t>(14600 + i / 40 % 120 * 30)},
                     Day{static_cast<std::int32_t>(14630 + i / 40 % 120 * 30)}};
        o_.value = static_cast<double>(i * 2654435761u % 5000);
        if (i % 10 == 0) o_.value += 0.5;
        o_.upper = o_.value;
        if (i % 2 == 0)
            o_.dims = {{"border", "land"}, {"citizenship", citizens_[i / 2 % citizens_.size()]}};
        else
            o_.dims.clear();
        o_.known_at = Day{static_cast<std::int32_t>(15000 + i / 40 % 120 * 30)};
        o_.row = i + 2;
        return o_;
    }

  private:
    model::Observation o_;
    std::vector<std::string> whats_, places_, citizens_;
};

// The same table in SQLite, `columns` whole numbers wide: what the segments are compared with.
// Seconds a row loaded.
double sqlite_alone(const std::string& folder, std::uint64_t rows, int columns) {
    auto database =
        must(store::Database::open(folder + "/alone" + std::to_string(columns) + ".db", true));
    std::string names, marks;
    for (int c = 1; c <= columns; ++c) {
        names += (c > 1 ? ", c" : "c") + std::to_string(c) + " INTEGER";
        marks += (c > 1 ? ", $" : "$") + std::to_string(c);
    }
    must(database.run("CREATE TABLE o (" + names + ")"));
    Watch writing;
    {
        auto transaction = must(store::Transaction::begin(database));
        auto insert = must(database.prepare("INSERT INTO o VALUES (" + marks + ")"));
        for (std::uint64_t i = 0; i < rows; ++i) {
            const std::uint64_t a = i / 97 % 60, b = i % 40, c = 14600 + i / 40 % 120 * 30,
                                d = i % 5000;
            if (columns == 5)
                must(insert.bind(a, b, c, d, i).run());
            else
                must(insert.bind(a, b, c, d, i, a, b, a, b, a, b, a, b, c, c, d, a, b, d, i).run());
        }
        must(transaction.commit());
    }
    const double wrote = writing.seconds();
    Watch reading;
    std::vector<std::vector<std::int64_t>> loaded(static_cast<std::size_t>(columns));
    auto select = must(database.prepare("SELECT * FROM o"));
    while (must(select.step()))
        for (int c = 0; c < columns; ++c)
            loaded[static_cast<std::size_t>(c)].push_back(select.integer(c));
    const double read = reading.seconds();
    std::printf("SQLite alone, %2d columns          write %.2f, load %.2f million rows/s\n",
                columns, static_cast<double>(rows) / wrote / 1e6,
                static_cast<double>(rows) / read / 1e6);
    return read / static_cast<double>(rows);
}

void hashes() {
    const std::string bytes(std::size_t{256} << 20, 'x');
    Watch sha;
    (void)threatlas::core::sha256(bytes);
    const double one = sha.seconds();
    Watch blake;
    (void)store::segment::digest(bytes.data(), bytes.size());
    std::printf("SHA-256 %.0f MB/s, BLAKE2b-256 %.0f MB/s (libsodium)\n", 268.4 / one,
                268.4 / blake.seconds());
}

}  // namespace

int main(int count, char** words) {
    const std::uint64_t rows = count > 1 ? std::strtoull(words[1], nullptr, 10) : 10'000'000;
    const std::string folder =
        count > 2 ? words[2]
                  : (std::filesystem::temp_directory_path() / "threatlas_store_bench").string();
    std::filesystem::remove_all(folder);
    const model::Reader reader{"bench", "regional", model::Role::analyst, "TLP:RED H3", "assessment: benchmark"};
    auto opened = must(store::Store::create(folder));

    Rows source;
    Watch making;
    double sink = 0;
    for (std::uint64_t i = 0; i < rows; ++i) sink += source(i).value;
    const double idle = making.seconds();

    Watch writing;
    store::SubmissionInfo info;
    info.id = threatlas::core::sha256("bench");
    info.source = "bench";
    auto submission = must(opened->begin(reader, info));
    for (std::uint64_t i = 0; i < rows; ++i) must(submission->add(source(i)));
    must(submission->commit(rows));
    const double wrote = writing.seconds();
    std::printf("rows %llu (checksum %.1f)\n", static_cast<unsigned long long>(rows), sink);
    std::printf(
        "segment write                    %12.0f rows/s (%.2f s; %.2f s of it make the rows), peak "
        "memory %.0f MB\n",
        static_cast<double>(rows) / (wrote - idle), wrote, idle, bench::peak_mib());
    const auto segment = std::filesystem::directory_iterator(folder + "/segments")->path();
    std::printf(
        "segment size                     %12.1f bytes/row\n",
        static_cast<double>(std::filesystem::file_size(segment)) / static_cast<double>(rows));

    double best[2] = {1e9, 1e9};   // of three loads, by threads
    for (const unsigned threads : {2u, 1u}) {
        threatlas::core::set_threads(threads);
        for (int round = 0; round < 3; ++round) {
            Watch loading;
            const auto snapshot = must(opened->snapshot(reader, {}));
            const double seconds = loading.seconds();
            best[threads - 1] = std::min(best[threads - 1], seconds);
            std::printf("snapshot load, %u thread(s)       %12.3f s, %zu rows, hash %.12s\n",
                        threads, seconds, snapshot.size(), snapshot.hash.c_str());
        }
        Watch loading;
        const auto snapshot = must(opened->snapshot(reader, {Day{16800}, {}, {}, {}, true}));
        std::printf("snapshot as of a day, %u thread(s) %11.3f s, %zu rows\n", threads,
                    loading.seconds(), snapshot.size());
    }
    const double peak = bench::peak_mib();
    hashes();
    double alone = 0;
    for (const int columns : {5, 20})
        alone = sqlite_alone(folder, std::min<std::uint64_t>(rows, 3'000'000), columns);
    alone *= static_cast<double>(rows);
    char size[64], measured[96], reference[96];
    std::snprintf(size, sizeof size, "%.3g million observations", static_cast<double>(rows) / 1e6);
    std::snprintf(reference, sizeof reference, "SQLite, a table of 20 columns: %.2f s", alone);
    for (const unsigned threads : {2u, 1u}) {
        std::snprintf(measured, sizeof measured, "%.2f s on %u thread%s, peak %.0f MiB", best[threads - 1], threads, threads > 1 ? "s" : "", peak);
        bench::row("Snapshot loaded", size, measured, threads == 2 ? "1 s at 10 million" : "", reference, best[threads - 1] / alone);
    }
    std::filesystem::remove_all(folder);
}
