#include "core/random.hpp"

#include <algorithm>
#include <cmath>

namespace threatlas::core {
namespace {
constexpr double kSmallShape = 0.05;
}

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> c, std::array<std::uint32_t, 2> k) {
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t a = 0xD2511F53ULL * c[0];
        const std::uint64_t b = 0xCD9E8D57ULL * c[2];
        c = {static_cast<std::uint32_t>(b >> 32) ^ c[1] ^ k[0], static_cast<std::uint32_t>(b),
             static_cast<std::uint32_t>(a >> 32) ^ c[3] ^ k[1], static_cast<std::uint32_t>(a)};
        k[0] += 0x9E3779B9U;
        k[1] += 0xBB67AE85U;
    }
    return c;
}

std::uint64_t stream_id(std::string_view name) {
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return hash;
}

Random::Random(std::uint64_t seed, std::uint64_t stream, std::uint64_t substream) {
    // The stream takes part in the key and in the counter: 64 bits of seed, 64 of stream and 32 of
    // substream leave 2^32 blocks for each.
    const std::uint64_t mixed = seed ^ (stream * 0x9E3779B97F4A7C15ULL);
    key_ = {static_cast<std::uint32_t>(mixed), static_cast<std::uint32_t>(mixed >> 32)};
    counter_ = {0, static_cast<std::uint32_t>(substream), static_cast<std::uint32_t>(stream),
                static_cast<std::uint32_t>(stream >> 32) ^ static_cast<std::uint32_t>(substream >> 32)};
}

std::uint32_t Random::bits() {
    if (used_ == 4) {
        block_ = philox(counter_, key_);
        ++counter_[0];
        used_ = 0;
    }
    return block_[used_++];
}

double Random::uniform() {
    const std::uint64_t high = bits() >> 5, low = bits() >> 6;
    return (static_cast<double>(high * 67108864ULL + low) + 0.5) / 9007199254740992.0;
}

double Random::normal() { return normal_quantile(uniform()); }
double Random::exponential() { return -std::log(uniform()); }

double Random::gamma(double shape) {
    if (shape < 1) return gamma(shape + 1) * std::pow(uniform(), 1 / shape);
    const double d = shape - 1.0 / 3.0, c = 1 / std::sqrt(9 * d);
    for (;;) {
        const double x = normal();
        const double v = std::pow(1 + c * x, 3);
        if (v <= 0) continue;
        if (std::log(uniform()) < 0.5 * x * x + d - d * v + d * std::log(v)) return d * v;
    }
}

double Random::log_gamma_draw(double shape) {
    const double above = std::log(gamma(shape + 1));
    return above + std::log(uniform()) / shape;
}

double Random::beta(double a, double b) {
    // A gamma of a small shape underflows to 0, and two of them to 0 / 0: those are drawn as logarithms.
    if (a < kSmallShape || b < kSmallShape) {
        const double x = log_gamma_draw(a), y = log_gamma_draw(b);
        return 1 / (1 + std::exp(y - x));
    }
    const double x = gamma(a), y = gamma(b);
    return x / (x + y);
}

double Random::student_t(double degrees) {
    const double z = normal();
    return z / std::sqrt(2 * gamma(degrees / 2) / degrees);
}

std::uint64_t Random::poisson(double mean) {
    std::uint64_t total = 0;
    // Halving keeps the product method below within range for any mean (gamma reduction,
    // Ahrens and Dieter 1974).
    while (mean > 30) {
        const double m = std::floor(mean * 7 / 8);
        const double x = gamma(m);
        if (x > mean) {
            const double p = mean / x;
            for (double i = 0; i < m - 1; ++i) total += uniform() < p;
            return total;
        }
        total += static_cast<std::uint64_t>(m);
        mean -= x;
    }
    const double limit = std::exp(-mean);
    for (double product = uniform(); product > limit; product *= uniform()) ++total;
    return total;
}

std::uint64_t Random::below(std::uint64_t bound) {
    const std::uint64_t threshold = (0 - bound) % bound;
    for (;;) {
        const std::uint64_t value = (static_cast<std::uint64_t>(bits()) << 32) | bits();
        if (value >= threshold) return value % bound;
    }
}

void Random::dirichlet(std::span<const double> alpha, std::span<double> out) {
    double sum = 0;
    if (std::all_of(alpha.begin(), alpha.end(), [](double each) { return each < kSmallShape; })) {
        double top = -INFINITY;
        for (std::size_t i = 0; i < alpha.size(); ++i) top = std::max(top, out[i] = alpha[i] > 0 ? log_gamma_draw(alpha[i]) : -INFINITY);
        for (double& value : out) sum += value = std::exp(value - top);
    } else {
        for (std::size_t i = 0; i < alpha.size(); ++i) sum += out[i] = gamma(alpha[i]);
    }
    for (double& value : out) value /= sum;
}

double normal_cdf(double x) { return 0.5 * std::erfc(-x / 1.4142135623730951); }

double normal_quantile(double p) {
    if (!(p > 0 && p < 1)) return p == 0 ? -INFINITY : p == 1 ? INFINITY : NAN;
    const double q = p - 0.5;
    if (std::abs(q) <= 0.425) {
        const double r = 0.180625 - q * q;
        return q *
               (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r +
                    45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r +
                 133.14166789178437745) * r + 3.387132872796366608) /
               (((((((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r +
                    21213.794301586595867) * r + 5394.1960214247511077) * r + 687.1870074920579083) * r +
                 42.313330701600911252) * r + 1);
    }
    double r = std::sqrt(-std::log(q < 0 ? p : 1 - p));
    double value;
    if (r <= 5) {
        r -= 1.6;
        value = (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r +
                      0.24178072517745061177) * r + 1.27045825245236838258) * r + 3.64784832476320460504) * r +
                   5.7694972214606914055) * r + 4.6303378461565452959) * r + 1.42343711074968357734) /
                (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r +
                      0.0151986665636164571966) * r + 0.14810397642748007459) * r + 0.68976733498510000455) * r +
                   1.6763848301838038494) * r + 2.05319162663775882187) * r + 1);
    } else {
        r -= 5;
        value = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r +
                      0.0012426609473880784386) * r + 0.026532189526576123093) * r + 0.29656057182850489123) * r +
                   1.7848265399172913358) * r + 5.4637849111641143699) * r + 6.6579046435011037772) /
                (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r +
                      1.8463183175100546818e-5) * r + 7.868691311456132591e-4) * r + 0.0148753612908506148525) * r +
                   0.13692988092273580531) * r + 0.59983220655588793769) * r + 1);
    }
    return q < 0 ? -value : value;
}

}  // namespace threatlas::core
