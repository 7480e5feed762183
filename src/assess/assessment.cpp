#include "assess/assessment.hpp"

#include <cmath>

#include "assess/results.hpp"
#include "model/json_codec.hpp"

namespace threatlas::assess {
namespace {

// A power of ten up to 1e22 is exact, so the quotient below is the double nearest to the decimal.
void nine_digits(double& x) {
    if (!std::isfinite(x) || std::abs(x) < 1e-12) return;
    const double digits = 8 - std::floor(std::log10(std::abs(x)));
    const double scale = std::pow(10.0, std::abs(digits));
    x = digits >= 0 ? std::round(x * scale) / scale : std::round(x / scale) * scale;
}
template <class T>
void walk(T& value) {
    if constexpr (std::is_same_v<T, double>) {
        nine_digits(value);
    } else if constexpr (model::detail::is_vector<T>) {
        for (auto& each : value) walk(each);
    } else if constexpr (model::detail::is_map<T>) {
        for (auto& each : value) walk(each.second);
    } else if constexpr (model::Described<T>) {
        model::for_each_field<T>([&](const auto& f) { walk(value.*f.member); });
    }
}

}  // namespace

void round_numbers(Assessment& assessment) { walk(assessment); }

const Figure* Assessment::figure(const std::string& id_or_prefix) const {
    if (id_or_prefix.empty()) return nullptr;
    const Figure* found = nullptr;
    for (const Figure& each : figures) {
        if (each.id == id_or_prefix) return &each;
        if (!each.id.starts_with(id_or_prefix)) continue;
        if (found != nullptr && found->id != each.id) return nullptr;   // the prefix names two
        found = &each;
    }
    return found;
}

}  // namespace threatlas::assess
