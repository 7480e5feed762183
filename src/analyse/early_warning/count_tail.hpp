// Tail and quantile of a count with a given mean and dispersion: negative binomial, Poisson at 1.
#pragma once

namespace threatlas::analyse::early_warning {

// P(Y >= count), mean > 0, dispersion = variance / mean >= 1, count >= 0. 1 for a count of 0.
// Relative error below 1e-12. Cost: about 100 ns.
double upper_tail(double count, double mean, double dispersion);

// Smallest count with P(Y <= count) >= probability, as R's qnbinom and qpois (the probability is
// compared with a slack of 64 machine epsilons). infinity for a mean that is not finite.
double count_quantile(double probability, double mean, double dispersion);

// Both at once, for count >= 0 (or NaN: no tail wanted): one walk over the probabilities while means and counts are small,
// the two above otherwise. Cost: about 4 ns a count walked over, at most 2,000.
struct TailAndQuantile {
    double tail = 1, quantile = 0;
};
TailAndQuantile tail_and_quantile(double count, double probability, double mean, double dispersion);

}  // namespace threatlas::analyse::early_warning
