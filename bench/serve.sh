#!/usr/bin/env bash
# Requests a second, and processor time a request, of this server beside a bare responder of the same library, in turns:
# bench/serve.sh build/bench [rounds]
# The responder runs on two cores (0 and 1), wrk on the others where there are any. Prints rows of docs/PERFORMANCE.md. On a busy machine the
# rates mean little (a server with more threads is given more time); the time a request does.
set -euo pipefail
program=${1:?the build folder}/bin/bench_serve rounds=${2:-3} seconds=4
others=0,1   # on two cores wrk takes its share of them
[ "$(nproc)" -le 2 ] || others=2-$(($(nproc) - 1))
declare -A best least
for ((round = 0; round < rounds; ++round)); do
    for kind in bare quick worker tls; do
        port=$((20000 + RANDOM % 12000))
        taskset -c 0,1 "$program" "$kind" "$port" 2>/dev/null &
        server=$!
        for _ in $(seq 50); do (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break || sleep 0.1; done
        scheme=http
        [ "$kind" != tls ] || scheme=https
        said=$(taskset -c "$others" wrk -t2 -c64 -d${seconds}s --latency "$scheme://127.0.0.1:$port/page")
        ticks=$(awk '{ print $14 + $15 }' "/proc/$server/stat")
        kill "$server"
        wait "$server" 2>/dev/null || true
        rate=$(sed -n 's/^Requests\/sec: *//p' <<<"$said") p99=$(sed -n 's/^ *99% *//p' <<<"$said")
        done=$(sed -n 's/^ *\([0-9]*\) requests in.*/\1/p' <<<"$said")
        cost=$(awk -v t="$ticks" -v hz="$(getconf CLK_TCK)" -v n="$done" 'BEGIN { printf "%.2f", t / hz * 1e6 / n }')
        errors=$(grep -E 'Socket errors|Non-2xx' <<<"$said" || true)
        echo "round $round $kind: $rate requests/s, $cost us of processor a request, p99 $p99 $errors" >&2
        if awk -v a="$rate" -v b="${best[$kind]:-0}" 'BEGIN { exit !(a > b) }'; then best[$kind]=$rate; fi
        if awk -v a="$cost" -v b="${least[$kind]:-1e9}" 'BEGIN { exit !(a < b) }'; then least[$kind]=$cost; fi
    done
done
for kind in quick worker tls; do
    awk -v kind="$kind" -v rate="${best[$kind]}" -v bare="${best[bare]}" -v cost="${least[$kind]}" -v plain="${least[bare]}" -v rounds="$rounds" \
        'BEGIN { printf "| Cached page, %s | 64 connections, best of %d | %.0f requests/s, %.1f us of processor each | %s | bare Beast responder: %.0f requests/s, %.1f us | %.2f |\n", kind, rounds, rate, cost, kind == "quick" ? "25,000" : "", bare, plain, rate / bare }'
done
