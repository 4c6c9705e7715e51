#!/usr/bin/env bash
# Do the figures in docs/ still hold? Runs the commands behind every figure that costs little and says which moved.
# Figures that take hours (bench/parity.sh, bench/tune.sh, bench/peers) and times, which are the machine's, are not looked at.
#
#   bench/docs.sh                                  # about 7 minutes on two cores
#   KASEB_DATA=../shared/data bench/docs.sh        # also the baselines on the real samples, 2 minutes more
#   bench/docs.sh --keep /tmp/figures              # keeps what was measured; what is there is not run again
#
# Exit code 1 where a figure moved: put the new one into the page, or find out why it moved.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
case ${1:-} in
  '') work=$(mktemp -d); trap 'rm -rf "$work"' EXIT ;;
  --keep) work=${2:?the folder to keep the figures in}; mkdir -p "$work" ;;
  *) sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
data=${KASEB_DATA:+$(cd "$KASEB_DATA" && pwd)}
cd "$work"

measure() { # NAME COMMAND...: runs kaseb COMMAND with --json NAME.json, unless that is there
  local name=$1
  shift
  [ -f "$name.json" ] && return
  echo "kaseb $*" >&2
  "$root/kaseb" "$@" --json "$name.part" >"$name.log" 2>&1 || { cat "$name.log" >&2; exit 1; }
  mv "$name.part" "$name.json"
}

"$root/kaseb" bench --help >/dev/null
measure quickstart quickstart --sessions 100000 --threads 2 --out "$work/quickstart"
for seed in 1 2 3; do measure simulate-$seed bench simulate --seed $seed --threads 2 --out "$work/simulated"; done
for sessions in 20000 100000; do
  measure simulate-$sessions bench simulate --sessions $sessions --threads 2 --out "$work/simulated"
done
measure simulate-default bench simulate --threads 2 --out "$work/simulated"
measure tune bench tune --threads 2
measure gp bench tune --samplers gp --threads 2
# The most popular items as three models have them: what they answer to an item that nobody clicked.
popular() { # NAME SETTINGS...
  local name=popular-$1
  shift
  [ -f "$name.txt" ] && return
  echo "kaseb train popular $*" >&2
  "$root/kaseb" train popular --set intent=off --threads 2 "$@" --force --out $name.kaseb >/dev/null
  echo "1,2014-04-01T00:00:00Z,0,0" >unknown.dat
  "$root/kaseb" forecast $name.kaseb --clicks unknown.dat --next 20 --out "$name.part" >/dev/null
  mv "$name.part" "$name.txt"
}
if [ ! -f popular-hybrid.txt ]; then
  "$root/kaseb" simulate --sessions 20000 --seed 5 --threads 2 --out popular-log >/dev/null
  "$root/kaseb" prepare --format yoochoose --protocol none --clicks popular-log/yoochoose-clicks.dat --force \
    --out popular >/dev/null
fi
popular default
popular bpr-max --set loss=bpr-max
popular hybrid --model hybrid
for sample in retailrocket diginetica; do
  [ -n "$data" ] && [ -f "$data/$sample/train.txt.gz" ] || { echo "$sample: skipped, KASEB_DATA does not name its folder" >&2; continue; }
  [ -d $sample ] || "$root/kaseb" prepare --format sessions --clicks "$data/$sample/train.txt.gz" \
    --test "$data/$sample/test.txt.gz" --protocol none --out $sample >/dev/null
  [ -f $sample.kaseb ] || "$root/kaseb" train $sample --model popularity --out $sample.kaseb >/dev/null
  measure $sample compare $sample.kaseb $sample --threads 2
done

python3 - "$root/docs" <<'PYTHON'
import json, os, re, sys

docs = sys.argv[1]
pages, moved, held = {}, [], 0


def page(name):
    if name not in pages:
        pages[name] = open(os.path.join(docs, name), encoding="utf-8").read()
    return pages[name]


def measured(name):
    return json.load(open(name + ".json")) if os.path.exists(name + ".json") else None


