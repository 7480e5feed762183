// The store on PostgreSQL beside the embedded one, and beside COPY alone of the same server, in one run.
// postgres_bench postgres://... [rows]; the database must be empty.
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "core/hash.hpp"
#include "row.hpp"
#include "store/postgres/connection.hpp"
#include "store/store.hpp"

namespace {

using namespace threatlas;

template <class T>
T must(core::Result<T> result) {
    if (!result) throw std::runtime_error(core::describe(result.error()));
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

class Watch {
  public:
    double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

  private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

model::Observation row(std::uint64_t i) {
    static const std::array<const char*, 8> kPlaces{"AL", "BA", "BG", "HR", "ME", "MK", "RS", "XK"};
    model::Observation o;
    o.what = i % 3 == 0 ? "frontex.detections" : "seizure.heroin";
    o.member = i % 5 == 0 ? "bg_mvr" : "rs_mup";
    o.place = kPlaces[i % 8];
    o.period = {core::Day{static_cast<std::int32_t>(16000 + i % 3650)}, core::Day{static_cast<std::int32_t>(16030 + i % 3650)}};
    o.value = o.upper = static_cast<double>(i % 1000) / (i % 7 == 0 ? 8 : 1);
    o.unit = "count";
    o.dims = {{"border", i % 2 == 0 ? "land" : "sea"}, {"route", "western_balkan"}};
    o.handling = i % 4 == 0 ? "TLP:AMBER" : "TLP:GREEN";
    o.source = "frontex_detections", o.file = "detections.csv";
    o.known_at = core::Day{18000}, o.row = i + 2;
    return o;
}

// What COPY of the server alone takes: the same bytes of text in and out of a plain table.
std::pair<double, double> copy_alone(const std::string& address, std::uint64_t rows) {
    auto connection = must(store::postgres::Connection::open(address));
    must(connection->run("CREATE TABLE IF NOT EXISTS copy_alone (a bigint, b int, what text, member text, place text, unit text, dims text, evaluation text, handling text, source text, file text, c int, d int, e int, f bigint, g float8, h float8)"));
    Watch in;
    must(connection->begin(true));
    must(connection->copy_in("COPY copy_alone FROM STDIN", [&](const store::postgres::Connection::Sink& sink) -> core::Result<void> {
        std::string out;
        for (std::uint64_t i = 0; i < rows; ++i) {
            const std::string n = std::to_string(i);
            out += "1\t" + n + "\tseizure.heroin\trs_mup\tRS\tcount\tborder=land,route=western_balkan\tunevaluated\tTLP:GREEN\tfrontex_detections\tdetections.csv\t16000\t16030\t18000\t" + n + "\t" + n + "\t" + n + "\n";
            if (out.size() > (1u << 18)) {
                THREATLAS_CHECK(sink(out.data(), out.size()));
                out.clear();
            }
        }
        return sink(out.data(), out.size());
    }));
    must(connection->commit());
    const double wrote = in.seconds();
    Watch out;
    std::size_t bytes = 0;
    must(connection->begin(false));
    must(connection->copy_out("COPY (SELECT * FROM copy_alone ORDER BY a, b) TO STDOUT (FORMAT binary)", [&](const char*, std::size_t size) -> core::Result<void> {
        bytes += size;
        return {};
    }));
    must(connection->commit());
    const double read = out.seconds();
    must(connection->run("DROP TABLE copy_alone"));
    return {wrote, read};
}

}  // namespace

int main(int count, char** words) {
    if (count < 2) return std::fputs("postgres_bench postgres://... [rows]\n", stderr), 2;
    const std::uint64_t rows = count > 2 ? std::strtoull(words[2], nullptr, 10) : 1'000'000;
    const std::string folder = (std::filesystem::temp_directory_path() / "threatlas_postgres_bench").string();
    std::filesystem::remove_all(folder);
    const model::Reader reader{"bench", "regional", model::Role::analyst, "TLP:RED", "assessment: benchmark"};
    char size[64], measured[128], reference[128];
    std::snprintf(size, sizeof size, "%.3g million observations", static_cast<double>(rows) / 1e6);
    std::string hashes[2];
    double wrote[2] = {}, read[2] = {};
    for (const bool remote : {false, true}) {
        auto opened = must(store::Store::create(remote ? words[1] : folder, {.clock = {}, .key_file = folder + ".key"}));
        store::SubmissionInfo info;
        info.id = core::sha256("bench"), info.source = "bench";
        Watch writing;
        auto submission = must(opened->begin(reader, info));
        for (std::uint64_t i = 0; i < rows; ++i) must(submission->add(row(i)));
        must(submission->commit(rows));
        wrote[remote] = writing.seconds(), read[remote] = 1e9;
        for (int round = 0; round < 3; ++round) {
            Watch loading;
            const auto snapshot = must(opened->snapshot(reader, {}));
            read[remote] = std::min(read[remote], loading.seconds());
            hashes[remote] = snapshot.hash;
            if (snapshot.size() != rows) return std::fputs("rows are missing\n", stderr), 1;
        }
    }
    if (hashes[0] != hashes[1]) return std::fputs("the engines name the same content differently\n", stderr), 1;
    const auto [raw_in, raw_out] = copy_alone(words[1], rows);
    const auto n = static_cast<double>(rows);
    std::snprintf(measured, sizeof measured, "%.2f s, %.0f rows/s", wrote[1], n / wrote[1]);
    std::snprintf(reference, sizeof reference, "COPY alone: %.0f rows/s; embedded: %.0f rows/s", n / raw_in, n / wrote[0]);
    bench::row("Ingest into PostgreSQL", size, measured, "150,000 rows/s", reference, wrote[1] / raw_in);
    std::snprintf(measured, sizeof measured, "%.2f s, %.0f rows/s, same hash", read[1], n / read[1]);
    std::snprintf(reference, sizeof reference, "COPY alone: %.2f s; embedded: %.3f s", raw_out, read[0]);
    bench::row("Snapshot from PostgreSQL", size, measured, "", reference, read[1] / raw_out);
    std::filesystem::remove_all(folder);
    std::filesystem::remove(folder + ".key");
}
