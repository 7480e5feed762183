// Private matching against libsodium's bare operations in the same run. Seconds are of the processor, so that a busy machine does not count; of one
// thread unless it says otherwise.
//   bench_matching evaluate|filter|bulk [threads, default 1] [bulk: items of each side, default 2^15, 2^16, 2^17]
// THREATLAS_KERNEL=portable measures what a processor without AVX-512 IFMA does.
#include <sodium.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

#include "binary_fuse.hpp"
#include "core/parallel.hpp"
#include "exchange/matching/bulk.hpp"
#include "exchange/matching/kernel.hpp"
#include "row.hpp"

namespace {

using namespace threatlas;
using namespace threatlas::exchange::matching;

double cpu() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}
// Median of five.
double timed(const std::function<void()>& work) {
    std::vector<double> out;
    for (int i = 0; i < 5; ++i) {
        const double begin = cpu();
        work();
        out.push_back(cpu() - begin);
    }
    std::sort(out.begin(), out.end());
    return out[2];
}
std::string text(const char* format, double a, double b = 0, double c = 0) {
    char out[200];
    std::snprintf(out, sizeof out, format, a, b, c);
    return out;
}

// Of one variable-base multiplication of libsodium, measured anew beside each row.
double bare_multiplication() {
    std::array<unsigned char, 32> scalar, point, out;
    crypto_core_ristretto255_scalar_random(scalar.data());
    crypto_core_ristretto255_random(point.data());
    return timed([&] {
               for (int i = 0; i < 1'000; ++i)
                   if (crypto_scalarmult_ristretto255(out.data(), scalar.data(), point.data()) != 0) std::abort();
           }) / 1'000;
}
double bare_hash() {
    std::array<unsigned char, 64> bytes{};
    return timed([&] {
               for (int i = 0; i < 100'000; ++i) crypto_hash_sha512(bytes.data(), bytes.data(), bytes.size());
           }) / 100'000;
}

std::vector<std::string> items(std::size_t first, std::size_t count) {
    std::vector<std::string> out;
    out.reserve(count);
    for (std::size_t i = first; i < first + count; ++i) out.push_back("phone:+3816" + std::to_string(10'000'000 + i));
    return out;
}

void row(const char* what, double size, const char* unit, double each, double bare, const char* target, const char* reference = "libsodium's multiplication") {
    bench::row(what, text((std::string("%.0f ") + unit).c_str(), size).c_str(), text("%.2f us each, %.0f/s", 1e6 * each, 1 / each).c_str(), target, (std::string(reference) + text(": %.2f us", 1e6 * bare)).c_str(), each / bare);
}

int evaluations() {
    const std::string seed(32, 's');
    const auto key = derive_key_pair(Mode::voprf, bytes_of(seed), "bench");
    if (!key) return 1;
    const KeyId id = key_id(Mode::voprf, key->public_key);
    for (const std::size_t batch : {1U, 8U, 64U, 512U, 4'096U}) {
        const auto query = blind(Mode::voprf, items(0, batch));
        const std::string request = encode(request_of(*query, id));
        std::string answer;
        const std::size_t times = std::max<std::size_t>(1, 2'000 / batch);
        const double bare = bare_multiplication();
        const double served = timed([&] {
                                  for (std::size_t i = 0; i < times; ++i) answer = encode(*evaluate(*key, *decode_request(bytes_of(request))));
                              }) / static_cast<double>(times * batch);
        row("Evaluation served, decoding, proof and encoding included", static_cast<double>(batch), "a request", served, bare, batch >= 64 ? "15,000/s" : "");
        const double asked = timed([&] {
                                 for (std::size_t i = 0; i < times; ++i)
                                     if (!finalize(*query, key->public_key, *decode_response(bytes_of(answer)))) std::abort();
                             }) / static_cast<double>(times * batch);
        row("Answer verified and finalized", static_cast<double>(batch), "a request", asked, bare, "");
        const double blinded = timed([&] {
                                   for (std::size_t i = 0; i < times; ++i)
                                       if (!blind(Mode::voprf, query->inputs)) std::abort();
                               }) / static_cast<double>(times * batch);
        row("Blinded", static_cast<double>(batch), "a request", blinded, bare, "");
    }
    for (const std::size_t count : {10'000U, 20'000U, 40'000U}) {
        const auto list = items(0, count);
        const double bare = bare_multiplication();
        row("Own list evaluated", static_cast<double>(count), "items", timed([&] {
                if (!evaluate_directly(*key, list)) std::abort();
            }) / static_cast<double>(count), bare, "");
    }
    return 0;
}

std::vector<Output> outputs(std::size_t count) {
    std::vector<Output> out(count);
    randombytes_buf(out.data(), sizeof(Output) * count);
    return out;
}
std::vector<std::uint64_t> keys_of(const std::vector<Output>& from) {
    std::vector<std::uint64_t> out;
    for (const auto& each : from) out.push_back(value_of(each, kMaxCap));
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

int filters() {
    const Sign sign = [](Bytes) -> core::Result<Signature> { return Signature{}; };
    const Verify verify = [](Bytes, const Signature&) { return true; };
    const double bare = bare_hash();
    for (const std::size_t count : {1'000'000U, 2'000'000U, 4'000'000U}) {
        const auto in = outputs(count), probes = outputs(1'000'000);
        PartHeader head;
        head.cap = count;
        Part part;
        std::string file;
        const double size = static_cast<double>(count);
        row("Filter made and encoded, of outputs", size, "values", timed([&] { part = *make_part(head, in), file = *encode(part, sign); }) / size, bare, "", "SHA-512 of 64 bytes");
        Filter filter;
        row("Filter decoded and indexed", size, "values", timed([&] {
                filter = Filter();
                if (!filter.take(*decode_part(bytes_of(file), verify), {})) std::abort();
            }) / size, bare, "", "SHA-512 of 64 bytes");
        std::size_t hits = 0;
        row("Look-up, one by one", size, "values", timed([&] {
                for (const auto& each : probes) hits += filter.contains(each);
            }) / 1e6, bare, "5,000,000/s", "SHA-512 of 64 bytes");
        row("Look-up, many at once", size, "values", timed([&] {
                for (const auto each : filter.contains(probes)) hits += each;
            }) / 1e6, bare, "5,000,000/s", "SHA-512 of 64 bytes");
        if (hits != 0) return 1;
        std::printf("| Filter's file | %.0f values | %.1f bits a value, %.2f MB | 5.6 MB a million | | |\n", size, 8.0 * static_cast<double>(file.size()) / size, 1e-6 * static_cast<double>(file.size()));
        // What it was chosen over: one base and 90 daily parts of a thousandth, which cannot be put together without the key.
        const auto keys = keys_of(in), asked = keys_of(probes);
        const bench::BinaryFuse fuse(keys, 41);
        std::vector<bench::BinaryFuse> daily;
        for (std::size_t i = 0; i < 90; ++i) daily.emplace_back(std::vector<std::uint64_t>(keys.begin() + static_cast<std::ptrdiff_t>(i * count / 1'000), keys.begin() + static_cast<std::ptrdiff_t>((i + 1) * count / 1'000)), 48);
        row("Binary fuse, 41 bits: look-up, one by one", size, "values", timed([&] {
                for (const auto each : asked) hits += fuse.contains(each);
            }) / static_cast<double>(asked.size()), bare, "", "SHA-512 of 64 bytes");
        row("Binary fuse: base and 90 daily parts", size, "values", timed([&] {
                for (std::size_t i = 0; i < 10'000; ++i)
                    for (const auto& each : daily) hits += each.contains(asked[i]);
            }) / 10'000, bare, "", "SHA-512 of 64 bytes");
        std::printf("| Binary fuse's file | %.0f values | %.1f bits a value, %.2f MB | | | |\n", size, 8.0 * static_cast<double>(fuse.bytes()) / size, 1e-6 * static_cast<double>(fuse.bytes()));
        if (hits != 0) return 1;
    }
    return 0;
}

int bulk(std::size_t count, BulkKind kind) {
    BulkTerms terms;
    randombytes_buf(terms.session.data(), terms.session.size());
    terms.kind = kind, terms.own_cap = terms.peer_cap = static_cast<std::uint32_t>(count);
    const Sign sign = [](Bytes) -> core::Result<Signature> { return Signature{}; };
    const Verify verify = [](Bytes, const Signature&) { return true; };
    const double bare = bare_multiplication();
    double spent[2] = {0, 0}, waited[2] = {0, 0};
    std::size_t traffic = 0;
    const auto on = [&](int side, auto&& work) {
        const double begin = cpu();
        const bench::Watch watch;
        auto out = work();
        spent[side] += cpu() - begin, waited[side] += watch.seconds();
        return out;
    };
    auto lists = std::pair(items(0, count), items(count / 2, count));
    auto asker = on(0, [&] { return BulkParty::begin(BulkRole::asker, terms, std::move(lists.first), sign, verify); });
    auto holder = on(1, [&] { return BulkParty::begin(BulkRole::holder, terms, std::move(lists.second), sign, verify); });
    if (!asker || !holder) return 1;
    BulkParty* parties[2] = {&*asker, &*holder};
    while (!parties[0]->done() || !parties[1]->done())
        for (int side = 0; side < 2; ++side) {
            if (parties[side]->done()) continue;
            const auto message = on(side, [&] { return parties[side]->next(); });
            if (!message) return 1;
            if (message->empty()) continue;
            traffic += message->size();
            if (!on(1 - side, [&] { return parties[1 - side]->take(bytes_of(*message)); })) return 1;
        }
    if (asker->result()->common != count - count / 2) return 1;
    const std::string size = text("%.0f x %.0f", static_cast<double>(count), static_cast<double>(count));
    for (int side = 0; side < 2; ++side)
        bench::row((std::string(kind == BulkKind::intersection ? "Intersection, " : "Cardinality, ") + (side == 0 ? "asker" : "holder")).c_str(), size.c_str(),
                   text("%.2f processor seconds, %.2f of the clock, %.1f us an item", spent[side], waited[side], 1e6 * spent[side] / static_cast<double>(count)).c_str(), count >= (1U << 20) ? "65 s on two cores" : "",
                   text("two multiplications of libsodium an item: %.2f s", 2 * bare * static_cast<double>(count)).c_str(), spent[side] / (2 * bare * static_cast<double>(count)));
    std::printf("| Traffic, both ways; peak memory of both sides | %s | %.2f MB; %.0f MiB | 80 MB at 1,048,576 | | |\n", size.c_str(), 1e-6 * static_cast<double>(traffic), bench::peak_mib());
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (sodium_init() < 0) return 1;
    const std::string what = argc > 1 ? argv[1] : "";
    core::set_threads(argc > 2 ? static_cast<unsigned>(std::strtoul(argv[2], nullptr, 10)) : 1);
    std::printf("Kernel: %s\n", best_kernel().name);
    if (what == "evaluate") return evaluations();
    if (what == "filter") return filters();
    if (what != "bulk") return std::fputs("bench_matching evaluate|filter|bulk [threads] [items]\n", stderr), 2;
    std::vector<std::size_t> sizes{1U << 15, 1U << 16, 1U << 17};
    if (argc > 3) sizes = {std::strtoul(argv[3], nullptr, 10)};
    for (const std::size_t count : sizes)
        for (const auto kind : {BulkKind::intersection, BulkKind::cardinality})
            if (bulk(count, kind) != 0) return 1;
    return 0;
}
