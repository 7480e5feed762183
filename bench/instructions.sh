#!/usr/bin/env bash
# Instructions of one evaluation of Farrington's panel: the same on any machine and however busy it is. Counts two sizes
# under valgrind and prints the difference over the series between them: bench/instructions.sh build/bench
set -euo pipefail
program=${1:?the build folder}/bin/bench_early_warning
count() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect='*farrington_panel*' "$program" instructions "$1" "$2" 2>&1 | sed -n 's/.*Collected : //p'
}
for kind in portable avx2; do
    few=$(count "$kind" 800) many=$(count "$kind" 2400)
    echo "| Farrington, noPeriods 10, $kind | $(((many - few) / 1600)) instructions an evaluation |"
done
