#!/bin/sh
# long-sessions.sh MODEL: a session of 10,000 clicks; a late click costs no more than an early one.
. "$(dirname "$0")/lib.sh"
serve a
echo "{\"item\":\"$item\"}" >"$work/body"
awk -v url="$url_a/v1/sessions/long/events" -v body="$work/body" 'BEGIN {
  for (i = 1; i <= 10000; i++) {
    if (i > 1) print "next"
    printf "url = \"%s\"\ndata = \"@%s\"\noutput = /dev/null\nwrite-out = \"%%{http_code} %%{time_total}\\n\"\nsilent\n", url, body
  }
}' >"$work/curl"
curl -K "$work/curl" >"$work/times"
awk '$1 != 200 { bad++ } NR > 100 && NR <= 1100 { a += $2 } NR > 9000 { z += $2; n++ }
  END { printf "%d answers, %d not 200; a click takes %.2f ms after 100 clicks, %.2f ms after 9000\n", NR, bad, a, 1000 * z / n }' "$work/times"
[ "$(clicks "$url_a" long)" = 10000 ] || fail "the session has $(clicks "$url_a" long) clicks"
echo ok
