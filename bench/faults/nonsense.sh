#!/bin/sh
# nonsense.sh MODEL: 100,000 random bodies and mutated JSON; no server error, no stack trace, no leak.
. "$(dirname "$0")/lib.sh"
serve a
java=$(readlink -f /proc/"$pid_a"/exe)
"$java" "$here/Nonsense.java" "$url_a" "$item" 100000
grep -q "internal error" "$work/a.log" && fail "the server's log has an internal error"
curl -s "$url_a/metrics" | grep -E '^kaseb_(heap_used_bytes|requests_running)'
echo ok
