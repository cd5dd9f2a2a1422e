#!/bin/sh
# The main job on the embedded store, as `make demo` shows it: each command, its answer, and whether that is right.
set -u
ksv_path=$(cd "$(dirname "${1:-build/ksv}")" && pwd) || exit 1
PATH=$ksv_path:$PATH
XDG_DATA_HOME=$(mktemp -d) || exit 1
XDG_CONFIG_HOME=$XDG_DATA_HOME
export PATH XDG_DATA_HOME XDG_CONFIG_HOME
unset KSV_STORE
trap 'rm -rf "$XDG_DATA_HOME"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
wrong=0

# show COMMAND ANSWER [STATUS]: `...` as the answer is any.
show() {
  printf '$ %s\n' "$1"
  answer=$(eval "$1")
  status=$?
  [ -z "$answer" ] || printf '%s\n' "$answer"
  [ "$status" -eq 0 ] || printf '(status %s)\n' "$status"
  if [ "$2" != ... ] && [ "$answer" != "$2" ]; then
    printf 'demo: the answer should have been: %s\n' "$2" >&2
    wrong=$((wrong + 1))
  fi
  if [ "$status" -ne "${3:-0}" ]; then
    printf 'demo: the status should have been %s\n' "${3:-0}" >&2
    wrong=$((wrong + 1))
  fi
}

show 'ksv version' ...
show 'ksv create-store' ''
show "ksv assoc :user '{:name \"Alice\"}'" ''
show 'ksv get :user' '{:name "Alice"}'
show "ksv update :visits '(fnil inc 0)'" '[nil 1]'
show "ksv update-in '[:user :age]' '(fnil inc 41)'" '[{:name "Alice"} {:name "Alice", :age 42}]'

# A hundred processes at once, each adding one to the same counter.
show 'ksv assoc :counter 0' ''
show 'for i in $(seq 100); do ksv swap :counter inc >/dev/null & done; wait' ''
show 'ksv get :counter' 100

show 'ksv cas :counter 100 :done' true
show 'ksv cas :counter 100 :again' false 1
show 'ksv get :counter' :done
show 'ksv list-stores' default
show 'ksv delete-store --yes' ''
show 'ksv store-exists' false 1

if [ "$wrong" -ne 0 ]; then
  echo "demo: $wrong answers were not as they should be" >&2
  exit 1
fi
echo 'All answers are as they should be.'
