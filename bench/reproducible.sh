#!/usr/bin/env bash
# reproducible.sh [PROFILES]: builds the last commit twice, in two folders, and compares every file that
# is shipped, byte by byte. PROFILES are Maven's (dist,release,image; without apt-get no image).
set -euo pipefail
profiles=dist,release
command -v apt-get >/dev/null && profiles=$profiles,image
profiles=${1:-$profiles}
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Folders of different length, so that a path that got into a file is seen.
folders=("$work/one" "$work/and-another/two")
for folder in "${folders[@]}"; do
  git clone -q "$root" "$folder"
  git -C "$folder" checkout -q --detach "$(git -C "$root" rev-parse HEAD)"
  echo "Building in $folder ..." >&2
  (cd "$folder" && mvn -B -q -P"$profiles" -DskipTests package) >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
done

shipped() {
  (cd "$1" && find . -path '*/target/*' \( -name 'kaseb-*.jar' -o -name 'kaseb-*.zip' -o -name '*-image.tar' -o -name sbom.json \) \
    ! -path './kaseb-bench/*' ! -path './examples/*' ! -path '*/lib/*' | sort | xargs sha256sum)
}
shipped "${folders[0]}" >"$work/first"
shipped "${folders[1]}" >"$work/second"
cat "$work/first"
if cmp -s "$work/first" "$work/second"; then
  echo "$(wc -l <"$work/first") files, the same bytes twice ($(git -C "$root" rev-parse --short=12 HEAD))"
else
  echo "These differ:" >&2
  diff "$work/first" "$work/second" >&2 || exit 1
fi
