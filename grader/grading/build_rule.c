/* Theory of operation: the entry is built alone if that does, and with the files beside it if not.
 * A folder often holds several programs (a server, a client, tests), so taking all files of a
 * language at once would give two main functions; and taking the entry alone would leave out its
 * modules. Where a language has a file that says what belongs together (go.mod, Cargo.toml), that
 * decides.
 *
 * All that a build makes besides {out} lies below {out}.d, and is removed.
 */
#include "grader/grading/build_rule.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* C and C++. The objects of the other files are linked, too, but for those with a main function of
 * their own; one that cannot be compiled is shown only if it would have been needed. */
#define BUILD_OF_C(compile, suffixes)                                                              \
    "p={out}; o=$p.d; e={entry}; d=$(dirname \"$e\"); mkdir -p \"$o\"\n"                           \
    "compile() { " compile " -O1 -g -pthread -I \"$d\" -c \"$@\"; }\n"                             \
    "link() { " compile " -pthread -o \"$p\" \"$@\" -lm; }\n"                                      \
    "compile -o \"$o/entry.o\" \"$e\"\n"                                                           \
    "if ! link \"$o/entry.o\" 2>\"$o/said\"; then\n"                                               \
    "  find \"$d\" " suffixes " >\"$o/files\"\n"                                                   \
    "  n=0; : >\"$o/trouble\"\n"                                                                   \
    "  while IFS= read -r f; do\n"                                                                 \
    "    n=$((n + 1))\n"                                                                           \
    "    [ \"$f\" != \"$e\" ] || continue\n"                                                       \
    "    compile -o \"$o/$n.o\" \"$f\" 2>>\"$o/trouble\" || continue\n"                            \
    "    if nm \"$o/$n.o\" | grep -q ' T main$'; then rm \"$o/$n.o\"; fi\n"                        \
    "  done <\"$o/files\"\n"                                                                       \
    "  link \"$o\"/*.o || { cat \"$o/trouble\"; exit 1; }\n"                                       \
    "fi\n"                                                                                         \
    "rm -rf \"$o\""

/* javac finds other classes where their packages and names say; if a class lies elsewhere, all
 * files are compiled at once. Where no class is called like the file, it is the one with a main
 * function that was compiled from it. What java is given lies in {out}, as a file of options. */
#define BUILD_OF_JAVA                                                                              \
    "e={entry}; o={out}; c=$o.classes; n=$(basename \"$e\" .java)\n"                               \
    "p=$(sed -n 's/^[[:space:]]*package[[:space:]]*\\([A-Za-z0-9_.]*\\).*/\\1/p' \"$e\""           \
    " | head -n 1)\n"                                                                              \
    "s=$(dirname \"$e\")/$(printf '%s' \"${p:+$p.}\" | sed 's/[^.]*\\./..\\//g')\n"                \
    "mkdir -p \"$c\"\n"                                                                            \
    "if ! javac -encoding UTF-8 -d \"$c\" -sourcepath \"$s\" \"$e\" >\"$o.said\" 2>&1; then\n"     \
    "  find \"$s\" -name '*.java' | sed 's/[\\\\\"]/\\\\&/g; s/.*/\"&\"/' >\"$o.files\"\n"         \
    "  if [ \"$(wc -l <\"$o.files\")\" -le 1 ]; then cat \"$o.said\"; exit 1; fi\n"                \
    "  javac -encoding UTF-8 -d \"$c\" \"@$o.files\"\n"                                            \
    "fi\n"                                                                                         \
    "f=$c/$(printf '%s' \"${p:+$p.}\" | tr . /); m=${p:+$p.}$n\n"                                  \
    "if [ ! -e \"$f$n.class\" ]; then\n"                                                           \
    "  m=$(javap -public \"$f\"*.class | awk -v file=\"$n.java\" '\n"                              \
    "    /^Compiled from/ {is_of_file = index($0, \"\\\"\" file \"\\\"\")}\n"                      \
    "    / class / || /^class / {sub(/.*class /, \"\"); class = $1}\n"                             \
    "    / static void main\\(java.lang.String/ && is_of_file {print class; exit}')\n"             \
    "fi\n"                                                                                         \
    "printf '%s\\n' -cp \"$c\" \"${m:-$n}\" >\"$o\"; rm -f \"$o.said\" \"$o.files\""

