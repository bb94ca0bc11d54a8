#!/usr/bin/env bash
# proctor report, from outside: pages of the documents in tests/documents, read by parsers and, where
# there is one, by a browser.
#
# Usage: test_report.sh PROCTOR      (GOLDEN_UPDATE=1 writes tests/golden/report anew)
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
    sed -n "/^<figure id=\"run1-$2\"/,/^<\/figure>/p" "$work/$1.html"
}

# What a page must be, whatever it is of: asked of a parser that is not ours.
cat >"$work/look.py" <<'EOF'
import json
import re
import sys
import xml.etree.ElementTree as tree

path, *documents = sys.argv[1:]
text = open(path, encoding="utf-8").read()
root = tree.fromstring(text.replace("<!DOCTYPE html>", "", 1))
for element in root.iter():
    element.tag = element.tag.split("}")[-1]
ids = [element.get("id") for element in root.iter() if element.get("id")]
assert len(ids) == len(set(ids)), "an id twice"

policy = root.find("head/meta[@http-equiv]").get("content")
assert policy == "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'", policy
for element in root.iter():
    for name, value in element.attrib.items():
        assert not name.startswith("on"), name
        if name in ("src", "href", "data", "action", "poster", "srcset"):
            assert value.startswith("#") and value[1:] in ids, (element.tag, name, value)
    assert element.tag not in ("iframe", "object", "embed", "base", "link", "img", "form")
for style in root.iter("style"):
    assert not re.search(r"url\(|@import|image-set", style.text)
for script in root.iter("script"):
    own = script.text if script.get("id") == "report-script" else ""
    assert not re.search(r"https?:|fetch|XMLHttp|import\b|eval|innerHTML", own)

for figure in root.iter("figure"):
    assert figure.find(".//table") is not None, "a figure without a table"
    assert figure.find(".//h3") is not None
    pictures = [e for e in figure.iter("div") if e.get("class") in ("chart", "forest", "order")]
    assert all(picture.get("aria-label") and picture.get("role") for picture in pictures)
    for mark in (m for picture in pictures for m in picture.iter() if m.tag == "use" or m.get("class") == "bar"):
        legend = any(mark in svg for svg in figure.iter("svg") if svg.get("class") == "mark")
        assert legend or mark.findtext("title"), "a mark that says nothing"
for table in root.iter("table"):
    heads = len(table.findall("thead/tr/th"))
    assert all(len(row) == heads for row in table.findall("tbody/tr")) or heads == 0
for row in root.iter("svg"):
    for shape in row.iter():
        for name in ("x", "x1", "x2", "y", "width", "d"):
            assert not re.search("nan|inf", shape.get(name, "")), "no place for a shape"

blocks = [e for e in root.iter("script") if e.get("type") == "application/json"]
of_documents = [json.loads(e.text) for e in blocks if e.get("class") == "document"]
assert of_documents == [json.load(open(d, encoding="utf-8")) for d in documents], "another document"
for block in blocks:
    assert not re.search("[<>&]", block.text)
    json.loads(block.text)
EOF

for document in "${documents[@]}"; do
    name=$(basename "$document" .json)
    page "$name" "$document"
    xmllint --noout "$work/$name.html" || fail "$name: not well-formed"
    python3 "$work/look.py" "$work/$name.html" "$document" || fail "$name: see above"
done
page again documents/bench_models.json
cmp "$work/bench_models.html" "$work/again.html" || fail "not the same bytes"
page all "${documents[@]}"
python3 "$work/look.py" "$work/all.html" "${documents[@]}" || fail "all together: see above"
[ "$(grep -c '<section class="run"' "$work/all.html")" -eq "${#documents[@]}" ] ||
    fail "not a section for each document"
[ "$(grep -c '^<li><a href="#run' "$work/all.html")" -eq "${#documents[@]}" ] ||
    fail "no list of contents"

# Verdicts stand in words.
says() {
    grep -qF -- "$2" "$work/$1.html" || fail "$1 does not say '$2'"
}
says compare_worse '<b>worse</b>: ./new {port} is worse than epoll'
says compare_worse 'is called worse in 1 % of comparisons at most'
says compare_same '<b>same</b>'
says compare_inconclusive '<b>inconclusive</b>'
says compare_trouble 'it cannot be started: No such file or directory'
says bench_models '<b>10 clients</b>: throughput: epoll and io_uring are best, and cannot be told apart'
says bench_models 'select, 1000 clients</b>: cannot serve 1000 clients'
says bench_models '999 clients were never served'
says load '64 of 64 clients served, 78.5k/s'
says load 'other programs took 6 % of the processors while the load ran'

# repeats NAME: the command to repeat a run as a shell reads it, one word a line in $work/words.
repeats() {
    local command
    command=$(sed -n 's/^.*<pre><code>\(proctor .*\)<\/code><\/pre>$/\1/p' "$work/$1.html" |
        python3 -c 'import html, sys; print(html.unescape(sys.stdin.read()))')
    eval "printf '%s\n' $command" >"$work/words"
}
repeats compare_worse
[ "$(paste -sd '|' "$work/words")" = \
    'proctor|compare|epoll|./new {port}|--clients|64|--budget|60s|--must-catch|5%|--slice|0.1s|--engine|epoll|--seed|1' ] ||
    fail "the command of a comparison: $(cat "$work/words")"
repeats bench_models
[ "$(grep -A1 -x -e --models "$work/words" | tail -n 1)" = sequential,fork,prefork,thread,pool,select,poll,epoll,io_uring ] ||
    fail "a bench without its models"
repeats bench_awkward
for word in '--against' "'; DROP TABLE runs; -- \ back=./server {port} '; DROP TABLE runs; -- \ back" \
    'ended <early>=127.0.0.1:9500' --reference =1+1 --repetitions --rounds; do
    grep -qxF -e "$word" "$work/words" || fail "a bench to be repeated without $word"
done

jq '.seed = 1795305600 | .plan.warmup_s = 0 | .results[0].cell |= (. + {protocol: "http", path: "/a b",
    rate: 12345678901, arrivals: "poisson", silent: 3})' documents/load.json >"$work/open.json"
