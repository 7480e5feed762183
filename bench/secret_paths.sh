#!/usr/bin/env bash
# Whether a branch or an address of the matching kernel depends on a secret: bench/secret_paths.sh build/bench
set -euo pipefail
program=${1:?the build folder}/bin/secret_paths
reports() { valgrind --error-exitcode=0 "$program" "$1" 2>&1 | sed -n 's/.*ERROR SUMMARY: \([0-9]*\) errors.*/\1/p'; }
multiply=$(reports multiply) map=$(reports map) control=$(reports sum)
echo "reports: multiply $multiply, hash and multiply $map; control (public weights) $control"
[ "$multiply" = 0 ] && [ "$map" = 0 ] && [ "$control" -gt 0 ]
