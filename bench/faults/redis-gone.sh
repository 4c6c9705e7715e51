#!/bin/sh
# redis-gone.sh MODEL: Redis is away for 10 s; clicks are answered all the time, and said to be degraded.
. "$(dirname "$0")/lib.sh"
port=16392
start_redis $port
serve a --sessions redis://127.0.0.1:$port
click() { curl -s -D "$work/head" -o "$work/body" -w '%{http_code} %{time_total}' -d "{\"item\":\"$item\"}" "$url_a/v1/sessions/$1/events"; }
degraded() { grep -qi '^Kaseb-Degraded: sessions' "$work/head"; }
click s >/dev/null; degraded && fail "degraded before anything happened"
kill -9 $redis_pid
end=$(($(date +%s) + 10)); n=0; slowest=0
while [ "$(date +%s)" -lt $end ]; do
  result=$(click s); n=$((n + 1))
  [ "${result%% *}" = 200 ] || fail "status $result without Redis"
  degraded || fail "an answer without Redis does not say so"
  slowest=$(echo "${result##* } $slowest" | awk '{print ($1 > $2) ? $1 : $2}')
  sleep 0.05
done
curl -s "$url_a/metrics" | grep -q '^kaseb_session_store_up 0' || fail "the metric does not say so"
start_redis $port
for i in $(seq 100); do click back >/dev/null; degraded || break; sleep 0.05; done
degraded && fail "still degraded 5 s after Redis came back"
echo "$n clicks answered in 10 s without Redis, the slowest in $slowest s; whole again after $i clicks"
curl -s "$url_a/metrics" | grep '^kaseb_sessions_degraded_total'
echo ok
