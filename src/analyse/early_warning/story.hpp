// Parents and children that rise together, or series of the same rows, tell one story: it is told once, at the level that explains it best.
#pragma once

#include <cstdint>
#include <vector>

namespace threatlas::analyse::early_warning {

struct Flagged {
    std::uint32_t series = 0;   // its number in the lattice
    double excess = 0;          // seen less expected; negative for falls
    int level = 0;
    double p = 1;
    std::vector<std::uint32_t> rows{};   // of the snapshot, ascending: what is counted in the period
};

// Whether half of the smaller of two ascending lists is in both.
bool mostly_same(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b);

struct Story {
    std::uint32_t teller = 0;             // index into the flagged
    std::vector<std::uint32_t> others;    // the rest of the story, by excess
};

// flagged: of one direction. parents: by series of the lattice, also of series that are not flagged. Series are one
// story when one is above the other, or when they count mostly the same rows (half of the smaller one's). It is told by the most special series that holds `explains` of
// the largest excess in it; when none does, by the widest one. Stories by their teller's p-value.
std::vector<Story> stories(const std::vector<Flagged>& flagged, const std::vector<std::vector<std::uint32_t>>& parents, double explains = 0.8);

}  // namespace threatlas::analyse::early_warning
