#!/usr/bin/env bash
# What programs that are not ours read in our gradebooks: every format, every document of
# golden/gradebook, the hostile one too.
#
# Usage: gradebook_parsers.sh RENDER_GRADEBOOK
set -euo pipefail
render=$(realpath "$1")
# shellcheck source=tests/commands/end_to_end.sh
proctor=$render . "$(dirname "$0")/end_to_end.sh"
documents=golden/gradebook

# show FORMAT NAME...: renders the documents to $work/out.
show() {
    local format=$1
    shift
    "$render" "$format" "${@/#/$documents/}" >"$work/out" || fail "$format $*: not rendered"
}

# holds EXPRESSION WHAT: the jq expression is true of $work/out.
holds() {
    jq --exit-status "$1" "$work/out" >/dev/null || fail "$2: not so: $1"
}

mapfile -t names < <(cd "$documents" && ls -- *.json)
[ "${#names[@]}" -ge 6 ] || fail "only ${#names[@]} documents"

### JSON ###

for name in "${names[@]}"; do
    for format in gradescope classroom50 prairielearn; do
        show "$format" "$name"
        if [ "$name" = error.json ] && [ "$format" != prairielearn ]; then
            [ ! -s "$work/out" ] || fail "$format has a file without a grade"
            continue
        fi
        holds 'type == "object"' "$format $name"
    done
    [ "$name" != error.json ] || continue
    show classroom50 "$name"
    holds '[.score, ."max-score", (.tests[] | .score, ."max-score")] | all(. == floor)' "$name"
    holds '([.tests[]."test-name"] | length) == ([.tests[]."test-name"] | unique | length)' "$name"
    show gradescope "$name"
    holds '[.tests[].status] - ["passed", "failed"] == []' "$name"
    show prairielearn "$name"
    holds '.score >= 0 and .score <= 1 and .gradable' "$name"
done
show classroom50 partial.json
holds '.score == ([.tests[].score] | add) and ."max-score" == ([.tests[]."max-score"] | add)' sums
show prairielearn error.json
holds '.gradable == false and (has("score") | not)' 'an error'
show gradescope inconclusive.json
holds '[.tests[].status] == ["passed", "passed", "failed"]' 'inconclusive'

### JUnit ###

