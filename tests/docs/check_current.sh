#!/bin/sh
# The committed files are what the command table gives: check_current.sh KSV_GENDOCS man|completions FOLDER.
set -eu
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
"$1" "$2" "$made"
if [ -z "$(ls "$made")" ]; then
  echo "$1 made no $2"
  exit 1
fi
diff -r -u "$3" "$made" || { echo "$2 is not current: run make docs"; exit 1; }
