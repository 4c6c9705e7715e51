#!/bin/sh
# kill.sh MODEL: a server is killed under load and restarted; what it answered is whole in Redis.
. "$(dirname "$0")/lib.sh"
port=16391
start_redis $port
serve a --sessions redis://127.0.0.1:$port
url=$url_a
echo 0 >"$work/answered"
(
  i=0
  while :; do
    i=$((i + 1))
    code=$(curl -s -o /dev/null -w '%{http_code}' -d "{\"item\":\"$item\",\"event_id\":\"e$i\"}" "$url/v1/sessions/kill/events") || break
    [ "$code" = 200 ] && echo $i >"$work/answered"
  done
) &
loader=$!
for _ in $(seq 600); do [ "$(cat "$work/answered" 2>/dev/null || echo 0)" -ge 50 ] && break; sleep 0.1; done
kill -9 "$pid_a"
wait $loader || true
answered=$(cat "$work/answered")
serve b --sessions redis://127.0.0.1:$port
kept=$(clicks "$url_b" kill)
echo "answered before the kill: $answered, in Redis after it: $kept"
# The click in flight may have been stored without its answer getting out.
[ "$kept" -ge "$answered" ] && [ "$kept" -le $((answered + 1)) ] || fail "clicks were lost or doubled"
curl -sf -d "{\"item\":\"$item\",\"event_id\":\"e$answered\"}" "$url_b/v1/sessions/kill/events" >/dev/null
[ "$(clicks "$url_b" kill)" = "$kept" ] || fail "a click sent again counted twice"
echo ok
