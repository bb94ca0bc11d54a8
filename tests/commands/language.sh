#!/usr/bin/env bash
# What proctor says in French and German: all of it is translated, and what programs read is the
# same in every language.
#
# Usage: language.sh PROCTOR
set -euo pipefail
proctor=$(realpath "$1")
# shellcheck source=tests/commands/end_to_end.sh
. "$(dirname "$0")/end_to_end.sh"

### The catalogs

../scripts/update-catalogs --template "$work/proctor.pot"
diff -u ../po/proctor.pot "$work/proctor.pot" >&2 ||
    fail 'po/proctor.pot is not what the sources have: run scripts/update-catalogs'
for catalog in ../po/fr.po ../po/de.po; do
    said=$(msgfmt --check --statistics -o "$work/catalog.mo" "$catalog" 2>&1) || fail "$catalog: $said"
    grep -qE '^[0-9]+ translated messages\.$' <<<"$said" || fail "$catalog: $said"
    msgcmp "$catalog" "$work/proctor.pot" || fail "$catalog has other texts than the sources"
    ! msgattrib --only-fuzzy "$catalog" | grep -q . || fail "$catalog has fuzzy texts"
done

# Whatever is found and noted goes through gettext: no bare string stands in such a call.
python3 - ../grader/*/*.c <<'PYTHON' || fail 'a text that is shown is not marked'
import re, sys
calls = re.compile(r'\b(act_find|find_spinning|find_going_on|act_serve|act_await_answers|'
                   r'evidence_note|act_note_deed)\(')
rows = re.compile(r'\b(text_of|evidence_note)\(') # all that evidence.c says is shown
text = re.compile(r'"(?:[^"\\]|\\.)*"')
found = 0
for path in sys.argv[1:]:
    source = open(path, encoding="utf-8").read()
    for call in (rows if path.endswith("/evidence.c") else calls).finditer(source):
        depth, end = 1, call.end()
        while depth:
            quoted = text.match(source, end)
            end = quoted.end() if quoted else end + 1
            depth += 0 if quoted else {"(": 1, ")": -1}.get(source[end - 1], 0)
        arguments = re.sub(r'\b_\((?:\s*"(?:[^"\\]|\\.)*")+\s*\)', "", source[call.end():end])
        bare = [t for t in text.findall(arguments) if re.search("[a-z]{2}", re.sub("%[.*]*[a-z]+", "", t))]
        if bare:
            print(path, call.group(1), bare, file=sys.stderr)
            found += len(bare)
sys.exit(found > 0)
PYTHON

### One grading in three languages

solution=coursework/tp1-threads/wrong_never_closes.py
declare -A title=([en]='the server sleeps when there is nothing to do'
    [fr]="le serveur dort quand il n'y a rien à faire"
    [de]='der Server schläft, wenn nichts zu tun ist')
declare -A finding=([en]='the connection is not closed' [fr]="la connexion n'est pas fermée"
    [de]='die Verbindung wird nicht geschlossen')
declare -A score=([en]='13 of 20 points \(partial\)' [fr]='13 points sur 20 \(partiel\)'
    [de]='13 von 20 Punkten \(teilweise\)')
for language in en fr de; do
    expect 1 "${title[$language]}" "$proctor" grade tp1-threads "$solution" --language "$language" \
        --output "$work/$language" --json "$work/$language.json" --format html --format tap
    for text in "${finding[$language]}" "${score[$language]}"; do
        grep -qE "$text" "$work/out" || fail "$language does not say '$text'"
    done
    grep -q "<html lang=\"$language\"" "$work/$language"/grades/*.html || fail "$language: lang of a page"
    grep -q "<html lang=\"$language\"" "$work/$language/class.html" || fail "$language: lang of the class"
    grep -qE '^not ok 5 ' "$work/$language"/grades/*.tap || fail "$language: words of TAP"
    grep -q '^  verdict: fail$' "$work/$language"/grades/*.tap || fail "$language: verdict in TAP"
    grep -qE '>[0-9]+\.[0-9]+</td>' "$work/$language"/grades/*.html || fail "$language: a number"
    jq -e ".language == \"$language\" and .points == 13" "$work/$language.json" >/dev/null ||
        fail "$language: language or points of the document"
    jq '[.verdict, .points, (.checks[] | [.id, .verdict, .points, .visibility, .decided_by,
        [.evidence[] | .kind], (keys | sort)])]' "$work/$language.json" >"$work/$language.same"
done
for language in fr de; do
    cmp "$work/en.same" "$work/$language.same" || fail "$language: other things than words differ"
    jq -r '.checks[] | .title, .finding, .hint // empty' "$work/$language.json" >"$work/texts"
    jq -r '.checks[] | .title, .finding, .hint // empty' "$work/en.json" | grep -xFf - "$work/texts" >&2 &&
        fail "$language: said in English"
done

### The evidence, and who asks for the language

# said_in LANGUAGE FILE: what the evidence says, numbers and words of the submission's own apart.
said_in() {
    jq -r '.checks[].evidence[] | select(.kind != "output") | .text | gsub("[0-9a-f]{16}|[0-9]+"; "N")' "$2" |
        sort -u >"$work/$1.said"
}
# On a server that serves one client at a time.
sequential=("$proctor" grade second-client --expect served)
one_client=(python3 submissions/sequential_echo.py)
for language in en fr de; do
    code=0
    "${sequential[@]}" --language "$language" --json "$work/$language.json" -- "${one_client[@]}" \
        >"$work/out" || code=$?
    [ "$code" -eq 1 ] || fail "$language: exit $code"
    jq '[.checks[] | [.id, .verdict, (.evidence[] | select(.kind != "note") | .kind, .call, .waits_on, .state
        | strings)]]' "$work/$language.json" >"$work/$language.rows"
    said_in "$language" "$work/$language.json"
done
cmp "$work/en.rows" "$work/fr.rows" && cmp "$work/en.rows" "$work/de.rows" || fail 'what programs read was translated'
# A server that ends, one that is stopped, one that floods: whatever the evidence says is translated.
for server in dies_of_a_word stops_itself leaves_an_orphan needs_a_file two_ports zombies; do
    for language in en fr de; do
        words=(python3 "wrong/$server.py")
        if [ -e "wrong/$server.c" ] && [ ! -e "wrong/$server.py" ]; then
            "${CC:-cc}" -std=gnu17 -D_GNU_SOURCE -I.. -O1 -pthread -o "$work/$server" "wrong/$server.c"
            words=("$work/$server")
        fi
        "$proctor" grade checks --only serves-one-client,second-client-served,nothing-left-behind,ends-on-SIGTERM \
            --language "$language" --json "$work/$server.$language.json" -- "${words[@]}" >/dev/null 2>&1 || true
        said_in "$language" "$work/$server.$language.json"
        [ "$language" = en ] || ! comm -12 "$work/en.said" "$work/$language.said" | grep -q . ||
            fail "$server, $language: in English: $(comm -12 "$work/en.said" "$work/$language.said")"
    done
done

in_environment() { env -u LC_ALL -u LC_MESSAGES -u LANG -u LANGUAGE "$@"; }
blocked=("${sequential[@]}" -- "${one_client[@]}")
expect 1 'conseil : Aucun client' in_environment LANG=fr_FR.UTF-8 "${blocked[@]}"
expect 1 'Hinweis: Kein Client' in_environment LANG=fr_FR.UTF-8 LC_MESSAGES=de_AT "${blocked[@]}"
expect 1 'hint: No client is served' in_environment LANG=fr_FR.UTF-8 LC_ALL=C "${blocked[@]}"
expect 1 'hint: No client is served' in_environment LANG=tlh_KX.UTF-8 "${blocked[@]}"
expect 1 'hint: No client is served' in_environment "${blocked[@]}"
expect 1 'hint: No client is served' in_environment LANG=fr_FR.UTF-8 "${sequential[@]}" --language en -- \
    "${one_client[@]}"
expect 0 '^SIGTERM|SIGTERM termine le serveur' in_environment LANG=fr "$proctor" list checks
expect 0 'Usage: ' in_environment LANG=fr_FR.UTF-8 "$proctor" grade --help
for language in xx fr_FR '' français; do
    expect 2 "--language: unknown language '$language'; use en, fr or de" \
        "$proctor" grade checks --language "$language" -- true
done
expect 2 "--language: unknown language 'xx'; use en, fr or de" "$proctor" identify --language xx -- true

### Other things that are said

expect 0 'ein Thread für jeden Client' "$proctor" identify --language de -- python3 right/threads.py
grep -q 'vor dem ersten Client: Prozesse: 1' "$work/out" || fail 'identify says its reasons otherwise'
python3 -c "
import sys, zipfile
zipfile.ZipFile(sys.argv[1], 'w').writestr('../../outside.py', 'print(1)')" "$work/ida.zip"
expect 1 '« ../../outside.py » mène hors du dossier' \
    "$proctor" grade tp1-threads "$work/ida.zip" --language fr

end_of_test 'French and German as they should be'
