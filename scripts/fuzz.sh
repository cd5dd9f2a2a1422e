#!/bin/sh
# Runs each libFuzzer binary of the build FOLDER for SECONDS; what they find lies in FOLDER/found.
set -eu
folder=$1
seconds=$2
status=0
mkdir -p "$folder/found"
for binary in "$folder"/tests/fuzz/ksv_fuzz_*; do
  [ -x "$binary" ] || { echo "fuzz: no fuzz binary in $folder" >&2; exit 1; }
  reader=${binary##*/ksv_fuzz_}
  mkdir -p "$folder/corpus/$reader"
  echo "fuzz: $reader for $seconds s"
  "$binary" -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=10 -print_final_stats=1 \
    -verbosity=0 -print_funcs=0 -artifact_prefix="$folder/found/$reader-" \
    "$folder/corpus/$reader" "tests/fuzz/corpus/$reader" || status=1
done
[ "$status" -eq 0 ] || echo "fuzz: found something, see $folder/found; add it to tests/fuzz/corpus once mended" >&2
exit "$status"