show junit "${names[@]}"
xmllint --noout "$work/out" || fail "JUnit: not well-formed"
# count XPATH: how many there are.
count() {
    xmllint --xpath "count($1)" "$work/out"
}
[ "$(count //testsuite)" -eq "${#names[@]}" ] || fail "JUnit: not a suite for each"
for suite in $(seq "${#names[@]}"); do
    for what in failure error skipped; do
        attribute=${what/failure/failures}
        attribute=${attribute/%error/errors}
        said=$(xmllint --xpath "string(//testsuite[$suite]/@$attribute)" "$work/out")
        [ "$(count "//testsuite[$suite]/testcase/$what")" -eq "$said" ] || fail "JUnit: $attribute"
    done
    said=$(xmllint --xpath "string(//testsuite[$suite]/@tests)" "$work/out")
    [ "$(count "//testsuite[$suite]/testcase")" -eq "$said" ] || fail "JUnit: tests"
done
[ "$(count '//testcase[count(failure|error|skipped) > 1]')" -eq 0 ] || fail "JUnit: two outcomes"
[ "$(count '//testsuite[@name="dave"]//error')" -eq 1 ] || fail "JUnit: an error is missing"
python3 - "$work/out" <<'END' || fail "JUnit: cases of the same name"
import sys, xml.etree.ElementTree as tree
cases = [(case.get("classname"), case.get("name")) for case in tree.parse(sys.argv[1]).iter("testcase")]
assert len(cases) == len(set(cases))
END

### TAP ###

# show_tap NAME: as a reader of version 13 takes it, as Perl's is in Debian 12: it refuses the
# number 14, but there is nothing else in it that it would not know.
show_tap() {
    show tap "$1.json"
    [ "$(head -n 1 "$work/out")" = 'TAP version 14' ] || fail "TAP: $1 has no version"
    sed -i '1s/14/13/' "$work/out"
}

# tap NAME EXPECTED: what Perl's reader counts, "passed failed skipped".
tap() {
    local got
    show_tap "$1"
    got=$(perl -MTAP::Parser -e '
        my $parser = TAP::Parser->new({tap => do { local $/; <STDIN> }});
        $parser->run;
        print join(" ", map { scalar @$_ } [$parser->passed], [$parser->failed], [$parser->skipped]);
        print " ", $_ for $parser->parse_errors;' <"$work/out")
    [ "$got" = "$2" ] || fail "TAP: $1: '$got', not '$2'"
}
tap full '3 0 0'
tap partial '4 3 2'
tap inconclusive '3 0 2'
tap empty '0 0 0'
tap hostile '3 2 2'
show_tap full
prove --quiet --exec cat "$work/out" >"$work/prove" 2>&1 || fail "prove: full marks fail"
show_tap hostile
! prove --quiet --exec cat "$work/out" >"$work/prove" 2>&1 || fail "prove: failures pass"
grep -q 'Failed 2/5 subtests' "$work/prove" || fail "prove: $(cat "$work/prove")"
show_tap error
! prove --quiet --exec cat "$work/out" >"$work/prove" 2>&1 || fail "prove: an error passes"
grep -q 'Bailout called' "$work/prove" || fail "prove: no bailing out: $(cat "$work/prove")"

### Moodle ###

show moodle "${names[@]}"
python3 - "$work/out" "${#names[@]}" <<'END' || fail "Moodle: not so"
import csv, html, sys
with open(sys.argv[1], newline="", encoding="utf-8") as stream:
    header, *rows = csv.reader(stream, strict=True)
assert len(header) == 3 and len(set(header)) == 3 and header[2] == header[1] + " (feedback)"
assert len(rows) == int(sys.argv[2])
for submission, points, feedback in rows:
    assert submission and submission[0] not in "=+-@\t", submission
    assert points == "" or 0 <= float(points) <= 100, points
    assert feedback[0] not in "=+-@\t" and "<" not in feedback, feedback
marks = {row[0]: row[1] for row in rows}
assert marks["bob"] == "5.5" and marks["dave"] == "", marks
assert "<script>alert(1)</script>" in html.unescape(rows[[*marks].index("'=cmd|'/C calc'!A0")][2])
END

show moodle-rest "${names[@]}"
python3 - "$work/out" <<'END' || fail "Moodle: not so what is not imported"
import csv, sys
with open(sys.argv[1], newline="", encoding="utf-8") as stream:
    header, *rows = csv.reader(stream, strict=True)
assert [row[:2] for row in rows] == [["dave", ""]] and "no grade" in rows[0][2], rows
END

### GitHub ###

for name in "${names[@]}"; do
    show github "$name"
    ! grep -vE '^::(error|warning|notice) title=[^:,]+::' "$work/out" || fail "GitHub: $name"
    grep -q 'Autograding complete' "$work/out" || [ "$name" = error.json ] || fail "no notice: $name"
done
show github hostile.json
[ "$(grep -c '^::error ' "$work/out")" -eq 1 ] || fail "GitHub: a forged error"
sed -n 's/^::notice title=Autograding report:://p' "$work/out" >"$work/report"
jq -e '.totalPoints == 2.25 and .maxPoints == 10' "$work/report" >/dev/null || fail "the report"

# The reporter of GitHub Classroom: a line for GITHUB_OUTPUT, decoded as it does, and its two sums.
for name in "${names[@]}"; do
    show classroom "$name"
    [ "$(wc -l <"$work/out")" -eq 1 ] || fail "Classroom: $name is not one line"
    grep -qE '^result=[A-Za-z0-9+/]+={0,2}$' "$work/out" || fail "Classroom: $name is no output"
    sed 's/^result=//' "$work/out" | base64 --decode >"$work/decoded" || fail "Classroom: $name"
    mv "$work/decoded" "$work/out"
    holds 'keys == ["max_score", "status", "tests", "version"] and .version == 1' "Classroom $name"
    holds '.status | IN("pass", "fail", "error")' "Classroom $name"
    holds '[.tests[] | keys] - [["duration", "filename", "line_no", "message", "name", "score",
        "status", "test_code"]] == []' "Classroom $name"
    holds '[.max_score, (.tests[] | .score, .line_no)] | all(type == "number" and . == floor)' "$name"
    holds '([.tests[].score] | add // 0) <= .max_score' "Classroom $name"
    holds '(.status == "pass") == (.tests | all(.status == "pass"))' "Classroom $name"
    holds '[.tests[] | select(.status == "pass") | .message // "could not"] | all(test("could not"))' "$name"
    cp "$work/out" "$work/classroom.$name"
done
# sums NAME EXPECTED: "points/most", as the reporter adds them up.
sums() {
    local got
    got=$(jq -r 'if .max_score > 0 then "\([.tests[].score] | add)/\(.max_score)" else "none" end' \
        "$work/classroom.$1.json")
    [ "$got" = "$2" ] || fail "Classroom: $1 has the mark $got, not $2"
}
sums full 10/10
sums partial 11/22
sums error none
jq -e '.status == "error" and .tests[0].status == "error" and .tests[0].score == 0' \
    "$work/classroom.error.json" >/dev/null || fail "Classroom: an error"
! grep -qiE 'secret|later-check|pointless' "$work/classroom.partial.json" || fail "Classroom: a secret"

# What the tags of a page are, and whether it holds what acts; tags of $2, all closed in order.
cat >"$work/tags.py" <<'END'
import html.parser, sys
class Page(html.parser.HTMLParser):
    open_tags, alone = [], {"meta", "br", "line", "circle", "rect"}
    def handle_starttag(self, tag, attributes):
        assert tag in sys.argv[2].split(), tag
        for name, value in attributes:
            assert not name.startswith("on") and name not in ("src", "action", "style"), name
            assert name != "href" or value.startswith("#"), value
        if tag not in self.alone:
            self.open_tags.append(tag)
    def handle_endtag(self, tag):
        if tag not in self.alone:
            assert self.open_tags.pop() == tag, tag
page = Page()
page.feed(open(sys.argv[1], encoding="utf-8").read())
page.close()
assert page.open_tags == [], page.open_tags
END
for name in "${names[@]}"; do
    show github-summary "$name"
    cmark-gfm --unsafe --extension table --extension autolink --extension strikethrough \
        "$work/out" >"$work/page" || fail "Markdown: $name"
    python3 "$work/tags.py" "$work/page" \
        "h2 p pre code table thead tbody tr th td details summary" || fail "Markdown: tags of $name"
    rows=$(grep -c '<tr>' "$work/page" || true)
    checks=$(jq '.checks | length' "$documents/$name")
    [ "$rows" -eq "$((checks + (checks > 0)))" ] || fail "Markdown: $rows rows in $name"
done

### HTML ###

for name in "${names[@]}"; do
    show html "$name"
    xmllint --noout "$work/out" || fail "HTML: $name is not well-formed"
    python3 "$work/tags.py" "$work/out" \
        "html head meta title style body main h1 h2 p br code strong pre section table thead tbody
         tr th td a figure figcaption div svg text line circle rect" || fail "HTML: tags of $name"
done
# Text is as legible in the dark as in the light: what WCAG 2.1 asks of contrast, 4.5, for every
# colour of letters on both grounds; 3 for lines that one must see.
python3 - "$work/out" <<'END' || fail "HTML: not legible"
import re, sys
page = open(sys.argv[1], encoding="utf-8").read()
def ground(text):
    return dict(re.findall(r"--(\w+): (#[0-9a-f]+)", text))
def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[i:i + 2], 16) / 255 for i in (0, 2, 4)]
    parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(c * weight for c, weight in zip(parts, (0.2126, 0.7152, 0.0722)))
