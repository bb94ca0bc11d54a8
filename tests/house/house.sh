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

mapfile -t scripts < <(git ls-files --cached --others --exclude-standard 'scripts/*' '*.sh' '.ci/*')
shellcheck --severity=warning "${scripts[@]}" || fail "shellcheck"

[ "$failures" -eq 0 ] && echo "${#sources[@]} files in order"
exit "$((failures > 0))"
