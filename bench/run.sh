#!/usr/bin/env bash
# All rows of docs/PERFORMANCE.md, pinned to two cores: bench/run.sh <build folder> <working folder>
# Needs about 4 GB in the working folder, 2 GB of memory and two minutes; give it a quiet machine.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=$1/bin work=$2
mkdir -p "$work"
pin=(taskset -c 0,1)
echo "| What | Size | Measured | Target | Reference in the same run | Ratio to it |"
echo "|---|---|---|---|---|---|"
for rows in 1250000 2500000 5000000; do
    "${pin[@]}" "$bin/bench_ingest" catalogue/see "$work/ingest" "$rows"
    rm -rf "$work/ingest"
done
"${pin[@]}" "$bin/bench_region" catalogue/see examples/see/datapackage.json "$work/region"
for rows in 2500000 5000000 10000000; do
    "${pin[@]}" "$bin/store_bench" "$rows" "$work/store" | grep '^|'
done
"${pin[@]}" "$bin/bench_smaa" 2
for what in evaluate filter bulk; do
    "${pin[@]}" "$bin/bench_matching" "$what" | grep '^|'
done
for rows in 1000000 2000000 4000000; do
    rm -rf "$work/simulated"
    begin=$(date +%s.%N)
    "${pin[@]}" "$bin/threatlas" simulate "$work/simulated" --catalogue catalogue/see --observations "$rows" >/dev/null
    end=$(date +%s.%N)
    copied=$( { TIMEFORMAT=%R; time cp "$work/simulated/observations.csv" "$work/copy"; } 2>&1)
    awk -v n="$rows" -v a="$begin" -v b="$end" -v c="$copied" -v bytes="$(stat -c %s "$work/simulated/observations.csv")" \
        'BEGIN { s = b - a; printf "| Synthetic region written | %.3g million rows, %.0f MB | %.2f s, %.0f rows/s |  | a copy of the file: %.2f s | %.3g |\n", n / 1e6, bytes / 1e6, s, n / s, c, s / (c > 0.001 ? c : 0.001) }'
done
rm -rf "$work/copy" "$work/simulated" "$work/region" "$work/store"
