# The servers of corpus.tsv, and how each is run. Sourced in tests/, with `proctor` set.
# shellcheck shell=bash disable=SC2154,SC2034

corpus_rows() { grep -v '^#' corpus.tsv; }

# corpus_build DIR: compiles into it what has to be compiled and can be on this machine.
corpus_build() {
    corpus_built=$1
    mkdir -p "$corpus_built"
    local source name
    for source in right/*.c wrong/*.c right/*.go right/*.java right/*.rs; do
        [ -e "$source" ] || continue
        name=$(basename "${source%.*}")
        case $source in
        *.c)
            "${CC:-cc}" -std=gnu17 -D_GNU_SOURCE -I.. -O1 -g -pthread -Wall -Wextra -Werror \
                -o "$corpus_built/$name" "$source" -luring
            ;;
        *.java) if command -v javac >/dev/null; then javac -d "$corpus_built" "$source"; fi ;;
        *.go) if command -v go >/dev/null; then go build -o "$corpus_built/$name" "$source"; fi ;;
        *.rs) if command -v rustc >/dev/null; then rustc -O -o "$corpus_built/$name" "$source"; fi ;;
        esac
    done
}

# corpus_command SERVER: sets `words` to its command; fails where this machine has not got what it
# needs.
corpus_command() {
    local name
    name=$(basename "${1%.*}")
    case $1 in
    'serve io_uring'*)
        [[ $("$proctor" list models | grep '^io_uring') != *not* ]] || return 1
        read -ra words <<<"$proctor $1"
        ;;
    serve*) read -ra words <<<"$proctor $1" ;;
    *.py) words=(python3 "$1") ;;
    *.sh) words=(sh "$1") ;;
    *.c) words=("$corpus_built/$name") ;;
    *.js) command -v node >/dev/null && words=(node "$1") ;;
    *.java) [ -e "$corpus_built/$name.class" ] && words=(java -cp "$corpus_built" "$name") ;;
    *.go | *.rs) [ -e "$corpus_built/$name" ] && words=("$corpus_built/$name") ;;
    esac
}
