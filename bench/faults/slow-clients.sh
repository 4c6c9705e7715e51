#!/bin/sh
# slow-clients.sh MODEL: 10,000 connections send a byte now and then; a quick client is served all the same.
. "$(dirname "$0")/lib.sh"
ulimit -n "$(ulimit -Hn)"; [ "$(ulimit -n)" -ge 11000 ] || fail "needs 11000 file descriptors: ulimit -n"
serve a
java=$(readlink -f /proc/"$pid_a"/exe)
"$java" "$here/SlowClients.java" "$url_a" "$item" 10000 20
curl -s "$url_a/metrics" | grep '^kaseb_heap_used_bytes'
echo ok
