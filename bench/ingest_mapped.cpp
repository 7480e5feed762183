// A mapped CSV of N rows (default 5 million) into the embedded store: rows/s and peak memory; beside
// it the same file read line by line and hashed, which no ingest can do without.
//   bench_ingest <catalogue folder> <working folder> [rows]
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "core/hash.hpp"
#include "ingest/ingest.hpp"
#include "row.hpp"

int main(int argc, char** argv) {
    using namespace threatlas;
    if (argc < 3) return std::fprintf(stderr, "usage: bench_ingest <catalogue folder> <working folder> [rows]\n"), 2;
    const std::string folder = argv[2];
    const long rows = argc > 3 ? std::stol(argv[3]) : 5'000'000;
    std::filesystem::create_directories(folder);
    const auto catalogue = model::load_catalogue(argv[1]);
    if (!catalogue) return std::fprintf(stderr, "%s\n", core::describe(catalogue.error()).c_str()), 1;
    static const char* const kPlaces[] = {"AL", "BA", "BG", "MD", "ME", "MK", "RO", "RS", "XK"};
    {
        std::ofstream out(folder + "/big.csv", std::ios::binary);
        out << "day;country;drug;amount;unit;departure;transport\n";
        std::string line;
        for (long i = 0; i < rows; ++i) {
            // Every row differs in (day, country, departure, transport): none is a repeat.
            const auto n = static_cast<std::size_t>(i);
            line = core::iso(core::Day{static_cast<std::int32_t>(9000 + n / 450 % 11000)});
            line += ';';
            line += kPlaces[n % 9];
            line += ";heroin;" + std::to_string(n * 7919 % 100000) + "," + std::to_string(n % 10) + ";kg;" + kPlaces[n / 9 % 9 == n % 9 ? (n + 1) % 9 : n / 9 % 9];
            line += ";t" + std::to_string(n / 9 % 50) + std::string(n / 4'950'000, 'b') + '\n';
            out << line;
        }
    }
    {
        std::ofstream out(folder + "/big.yaml");
        out << "mapping: 1\nid: bench\nsource: " << catalogue->sources.front().id
            << "\nknown_at: 2025-01-01\nformat: {delimiter: ';'}\nnumbers: {decimal: ','}\ncolumns:\n"
               "  what: {column: drug, table: {heroin: seizure.heroin}}\n  place: {column: country}\n"
               "  period: {column: day, as: day}\n  value: {column: amount}\n  unit: {column: unit}\n"
               "  dims: {departure: {column: departure}, transport: {column: transport}}\n";
    }
    std::filesystem::remove_all(folder + "/store");
    auto store = store::Store::create(folder + "/store");
    if (!store) return std::fprintf(stderr, "%s\n", core::describe(store.error()).c_str()), 1;
    core::NoProgress progress;
    const bench::Watch watch;
    const auto outcome = ingest::ingest_mapped(store->get(), {"bench", "regional", model::Role::analyst, "TLP:RED H3", "assessment: benchmark"}, *catalogue,
                                               folder + "/big.yaml", folder + "/big.csv", {}, progress);
    const double seconds = watch.seconds();
    if (!outcome) return std::fprintf(stderr, "%s\n", core::describe(outcome.error()).c_str()), 1;
    const double peak = bench::peak_mib();
    const auto& info = outcome->info;
    if (info.accepted != static_cast<std::uint64_t>(rows))
        return std::fprintf(stderr, "%llu of %ld rows accepted\n", static_cast<unsigned long long>(info.accepted), rows), 1;

    const bench::Watch plain;
    std::ifstream in(folder + "/big.csv", std::ios::binary);
    core::Sha256 hash;
    std::string line;
    std::size_t fields = 0;
    while (std::getline(in, line)) {
        hash.add(line);
        for (const char c : line) fields += c == ';' ? 1U : 0U;
    }
    const double floor_seconds = plain.seconds();
    const auto per_second = [rows](double s) { return static_cast<double>(rows) / s; };
    char size[64], measured[96], reference[96];
    std::snprintf(size, sizeof size, "%.3g million rows", static_cast<double>(rows) / 1e6);
    std::snprintf(measured, sizeof measured, "%.2f s, %.0f rows/s, peak %.0f MiB", seconds, per_second(seconds), peak);
    std::snprintf(reference, sizeof reference, "lines, fields and SHA-256 only: %.0f rows/s", per_second(floor_seconds));
    bench::row("Mapped CSV into the store", size, measured, "500,000 rows/s, below 1,024 MiB", reference, per_second(seconds) / per_second(floor_seconds));
    return fields == 0 || hash.finish().empty() ? 1 : 0;
}
