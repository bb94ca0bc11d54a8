#!/usr/bin/env bash
# Exports of stored runs: whole files as they should be (golden/exports), and what programs that are
# not ours read in them; diff. GOLDEN_UPDATE=1 writes the files anew.
#
# Usage: test_exports.sh PROCTOR
set -euo pipefail
proctor=$(realpath "$1")
# shellcheck source=tests/commands/end_to_end.sh
. "$(dirname "$0")/end_to_end.sh"
documents=documents
golden=golden/exports
formats=$("$proctor" list exports | cut -d ' ' -f 1)

# show FORMAT NAME: exports the document to $work/out.
show() {
    "$proctor" export "$documents/$2.json" --format "$1" >"$work/out" || fail "$1 of $2: $?"
}

# holds EXPRESSION WHAT: the jq expression is true of $work/out.
holds() {
    jq --exit-status "$1" "$work/out" >/dev/null || fail "$2: not so: $1"
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
        github-action-benchmark:compare_trouble | bencher:compare_trouble)
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

### Formats as others read them ###

for name in $names bench_models; do
    show junit "$name"
    xmllint --noout "$work/out" || fail "junit of $name: no XML"
    show openmetrics "$name"
    # Debian's, whichever python3 comes first here
    /usr/bin/python3 -c 'import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read
families = {family.name: family for family in read(open(sys.argv[1], newline="").read())}
assert "proctor_run" in families and families["proctor_result_usable"].samples, families' \
        "$work/out" || fail "openmetrics of $name"
    for format in csv csv-summary; do
        show "$format" "$name"
        python3 -c 'import csv, sys
rows = list(csv.reader(open(sys.argv[1], newline="", encoding="utf-8"), strict=True))
assert len(rows) > 1 and all(len(row) == len(rows[0]) for row in rows), rows[:3]' \
            "$work/out" || fail "$format of $name"
        ! grep -q 'nan' "$work/out" || fail "$format of $name: nan"
    done
    show history "$name"
    [ "$(wc -l <"$work/out")" -eq 1 ] || fail "history of $name: not one line"
    holds '.schema == "proctor.history/1" and (.fingerprint | test("^[0-9a-f]{16}$"))' "$name"
    show markdown "$name"
    cmark-gfm --extension table "$work/out" >"$work/html"
    grep -q '<table>' "$work/html" || fail "markdown of $name: no table"
    ! grep -qE '^\|' "$work/html" || fail "markdown of $name: a row is outside of its table"
done

### What they say ###

show junit compare_worse
xpath() { xmllint --xpath "$1" "$work/out"; }
[ "$(xpath 'count(//testcase[@classname="64 clients"]/failure[@type="regression"])')" = 4 ] || fail "junit: regressions"
[ "$(xpath 'string(/testsuites/@failures)')" = 5 ] || fail "junit: count of failures"
[ "$(xpath 'count(//testcase)')" = "$(xpath 'number(/testsuites/@tests)')" ] || fail "junit: count"
show junit compare_inconclusive
xpath 'string(//testcase[@name="throughput"]/skipped/@message)' |
    grep -q 'a change for the worse above 6.6 % is excluded' || fail "junit: what is excluded"
[ "$(xpath 'count(//failure)')" = 0 ] || fail "junit: inconclusive is no failure"
show junit compare_trouble
[ "$(xpath 'string(//error/@message)')" = "it cannot be started: No such file or directory" ] ||
    fail "junit: trouble"
show junit bench_models
[ "$(xpath 'count(//testcase[@classname="1000 clients" and @name="select"]/error)')" = 1 ] ||
    fail "junit: trouble of a target"
[ "$(xpath 'count(//testcase)')" = 36 ] || fail "junit: a case for each target and cell"

# A first slice in which nothing was answered hides no other.
jq '.slices[0].p50_ns = null' "$documents/compare_worse.json" >"$work/empty_slice.json"
"$proctor" export "$work/empty_slice.json" --format csv >"$work/out"
"$proctor" export "$documents/compare_worse.json" --format csv >"$work/full.csv"
[ "$(wc -l <"$work/out")" -eq $(($(wc -l <"$work/full.csv") - 1)) ] || fail "csv: a value stands twice"

show bencher compare_worse
holds '.["new against base"]["throughput-change"] | .lower_value < .value and .value < .upper_value' \
    "bencher of a compare"
show bencher bench_models
holds 'length == 35 and (has("select, 1000 clients") | not)' "bencher: trouble has no figures"
holds '[.[] | keys_unsorted[] | length <= 64] | all' "bencher: names of measures"
holds '[.[][] | .value | type == "number"] | all' "bencher: values"

