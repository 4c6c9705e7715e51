#!/bin/sh
# Shows what the server's heap holds under load: every minute the megabytes of the old generation after a full
# collection. Sessions end after two idle minutes, so from the third minute on the figure should stand still.
# Usage: bench/flat-heap.sh MODEL_WITH_PURCHASES [MINUTES [CLICKS_A_SECOND]]
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
model=${1:?a model of ./kaseb quickstart}; minutes=${2:-10}; rate=${3:-1000}
"$root/kaseb" bench serve --purchases "$model" --rate "$rate" --warm-up 2m --seconds "${minutes}m" --serve-options "--idle 2m" &
bench=$!
server=
trap 'kill $bench $server 2>/dev/null' INT TERM
until [ -n "$server" ]; do
  kill -0 $bench; sleep 1
  server=$(pgrep -P $bench -f ' serve ' || true)
done
jcmd=$(readlink -f "/proc/$server/exe" | sed 's/java$/jcmd/')
minute=0
while sleep 60 && [ $minute -le "$minutes" ] && kill -0 "$server" 2>/dev/null; do
  minute=$((minute + 1))
  "$jcmd" "$server" GC.run >/dev/null
  "$jcmd" "$server" GC.heap_info | awk -v m=$minute '/OldGen/ { printf "minute %d: %.1f MB\n", m, $5 / 1024 }'
done
wait $bench
