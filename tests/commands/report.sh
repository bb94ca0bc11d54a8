#!/usr/bin/env bash
# proctor report, from outside: what pages of the documents in tests/documents say, their pictures, what
# is refused, and, where there is a browser, what it makes of them. Parsers read them in test_report.py.
#
# Usage: report.sh PROCTOR      (GOLDEN_UPDATE=1 writes tests/golden/report anew)
set -euo pipefail
proctor=$(realpath "$1")
# shellcheck source=tests/commands/end_to_end.sh
. "$(dirname "$0")/end_to_end.sh"
documents=(documents/*.json)
golden=golden/report

# page NAME DOCUMENT...: writes $work/NAME.html.
page() {
    local name=$1
    shift
    "$proctor" report "$@" --output "$work/$name.html" || fail "no page of $*"
}

# figure NAME FIGURE: what stands of it in the page.
figure() {
    sed -nE "/^<figure id=\"(run1|recording-1)-$2\"/,/^<\/figure>/p" "$work/$1.html"
}

for document in "${documents[@]}"; do
    name=$(basename "$document" .json)
    page "$name" "$document"
done

recordings=(documents/recording_*.jsonl)
for recording in "${recordings[@]}"; do
    page "$(basename "$recording" .jsonl)" --language en "$recording"
done

# Verdicts stand in words.
says() {
    grep -qF -- "$2" "$work/$1.html" || fail "$1 does not say '$2'"
}
says compare_worse '<b>worse</b>: ./new {port} is worse than epoll'
says compare_worse 'is called worse in 1 % of comparisons at most'
says compare_same '<b>same</b>'
says compare_counted '<b>in user mode</b>: 4.8 % worse, from 840 to 880'
says compare_counted '<p>Counted: <b>worse</b>. Timed: <b>same</b>. NEW does more, but'
says compare_counted 'page faults: exactly the same'
says compare_inconclusive '<b>inconclusive</b>'
says compare_trouble 'it cannot be started: No such file or directory'
says bench_models '<b>10 clients</b>: throughput: epoll and io_uring are best and cannot be told apart'
says bench_models 'select, 1000 clients</b>: cannot serve 1000 clients'
says bench_models '999 clients were never served'
says load '64 of 64 clients served, 78.5k/s'
says load 'other programs took 6 % of the processors while the load ran'

# So does who waited, for how long and what for; of a crowd, how many.
says recording_sequential 'bob: waits in the accept queue: every thread sleeps on client 1</td>'
says recording_sequential '<td>801 ms</td><td>802 ms</td><td>2.90 s</td><td class="words">python3 100'
says recording_sequential 'sends 3 bytes, which nobody reads yet: hi\n</td>'
says recording_sequential '>ESTABLISHED, queued</text>'
says recording_sequential '>8.10 s</text>'
says recording_threads 'The recording breaks off.'
says recording_crowd '>292 more clients</text>'
says recording_crowd '>292 queued</text>'
says recording_crowd '4 accepted, 288 gone'
says recording_crowd '200 more clients are omitted.'
page french --language fr documents/recording_sequential.jsonl
says french '<html lang="fr"'

# Pictures, byte for byte: a change of them must have been meant.
for one in compare_worse.comparisons compare_counted.instructions compare_worse.order compare_inconclusive.latency \
    bench_awkward.rankings bench_models.throughput \
    recording_sequential.sequence recording_threads.sequence; do
    figure "${one%.*}" "${one#*.}" >"$work/$one"
    [ -s "$work/$one" ] || fail "no figure $one"
    if [ -n "${GOLDEN_UPDATE:-}" ]; then
        mkdir -p "$golden"
        cp "$work/$one" "$golden/$one.html"
    fi
    diff -u "$golden/$one.html" "$work/$one" >&2 || fail "$one is another picture"
done

# What is no run document is named, and nothing is written.
echo '{"schema": "proctor.grade/1"}' >"$work/grade.json"
echo 'no JSON' >"$work/text.json"
for broken in "$work/grade.json" "$work/text.json" "$work/absent.json" "$work"; do
    expect 2 "^proctor: $broken:" \
        "$proctor" report documents/load.json "$broken" --output "$work/none.html"
    [ "$(wc -l <"$work/err")" -eq 1 ] || fail "more than one sentence of $broken"
    [ ! -e "$work/none.html" ] || fail "a page of $broken"
done
expect 2 'is a recording, and the first file is none; make two pages' \
    "$proctor" report documents/load.json documents/recording_threads.jsonl --output "$work/none.html"
expect 2 'is no recording, and the first file is one; make two pages' \
    "$proctor" report documents/recording_threads.jsonl documents/load.json --output "$work/none.html"
expect 2 "unknown language 'xx'" "$proctor" report --language xx documents/load.json -o "$work/none.html"
expect 2 'missing FILE' "$proctor" report --output "$work/none.html"
expect 2 'missing --output FILE' "$proctor" report documents/load.json
expect 3 'cannot write' "$proctor" report documents/load.json --output "$work/absent/none.html"

browser=$(command -v chromium || command -v chromium-browser || true)
if [ -z "$browser" ]; then
    not_tested 'pages in a browser: no chromium'
    end_of_test 'all as expected'
fi

# The page as the browser has it after its scripts; what it complains of goes to $work/console.
# Whatever would be loaded is against the policy, and a complaint.
browse() {
    local flags=(--headless --disable-gpu --user-data-dir="$work/profile"
        --enable-logging=stderr --v=0 --dump-dom)
    [ "$(id -u)" -ne 0 ] || flags+=(--no-sandbox)
    timeout 60 "$browser" "${flags[@]}" "file://$work/$1.html" >"$work/$1.dom" 2>"$work/log" ||
        fail "$1: the browser fails"
    grep CONSOLE "$work/log" >"$work/console" || true
}
count() {
    grep -o -- "$2" "$work/$1.dom" | wc -l
}

page all "${documents[@]}"
browse all
[ ! -s "$work/console" ] || fail "the browser complains: $(head -n 3 "$work/console")"
[ "$(count all '<figure')" -gt 20 ] || fail "no figures in the browser"
[ "$(count all '<button[^>]*hidden')" -eq 0 ] || fail "documents cannot be saved"

page recorded --language en "${recordings[@]}"
browse recorded
[ ! -s "$work/console" ] || fail "the browser complains: $(head -n 3 "$work/console")"
[ "$(count recorded 'class="sequence-tools"')" -eq "${#recordings[@]}" ] || fail "no zoom"

# Without scripts nothing is folded away. (The browser that runs none prints no page either; a
# policy that allows none is as good.)
sed "s/; script-src 'unsafe-inline'//" "$work/all.html" >"$work/still.html"
browse still
[ "$(count still '<button[^>]*hidden')" -gt 0 ] || fail "scripts have run"
folded=$(grep -o '<details[^>]*>' "$work/still.dom" | grep -cv 'open=' || true)
[ "$folded" -eq 0 ] || fail "$folded tables are folded without scripts"

end_of_test 'all as expected'
