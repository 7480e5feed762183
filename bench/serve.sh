#!/usr/bin/env bash
# Requests a second of this server beside a bare responder of the same library, in turns: bench/serve.sh build/bench [rounds]
# The responder runs on two cores (0 and 1), wrk on the others. Prints rows of docs/PERFORMANCE.md.
set -euo pipefail
program=${1:?the build folder}/bin/bench_serve rounds=${2:-3} seconds=4
declare -A best
for ((round = 0; round < rounds; ++round)); do
    for kind in bare quick worker tls; do
        port=$((20000 + RANDOM % 20000))
        taskset -c 0,1 "$program" "$kind" "$port" 2>/dev/null &
        server=$!
        for _ in $(seq 50); do (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break || sleep 0.1; done
        scheme=http
        [ "$kind" != tls ] || scheme=https
        said=$(taskset -c "2-$(($(nproc) - 1))" wrk -t2 -c64 -d${seconds}s --latency "$scheme://127.0.0.1:$port/page")
        kill "$server"
        wait "$server" 2>/dev/null || true
        rate=$(sed -n 's/^Requests\/sec: *//p' <<<"$said") p99=$(sed -n 's/^ *99% *//p' <<<"$said")
        errors=$(grep -E 'Socket errors|Non-2xx' <<<"$said" || true)
        echo "round $round $kind: $rate requests/s, p99 $p99 $errors" >&2
        if awk -v a="$rate" -v b="${best[$kind]:-0}" 'BEGIN { exit !(a > b) }'; then best[$kind]=$rate; fi
    done
done
for kind in quick worker tls; do
    awk -v kind="$kind" -v rate="${best[$kind]}" -v bare="${best[bare]}" -v rounds="$rounds" \
        'BEGIN { printf "| Cached page, %s | 64 connections, best of %d | %.0f requests/s | %s | bare Beast responder: %.0f requests/s | %.2f |\n", kind, rounds, rate, kind == "quick" ? "25,000" : "", bare, rate / bare }'
done
