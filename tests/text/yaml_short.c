/* What may be written shorter in a YAML text, and what it becomes. */
#include "text/yaml_short.h"

#include "base/bytes.h"
#include "text/yaml_text.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static const struct yaml_short_form forms[] = {
    {"files", YAML_SHORT_NAMED, "text"},      {"rows", YAML_SHORT_NAMED, NULL},
    {"rows.*.run", YAML_SHORT_ONE, NULL},     {"rows.*.with", YAML_SHORT_NAMED, "value"},
    {"said", YAML_SHORT_TEXT, "text"},        {"steps.*.said", YAML_SHORT_ONE, NULL},
    {"steps.*.said.*", YAML_SHORT_TEXT, "x"}, {"names", YAML_SHORT_ONE, NULL},
    {"names", YAML_SHORT_RANGES, NULL},       {.place = NULL},
};

/* The text of the document once short forms are long, or what is wrong with its line before it. */
static char *expand(const char *text)
{
    yaml_document_t document;
    unsigned line = 0;
    char *trouble = NULL;
    struct bytes result = {0};
    if (yaml_text_parse(text, strlen(text), "a text", &document, &line, &trouble) == 0) {
        trouble = yaml_short_expand(&document, forms, &line);
        if (trouble == NULL)
            result = yaml_text_write(&document);
        yaml_document_delete(&document);
    }
    if (trouble != NULL)
        bytes_print(&result, "%u: %s\n", line, trouble);
    free(trouble);
    return bytes_take_text(&result);
}

static void becomes(const char *text, const char *expected)
{
    char *got = expand(text);
    char *end = strstr(got, "\n...\n");
    if (end == NULL)
        end = strchr(got, '\0') - (*got != '\0');
    *end = '\0';
    cr_expect_str_eq(got, expected, "%s\nbecame %s\nnot    %s", text, got, expected);
    free(got);
}

Test(yaml_short, makes_lists_of_names_in_their_order)
{
    becomes("files: {b/c.txt: hello, a.txt: {times: 3}}",
            "{\"files\": [{\"name\": \"b/c.txt\", \"text\": \"hello\"}, {\"name\": \"a.txt\", "
            "\"times\": \"3\"}]}");
    becomes("files: {}", "{\"files\": []}");
    becomes("files: {a: [x]}", "{\"files\": [{\"name\": \"a\", \"text\": [\"x\"]}]}");
    becomes("rows: {one: {run: a, with: {B: c}}, two: {run: [d, e]}}",
            "{\"rows\": [{\"name\": \"one\", \"run\": [\"a\"], \"with\": [{\"name\": \"B\", "
            "\"value\": \"c\"}]}, {\"name\": \"two\", \"run\": [\"d\", \"e\"]}]}");
}

Test(yaml_short, makes_mappings_of_texts_and_lists_of_one)
{
    becomes("said: hi", "{\"said\": {\"text\": \"hi\"}}");
    becomes("said: {text: hi, more: 1}", "{\"said\": {\"text\": \"hi\", \"more\": \"1\"}}");
    becomes("steps:\n- said: a\n- said: [b, {x: c}]\n- other: d",
            "{\"steps\": [{\"said\": [{\"x\": \"a\"}]}, {\"said\": [{\"x\": \"b\"}, {\"x\": "
            "\"c\"}]}, {\"other\": \"d\"}]}");
}

Test(yaml_short, leaves_alone_what_has_no_row)
{
    becomes("other: {files: {a: b}}", "{\"other\": {\"files\": {\"a\": \"b\"}}}");
    becomes("- files: {a: b}", "[{\"files\": {\"a\": \"b\"}}]");
    becomes("{[a, b]: {said: x}}", "{? [\"a\", \"b\"] : {\"said\": \"x\"}}");
    becomes("\"files.a\": {b: c}", "{\"files.a\": {\"b\": \"c\"}}");
    becomes("word", "\"word\"");
    becomes("a: \"tab\\t nul\\0 é \\u2028\"",
            "{\"a\": \"tab\\t nul\\0 \\xE9 \\L\"}"); /* the same text for YAML */
}

Test(yaml_short, writes_ranges_out)
{
    becomes("names: [a, c9..c11, b2]", "{\"names\": [\"a\", \"c9\", \"c10\", \"c11\", \"b2\"]}");
    becomes("names: c7..c7", "{\"names\": [\"c7\"]}");
    becomes("names: a", "{\"names\": [\"a\"]}");
    static const char *const wrong[] = {"c1..d2",  "c2..c1",    "c1..", "..c2",
                                        "c1..c2x", "c1..c9999", "a..b"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char text[100], expected[200];
        snprintf(text, sizeof text, "a: 1\nnames: %s", wrong[i]);
        snprintf(expected, sizeof expected,
                 "2: '%s' is no range: write the first and the last, c1..c64", wrong[i]);
        becomes(text, expected);
    }
}

Test(yaml_short, keeps_names_of_any_length)
{
    char text[600] = "other: {";
    memset(text + strlen(text), 'n', 300);
    strcat(text, ": {said: x}}");
    char *got = expand(text);
    cr_expect(strstr(got, "said\": \"x\"") != NULL, "%s", got);
    free(got);
}

Test(yaml_short, names_the_line_of_what_it_refuses)
{
    becomes("a: 1\nfiles: [a]", "2: 'files' must be a mapping of names, not a list");
    becomes("files: text", "1: 'files' must be a mapping of names, not a word");
    becomes("files:", "1: 'files' must be a mapping of names, not nothing");
    becomes("files:\n  a: x\n  b: y\n  a: z", "4: duplicate key 'a'");
    becomes("files:\n  a: x\n  [b]: y", "3: a name of 'files' must be a word, not a list");
    becomes("files: {\"a\\0\": x}", "1: a name of 'files' contains a NUL byte");
    becomes("rows:\n  one: {run: a}\n  two: b", "3: 'two' must be a mapping, not a word");
    becomes("\nsaid: [a]", "2: 'said' must be a word or a mapping, not a list");
}

Test(yaml_short, keeps_the_lines_of_what_it_makes)
{
    static const char text[] = "files:\n  a: x\n  b:\n    text: y\n";
    yaml_document_t document;
    unsigned line = 0;
    char *trouble = NULL;
    cr_assert(yaml_text_parse(text, strlen(text), "a text", &document, &line, &trouble) == 0);
    cr_assert_null(yaml_short_expand(&document, forms, &line));
    for (unsigned entry = 1; entry <= 2; entry++) {
        struct yaml_walk walk = yaml_walk_begin(&document);
        yaml_walk_enter_key(&walk, "files");
        yaml_walk_enter_entry(&walk, entry);
        cr_expect_eq(walk.line, entry + 1);
        yaml_walk_enter_key(&walk, "text");
        cr_expect_eq(walk.line, entry == 1 ? 2 : 4);
    }
    yaml_document_delete(&document);
}
