#!/usr/bin/env bash
# Exports and diffs of stored runs: whole files as they should be (golden/exports), where they are read
# from and written to, and what is refused. GOLDEN_UPDATE=1 writes the files anew. What they say is looked
# at in test_exports.py and test_diff.py.
#
# Usage: exports.sh PROCTOR
set -euo pipefail
proctor=$(realpath "$1")
# shellcheck source=tests/commands/end_to_end.sh
. "$(dirname "$0")/end_to_end.sh"
documents=documents
golden=golden/exports
formats=$("$proctor" list exports | grep -v ' of a recording' | cut -d ' ' -f 1)

# show FORMAT NAME: exports the document to $work/out; show_recording FORMAT NAME: the recording.
show() {
    "$proctor" export "$documents/$2.json" --format "$1" >"$work/out" || fail "$1 of $2: $?"
}

show_recording() {
    "$proctor" export "$documents/recording_$2.jsonl" --format "$1" >"$work/out" || fail "$1 of $2: $?"
}

# same_as_golden FILE: $work/out is what stands there.
same_as_golden() {
    if [ -n "${GOLDEN_UPDATE:-}" ]; then
        cp "$work/out" "$golden/$1"
    else
        cmp "$work/out" "$golden/$1" >&2 || fail "$golden/$1 is not what is exported now"
    fi
}

### The samples ###

cp -r "$documents" "$work/samples"
"$work/samples/make"
diff -r "$documents" "$work/samples" >&2 || fail "documents/make makes others than lie there"

### Whole files ###

names="bench_awkward compare_inconclusive compare_same compare_trouble compare_worse load"
for name in $names; do
    for format in $formats; do
        case $format:$name in
        github-action-benchmark:compare_trouble)
            continue # nothing was measured of what they would hold
            ;;
        github-action-benchmark:*)
            "$proctor" export "$documents/$name.json" --format "$format" --output "$work/$name" ||
                fail "$format of $name"
            for direction in bigger smaller; do
                cp "$work/$name/$direction-is-better.json" "$work/out"
                same_as_golden "$name.$format.$direction"
            done
            continue
            ;;
        esac
        show "$format" "$name"
        same_as_golden "$name.$format"
    done
done
show markdown bench_models
same_as_golden bench_models.markdown

### Recordings ###

for name in sequential threads awkward packets; do
    show_recording perfetto "$name"
    same_as_golden "recording_$name.perfetto"
done
for name in awkward packets; do
    show_recording pcapng "$name"
    same_as_golden "recording_$name.pcapng"
done
for name in sequential threads crowd; do
    expect 2 "has no packets; .*'proctor grade --record'" "$proctor" export \
        "$documents/recording_$name.jsonl" --format pcapng --output "$work/none"
done
[ ! -e "$work/none" ] || fail "a file for no packets"
# Up to where it breaks off; from standard input; and each kind of document by its own formats.
head -c 3000 "$documents/recording_packets.jsonl" | "$proctor" export - --format pcapng >"$work/out" ||
    fail "a recording that breaks off"
expect 2 'is a run document, and pcapng is made of recordings' "$proctor" export \
    "$documents/load.json" --format pcapng
expect 2 'is a run document, and perfetto is made of recordings' "$proctor" export \
    "$documents/load.json" --format perfetto
expect 2 'is a recording, and csv is made of run documents' "$proctor" export \
    "$documents/recording_threads.jsonl" --format csv
expect 2 'not a recording' "$proctor" export <(echo '{"schema":"proctor.grade/1"}') --format perfetto
expect 2 'not valid JSON' "$proctor" export <(echo '{') --format perfetto

### Files ###

"$proctor" export "$documents/load.json" --format csv --output "$work/load.csv" || fail "to a file"
show csv load
cmp "$work/out" "$work/load.csv" || fail "a file differs from standard output"
for name in load compare_worse; do
    "$proctor" export "$documents/$name.json" --format history --output "$work/history.ndjson" ||
        fail "history: $name"
done
jq -s --exit-status 'map(.command) == ["load", "compare"]' "$work/history.ndjson" >/dev/null ||
    fail "history does not grow by a line"
printf '{"half":' >"$work/torn.ndjson"
"$proctor" export "$documents/load.json" --format history --output "$work/torn.ndjson"
[ "$(tail -n 1 "$work/torn.ndjson" | jq -r .command)" = load ] || fail "a torn line swallows the next"
cp "$work/history.ndjson" "$work/before"
expect 2 'is not a text' "$proctor" export <(echo '{"schema": 1}') --format history \
    --output "$work/history.ndjson"
cmp "$work/before" "$work/history.ndjson" || fail "history: touched by a run that failed"
"$proctor" export "$documents/load.json" --format history --output /dev/stdout |
    jq --exit-status '.command == "load"' >/dev/null || fail "history to a pipe"
"$proctor" export - --format csv <"$documents/load.json" | cmp - "$work/load.csv" ||
    fail "from standard input"
# Behind a link lies the file, and who may read it stays who may.
printf '' >"$work/linked.ndjson"
chmod 640 "$work/linked.ndjson"
ln -s linked.ndjson "$work/link.ndjson"
"$proctor" export "$documents/load.json" --format history --output "$work/link.ndjson"
"$proctor" export "$documents/load.json" --format history --output "$work/link.ndjson"
[ -L "$work/link.ndjson" ] && [ "$(wc -l <"$work/linked.ndjson")" -eq 2 ] || fail "a link is no link any more"
[ "$(stat -c %a "$work/linked.ndjson")" = 640 ] || fail "a file has other rights than it had"
expect 3 'cannot write .*: No such file' "$proctor" export "$documents/load.json" --format csv \
    --output "$work/nowhere/load.csv"
expect 3 'cannot write' "$proctor" export "$documents/load.json" --format csv --output /dev/full
[ "$(find "$work" -name '*.tmp' | wc -l)" -eq 0 ] || fail "temporary files stay behind"

expect 2 'missing --output DIR' "$proctor" export "$documents/load.json" \
    --format github-action-benchmark
expect 2 "unknown format 'pdf'" "$proctor" export "$documents/load.json" --format pdf
expect 2 'missing --format' "$proctor" export "$documents/load.json"
expect 2 'missing FILE' "$proctor" export --format csv
expect 2 'only one file' "$proctor" export a b --format csv
expect 2 'No such file' "$proctor" export nowhere.json --format csv
expect 2 'schema: is not one of: proctor.run/1' "$proctor" export golden/gradebook/full.json \
    --format csv
expect 2 'has nothing that github-action-benchmark could hold' "$proctor" export \
    "$documents/compare_trouble.json" --format github-action-benchmark --output "$work/none"
[ ! -e "$work/none" ] || fail "a folder for nothing"
expect 0 '^junit' "$proctor" list exports

### diff ###

"$proctor" diff "$documents/compare_same.json" "$documents/compare_worse.json" >"$work/out" &&
    fail "diff: a counter got worse, and it is 0"
same_as_golden compare_same-compare_worse.diff
expect 2 'results\[2\].target.name: is missing' "$proctor" diff "$documents/bench_models.json" \
    <(jq 'del(.results[2].target.name)' "$documents/bench_models.json")
expect 2 'missing argument: OLD and NEW' "$proctor" diff "$documents/load.json"
expect 2 'only two documents' "$proctor" diff a b c
expect 2 'only one of them can be -' "$proctor" diff - -

end_of_test 'all as expected'
