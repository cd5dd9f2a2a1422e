#!/bin/sh
# The C++ files are as clang-format 14 puts them; `make format` does it.
cd "$(dirname "$0")/../.." || exit 1
find src include tests -name '*.cpp' -o -name '*.h' | sort | xargs clang-format-14 --dry-run -Werror
