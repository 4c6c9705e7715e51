#!/bin/sh
# foreign-pages.sh MODEL: what a web page of another origin can make a browser send changes nothing, and a
# name that points here (DNS rebinding) is not answered.
. "$(dirname "$0")/lib.sh"
serve a
expect() { # STATUS WHAT CURL-ARGUMENTS...
  want=$1; what=$2; shift 2
  got=$(curl -s -o /dev/null -w '%{http_code}' "$@")
  echo "$got  $what"
  [ "$got" = "$want" ] || fail "$what: $got instead of $want"
}
json='Content-Type: application/json'
click="{\"item\":\"$item\"}"
expect 200 "a click of the shop's own" -H "$json" -d "$click" "$url_a/v1/sessions/own/events"
expect 403 "a form of another origin" -H 'Origin: http://evil.example' -H 'Content-Type: text/plain' -d "$click" "$url_a/v1/sessions/x/events"
expect 403 "JSON of another origin" -H 'Origin: http://evil.example' -H "$json" -d "$click" "$url_a/v1/sessions/x/events"
expect 403 "an image of another site" -H 'Sec-Fetch-Site: cross-site' "$url_a/v1/recommend?session=x&items=$item&user_consent=true"
expect 403 "a page without an origin" -H 'Origin: null' -H "$json" -d "$click" "$url_a/v1/sessions/x/events"
expect 415 "rules without a type" -X POST -H 'Content-Type:' -d '' "$url_a/v1/rules"
expect 421 "another name" -H 'Host: evil.example' -H "$json" -d "$click" "$url_a/v1/sessions/x/events"
expect 421 "another name to read" -H 'Host: evil.example' "$url_a/v1/model"
expect 404 "the session that none of them made" "$url_a/v1/sessions/x"
echo ok
