#!/bin/sh
# The scripts are well-formed for the shell that runs them, and can be run.
cd "$(dirname "$0")/../.." || exit 1
status=0
for script in scripts/*.sh .ci/run tests/*/*.sh; do
  read -r first <"$script"
  case $first in
    '#!/bin/sh') dash -n "$script" || status=1 ;;
    '#!/usr/bin/env bash') bash -n "$script" || status=1 ;;
    *) echo "$script: begins neither with #!/bin/sh nor with #!/usr/bin/env bash"; status=1 ;;
  esac
  if [ ! -x "$script" ]; then
    echo "$script: cannot be run"
    status=1
  fi
done
exit "$status"
