# The servers of corpus.tsv, and how each is run. Sourced in tests/, with `proctor` set.
# shellcheck shell=bash disable=SC2154,SC2034

corpus_rows() { grep -v '^#' corpus.tsv; }

# can_run SOURCE: does this machine have what it takes to build and run this? Where submissions look.
can_run() {
    local tool tools=
    case $1 in
    *.java) tools='javac java' ;;
    *.js) tools=node ;;
    *.go) tools=go ;;
    *.rs) tools=rustc ;;
    */undumpable.c) [ "$(id -u)" -eq 0 ] || return 1 ;; # only root can look into it
    esac
    for tool in $tools; do
        case $tool in
        go | rustc) command -v "$tool" >/dev/null || return 1 ;; # it builds outside
        *) PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin command -v "$tool" >/dev/null || return 1 ;;
        esac
    done
}

# corpus_build DIR: compiles into it what has to be compiled and can be on this machine.
corpus_build() {
    corpus_built=$1
    mkdir -p "$corpus_built"
    local source name
    for source in right/*.c wrong/*.c right/*.go right/*.java right/*.rs; do
        can_run "$source" || continue
        name=$(basename "${source%.*}")
        case $source in
        *.c)
            "${CC:-cc}" -std=gnu17 -D_GNU_SOURCE -I.. -O1 -g -pthread -Wall -Wextra -Werror \
                -o "$corpus_built/$name" "$source" -luring
            ;;
        *.java) javac -d "$corpus_built" "$source" ;;
        *.go) go build -o "$corpus_built/$name" "$source" ;;
        *.rs) rustc -O -o "$corpus_built/$name" "$source" ;;
        esac
    done
}

# corpus_command SERVER: sets `words` to its command; fails where this machine has not got what it
# needs.
corpus_command() {
    local name
    name=$(basename "${1%.*}")
    can_run "$1" || return 1
    case $1 in
    'serve io_uring'*)
        [[ $("$proctor" list models | grep '^io_uring') != *not* ]] || return 1
        read -ra words <<<"$proctor $1"
        ;;
    serve*) read -ra words <<<"$proctor $1" ;;
    *.py) words=(python3 "$1") ;;
    *.sh) words=(sh "$1") ;;
    *.c) words=("$corpus_built/$name") ;;
    *.js) words=(node "$1") ;;
    *.java) words=(java -cp "$corpus_built" "$name") ;;
    *.go | *.rs) words=("$corpus_built/$name") ;;
    esac
}