"$proctor" export "$documents/bench_models.json" --format github-action-benchmark --output "$work/gh"
for direction in bigger smaller; do
    cp "$work/gh/$direction-is-better.json" "$work/out"
    holds 'length > 0 and ([.[].name] | unique | length) == length' "$direction: names"
    holds 'all(.[]; (.value | type) == "number" and (.unit | length) > 0)' "$direction: values"
done
cp "$work/gh/bigger-is-better.json" "$work/out"
holds 'length == 35 and .[0].name == "sequential, 1 client: throughput" and .[0].unit == "req/s"
    and (.[0].range | test("^±[0-9.]+%$"))' "bigger is better"

# A compare of which no block has counted says why in all that people read.
jq '.comparisons = [] | .controls = [] | .verdict = "open" |
    .dropped = {blocks: 3, reasons: [{reason: "a <busy> machine", count: 3}]}' \
    "$documents/compare_same.json" >"$work/noisy.json"
for format in junit markdown github; do
    "$proctor" export "$work/noisy.json" --format "$format" >"$work/out"
    grep -qE 'inconclusive; blocks dropped.?: 3 .*a (<|&lt;)busy' "$work/out" || fail "$format: why"
done
show markdown compare_worse
head -n 10 "$work/out" | grep -q 'worse.*throughput +6.0 %' || fail "markdown: not in ten lines"
show markdown bench_models
head -n 10 "$work/out" | grep -q '1000 clients, throughput: best: \*\*io' || fail "markdown: best"
head -n 10 "$work/out" | grep -q 'trouble.*select, 1000 clients' || fail "markdown: trouble"

show csv bench_models
python3 -c 'import csv, json, sys
rows = list(csv.DictReader(open(sys.argv[1], newline="")))
document = json.load(open(sys.argv[2]))
slices = [row for row in rows if row["metric"] == "p50_ns"]
assert len(slices) == len(document["slices"])
assert [float(row["value"]) for row in slices] == [s["p50_ns"] for s in document["slices"]]
assert any(row["dropped"] for row in slices)
assert {row["metric"] for row in rows} >= {"throughput_per_s", "p99.9_ns", "bytes_per_connection"}' \
    "$work/out" "$documents/bench_models.json" || fail "csv: slices"
show csv-summary bench_models
python3 -c 'import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], newline="")))
select = [row for row in rows if row["target"] == "select" and row["clients"] == "1000"]
assert len(rows) == 36 and len(select) == 1
assert select[0]["throughput_per_s"] == "" and "below 1024" in select[0]["trouble"]' \
    "$work/out" || fail "csv-summary: trouble"

### Awkward names come through, and do nothing ###

read_names='
names = ["=1+1", "a \"quoted\" <name> & more, with commas", "line one line two",
         "caf\u00e9 \u2615 \u540d\u524d", "::error::not a command", "| pipe | `tick` [link](x)",
         "'"'"'; DROP TABLE runs; -- \\ back", "escape red turned"]'
for format in $formats; do
    case $format in github-action-benchmark | github) continue ;; esac
    show "$format" bench_awkward
    ! grep -nE '^[[:space:]]*::|##\[' "$work/out" || fail "$format: a command to GitHub"
    ! LC_ALL=C grep -nP '[\x00-\x08\x0B-\x1F\x7F]' "$work/out" || fail "$format: controls"
    iconv -f utf-8 -t utf-8 "$work/out" >/dev/null || fail "$format: no UTF-8"
done
show csv-summary bench_awkward
python3 -c "import csv, sys$read_names
rows = list(csv.DictReader(open(sys.argv[1], newline='', encoding='utf-8')))
got = [row['target'] for row in rows][:len(names)]
assert got[0] == chr(39) + names[0], got[0]
want = ['| ' + name if name.startswith('::') else name for name in names[1:]]
assert got[1:] == want, (got[1:], want)" "$work/out" || fail "csv-summary: names"
show openmetrics bench_awkward
/usr/bin/python3 -c "import sys$read_names
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read
families = {f.name: f for f in read(open(sys.argv[1], newline='', encoding='utf-8').read())}
got = [s.labels['target'] for s in families['proctor_throughput_requests_per_second'].samples]
assert got == names, got" "$work/out" || fail "openmetrics: names"
for format in bencher history; do
    show "$format" bench_awkward
    python3 -c "import json, sys$read_names
d = json.load(open(sys.argv[1], encoding='utf-8'))
cell = '10 clients, \"<&>\" of \u00e9cho'
got = [r['target'] for r in d['results']] if 'results' in d else \
    [key[:-len(cell) - 2] for key in d]
