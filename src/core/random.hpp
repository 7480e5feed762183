// Counter-based random numbers: Philox 4x32-10 (Salmon et al. 2011, 'Parallel random numbers: as
// easy as 1, 2, 3'). A stream is named by (seed, stream); draw k of it is a pure function of the
// three, so a result does not depend on the number of cores. The distributions are written here
// because the standard library's differ between implementations.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace threatlas::core {

// One block of four 32-bit words for a counter and a key.
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

// A stable 64-bit name for a stream (FNV-1a), so that 'smaa/weights' is the same everywhere.
std::uint64_t stream_id(std::string_view name);

class Random {
  public:
    Random(std::uint64_t seed, std::uint64_t stream, std::uint64_t substream = 0);

    std::uint32_t bits();
    double uniform();                                    // (0, 1), 53 bits, never 0 or 1
    double normal();                                     // standard normal, by inversion
    double exponential();                                // mean 1
    double gamma(double shape);                          // scale 1; shape > 0 (Marsaglia and Tsang 2000)
    double beta(double a, double b);
    double student_t(double degrees);
    std::uint64_t poisson(double mean);
    std::uint64_t below(std::uint64_t bound);            // uniform on 0..bound-1, unbiased; bound > 0
    void dirichlet(std::span<const double> alpha, std::span<double> out);  // alpha >= 0, not all 0; of the same size

  private:
    double log_gamma_draw(double shape);                 // log of a gamma of any small shape

    std::array<std::uint32_t, 2> key_;
    std::array<std::uint32_t, 4> counter_;
    std::array<std::uint32_t, 4> block_{};
    unsigned used_ = 4;
};

// Standard normal quantile (Wichura 1988, AS 241, about 1e-16; -inf at 0, inf at 1, NaN outside)
// and distribution function.
double normal_quantile(double p);
double normal_cdf(double x);

}  // namespace threatlas::core
