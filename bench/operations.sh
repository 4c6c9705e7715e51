#!/usr/bin/env bash
# What does an open operations page cost? Runs `kaseb bench serve` in turns alone, with a client that asks
# what the page asks for as often, and with a headless chromium that has the page open, and prints the times
# of answers and the ratios to those alone.
#
#   bench/operations.sh                                             # three rounds, about five minutes
#   bench/operations.sh 5 --rate 1000 --warm-up 20s --seconds 30s   # five, with these options of bench serve
#
# The browser works on the server's own cores here; what the server pays is what the bare requests cost.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
rounds=${1:-3}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- --warm-up 15s --seconds 10s
kaseb=${KASEB:-$root/kaseb}
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) \
  || { echo "no chromium here; Debian's package chromium has it" >&2; exit 1; }
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

cat >"$out/page" <<PAGE
#!/bin/sh
exec "$browser" --headless=new --no-sandbox --disable-gpu --no-first-run --user-data-dir="$out/profile" \\
  --window-size=1200,900 --remote-debugging-port=0 "\$1/operations"
PAGE
cat >"$out/requests" <<'REQUESTS'
#!/usr/bin/env python3
import http.client, sys, time, urllib.parse
connection = http.client.HTTPConnection(urllib.parse.urlparse(sys.argv[1]).netloc)
while True:
    for path in ("/metrics", "/v1/model", "/health/ready"):
        connection.request("GET", path, headers={"Content-Type": "application/json"})
        connection.getresponse().read()
    time.sleep(2)
REQUESTS
chmod +x "$out/page" "$out/requests"

run() { # KIND ROUND
  local beside=()
  [ "$1" = alone ] || beside=(--beside "$out/$1 {}")
  "$kaseb" bench serve "${beside[@]}" "${@:3}" --json "$out/$1-$2.json" >"$out/log" 2>&1 \
    || { cat "$out/log" >&2; exit 1; }
  rm -rf "$out/profile"
}

uptime >&2
for ((i = 1; i <= rounds; i++)); do
  # Who begins changes, so that a machine that warms or slows down favours none.
  case $((i % 3)) in 0) order="alone requests page" ;; 1) order="page alone requests" ;; 2) order="requests page alone" ;; esac
  for kind in $order; do run "$kind" "$i" "$@"; done
  echo "round $i of $rounds" >&2
done
uptime >&2
python3 - "$out" "$rounds" <<'PYTHON'
import json, statistics, sys

out, rounds = sys.argv[1], int(sys.argv[2])
runs = {kind: [json.load(open(f"{out}/{kind}-{i}.json")) for i in range(1, rounds + 1)] for kind in ("alone", "requests", "page")}
print(f"{'milliseconds':12} {'alone':>8} {'requests':>9} {'page':>8}   ratios to alone, round by round: requests; page")
for name in ("p50", "p90", "p99", "p999", "server_cores"):
    of = {kind: [r[name] for r in all] for kind, all in runs.items()}
    ratios = ["  ".join(f"{b / a:.2f}" for a, b in zip(of["alone"], of[kind])) for kind in ("requests", "page")]
    print(f"{name:12} " + " ".join(f"{statistics.median(v):{w}.3g}" for v, w in zip(of.values(), (8, 9, 8))) + "   " + ";  ".join(ratios))
PYTHON
