// Minimum of a function of one variable that may have several dips: a grid, then golden section about its best point.
#pragma once

#include <cmath>

namespace threatlas::analyse::forecast {

// In [low, high], to `precision` of the range. Cost: cells and 35 calls, 15 at a precision of 0.001.
template <class F>
double minimum(F&& f, double low, double high, int cells, double precision = 1e-7) {
    const double width = (high - low) / cells;
    double best = low, least = f(low);
    for (int i = 1; i <= cells; ++i)
        if (const double at = f(low + i * width); at < least) least = at, best = low + i * width;
    constexpr double kGolden = 0.6180339887498949;
    double a = std::fmax(low, best - width), b = std::fmin(high, best + width);
    double x = b - kGolden * (b - a), y = a + kGolden * (b - a), fx = f(x), fy = f(y);
    while (b - a > precision * (high - low)) {
        if (fx <= fy) {
            b = y, y = x, fy = fx, x = b - kGolden * (b - a), fx = f(x);
        } else {
            a = x, x = y, fx = fy, y = a + kGolden * (b - a), fy = f(y);
        }
    }
    // The ends of the range are candidates too.
    const double inside = (a + b) / 2;
    return f(inside) <= least ? inside : best;
}

}  // namespace threatlas::analyse::forecast
