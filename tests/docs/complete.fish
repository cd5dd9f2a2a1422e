#!/usr/bin/env fish
# Prints what fish offers for command lines: complete.fish COMPLETION-FILE LINE...
source $argv[1]; or exit 1
for line in $argv[2..]
    # A candidate, a tab, its description.
    complete --do-complete $line | string replace --regex '\t.*' ''
    echo =next=
end
exit 0