assert got[:len(names)] == names, got" "$work/out" || fail "$format: names"
done
show github bench_awkward
[ "$(grep -c '^::' "$work/out")" -eq "$(wc -l <"$work/out")" ] || fail "github: half a command"
[ "$(grep -vcE '^::(error|warning|notice) title=[^:,]*::' "$work/out")" -eq 0 ] || fail "github: title"
jq '.results |= (.[8] as $r | [range(15) | . as $i | $r | .target.name = "x\($i)"])' \
    "$documents/bench_awkward.json" >"$work/many.json"
"$proctor" export "$work/many.json" --format github >"$work/out"
[ "$(grep -c '^::error' "$work/out")" -eq 10 ] || fail "github: more than ten of a kind"
grep -q '::6 more of these' "$work/out" || fail "github: how many more"

show junit bench_awkward
python3 -c "import sys, xml.etree.ElementTree as tree$read_names
got = [case.get('name') for case in tree.parse(sys.argv[1]).iter('testcase')]
assert got[:len(names)] == names, got" "$work/out" || fail "junit: names"
show markdown bench_awkward
cmark-gfm --extension table "$work/out" >"$work/html"
! grep -qE '<a |<name|<code|<img' "$work/html" || fail "markdown: a name is markup"
[ "$(grep -c '<td align="left">10 clients' "$work/html")" -eq 9 ] || fail "markdown: rows"

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
expect 2 'has nothing that bencher could hold' "$proctor" export \
    "$documents/compare_trouble.json" --format bencher
expect 2 'has nothing that github-action-benchmark could hold' "$proctor" export \
    "$documents/compare_trouble.json" --format github-action-benchmark --output "$work/none"
[ ! -e "$work/none" ] || fail "a folder for nothing"
expect 0 '^junit' "$proctor" list exports

### diff ###

# change EXPRESSION NAME: $work/changed.json, the document after jq.
change() {
    jq "$1" "$documents/$2.json" >"$work/changed.json"
}

expect 0 'exact: same' "$proctor" diff "$documents/bench_models.json" "$documents/bench_models.json"
expect 0 'no measured comparison' "$proctor" diff "$documents/load.json" "$documents/load.json"
"$proctor" diff "$documents/compare_same.json" "$documents/compare_worse.json" >"$work/out" &&
    fail "diff: a counter got worse, and it is 0"
same_as_golden compare_same-compare_worse.diff
grep -q 'new, 64 clients .*system calls per request .*exact: worse' "$work/out" || fail "diff: exact"
grep -q 'new, 64 clients  *throughput .*+6.6%  *spreads apart' "$work/out" || fail "diff: apart"
[ "$(grep -c 'worse$' "$work/out")" -eq 1 ] || fail "diff: a verdict on what was measured"
expect 1 'exact: worse' "$proctor" diff "$documents/compare_same.json" \
    "$documents/compare_worse.json" --json "$work/diff.json"
check "$work/diff.json" 'd["schema"] == "proctor.diff/1" and d["counter_got_worse"] is True'
check "$work/diff.json" '[r["metric"] for r in d["differences"] if r["verdict"] == "worse"] == ["server_syscalls_per_request"]'
check "$work/diff.json" 'all(r["verdict"] is None for r in d["differences"] if not r["exact"])'
check "$work/diff.json" '"no measured comparison" in d["worth"]'
expect 0 'exact: better' "$proctor" diff "$documents/compare_worse.json" \
    "$documents/compare_same.json"
"$proctor" diff "$documents/load.json" "$documents/load.json" --json - 2>/dev/null |
    jq --exit-status '.differences | length > 5' >/dev/null || fail "diff: document on stdout"

# What a compare has counted once is exact, whatever its rounds hold.
for name in same worse; do
    jq '.results[] |= (.server.syscalls_per_request = null | del(.rounds))' \
        "$documents/compare_$name.json" >"$work/counted_$name.json"
done
expect 1 'new, 64 clients .*system calls .*exact: worse' "$proctor" diff \
    "$work/counted_same.json" "$work/counted_worse.json"

change '(.results[] | select(.target.name == "poll" and .cell.clients == 10)
    | .rounds.server_syscalls_per_request) |= (.values |= map(. + 1) | .median += 1)' bench_models
expect 1 'poll, 10 clients .*exact: worse' "$proctor" diff "$documents/bench_models.json" \
    "$work/changed.json"
# A counter that varies from round to round is no exact one.
change '.results[].rounds |= (if . == null then . else .server_syscalls_per_request |=
    (.values |= (to_entries | map(.value + 1 + .key / 10)) | .median += 2) end)' bench_models
expect 0 'system calls per request .*spreads' "$proctor" diff "$documents/bench_models.json" \
    "$work/changed.json"
