#!/usr/bin/env bash
# Two members' nodes on loopback exchange a bulletin, a profile and a private hit, and say what each has learned. Ends by itself and leaves
# nothing behind. Usage: tools/two_nodes.sh PROGRAM (./demo --two-nodes builds it first)
set -euo pipefail
cd "$(dirname "$0")/.."
threatlas=$1
folder=$(mktemp -d)
servers=()
finish() {
    for each in "${servers[@]:-}"; do [ -z "$each" ] || kill "$each" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 1' INT TERM

rs=$folder/rs_mup bg=$folder/bg_mvr
at() { local data=$1; shift; "$threatlas" "$@" --data "$data"; }
quietly() { "$@" >"$folder/said" 2>&1 || { cat "$folder/said" >&2; exit 1; }; }
token() { grep -oE 'tla_[A-Za-z0-9_-]+'; }
# A server on a free port; its address into the variable named.
serve() {
    local data=$1 log=$1.log
    "$threatlas" serve --data "$data" --listen 127.0.0.1:0 --no-log --sync-every 1 >"$log" 2>&1 &
    servers+=($!)
    for _ in $(seq 600); do
        grep -qoE 'http://127\.0\.0\.1:[0-9]+' "$log" && break
        sleep 0.1
    done
    printf -v "$2" '%s' "$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$log" | head -n 1)"
}
# Until a command's output has the words, at most half a minute.
until_said() {
    local words=$1; shift
    for _ in $(seq 60); do
        "$@" 2>/dev/null | grep -- "$words" >/dev/null && return
        sleep 0.5
    done
    echo "two_nodes: waited for '$words' in vain" >&2
    "$@" >&2 || true
    exit 1
}

echo "Two nodes: Serbia (rs_mup) and Bulgaria (bg_mvr). Each has its own store, its own key, its own server."
for data in "$rs" "$bg"; do quietly "$threatlas" init --data "$data"; done
quietly at "$rs" ingest --package examples/see/datapackage.json
quietly at "$rs" assess --title 'Example region'
for data in "$rs" "$bg"; do quietly at "$data" node init --organisation "$(basename "$data")"; done
serve "$rs" rs_address
serve "$bg" bg_address
quietly at "$rs" node init --organisation rs_mup --address "$rs_address"
quietly at "$bg" node init --organisation bg_mvr --address "$bg_address"
at "$rs" node show >"$folder/rs.json"
at "$bg" node show >"$folder/bg.json"
for_bg=$(at "$rs" node add "$folder/bg.json" | token)
for_rs=$(at "$bg" node add "$folder/rs.json" --token "$for_bg" | token)
quietly at "$rs" node add "$folder/bg.json" --token "$for_rs"
echo "Each knows the other by its card and has given it a token for its own feed."

echo; echo "1. A bulletin. Serbia tells of a new modus operandi:"
at "$rs" bulletin new 'Relay theft of hire cars' --kind new_mo --text 'Two people, the keyless signal is carried from the house to the car' --threats property.vehicle_theft --to bg_mvr --handling TLP:AMBER
until_said 'Relay theft' at "$bg" bulletin list
echo "   Bulgaria has it:"
at "$bg" bulletin list

echo; echo "2. A profile. Bulgaria subscribes; Serbia compiles, approves and publishes:"
at "$bg" profile subscribe drugs
until_said 'bg_mvr' at "$rs" profile subscriptions
at "$rs" profile compile drugs
quietly at "$rs" profile approve rs_mup.drugs.1
at "$rs" profile publish rs_mup.drugs.1
until_said 'rs_mup.drugs.1' at "$bg" profile list
echo "   Bulgaria reads (the beginning):"
at "$bg" profile show drugs | sed -n 1,14p

echo; echo "3. A private hit. Bulgaria keeps a list, Serbia asks whether a number is on it; neither shows what it has:"
for data in "$rs" "$bg"; do quietly at "$data" match setup --organisation "$(basename "$data")"; done
printf '+359881234567\n' | quietly at "$bg" match list add --kind phone --case 'DP 1/26'
quietly at "$bg" match publish
at "$bg" tokens new --name 'match for rs_mup' --organisation rs_mup --role contact_point --scope match --days 1 | token >"$folder/token"
key=$(at "$bg" --json match status | grep -oE '"public_key": *"[0-9a-f]+"' | sed -n 1p | grep -oE '[0-9a-f]{64}')
quietly at "$rs" match peer add bg_mvr --address "$bg_address" --public-key "$key" --token-file "$folder/token"
printf '0881234567\n0887654321\n' | at "$rs" match query --kind phone --country BG --case 'KT 2/26' --basis 'ZKP 286' --peer bg_mvr

echo; echo "How the exchange stands:"
echo "   at Serbia:";  at "$rs" node list
echo "   at Bulgaria:"; at "$bg" node list
quietly at "$rs" audit verify
quietly at "$bg" audit verify
echo "Both audit logs are whole. What each side learned: Bulgaria one bulletin and one profile; Serbia that one of two numbers is known there;"
echo "Bulgaria that Serbia asked, in which case, and not which numbers."