def check(name, what, pattern, *values):
    """Compares the groups of the first match of a pattern in a page with what was measured."""
    global held
    match = re.search(pattern, page(name), re.M)
    if not match:
        moved.append((name, what, "is not on the page", pattern))
        return
    line = page(name)[: match.start()].count("\n") + 1
    for said, value in zip(match.groups(), values, strict=True):
        text = said.replace(",", "")
        decimals = len(text.partition(".")[2].partition("e")[0])
        # Half a unit of the last digit shown, and one more for another machine's vector width.
        unit = 10.0**-decimals if "e" not in text else abs(float(text)) * 10.0 ** -(decimals)
        if abs(float(text) - value) <= 1.5 * unit:
            held += 1
        else:
            moved.append((f"{name}:{line}", what, said, f"{value:.{decimals + 1}g}" if "e" in text else f"{value:,.{decimals}f}"))


number = r"(-?[\d,]*\.?\d+)"
interval = number + r" \[" + number + ", " + number + r"\]"

found = measured("quickstart")
for name, label in (("gru4rec", "gru4rec"), ("markov", "first-order Markov"), ("popularity", "popularity")):
    row = found["evaluate"][name]
    values = []
    for metric in ("recall@20", "mrr@20"):
        values += [row["metrics"][metric], *row["intervals"][metric]]
    check("benchmarks.md", f"quickstart, {label}", rf"^\| {label} \| {interval} \| {interval} \|$", *values)
row = found["evaluate"]["gru4rec"]
check("benchmarks.md", "quickstart's test part", r"last week: ([\d,]+) sessions, ([\d,]+) predictions", row["sessions"], row["events"])

for seed in (1, 2, 3):
    rows = [r for r in measured(f"simulate-{seed}")["rows"] if "Markov" not in r["name"]]
    ok = sum(r["ok"] for r in rows)
    for name in ("simulator.md", "benchmarks.md"):
        if seed < 3:
            check(name, f"figures within their bounds, seed {seed}", r"[Ss]eeds 1 and 2 have (\d+) of (\d+)", ok, len(rows))
        else:
            check(name, "figures within their bounds, seed 3", r"seed 3 has (\d+)", ok)
rows = [r for r in measured("simulate-default")["rows"] if "Markov" not in r["name"]]
check("simulator.md", "figures within their bounds, default seed", r"At the default seed all (\d+) are within", sum(r["ok"] for r in rows))
for sessions in (20000, 100000):
    found = measured(f"simulate-{sessions}")
    check("simulator.md", f"{sessions:,} sessions", rf"^\| {sessions:,} \| ([\d,]+) \| (\.\d+) \|$", found["items"], found["markov_recall20"])

for row in measured("tune")["rows"]:
    if row["after"] == 100:
        check("benchmarks.md", f"{row['sampler']} on {row['function']}",
              rf"^\| {row['sampler']} \| {row['function']} \| 100 \| ([\d.e-]+) \| \[([\d.e-]+), ([\d.e-]+)\] ",
              row["median"], row["low"], row["high"])
for row in measured("gp")["rows"]:
    figure = r"([\d.e-]+) \[([\d.e-]+), ([\d.e-]+)\]"
    before = "" if row["after"] == 50 else r"[^|]+ \| "
    check("benchmarks.md", f"gp on {row['function']} after {row['after']}", rf"^\| {row['function']} \| {before}{figure} \|",
          row["median"], row["low"], row["high"])

clicks = {}
with open("popular-log/yoochoose-clicks.dat") as log:
    for line in log:
        item = line.split(",")[2]
        clicks[item] = clicks.get(item, 0) + 1
most = sorted(clicks, key=clicks.get, reverse=True)[:20]
for model, pattern in (("default", r"simulated log (\d+) lead there"), ("bpr-max", r"need not be: (\d+) of 20"),
                       ("hybrid", r"serve a `hybrid` \((\d+) of 20\)")):
    answer = open(f"popular-{model}.txt").read().strip().split(";")[1].split(",")
    check("serving.md", f"the 20 most clicked items, {model}", pattern, len(set(answer) & set(most)))

columns = {"retailrocket": r"(\.\d+) / (\.\d+) \| [^|]+ \|$", "diginetica": r"[^|]+ \| (\.\d+) / (\.\d+) \|$"}
for sample, column in columns.items():
    found = measured(sample)
    for row in found["rows"] if found else []:
        check("baselines.md", f"{row['name']} on {sample}", rf"^\| {row['name']} \| {column}",
              row["metrics"]["recall@20"], row["metrics"]["mrr@20"])

for where, what, said, now in moved:
    print(f"MOVED {where}: {what}: says {said}, now {now}")
print(f"{held} figures hold, {len(moved)} moved")
sys.exit(1 if moved else 0)
PYTHON
