"""Whether two sets of measured times are of one thing."""
import math
import statistics


def rank_p(one, other):
    """Two-sided p that both come from one distribution (Mann-Whitney, normal approximation with ties)."""
    both = sorted([(x, 0) for x in one] + [(x, 1) for x in other])
    ranks, ties, at = [0.0, 0.0], 0, 0
    while at < len(both):
        end = at
        while end < len(both) and both[end][0] == both[at][0]:
            end += 1
        for _, of in both[at:end]:
            ranks[of] += (at + 1 + end) / 2
        ties += (end - at) ** 3 - (end - at)
        at = end
    n, m = len(one), len(other)
    u = ranks[0] - n * (n + 1) / 2
    spread = math.sqrt(n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1))))
    return math.erfc(abs(u - n * m / 2) / spread / math.sqrt(2))


def tells_apart(one, other):
    """Whether somebody with a watch learns which is which: another distribution beyond doubt, and by more than a fifth. Both, so that a
    busy machine does not look like a leak; the first grows with every sample, the second is what an attacker measures."""
    return rank_p(one, other) < 1e-4 and not 0.8 < statistics.median(one) / statistics.median(other) < 1.25
