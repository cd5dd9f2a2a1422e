#!/bin/sh
# `make check`: installs, builds and runs every test, plainly and under sanitizers, and ends in a line with the sums.
set -u
cd "$(dirname "$0")/.." || exit 1

jobs=$(nproc 2>/dev/null || echo 2)
passed=0
failed=0
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
started=$(date +%s)

elapsed() { echo "$(($(date +%s) - started)) s"; }

finish() {
  echo
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
  exit
}

# Whatever is not a test but goes wrong counts as one failed test, so that the sums cannot look well.
give_up() {
  echo "check: $1" >&2
  failed=$((failed + 1))
  finish
}

# run PRESET FOLDER CTEST-OPTION...
run() {
  preset=$1
  folder=$2
  shift 2
  echo "check: building $folder"
  cmake --log-level=NOTICE --preset "$preset" || give_up "$folder could not be configured"
  cmake --build "$folder" --parallel "$jobs" || give_up "$folder could not be built"
  echo "check: testing $folder ($(elapsed))"
  {
    ctest --test-dir "$folder" --parallel "$jobs" --timeout 300 --output-on-failure \
      --no-tests=error "$@" 2>&1
    echo "ctest status $?"
  } | tee "$log"
  status=$(sed -n 's/^ctest status //p' "$log" | tail -n 1)
  # "97% tests passed, 3 tests failed out of 100": tests that could not be run count as failed there.
  sums=$(sed -n 's/.*tests passed, \([0-9]*\) tests failed out of \([0-9]*\)$/\1 \2/p' "$log")
  [ -n "$sums" ] || give_up "ctest ended with status $status and without a sum"
  failed=$((failed + ${sums% *}))
  passed=$((passed + ${sums#* } - ${sums% *}))
  if [ "$status" -ne 0 ] && [ "${sums% *}" -eq 0 ]; then
    give_up "ctest ended with status $status"
  fi
  echo "check: $folder done ($(elapsed))"
}

scripts/install-deps.sh build test || give_up 'the packages are not all there'
if command -v ninja >/dev/null; then
  CMAKE_GENERATOR=${CMAKE_GENERATOR:-Ninja}
  export CMAKE_GENERATOR
fi

run check build-check
run asan build-asan --label-exclude 'lint|docs|integration|proof'
finish
