#!/bin/sh
# Builds a libcurl.a that speaks HTTP and HTTPS only, from the source package of this Debian, into FOLDER.
set -eu
[ $# -eq 1 ] || { echo "usage: scripts/build-curl.sh FOLDER" >&2; exit 2; }
mkdir -p "$1"
folder=$(cd "$1" && pwd)
jobs=$(nproc 2>/dev/null || echo 2)

die() {
  echo "build-curl: $1" >&2
  exit 1
}

# Everything that is not HTTP is off; so is what would be one more library. Names are resolved in a thread of its own.
options='-DBUILD_SHARED_LIBS=OFF -DBUILD_CURL_EXE=OFF -DBUILD_TESTING=OFF -DENABLE_MANUAL=OFF -DHTTP_ONLY=ON
  -DCURL_USE_OPENSSL=ON -DENABLE_IPV6=ON -DENABLE_THREADED_RESOLVER=ON -DENABLE_ARES=OFF -DENABLE_UNIX_SOCKETS=ON
  -DUSE_NGHTTP2=OFF -DUSE_LIBIDN2=OFF -DCURL_USE_LIBPSL=OFF -DCURL_USE_LIBSSH=OFF -DCURL_USE_LIBSSH2=OFF
  -DCURL_USE_GSSAPI=OFF -DUSE_LIBRTMP=OFF -DCURL_BROTLI=OFF -DCURL_ZLIB=OFF -DCURL_ZSTD=OFF
  -DCURL_DISABLE_LDAP=ON -DCURL_DISABLE_LDAPS=ON -DCURL_DISABLE_NTLM=ON -DCURL_DISABLE_ALTSVC=ON
  -DCURL_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt -DCURL_CA_PATH=/etc/ssl/certs
  -DCMAKE_BUILD_TYPE=Release -DCMAKE_POSITION_INDEPENDENT_CODE=ON -DCMAKE_INSTALL_LIBDIR=lib'

# The machine's own sources of this release, as sources of source packages: the system's lists often leave those out.
source_lists() {
  # shellcheck disable=SC1091
  release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  [ -n "$release" ] || die 'this is no release of Debian; build ksv without KSV_STATIC'
  for list in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ -f "$list" ] || continue
    sed -n 's/^[[:space:]]*deb[[:space:]]/deb-src /p' "$list" |
      grep -E "[[:space:]]$release(-updates|-security)?/?[[:space:]].*main" >>"$apt/sources.d/lines.list" || :
  done
  for list in /etc/apt/sources.list.d/*.sources; do
    [ -f "$list" ] || continue
    # Paragraphs, of which those count that name a suite of this release.
    awk -v release="$release" 'BEGIN { RS = ""; ORS = "\n\n" }
      $0 ~ "(^|\n)Suites:[^\n]*[ \t]" release && /(^|\n)Components:[^\n]*[ \t]main/ {
        gsub(/(^|\n)Types:[^\n]*/, ""); sub(/^\n/, ""); print "Types: deb-src\n" $0 }' \
      "$list" >"$apt/sources.d/$(basename "$list")"
  done
}

# The machine's apt configuration, its mirrors, proxies and keys, with lists and archives of our own.
private_apt() {
  tool=$1
  shift
  "$tool" -qq -o Dir::State="$apt/state" -o Dir::State::status="$apt/state/status" -o Dir::Cache="$apt/cache" \
    -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$apt/sources.d" \
    -o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none -o Acquire::Retries=3 "$@"
}

fetch() {
  apt=$folder/apt
  mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial" "$apt/sources.d"
  : >"$apt/state/status"
  source_lists
  # One source that does not answer is not the end, as long as another has curl.
  private_apt apt-get update || echo 'build-curl: not every list of source packages came' >&2
  (cd "$folder" && rm -rf source curl_* && private_apt apt-get source --download-only curl) >/dev/null ||
    die 'the source package of curl could not be fetched'
  dpkg-source --no-check -x "$folder"/curl_*.dsc "$folder/source" >"$folder/unpack.log" 2>&1 ||
    die "the source package could not be unpacked, see $folder/unpack.log"
}

build() {
  # shellcheck disable=SC2086 -- a list of words
  cmake -S "$folder/source" -B "$folder/objects" $options -DCMAKE_INSTALL_PREFIX="$folder" >"$folder/build.log" 2>&1 &&
    cmake --build "$folder/objects" --parallel "$jobs" >>"$folder/build.log" 2>&1 &&
    cmake --install "$folder/objects" >>"$folder/build.log" 2>&1 ||
    die "curl could not be built, see $folder/build.log"
}

stamp=$(cksum "$0" | cut -d ' ' -f 1)
if [ -f "$folder/lib/libcurl.a" ] && [ "$(cat "$folder/stamp" 2>/dev/null)" = "$stamp" ]; then
  exit 0
fi
command -v dpkg-source >/dev/null || die 'dpkg-source is missing; scripts/install-deps.sh static installs it'
echo "build-curl: fetching and building libcurl.a"
fetch
build
rm -rf "$folder/apt" "$folder/objects" "$folder/source"
echo "$stamp" >"$folder/stamp"
