#!/bin/sh
# base.sh OUT.tar [TIME]: the base of the container image as a Docker archive, out of Debian's packages
# alone. apt fetches them from where this machine's own sources say; no daemon and no root is needed.
# Equal packages give equal bytes: names are sorted, and every file has TIME, in a form that date knows.
set -eu
out=$1
epoch=$(date -u -d "${2:-1970-01-01T00:00:00Z}" +%s)
# What the runtime and the native parts of DuckDB, SQLite and XGBoost link to, and a shell with the few
# tools that the launcher calls.
packages="base-files busybox gcc-12-base libc6 libgcc-s1 libgomp1 libstdc++6"
applets="cat dirname env head id kill ls mkfifo mktemp ps pwd readlink rm sh sleep tail uname wget"
for tool in apt-get dpkg dpkg-deb sha256sum tar; do
  command -v "$tool" >/dev/null 2>&1 || { echo "base.sh needs $tool: the image's base is built on Debian or a system made from it." >&2; exit 1; }
done

case $out in /*) ;; *) out=$(pwd)/$out ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/debs" "$work/root" "$work/image"
cd "$work/debs"
# shellcheck disable=SC2086
apt-get download -q $packages >"$work/apt.log" 2>&1 || { cat "$work/apt.log" >&2; echo "apt-get could not fetch the base's packages: run apt-get update once, then try again." >&2; exit 1; }

root=$work/root
mkdir -p "$root/var/lib/dpkg/status.d"
for deb in *.deb; do
  dpkg-deb -x "$deb" "$root"
  # Scanners read from here which packages an image without apt has.
  dpkg-deb -f "$deb" >"$root/var/lib/dpkg/status.d/$(dpkg-deb -f "$deb" Package)"
done
for applet in $applets; do ln -s busybox "$root/bin/$applet"; done

# Copyright files and the licences that they name stay; manuals, histories and hooks of a host do not.
find "$root/usr/share/doc" -type f ! -name copyright -delete
find "$root/usr/share" -mindepth 1 -maxdepth 1 ! -name doc ! -name common-licenses -exec rm -rf {} +
rm -rf "$root"/usr/lib/*/gconv "$root"/usr/lib/*/audit "$root/etc/init.d" "$root/etc/update-motd.d" "$root/usr/share/doc/base-files/FAQ"
find "$root" -depth -type d -empty -delete

mkdir -p "$root/etc" "$root/tmp" "$root/proc" "$root/dev" "$root/sys" "$root/models" "$root/var/lib/kaseb"
printf 'root:x:0:0:root:/:/bin/sh\nkaseb:x:10001:10001:Kaseb:/var/lib/kaseb:/bin/sh\n' >"$root/etc/passwd"
printf 'root:x:0:\nkaseb:x:10001:\n' >"$root/etc/group"
printf 'hosts: files dns\n' >"$root/etc/nsswitch.conf"
find "$root" -type d -exec chmod 755 {} +
chmod 1777 "$root/tmp"
find "$root" -type f -perm /6000 | while IFS= read -r file; do chmod ug-s "$file"; done

pack="--sort=name --mtime=@$epoch --numeric-owner --format=gnu"
cd "$root"
# The two folders that the server may write to belong to its user.
# shellcheck disable=SC2086
tar $pack --owner=0 --group=0 --exclude=./models --exclude=./var/lib/kaseb -cf "$work/image/layer.tar" .
# shellcheck disable=SC2086
tar $pack --owner=10001 --group=10001 -rf "$work/image/layer.tar" ./models ./var/lib/kaseb
cd "$work/image"
diff=$(sha256sum layer.tar | cut -d ' ' -f 1)
created=$(date -u -d "@$epoch" +%Y-%m-%dT%H:%M:%SZ)
printf '{"architecture":"%s","os":"linux","created":"%s","config":{},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]},"history":[{"created":"%s","created_by":"Debian: %s"}]}' \
  "$(dpkg --print-architecture)" "$created" "$diff" "$created" "$packages" >config.json
printf '[{"Config":"config.json","RepoTags":["kaseb-base:latest"],"Layers":["layer.tar"]}]' >manifest.json
mkdir -p "$(dirname "$out")"
# shellcheck disable=SC2086
tar $pack --owner=0 --group=0 -cf "$out" config.json layer.tar manifest.json