#define ABOVE(file)                                                                                \
    "d=$(dirname \"$e\")\n"                                                                        \
    "while [ ! -e \"$d/" file "\" ] && [ \"$d\" != . ]; do d=$(dirname \"$d\"); done\n"

/* Both may ask no network: what they need beyond their libraries lies in the submission. */
#define BUILD_OF_GO                                                                                \
    "e={entry}; o=$PWD/{out}; export GOCACHE=\"$o.d\" GOTMPDIR=\"$o.d\" GOPATH=\"$o.d/path\"\n"    \
    "export GOPROXY=off GOTOOLCHAIN=local GOFLAGS=-buildvcs=false; mkdir -p \"$o.d\"\n" ABOVE(     \
        "go.mod") "if [ -e \"$d/go.mod\" ]; then\n"                                                \
                  "  (cd \"$(dirname \"$e\")\" && go build -o \"$o\" .)\n"                         \
                  "else\n"                                                                         \
                  "  export GO111MODULE=off\n"                                                     \
                  "  go build -o \"$o\" \"$e\" 2>\"$o.said\" ||\n"                                 \
                  "    (cd \"$(dirname \"$e\")\" && go build -o \"$o\" .) || { cat \"$o.said\"; "  \
                  "exit 1; }\n"                                                                    \
                  "fi\n"                                                                           \
                  "chmod -R u+w \"$o.d\"; rm -rf \"$o.d\" \"$o.said\""

/* The program is the one that is named like the entry (src/bin/NAME.rs) or like the package. */
#define BUILD_OF_RUST                                                                              \
    "e={entry}; o=$PWD/{out}\n" ABOVE(                                                             \
        "Cargo.toml") "if [ ! -e \"$d/Cargo.toml\" ]; then rustc -O -o \"$o\" \"$e\"; exit; fi\n"  \
                      "CARGO_HOME=$o.home cargo build --quiet --release --offline"                 \
                      " --manifest-path \"$d/Cargo.toml\" --target-dir \"$o.d\"\n"                 \
                      "for n in \"$(basename \"$e\" .rs)\""                                        \
                      " $(sed -n 's/^name *= *\"\\(.*\\)\".*/\\1/p' \"$d/Cargo.toml\"); do\n"      \
                      "  if [ ! -e \"$o\" ] && [ -x \"$o.d/release/$n\" ]; then cp "               \
                      "\"$o.d/release/$n\" \"$o\"; fi\n"                                           \
                      "done\n"                                                                     \
                      "rm -rf \"$o.d\" \"$o.home\"; test -e \"$o\""

static const struct build_rule rules[] = {
    {".py", NULL, "python3 {entry}"},
    {".c", BUILD_OF_C("cc -std=gnu17", "-name '*.c'"), "{out}"},
    {".cc", BUILD_OF_C("c++", "-name '*.cc' -o -name '*.cpp' -o -name '*.cxx'"), "{out}"},
    {".cpp", BUILD_OF_C("c++", "-name '*.cc' -o -name '*.cpp' -o -name '*.cxx'"), "{out}"},
    {".cxx", BUILD_OF_C("c++", "-name '*.cc' -o -name '*.cpp' -o -name '*.cxx'"), "{out}"},
    {".go", BUILD_OF_GO, "{out}"},
    {"go.mod", BUILD_OF_GO, "{out}"},
    {".rs", BUILD_OF_RUST, "{out}"},
    {"Cargo.toml", BUILD_OF_RUST, "{out}"},
    {".java", BUILD_OF_JAVA, "java @{out}"},
    {".jar", NULL, "java -jar {entry}"},
    {".js", NULL, "node {entry}"},
    {".sh", NULL, "sh {entry}"},
    {"", NULL, "{entry}"},
};

/* Does the path end in the suffix, which is that of a name, or a whole name? */
static bool ends_in(const char *path, const char *suffix)
{
    size_t length = strlen(path);
    size_t wanted = strlen(suffix);
    if (length < wanted || strcmp(path + (length - wanted), suffix) != 0)
        return false;
    return suffix[0] == '.' || length == wanted || path[length - wanted - 1] == '/';
}

const struct build_rule *build_rule_of(const char *entry)
{
    const struct build_rule *rule = rules;
    while (rule->suffix[0] != '\0' && (entry == NULL || !ends_in(entry, rule->suffix)))
        rule++;
    return rule;
}