page open "$work/open.json"
repeats open
for option in '--seed|1795305600' '--warmup|0s' '--protocol|http' '--path|/a b' '--rate|12345678901' \
    '--arrivals|poisson' '--idle|3' '--engine|epoll'; do
    paste -sd '|' "$work/words" | grep -qF -e "|$option" || fail "a load to be repeated without $option"
done

# What could not be compared is said in words, as it is in no list.
jq '.comparisons |= map(select(.metric | test("syscalls") | not))
    | .reasons += ["server_syscalls_per_request: could not be counted, and is not gated"]' \
    documents/compare_same.json >"$work/uncounted.json"
page uncounted "$work/uncounted.json"
says uncounted 'system calls per request: could not be counted, and is not gated'
jq '.comparisons = [] | .controls = [] | .reasons = ["p50_ns: inconclusive"]' \
    documents/compare_inconclusive.json >"$work/nothing.json"
page nothing "$work/nothing.json"
says nothing 'p50 latency: inconclusive'
! grep -A1 -x '<ul>' "$work/nothing.html" | grep -qx '</ul>' || fail "an empty list"

# A change that is not known does not move the others.
jq '.comparisons[0] |= (.change = null | .low = null | .high = null)' documents/compare_same.json \
    >"$work/unknown.json"
page unknown "$work/unknown.json"
ticks() { figure "$1" comparisons | grep -o '<div class="row axis".*' ; }
page known documents/compare_same.json
[ "$(ticks unknown)" = "$(ticks known)" ] || fail "an unknown change moves the scale"

# Nothing answered is no latency of 0.
jq '.results[0].latency_ns |= (map_values(null) | .count = 0)' documents/load.json >"$work/unanswered.json"
page unanswered "$work/unanswered.json"
! grep -q 'half of the requests' "$work/unanswered.html" || fail "a latency of nothing"

# Pictures, byte for byte: a change of them must have been meant.
for one in compare_worse.comparisons compare_worse.order compare_inconclusive.latency \
    bench_awkward.rankings bench_models.throughput; do
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
    expect 2 "^proctor: $broken: " \
        "$proctor" report documents/load.json "$broken" --output "$work/none.html"
    [ "$(wc -l <"$work/err")" -eq 1 ] || fail "more than one sentence of $broken"
    [ ! -e "$work/none.html" ] || fail "a page of $broken"
done
expect 2 'missing FILE' "$proctor" report --output "$work/none.html"
expect 2 'missing --output FILE' "$proctor" report documents/load.json
expect 3 'cannot write' "$proctor" report documents/load.json --output "$work/absent/none.html"
"$proctor" report - --output - <documents/load.json >"$work/piped.html" || fail "not from a pipe"
python3 "$work/look.py" "$work/piped.html" documents/load.json || fail "piped: see above"

# A document of little: every figure has to do without.
jq '{schema, tool, time, machine, plan: {command: "bench"}, results: [.results[0] |
    {target, cell}]}' documents/load.json >"$work/little.json"
page little "$work/little.json"
python3 "$work/look.py" "$work/little.html" "$work/little.json" || fail "little: see above"

browser=$(command -v chromium || command -v chromium-browser || true)
if [ -z "$browser" ]; then
    echo "no chromium here: no page is looked at in a browser"
    end_of_test "reports in order"
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

browse all
[ ! -s "$work/console" ] || fail "the browser complains: $(head -n 3 "$work/console")"
[ "$(count all '<figure')" -gt 20 ] || fail "no figures in the browser"
[ "$(count all '<button[^>]*hidden')" -eq 0 ] || fail "documents cannot be saved"

# Without scripts nothing is folded away. (The browser that runs none prints no page either; a
# policy that allows none is as good.)
sed "s/; script-src 'unsafe-inline'//" "$work/all.html" >"$work/still.html"
browse still
[ "$(count still '<button[^>]*hidden')" -gt 0 ] || fail "scripts have run"
folded=$(grep -o '<details[^>]*>' "$work/still.dom" | grep -cv 'open=' || true)
[ "$folded" -eq 0 ] || fail "$folded tables are folded without scripts"

end_of_test "reports in order"
