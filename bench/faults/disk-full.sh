#!/bin/sh
# disk-full.sh MODEL: the session file's disk is full; the server goes on, the old file stays whole.
# Then the disk of a search and of a training is full: one line names the file, exit code 1, no trial
# fails, and resume ends the search once there is room.
# Files of this script's processes may not grow beyond 16 KiB, which fails a write as a full disk does.
. "$(dirname "$0")/lib.sh"

# Runs a command that writes to a disk of 300 KiB, and checks how it ends.
full() {
  name=$1; shift
  if "$root/kaseb" "$@" >"$work/out.log" 2>"$work/err.log"; then
    fail "$1 ended well on a full disk"
  fi
  [ "$(grep -c . "$work/err.log")" = 1 ] || { cat "$work/err.log" >&2; fail "$1: more than one line"; }
  grep -q "$name" "$work/err.log" || { cat "$work/err.log" >&2; fail "$1: $name is not named"; }
  if grep -q "Next:" "$work/out.log"; then fail "$1: sends on to what is not there"; fi
  cat "$work/err.log"
}
small=$work/small
mkdir "$small"
if mount -t tmpfs -o size=300k tmpfs "$small" 2>/dev/null; then
  trap 'umount "$small" 2>/dev/null; stop_all' EXIT
  "$root/kaseb" simulate --sessions 3000 --out "$work/log" >/dev/null
  "$root/kaseb" prepare --format yoochoose --clicks "$work/log/yoochoose-clicks.dat" --split days:7 \
    --out "$work/data" >/dev/null
  full m.kaseb train "$work/data" --set n_epochs=1 --set intent=off --out "$small/m.kaseb"
  full page.html evaluate "$model" "$work/data" --html "$small/page.html"
  full checkpoint tune "$work/data" --max-trials 4 --set n_epochs=3 --set intent=off --out "$small/search"
  if "$root/kaseb" experiment trials "$small/search" | grep FAILED; then fail "a trial failed by the disk"; fi
  mount -o remount,size=100m "$small"
  "$root/kaseb" experiment resume "$small/search" >"$work/resume.log" || fail "resume did not end"
  grep -q 'best: trial' "$work/resume.log" || fail "resume found nothing"
  umount "$small"
else
  echo "no right to mount a small disk: searches and trainings are not tried" >&2
fi

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
