#include "analyse/early_warning/story.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

namespace threatlas::analyse::early_warning {
namespace {

std::uint32_t root(std::vector<std::uint32_t>& of, std::uint32_t i) {
    while (of[i] != i) i = of[i] = of[of[i]];
    return i;
}

}  // namespace

bool mostly_same(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) {
    const std::size_t smaller = std::min(a.size(), b.size());
    if (smaller == 0) return false;
    std::size_t both = 0;
    for (auto i = a.begin(), j = b.begin(); i != a.end() && j != b.end();) {
        if (*i < *j) ++i;
        else if (*j < *i) ++j;
        else ++both, ++i, ++j;
    }
    return 2 * both >= smaller;
}

std::vector<Story> stories(const std::vector<Flagged>& flagged, const std::vector<std::vector<std::uint32_t>>& parents, double explains) {
    std::map<std::uint32_t, std::uint32_t> at;   // series -> flagged
    for (std::uint32_t i = 0; i < flagged.size(); ++i) at[flagged[i].series] = i;
    std::vector<std::uint32_t> group(flagged.size());
    std::iota(group.begin(), group.end(), 0U);
    for (std::uint32_t i = 0; i < flagged.size(); ++i) {
        std::vector<std::uint32_t> open{flagged[i].series};
        std::set<std::uint32_t> seen;
        while (!open.empty()) {
            const std::uint32_t s = open.back();
            open.pop_back();
            for (const std::uint32_t up : parents[s]) {
                if (!seen.insert(up).second) continue;
                open.push_back(up);
                if (const auto known = at.find(up); known != at.end()) group[root(group, i)] = root(group, known->second);
            }
        }
    }
    for (std::uint32_t i = 0; i < flagged.size(); ++i)
        for (std::uint32_t k = i + 1; k < flagged.size(); ++k)
            if (root(group, i) != root(group, k) && mostly_same(flagged[i].rows, flagged[k].rows)) group[root(group, i)] = root(group, k);
    std::map<std::uint32_t, std::vector<std::uint32_t>> members;
    for (std::uint32_t i = 0; i < flagged.size(); ++i) members[root(group, i)].push_back(i);

    std::vector<Story> out;
    for (auto& [first, list] : members) {
        const auto size = [&](std::uint32_t i) { return std::abs(flagged[i].excess); };
        std::stable_sort(list.begin(), list.end(), [&](std::uint32_t a, std::uint32_t b) { return size(a) > size(b); });
        std::uint32_t teller = list.front();
        for (const std::uint32_t i : list) {
            if (size(i) < explains * size(list.front())) continue;
            if (flagged[i].level > flagged[teller].level || (flagged[i].level == flagged[teller].level && flagged[i].p < flagged[teller].p)) teller = i;
        }
        Story story{teller, {}};
        for (const std::uint32_t i : list)
            if (i != teller) story.others.push_back(i);
        out.push_back(std::move(story));
    }
    std::stable_sort(out.begin(), out.end(), [&](const Story& a, const Story& b) { return flagged[a.teller].p < flagged[b.teller].p; });
    return out;
}

}  // namespace threatlas::analyse::early_warning
