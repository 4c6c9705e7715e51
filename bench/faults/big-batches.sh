#!/bin/sh
# big-batches.sh MODEL: ten batches of 1,000 sessions at once, with 1,000 and then with 100 items asked
# for each session, on a heap of 512 MB: 413 for the first, 200 or 503 for the second, never 500; single
# clicks beside them are answered.
. "$(dirname "$0")/lib.sh"
KASEB_JAVA_OPTS="${KASEB_JAVA_OPTS:-} -Xmx512m"
export KASEB_JAVA_OPTS
serve a
python3 - "$item" >"$work/batch.json" <<'PYTHON'
import json, sys
print(json.dumps([{"clicks": [{"item": sys.argv[1]}] * 5}] * 1000))
PYTHON
batches() { # K ALLOWED
  running=""
  rm -f "$work"/status*
  for i in 1 2 3 4 5 6 7 8 9 10; do
    curl -s -o /dev/null -w '%{http_code}\n' -H 'Content-Type: application/json' \
      --data-binary "@$work/batch.json" "$url_a/v1/forecast?k=$1" >"$work/status$i" &
    running="$running $!"
  done
  good=0
  for i in $(seq 50); do
    status=$(curl -s -o /dev/null -w '%{http_code}' -H 'Content-Type: application/json' \
      -d "{\"item\":\"$item\"}" "$url_a/v1/sessions/beside$i/events")
    case $status in 200) good=$((good + 1)) ;; 503) ;; *) fail "a click beside the batches got $status" ;; esac
  done
  for p in $running; do wait "$p"; done
  echo "k=$1, batches by status:"
  sort "$work"/status* | uniq -c
  echo "  $good of 50 clicks beside them were answered"
  grep -hqvE "^($2)$" "$work"/status* && fail "a batch got none of $2"
  [ "$good" -gt 0 ] || fail "no click beside the batches was answered"
}
batches 1000 '413'
batches 100 '200|503'
status=$(curl -s -o /dev/null -w '%{http_code}' "$url_a/health/ready")
[ "$status" = 200 ] || fail "not ready after the batches: $status"
grep -q "OutOfMemoryError\|internal error" "$work/a.log" && fail "the server's log has an internal error"
echo ok
