#!/bin/sh
# Installs the Debian packages that the build, the tests and the benchmarks need; does nothing when all are there.
set -eu

build='g++ cmake ninja-build pkg-config libcli11-dev libfmt-dev libgmp-dev liblz4-dev libpcre2-dev libssl-dev
  libtomlplusplus-dev libzstd-dev'
test='bash clang-format-14 doctest-dev fish mandoc python3 zsh'
bench='jq'
clang='clang clang-tidy-14 libclang-rt-14-dev'

wanted=
for group in "$@"; do
  case $group in
    build) wanted="$wanted $build" ;;
    test) wanted="$wanted $test" ;;
    bench) wanted="$wanted $bench" ;;
    clang) wanted="$wanted $clang" ;;
    *) echo "usage: scripts/install-deps.sh [build] [test] [bench] [clang]" >&2; exit 2 ;;
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

missing=$(missing_packages)
[ -n "$missing" ] || exit 0

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
