# Shared by the fault scripts: starts servers in processes of their own, on free ports.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$here; while [ ! -f "$root/kaseb" ]; do root=$(dirname "$root"); done
work=$(mktemp -d)
pids=""
stop_all() { for p in $pids; do kill -9 "$p" 2>/dev/null || true; done; rm -rf "$work"; }
trap stop_all EXIT

fail() { echo "FAILED: $*" >&2; exit 1; }

model=${1:-}
[ -n "$model" ] || { echo "usage: $0 MODEL" >&2; exit 2; }

# An item that the model knows: the first id in the file.
item=$(grep -ao '\["[^"]*"' "$model" | tail -1 | tr -d '["')

# serve NAME OPTIONS...: starts a server and waits until it is ready; its address is in url_NAME.
serve() {
  name=$1; shift
  "$root/kaseb" serve "$model" --port 0 "$@" >"$work/$name.log" 2>&1 &
  pid=$!
  pids="$pids $pid"
  eval "pid_$name=$pid"
  for _ in $(seq 600); do grep -q '^Ready' "$work/$name.log" && break; sleep 0.1; done
  grep -q '^Ready' "$work/$name.log" || { cat "$work/$name.log" >&2; exit 1; }
  eval "url_$name=$(sed -n 's/^Live at \([^ ]*\) .*/\1/p' "$work/$name.log")"
}

# start_redis PORT: starts a redis-server that keeps nothing on disk.
start_redis() {
  command -v redis-server >/dev/null || fail "no redis-server here; Debian's package redis-server has it"
  redis-server --port "$1" --bind 127.0.0.1 --save '' --appendonly no >/dev/null &
  redis_pid=$!
  pids="$pids $redis_pid"
  for _ in $(seq 100); do [ "$(redis-cli -p "$1" ping 2>/dev/null)" = PONG ] && break; sleep 0.1; done
}

clicks() { curl -s "$1/v1/sessions/$2" | sed -n 's/.*"clicks":\([0-9]*\).*/\1/p'; }