# Of what was less than nothing there are no shares, and more is worse all the same.
memory() {
    change ".results[].rounds |= (if . == null then . else .bytes_per_connection = {values:
        [range(12) | $1], median: $1, low: $1, high: $1} end)" bench_models
    cp "$work/changed.json" "$work/memory$1.json"
}
memory -100 && memory 5000 && memory -100.1
expect 1 'exact: worse' "$proctor" diff "$work/memory-100.json" "$work/memory5000.json"
expect 0 'exact: better' "$proctor" diff "$work/memory5000.json" "$work/memory-100.json"
expect 0 'exact: same' "$proctor" diff "$work/memory-100.json" "$work/memory-100.1.json"
# Twice as slow is no verdict either.
change '.results[].rounds |= (if . == null then . else .throughput_per_s |=
    (.median /= 2 | .low /= 2 | .high /= 2) end)' bench_models
expect 0 '\+100.*spreads apart' "$proctor" diff "$documents/bench_models.json" "$work/changed.json"
# A load is the same load wherever its server listens.
change '.results[0].target.name = "127.0.0.1:4711"' load
expect 0 'no spread known' "$proctor" diff "$documents/load.json" "$work/changed.json"
change '.results |= map(select(.target.name != "fork"))' bench_models
expect 0 'old: fork, 1 client is in this one only' "$proctor" diff "$documents/bench_models.json" \
    "$work/changed.json"

# unlike WHAT EXPRESSION NAME: is refused, saying WHAT; --anyway goes on.
unlike() {
    change "$2" "$3"
    expect 2 "^  $1" "$proctor" diff "$documents/$3.json" "$work/changed.json"
    expect 0 'runs are unlike' "$proctor" diff --anyway "$documents/$3.json" "$work/changed.json" \
        --json "$work/diff.json"
    check "$work/diff.json" 'len(d["unlike"]) > 0'
}
unlike 'kernel: 6.1.0-example / 6.5.0' '.machine.kernel = "6.5.0"' bench_models
unlike 'cpu_model: Example Processor 3000 / Other' '.machine.cpu_model = "Other"' bench_models
unlike 'cores: 2 / 4' '.machine.cores = 4' load
unlike 'architecture: x86_64 / not said' 'del(.machine.architecture)' load
unlike 'slice_s: 0.1 / 0.2' '.plan.slice_s = 0.2' bench_models
unlike 'engine: epoll / io_uring' '.plan.engine = "io_uring"' bench_models
unlike 'duration_s: 10.0 / 20' '.plan.duration_s = 20' load
unlike '.*64 clients: clients: 64 / 65' '.results[0].cell.clients = 65 |
    .results[0].cell.name = "64 clients"' load
unlike 'epoll, 1 client: size: 64 / 128' '(.results[] | select(.target.name == "epoll") |
    .cell.size) = 128' bench_models
unlike '.*: silent: 0 / 10000' '.results[0].cell.silent = 10000' load
unlike '.*: path: not said / /x' '.results[0].cell.path = "/x"' load
unlike '.*: protocol: echo / http' '.results[].cell.protocol = "http"' load
unlike '.*: engine: epoll / io_uring' '.results[].generator.engine = "io_uring"' load
unlike 'load 1000 clients: there / not there' '.results |= map(select(.cell.clients < 1000))' \
    bench_models
expect 2 'command: load / bench' "$proctor" diff "$documents/load.json" \
    "$documents/bench_models.json"
expect 2 'no result with figures in common' "$proctor" diff --anyway "$documents/load.json" \
    "$documents/compare_worse.json"

# Counters keep their verdict on another machine, and lose it under another load.
more='.results[].rounds |= (if . == null then . else .server_syscalls_per_request |=
    (.values |= map(. + 1) | .median += 1) end)'
change "$more | .machine.kernel = \"6.5.0\"" bench_models
expect 1 'exact: worse' "$proctor" diff --anyway "$documents/bench_models.json" "$work/changed.json"
change "$more | .plan.slice_s = 9" bench_models
expect 0 'exact: spreads' "$proctor" diff --anyway "$documents/bench_models.json" \
    "$work/changed.json"

expect 2 'results\[2\].target.name: is missing' "$proctor" diff "$documents/bench_models.json" \
    <(jq 'del(.results[2].target.name)' "$documents/bench_models.json")
expect 2 'missing argument: OLD and NEW' "$proctor" diff "$documents/load.json"
expect 2 'only two documents' "$proctor" diff a b c
expect 2 'only one of them can be -' "$proctor" diff - -

end_of_test "exports are read as they are meant, and unlike runs are told apart"
