# What this machine cannot test; to be sourced.
# shellcheck shell=bash

# not_tested WHAT: says so; scripts/test gathers it.
not_tested() {
    echo "not tested here: $*" >&2
    [ -z "${NOT_TESTED:-}" ] || echo "$(basename "$0" .sh): $*" >>"$NOT_TESTED"
}

# not_tested_of FILE: the same of the names in it, if there are any.
not_tested_of() {
    [ ! -s "$1" ] ||
        not_tested "$(sort -u "$1" | wc -l), for want of a language or of root: $(sort -u "$1" | paste -sd ' ')"
}