def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
roots = [ground(text) for text in re.findall(r":root \{([^}]*)\}", page)]
assert len(roots) == 3 and all(root.keys() == roots[0].keys() for root in roots[1:]), roots
for root in roots:
    for letters in "ink", "faint", "pass", "fail", "open", "link":
        for paper in "paper", "block":
            assert contrast(root[letters], root[paper]) >= 4.5, (letters, paper, root)
assert "@media (max-width:" in page and "@media print" in page
END
show html full.json
[ "$(xmllint --xpath "count(//*[local-name()='circle'])" "$work/out")" -eq 6 ] || fail "timeline"
[ "$(xmllint --xpath "count(//*[local-name()='rect'])" "$work/out")" -eq 3 ] || fail "waits"

### Lines of standard output ###

for name in "${names[@]}"; do
    show vpl "$name"
    grades=$(grep -cE 'Grade *:=>>' "$work/out" || true)
    [ "$grades" -eq "$([ "$name" = error.json ] && echo 0 || echo 1)" ] || fail "VPL: $name"
    [ "$(grep -cE '^(<\|--|--\|>)' "$work/out")" -eq 2 ] || fail "VPL: a forged mark in $name"
    ! sed '1,/^--|>$/!d' "$work/out" | grep -vE '^[->]|^<\|--$|^--\|>$' || fail "VPL: $name"
    show autolab "$name"
    [ "$name" = error.json ] || holds '.scores | length == 1' "Autolab: $name"
done
show autolab partial.json
holds '.scores."tp1-threads" == 5.5' "Autolab"

### Everything that keeps lines ###

# No line of any format is a command to whoever reads the output of a step or of VPL.
for format in text html junit moodle moodle-rest tap github-summary gradescope classroom50 prairielearn \
    autolab; do
    show "$format" hostile.json
    ! grep -nE '^[[:space:]]*::|##\[|:=>>|^[[:space:]]*(--\|>|<\|--)' "$work/out" || fail "$format"
    [ "$format" = tap ] ||
        ! grep -niE '^[[:space:]]*(not )?ok\b|^[[:space:]]*bail out|^1\.\.' "$work/out" ||
        fail "$format: a point"
    ! LC_ALL=C grep -nP '[\x00-\x08\x0B\x0C\x0E-\x1F\x7F]' "$work/out" || fail "$format: controls"
    iconv -f utf-8 -t utf-8 "$work/out" >/dev/null || fail "$format: no UTF-8"
done

end_of_test "gradebooks are read as they are meant"
