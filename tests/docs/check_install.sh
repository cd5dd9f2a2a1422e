#!/bin/sh
# What cmake installs is what people and shells look for, and make uninstall removes all of it.
# check_install.sh SOURCE-FOLDER BUILD-FOLDER
set -eu
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
prefix=/opt/ksv
DESTDIR=$stage cmake --install "$2" --prefix "$prefix" >/dev/null
status=0
for file in bin/ksv share/man/man1/ksv.1 share/man/man1/ksv-update.1 share/man/man5/ksv-format.5 \
  share/bash-completion/completions/ksv share/zsh/site-functions/_ksv share/fish/vendor_completions.d/ksv.fish; do
  [ -s "$stage$prefix/$file" ] || { echo "not installed: $file"; status=1; }
done
"$stage$prefix/bin/ksv" version >/dev/null || { echo "the installed ksv does not run"; status=1; }

# A neighbour's file stays.
touch "$stage$prefix/bin/other"
make -s -C "$1" uninstall PREFIX="$prefix" DESTDIR="$stage" >/dev/null
left=$(find "$stage" -type f | sed "s|^$stage$prefix/||")
[ "$left" = bin/other ] || { echo "after uninstall there is: $left"; status=1; }
exit "$status"
