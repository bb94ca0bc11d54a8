#!/usr/bin/env bash
# The shape of the house: the arrows between its rooms and files, headers that compile alone, sizes,
# format.
#
# Usage: house.sh C-COMPILER BUILD-FOLDER
set -euo pipefail
compiler=$1
build=$(realpath "$2")
cd "$(dirname "$0")/../.."
# shellcheck source=tests/commands/not_tested.sh
. tests/commands/not_tested.sh
failures=0

fail() {
    echo "FAILED: $*" >&2
    failures=$((failures + 1))
}

mapfile -t sources < <(git ls-files --cached --others --exclude-standard '*.c' '*.h')
[ "${#sources[@]}" -gt 50 ] || fail "only ${#sources[@]} source files found"

# What is included first in a file that is built compiles alone: it has just done so there.
first_include() { # FILE
    sed -n 's/^#include "\(.*\)"$/\1/p;T;q' "$1"
}
flags=$(pkg-config --cflags jansson liburing libmnl)
for source in "${sources[@]}"; do
    case $source in *.h)
        file=${source%.h}.c
        [[ ! -f $file || $source != $(first_include "$file") ]] || continue
        # shellcheck disable=SC2086
        "$compiler" -std=gnu17 -D_GNU_SOURCE -I. $flags -Wall -Wextra -Werror -fsyntax-only \
            -x c "$source" || fail "$source does not compile alone"
        ;;
    esac
done

# Functions begin and end with a brace in the first column; that is what the format makes.
awk '
    function end_of_file() {
        if (lines > 400) { print last " has " lines " lines, more than 400"; bad = 1 }
    }
    FNR == 1 { end_of_file(); last = FILENAME; start = 0 }
    { lines = FNR }
    /^\{/ { start = FNR }
    /^\}/ && start {
        if (FNR - start > 71) {
            print FILENAME ":" start ": a function of " FNR - start - 1 " lines, more than 70"
            bad = 1
        }
        start = 0
    }
    END { end_of_file(); exit bad }' "${sources[@]}" >&2 || fail "a file or a function is too long"
! LC_ALL=C.UTF-8 grep -HnE '^.{101,}$' "${sources[@]}" >&2 || fail "a line has over 100 columns"

for model in servers/models/*.c; do
    [ "$model" != servers/models/models.c ] || continue
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
    not_tested "the format: no clang-format-14"
fi

python3 tests/house/arrows.py "$build" || fail 'the arrows'

# What a script is written in says its first line, not its name.
written_in() { # LANGUAGE
    local script first
    while read -r script; do
        IFS= read -r first <"$script" || true
        [[ ! $first =~ ^\#!.*[/\ ]($1)(\ |$) ]] || echo "$script"
    done < <(git ls-files --cached --others --exclude-standard 'scripts/*' '*.sh' '*.py' '.ci/*')
}
mapfile -t scripts < <(written_in 'sh|bash'; git ls-files --cached --others --exclude-standard '*.sh')
[ "${#scripts[@]}" -gt 20 ] || fail "only ${#scripts[@]} shell scripts found"
shellcheck --severity=warning "${scripts[@]}" || fail "shellcheck"
mapfile -t programs < <(written_in 'python3?')
[ "${#programs[@]}" -gt 20 ] || fail "only ${#programs[@]} Python scripts found"
python3 -c '
import ast, sys
for name in sys.argv[1:]:
    with open(name, "rb") as file:
        ast.parse(file.read(), name)' "${programs[@]}" || fail "a Python script cannot be read"

[ "$failures" -eq 0 ] && echo "${#sources[@]} files in order"
exit "$((failures > 0))"
