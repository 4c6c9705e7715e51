#!/bin/sh
# disk-full.sh MODEL: the session file's disk is full; the server goes on, the old file stays whole.
# Files of this script's processes may not grow beyond 16 KiB, which fails a write as a full disk does.
. "$(dirname "$0")/lib.sh"
file=$work/sessions
serve a --sessions "file:$file"
curl -sf -d "{\"item\":\"$item\"}" "$url_a/v1/sessions/first/events" >/dev/null
kill "$pid_a"; wait "$pid_a" || true
[ -s "$file" ] || fail "nothing was saved at the stop"
before=$(sha256sum "$file")
ulimit -f 32
serve b --sessions "file:$file"
[ "$(clicks "$url_b" first)" = 1 ] || fail "the saved session is not there after the restart"
i=0
while [ $i -lt 400 ]; do
  curl -sf -d "{\"item\":\"$item\"}" "$url_b/v1/sessions/s$i/events" >/dev/null || fail "no answer"
  i=$((i + 1))
done
kill "$pid_b"; wait "$pid_b" || true
grep -q 'sessions are not saved' "$work/b.log" || fail "the log does not say so"
[ "$(sha256sum "$file")" = "$before" ] || fail "the old file has changed"
[ ! -e "$file.part" ] || fail "half a file was left"
grep 'sessions are not saved' "$work/b.log"
echo ok
