#!/usr/bin/env bash
# clang-tidy over every source of the program, with the checks of .clang-tidy.
#
# Usage: tidy.sh BUILD-FOLDER      (one with compile_commands.json)
# The static analyzer takes several times as long as all other checks: it runs only with FULL=1.
set -euo pipefail
build=$(realpath "$1")
cd "$(dirname "$0")/../.."
# shellcheck source=tests/commands/not_tested.sh
. tests/commands/not_tested.sh
if ! command -v clang-tidy-14 >/dev/null; then
    not_tested "clang-tidy: no clang-tidy-14"
    exit 77
fi
mapfile -t sources < <(git ls-files --cached --others --exclude-standard '*.c' |
    grep -vE '^(tests|examples)/|_absent\.c$')
checks=()
[ -n "${FULL:-}" ] || checks=(--checks=-clang-analyzer-* --extra-arg=-w) # its own warnings are the compiler's
printf '%s\0' "${sources[@]}" |
    xargs -0 -P "$(nproc)" -n 4 clang-tidy-14 --quiet "${checks[@]}" -p "$build"
echo "${#sources[@]} files tidy"
