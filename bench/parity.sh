#!/bin/sh
# Trains on the real samples with the settings of docs/benchmarks.md, three seeds each, and prints recall@20 and mrr@20.
# Usage: KASEB_DATA=../shared/data bench/parity.sh [WORK_FOLDER [THREADS [SEED...]]]
# KASEB_RUNS: which trainings, as SAMPLE:SETTINGS; default: retailrocket:xe diginetica:xe retailrocket:bpr.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
data=$(cd "${KASEB_DATA:?set KASEB_DATA to the folder of the real samples}" && pwd)
work=${1:-/tmp/kaseb-parity}; threads=${2:-2}
[ $# -gt 2 ] && shift 2 || set -- 1 2 3
mkdir -p "$work"; cd "$work"

cat >xe.yaml <<YAML
{loss: cross-entropy, batch_size: 128, constrained_embedding: true, layers: [100], dropout_p_hidden: .4, learning_rate: .2, momentum: .2, n_sample: 2048, sample_alpha: .5, logq: 1, n_epochs: 10}
YAML
cat >bpr.yaml <<YAML
{loss: bpr-max, batch_size: 80, constrained_embedding: true, layers: [224], dropout_p_embed: .5, dropout_p_hidden: .05, learning_rate: .05, momentum: .4, n_sample: 2048, sample_alpha: .4, bpreg: 1.95, elu_param: .5, n_epochs: 10}
YAML
for sample in retailrocket diginetica; do
  [ -d $sample ] || "$root/kaseb" prepare --format sessions --clicks "$data/$sample/train.txt.gz" --test "$data/$sample/test.txt.gz" --protocol none --out $sample >/dev/null
done
for run in ${KASEB_RUNS:-retailrocket:xe diginetica:xe retailrocket:bpr}; do
  sample=${run%:*}; config=${run#*:}
  for seed; do
    name=$sample-$config-$seed
    [ -f "$name.json" ] || {
      "$root/kaseb" train $sample --config $config.yaml --seed "$seed" --threads "$threads" --out "$name.kaseb" --resume --force --json "$name-train.json" >"$name.log" 2>&1
      "$root/kaseb" evaluate "$name.kaseb" $sample --at 20 --baselines --json "$name.json" >>"$name.log" 2>&1
    }
    printf '%-22s seed %s  ' "$sample $config" "$seed"
    sed -n 's/.*"\(recall@20\|mrr@20\)" : \([0-9.]*\),\{0,1\}$/\1 \2/p' "$name.json" | tr '\n' ' '
    sed -n 's/^  "events_per_second" : \([0-9]*\).*/  \1 events\/s/p' "$name-train.json"
  done
done
