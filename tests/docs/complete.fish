#!/usr/bin/env fish
# Prints what fish offers for a command line: complete.fish COMPLETION-FILE LINE.
set -g fish_complete_path
source $argv[1]; or exit 1
# A candidate, a tab, its description.
complete --do-complete $argv[2] | string replace --regex '\t.*' ''
exit 0
