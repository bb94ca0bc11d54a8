#!/usr/bin/env bash
# The shape of the house: the arrows between its floors, headers that compile alone, sizes, format.
#
# Usage: test_house.sh C-COMPILER
set -euo pipefail
compiler=$1
cd "$(dirname "$0")/.."
failures=0

fail() {
    echo "FAILED: $*" >&2
    failures=$((failures + 1))
}

mapfile -t sources < <(git ls-files --cached --others --exclude-standard '*.c' '*.h')
[ "${#sources[@]}" -gt 50 ] || fail "only ${#sources[@]} source files found"

# Which floors a floor may include from, itself apart.
declare -A may_include=(
    [base]=""
    [examples]=""
    [servers]="base"
    [observe]="base"
    [results]="base"
    [loadgen]="base results"
    [grader]="base observe results"
    [bench]="base loadgen observe results"
    [cli]="base servers observe results loadgen grader bench"
    [tests]="base servers observe results loadgen grader bench cli"
)
for source in "${sources[@]}"; do
    floor=${source%%/*}
    [ -n "${may_include[$floor]+known}" ] || fail "$source stands on no floor"
    while read -r included; do
        [ -f "$included" ] || fail "$source includes $included, which is not rooted here"
        case " $floor ${may_include[$floor]} " in
        *" ${included%%/*} "*) ;;
        *) fail "$source must not include $included" ;;
        esac
    done < <(sed -nE 's/^#include "(.*)"$/\1/p' "$source")
done

# Nobody runs anybody else's floor by its library either: the links are the same arrows.
declare -A links=()
while read -r floor rest; do links[$floor]=$rest; done < <(
    sed -nE 's/^target_link_libraries\(([a-z]+) (.*)\)$/\1 \2/p' CMakeLists.txt)
for floor in "${!may_include[@]}"; do
    for linked in ${links[$floor]:-}; do
        [ -n "${may_include[$linked]+known}" ] || continue
        case " ${may_include[$floor]} " in
        *" $linked "*) ;;
        *) fail "$floor must not link $linked" ;;
        esac
    done
done

flags=$(pkg-config --cflags jansson liburing libmnl)
for source in "${sources[@]}"; do
    case $source in *.h)
        # shellcheck disable=SC2086
        "$compiler" -std=gnu17 -D_GNU_SOURCE -I. $flags -Wall -Wextra -Werror -fsyntax-only \
            -x c "$source" || fail "$source does not compile alone"
        ;;
    esac
done

for source in "${sources[@]}"; do
    lines=$(wc -l <"$source")
    [ "$lines" -le 400 ] || fail "$source has $lines lines, more than 400"
    long=$(LC_ALL=C.UTF-8 grep -nE '^.{101,}$' "$source" | head -n 1 || true)
    [ -z "$long" ] || fail "$source has a line over 100 columns: $long"
    # Functions begin and end with a brace in the first column; that is what the format makes.
    awk -v file="$source" '/^\{/ {start = NR} /^\}/ && start {
        if (NR - start > 71) { print file ":" start ": a function of " NR - start - 1 " lines"; bad = 1 }
        start = 0 } END { exit bad }' "$source" || fail "a function over 70 lines"
done

for model in servers/model_*.c; do
    lines=$(wc -l <"$model")
    [ "$lines" -le 150 ] || fail "$model has $lines lines; a model is a page of at most 150"
    for heading in 'What it does' 'What a client costs' 'Where it breaks' 'Compare with'; do
        case $model in *_absent.c) continue ;; esac
        grep -q "^ \* $heading  " "$model" || fail "$model lacks the heading '$heading'"
    done
done

# Other versions format differently; scripts/setup installs 14 wherever there is one.
if command -v clang-format-14 >/dev/null; then
    clang-format-14 --dry-run -Werror "${sources[@]}" || fail "clang-format would change something"
else
    echo "no clang-format-14 here: the format is not checked"
fi

mapfile -t scripts < <(git ls-files --cached --others --exclude-standard 'scripts/*' '*.sh' '.ci/*')
shellcheck --severity=warning "${scripts[@]}" || fail "shellcheck"

[ "$failures" -eq 0 ] && echo "${#sources[@]} files in order"
exit "$((failures > 0))"
