#!/bin/sh
# Measures the server with wrk (apt-get install wrk), to check kaseb bench serve by another load client:
# closed loop, 16 connections, sessions of four clicks. The first run is warm-up.
# Usage: bench/wrk.sh MODEL [SECONDS]
. "$(dirname "$0")/faults/lib.sh"
command -v wrk >/dev/null || { echo "wrk is missing: apt-get install wrk" >&2; exit 1; }
serve a
cat >"$work/click.lua" <<LUA
local n = 0
request = function()
  n = n + 1
  return wrk.format("POST", "/v1/sessions/w" .. os.time() .. "-" .. math.floor(n / 4) .. "/events", nil, '{"item":"$item"}')
end
LUA
wrk -t1 -c16 -d"${2:-20}s" --latency -s "$work/click.lua" "$url_a" >"$work/first"
wrk -t1 -c16 -d"${2:-20}s" --latency -s "$work/click.lua" "$url_a"
