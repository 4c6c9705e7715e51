#!/bin/sh
# Tunes on the real samples and confirms the winners, as docs/tuning.md describes it: 60 trials with ASHA on two cores,
# then five seeds each of winner, base and random search at equal cost on the test part. Goes on where it was stopped.
# Usage: KASEB_DATA=../shared/data bench/tune.sh [WORK_FOLDER [SESSIONS]]
# SESSIONS: how many of the latest training sessions to use (not for rees46); default: all.
# KASEB_SAMPLES: which samples; default: retailrocket diginetica rees46.
# KASEB_EPOCHS: epochs of a full trial; default: 9.
# KASEB_CONFIRM: how winners are confirmed; default: --confirm 5 --against-random.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
data=$(cd "${KASEB_DATA:?set KASEB_DATA to the folder of the real samples}" && pwd)
work=${1:-/tmp/kaseb-tune}; sessions=${2:-all}
mkdir -p "$work"; cd "$work"
for sample in ${KASEB_SAMPLES:-retailrocket diginetica rees46}; do
  set=$sample-$sessions
  if [ ! -d "$set" ] && [ "$sample" = rees46 ]; then
    # Less than three hours of a shop: the last fifth of its sessions is the test part.
    "$root/kaseb" prepare --format rees46 --clicks "$data/rees46/2019-Oct-head.csv.gz" --protocol none --split time:0.2 --out "$set"
  elif [ ! -d "$set" ]; then
    clicks="$data/$sample/train.txt.gz"
    if [ "$sessions" != all ]; then
      clicks="$set.txt.gz"; gzip -dc "$data/$sample/train.txt.gz" | tail -n "$sessions" | gzip >"$clicks"
    fi
    "$root/kaseb" prepare --format sessions --clicks "$clicks" --test "$data/$sample/test.txt.gz" --protocol none --out "$set"
  fi
  confirm=${KASEB_CONFIRM:---confirm 5 --against-random}
  if [ -f "$set-search/experiment.db" ]; then
    # shellcheck disable=SC2086
    "$root/kaseb" experiment resume "$set-search" $confirm --json "$set.json"
  else
    # shellcheck disable=SC2086
    "$root/kaseb" tune "$set" --set "n_epochs=${KASEB_EPOCHS:-9}" --concurrency 2 --max-trials 60 $confirm --out "$set-search" --json "$set.json"
  fi
done
