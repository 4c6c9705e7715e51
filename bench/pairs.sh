#!/usr/bin/env bash
# Does a change cost speed? Runs `bench train`, `bench forecast` and `bench serve` of another checkout
# and of this one in turn, and prints the ratio new / old pair by pair, with the median.
#
#   git worktree add ../before v0.1.0 && bench/pairs.sh ../before        # five pairs of all three, about 15 minutes
#   bench/pairs.sh ../before 5 serve                                     # one of them
#
# Above 1 is better for rates, below 1 for times. Both are built first. The machine must be quiet.
set -euo pipefail
usage() { sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
[ $# -ge 1 ] && [ -x "$1/kaseb" ] || usage
new=$(cd "$(dirname "$0")/.." && pwd)
old=$(cd "$1" && pwd)
pairs=${2:-5}
shift $(($# < 2 ? $# : 2))
[ $# -gt 0 ] || set -- train forecast serve
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
for build in "$old" "$new"; do "$build/kaseb" bench --help >/dev/null; done

run() { # BUILD JSON BENCH
  case $3 in
    train) "$1/kaseb" bench train --batch 32,128 --rounds 3 --json "$2" ;;
    forecast) "$1/kaseb" bench forecast --items 37483 --check 500 --events 30000 --json "$2" ;;
    serve) "$1/kaseb" bench serve --rate 2000 --warm-up 15s --seconds 10s --json "$2" ;;
    *) usage ;;
  esac >"$out/log" 2>&1 || { cat "$out/log" >&2; exit 1; }
}

for bench in "$@"; do
  for ((i = 1; i <= pairs; i++)); do
    # Who begins changes, so that a machine that warms or slows down favours neither.
    if ((i % 2)); then order="old new"; else order="new old"; fi
    for which in $order; do run "${!which}" "$out/$bench-$i-$which.json" "$bench"; done
    echo "$bench: pair $i of $pairs" >&2
  done
done
python3 - "$out" "$pairs" "$@" <<'PYTHON'
import json, statistics, sys

out, pairs, benches = sys.argv[1], int(sys.argv[2]), sys.argv[3:]


def figures(value, name=""):
    """All numbers of a JSON value by their path."""
    if isinstance(value, dict):
        for key, child in value.items():
            yield from figures(child, f"{name}.{key}" if name else key)
    elif isinstance(value, list):
        for i, child in enumerate(value):
            yield from figures(child, f"{name}[{i}]")
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield name, value


shown = ("events_per_second", "median_milliseconds", "p99_milliseconds", "p50", "p90", "p99", "bound")
print(f"{'figure':44} {'old':>10} {'new':>10} {'ratio':>7}  pair by pair")
for bench in benches:
    runs = [
        [dict(figures(json.load(open(f"{out}/{bench}-{i}-{which}.json")))) for i in range(1, pairs + 1)]
        for which in ("old", "new")
    ]
    for name in runs[0][0]:
        if not name.endswith(shown) or any(name not in r or not r[name] for side in runs for r in side):
            continue
        ratios = [b[name] / a[name] for a, b in zip(*runs)]
        old, new = (statistics.median(r[name] for r in side) for side in runs)
        print(f"{bench + ' ' + name:44} {old:10.4g} {new:10.4g} {statistics.median(ratios):7.3f}  "
              + " ".join(f"{r:.3f}" for r in ratios))
PYTHON
