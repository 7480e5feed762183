// The example region: from its data package to a store, and from the store to an assessment.
//   bench_region <catalogue folder> <datapackage.json> <working folder> [threads, default 2]
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "assess/assess.hpp"
#include "core/hash.hpp"
#include "core/parallel.hpp"
#include "ingest/ingest.hpp"
#include "row.hpp"

int main(int argc, char** argv) {
    using namespace threatlas;
    if (argc < 4) return std::fprintf(stderr, "usage: bench_region <catalogue folder> <datapackage.json> <working folder> [threads]\n"), 2;
    core::set_threads(argc > 4 ? static_cast<unsigned>(std::strtoul(argv[4], nullptr, 10)) : 2);
    const auto fail = [](const core::Error& error) { return std::fprintf(stderr, "%s\n", core::describe(error).c_str()), 1; };
    const auto catalogue = model::load_catalogue(argv[1]);
    if (!catalogue) return fail(catalogue.error());
    const std::string folder = argv[3];
    std::filesystem::remove_all(folder);
    auto store = store::Store::create(folder);
    if (!store) return fail(store.error());
    const model::Reader reader{"bench", "regional", model::Role::analyst, "TLP:RED H3", "assessment: benchmark"};
    core::NoProgress progress;

    const bench::Watch hashing;
    std::uintmax_t bytes = 0;
    for (const auto& file : std::filesystem::recursive_directory_iterator(std::filesystem::path(argv[2]).parent_path()))
        if (file.is_regular_file()) bytes += file.file_size(), (void)core::sha256_file(file.path().string());
    const double hashed = hashing.seconds();
    const bench::Watch taking_in;
    const auto importers = ingest::make_importers();
    const auto jobs = ingest::package_jobs(argv[2], importers);
    if (!jobs) return fail(jobs.error());
    std::vector<ingest::Outcome> outcomes;
    const auto done = ingest::ingest_all(store->get(), reader, *catalogue, *jobs, {}, progress, outcomes);
    const double taken = taking_in.seconds();
    if (!done) return fail(done.error());
    unsigned long long rows = 0;
    for (const auto& each : outcomes) rows += each.info.rows;
    char size[64], measured[64], reference[64];
    std::snprintf(size, sizeof size, "%llu rows, %.1f MB in %zu files", rows, static_cast<double>(bytes) / 1e6, outcomes.size());
    std::snprintf(measured, sizeof measured, "%.2f s", taken);
    std::snprintf(reference, sizeof reference, "SHA-256 of the files: %.3f s", hashed);
    bench::row("Example region into the store", size, measured, "5 s", reference, taken / hashed);

    const bench::Watch loading;
    const auto snapshot = (*store)->snapshot(reader, {});
    const double loaded = loading.seconds();
    if (!snapshot) return fail(snapshot.error());
    const bench::Watch assessing;
    const auto assessment = assess::assess(*snapshot, *catalogue, {}, progress);
    const double assessed = assessing.seconds();
    if (!assessment) return fail(assessment.error());
    std::snprintf(size, sizeof size, "%zu threats, %zu figures", assessment->ranking.size(), assessment->figures.size());
    std::snprintf(measured, sizeof measured, "%.2f s, peak %.0f MiB", assessed, bench::peak_mib());
    std::snprintf(reference, sizeof reference, "its snapshot loaded: %.3f s", loaded);
    bench::row("Example region assessed", size, measured, "", reference, assessed / loaded);
    return 0;
}
