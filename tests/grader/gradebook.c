/* Gradebooks: whole files as they should be (tests/golden/gradebook), and what must hold of them
 * for any document. GOLDEN_UPDATE=1 writes the files anew. */
#include "grader/gradebook/gradebooks.h"
#include "text/output_file.h"
#include "text/sanitise.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER TESTS_FOLDER "/golden/gradebook/"

static const char *const documents[] = {"full",  "partial", "inconclusive",
                                        "error", "empty",   "hostile"};

#define DOCUMENTS (sizeof documents / sizeof documents[0])

static json_t *load(const char *name)
{
    char path[1024];
    snprintf(path, sizeof path, FOLDER "%s.json", name);
    json_error_t error;
    json_t *document = json_load_file(path, JSON_ALLOW_NUL, &error);
    cr_assert(document != NULL, "%s: %s", path, error.text);
    return document;
}

/* The document and its array are released. The caller frees. */
static char *render_document(const struct gradebook *gradebook, json_t *document)
{
    json_t *grades = json_array();
    json_array_append_new(grades, document);
    struct bytes out = {0};
    gradebook_render(gradebook, grades, &out);
    json_decref(grades);
    char *text = strndup(out.length > 0 ? bytes_front(&out) : "", out.length);
    cr_expect_eq(strlen(text), out.length, "%s has written a NUL", gradebook->name);
    bytes_release(&out);
    return text;
}

static char *render(const char *format, const char *name)
{
    const struct gradebook *gradebook = gradebook_find(format);
    cr_assert(gradebook != NULL, "%s", format);
    return render_document(gradebook, load(name));
}

static json_t *render_json(const char *format, const char *name)
{
    char *text = render(format, name);
    json_t *rendered = json_loads(text, 0, NULL);
    cr_assert(rendered != NULL, "%s", text);
    free(text);
    return rendered;
}

static int write_text(FILE *stream, const void *content)
{
    return fputs(content, stream) < 0 ? -1 : 0;
}

static char *read_text(const char *path)
{
    FILE *stream = fopen(path, "re");
    cr_assert(stream != NULL, "%s is missing: GOLDEN_UPDATE=1 writes it", path);
    char *text = NULL;
    size_t capacity = 0;
    if (getdelim(&text, &capacity, '\0', stream) < 0 && capacity > 0)
        text[0] = '\0';
    fclose(stream);
    return text;
}

static void compare(const struct gradebook *gradebook, const char *name)
{
    char path[1024];
    snprintf(path, sizeof path, FOLDER "%s.%s", name, gradebook->name);
    char *got = render_document(gradebook, load(name));
    if (getenv("GOLDEN_UPDATE") != NULL) {
        cr_expect_eq(output_file_write(path, write_text, got), 0);
    } else {
        char *expected = read_text(path);
        cr_expect(strcmp(got, expected) == 0, "%s is not what is rendered now:\n%s", path, got);
        free(expected);
    }
    free(got);
}

Test(gradebook, renders_every_document_as_before)
{
    for (size_t i = 0; gradebooks[i] != NULL; i++)
        for (size_t j = 0; j < DOCUMENTS; j++)
            compare(gradebooks[i], documents[j]);
}

Test(gradebook, has_names_that_differ)
{
    for (size_t i = 0; gradebooks[i] != NULL; i++) {
        cr_expect_eq(gradebook_find(gradebooks[i]->name), gradebooks[i]);
        cr_expect(gradebooks[i]->file != NULL && gradebooks[i]->summary != NULL);
    }
    cr_expect_eq(gradebook_find("abacus"), NULL);
}

/*** Who sees what ***/

Test(gradebook, tells_students_nothing_of_what_is_hidden)
{
    static const char *const formats[] = {"text",         "html",   "tap",
                                          "classroom50",  "github", "github-summary",
                                          "prairielearn", "vpl",    "autolab"};
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        char *text = render(formats[i], "partial");
        static const char *const secrets[] = {"secret", "later-check", "pointless"};
        for (size_t j = 0; j < sizeof secrets / sizeof secrets[0]; j++)
            cr_expect(strstr(text, secrets[j]) == NULL, "%s: %s", formats[i], text);
        if (strcmp(formats[i], "autolab") != 0)
            cr_expect(strstr(text, "hidden check") != NULL, "%s", formats[i]);
        free(text);
    }
}

Test(gradebook, tells_staff_all)
{
    static const char *const formats[] = {"junit", "moodle"};
    for (size_t i = 0; i < 2; i++) {
        char *text = render(formats[i], "partial");
        cr_expect(strstr(text, "the secret evidence") != NULL, "%s", text);
        free(text);
    }
}

Test(gradebook, tells_gradescope_when_to_show)
{
    json_t *rendered = render_json("gradescope", "partial");
    static const char *const expected[] = {"visible", "visible",        "visible", "visible",
                                           "hidden",  "after_due_date", "hidden"};
    for (size_t i = 0; i < 7; i++) {
        json_t *test = json_array_get(json_object_get(rendered, "tests"), i);
        cr_expect_str_eq(json_string_value(json_object_get(test, "visibility")), expected[i]);
    }
    const char *output = json_string_value(json_object_get(rendered, "output"));
    cr_expect(strstr(output, "1 of 4 checks") != NULL, "%s", output);
    json_decref(rendered);
}

Test(gradebook, takes_what_is_not_said_to_be_shown_for_hidden)
{
    json_t *document = load("full");
    json_t *check = json_array_get(json_object_get(document, "checks"), 0);
    json_object_set_new(check, "visibility", json_string("Hidden"));
    char *text = render_document(gradebook_find("html"), document);
    cr_expect(strstr(text, "starts and listens") == NULL);
    cr_expect(strstr(text, "<svg") == NULL);
    free(text);
}

/*** Errors of proctor's own ***/

Test(gradebook, makes_no_error_of_its_own_a_zero)
{
    char *gradescope = render("gradescope", "error");
    cr_expect_str_eq(gradescope, "");
    char *classroom50 = render("classroom50", "error");
    cr_expect_str_eq(classroom50, "");
    char *autolab = render("autolab", "error");
    cr_expect_str_eq(autolab, "");
    char *vpl = render("vpl", "error");
    cr_expect(strstr(vpl, "Grade") == NULL, "%s", vpl);
    char *moodle = render("moodle", "error");
    cr_expect(strstr(moodle, "\"dave\",,\"") != NULL, "%s", moodle);
    char *tap = render("tap", "error");
    cr_expect(strstr(tap, "\nBail out! ") != NULL, "%s", tap);
    char *junit = render("junit", "error");
    cr_expect(strstr(junit, "tests=\"1\" failures=\"0\" errors=\"1\"") != NULL, "%s", junit);
    char *github = render("github", "error");
    cr_expect(strstr(github, "notice") == NULL, "%s", github);
    json_t *prairielearn = render_json("prairielearn", "error");
    cr_expect(json_is_false(json_object_get(prairielearn, "gradable")));
    cr_expect_eq(json_object_get(prairielearn, "score"), NULL);
    json_decref(prairielearn);
    free(gradescope);
    free(classroom50);
    free(moodle);
    free(tap);
    free(junit);
    free(github);
    free(autolab);
    free(vpl);
}

Test(gradebook, takes_a_document_without_points_for_an_error)
{
    json_t *document = load("full");
    json_object_set_new(document, "points", json_null());
    char *text = render_document(gradebook_find("gradescope"), document);
    cr_expect_str_eq(text, "");
    free(text);
}

Test(gradebook, takes_a_verdict_that_it_does_not_know_for_an_error)
{
    json_t *document = load("full");
    json_object_set_new(document, "verdict", json_string("splendid"));
    char *text = render_document(gradebook_find("moodle"), document);
    cr_expect(strstr(text, "\"alice\",,\"") != NULL, "%s", text);
    free(text);
}

/*** Points ***/

Test(gradebook, makes_whole_numbers_for_classroom50)
{
    json_t *rendered = render_json("classroom50", "partial");
    cr_expect_eq(json_integer_value(json_object_get(rendered, "score")), 11);
    cr_expect_eq(json_integer_value(json_object_get(rendered, "max-score")), 22);
    json_decref(rendered);
    rendered = render_json("classroom50", "hostile");
    cr_expect_eq(json_integer_value(json_object_get(rendered, "score")), 9);
    cr_expect_eq(json_integer_value(json_object_get(rendered, "max-score")), 40);
    json_decref(rendered);
}

Test(gradebook, gives_full_marks_for_all_points_only)
{
    json_t *document = load("full");
    json_object_set_new(document, "points", json_real(9.99999));
    char *text = render_document(gradebook_find("classroom50"), document);
    json_t *rendered = json_loads(text, 0, NULL);
    cr_expect_eq(json_integer_value(json_object_get(rendered, "score")), 999);
    cr_expect_eq(json_integer_value(json_object_get(rendered, "max-score")), 1000);
    json_decref(rendered);
    free(text);
}

Test(gradebook, keeps_names_short_and_different_for_classroom50)
{
    json_t *rendered = render_json("classroom50", "hostile");
    json_t *names = json_object();
    size_t index = 0;
    json_t *test = NULL;
    json_array_foreach (json_object_get(rendered, "tests"), index, test) {
        const char *name = json_string_value(json_object_get(test, "test-name"));
        cr_expect_leq(strlen(name), 100);
        cr_expect_eq(json_object_get(names, name), NULL, "%s", name);
        json_object_set_new(names, name, json_true());
    }
    json_decref(names);
    json_decref(rendered);
}

/*** Many, and much ***/

static json_t *document_with_failures(size_t count, size_t text_bytes)
{
    char *text = malloc(text_bytes + 1);
    memset(text, '"', text_bytes);
    text[text_bytes] = '\0';
    json_t *document = load("empty");
    json_t *checks = json_object_get(document, "checks");
    for (size_t i = 0; i < count; i++) {
        json_t *evidence = json_array();
        for (size_t j = 0; j < 30; j++)
            json_array_append_new(evidence, json_pack("{s:s}", "text", text));
        json_array_append_new(checks,
                              json_pack("{s:s, s:s, s:s, s:o}", "title", "a check", "verdict",
                                        "fail", "visibility", "shown", "evidence", evidence));
    }
    free(text);
    return document;
}

static size_t count_lines_with(const char *text, const char *begin)
{
    size_t count = 0;
    for (const char *at = text; at != NULL; at = strchr(at, '\n')) {
        at += *at == '\n';
        count += strncmp(at, begin, strlen(begin)) == 0;
    }
    return count;
}

Test(gradebook, annotates_no_more_than_is_shown)
{
    char *text = render_document(&gradebook_github, document_with_failures(10, 1));
    cr_expect_eq(count_lines_with(text, "::error "), 10);
    cr_expect(strstr(text, "more checks") == NULL);
    free(text);
    text = render_document(&gradebook_github, document_with_failures(11, 1));
    cr_expect_eq(count_lines_with(text, "::error "), 10);
    cr_expect(strstr(text, "::2 more;") != NULL, "%s", text);
    free(text);
}

Test(gradebook, stays_below_what_platforms_refuse)
{
    static const struct {
        const struct gradebook *gradebook;
        size_t most_bytes;
    } rows[] = {{&gradebook_prairielearn, 1000000}, {&gradebook_github_summary, 1048576}};
    for (size_t i = 0; i < 2; i++) {
        char *text = render_document(rows[i].gradebook, document_with_failures(300, 5000));
        cr_expect_lt(strlen(text), rows[i].most_bytes);
        cr_expect_gt(strlen(text), rows[i].most_bytes / 2);
        free(text);
    }
}

Test(gradebook, keeps_submissions_apart_that_come_twice)
{
    json_t *grades = json_array();
    json_array_append_new(grades, load("full"));
    json_array_append_new(grades, load("full"));
    struct bytes out = {0};
    gradebook_render(&gradebook_junit, grades, &out);
    cr_expect(bytes_contain(&out, "classname=\"alice (2)\"", strlen("classname=\"alice (2)\"")));
    bytes_release(&out);
    json_decref(grades);
}

Test(gradebook, renders_nobody)
{
    json_t *grades = json_array();
    struct bytes out = {0};
    gradebook_render(&gradebook_moodle, grades, &out);
    gradebook_render(&gradebook_junit, grades, &out);
    cr_expect_gt(out.length, 0);
    bytes_release(&out);
    json_decref(grades);
}

/*** Documents that nobody should write ***/

Test(gradebook, repairs_strings_that_are_no_utf_8)
{
    for (size_t i = 0; gradebooks[i] != NULL; i++) {
        json_t *document = load("partial");
        json_t *check = json_array_get(json_object_get(document, "checks"), 1);
        json_object_set_new(check, "title", json_string_nocheck("a\xED\xA0\x80\xFF"));
        json_object_set_new(check, "hint", json_string_nocheck("\xC3"));
        char *text = render_document(gradebooks[i], document);
        bool has_titles = gradebooks[i] != &gradebook_autolab &&
                          gradebooks[i] != &gradebook_moodle_rest &&
                          gradebooks[i] != &gradebook_classroom; /* where they are packed */
        cr_expect(!has_titles || strstr(text, "\uFFFD") != NULL, "%s", gradebooks[i]->name);
        struct bytes clean = {0};
        sanitise(&clean, text, strlen(text), SANITISE_STRING);
        cr_expect(strncmp(gradebooks[i]->name, "moodle", 6) == 0 || clean.length == strlen(text),
                  "%s", gradebooks[i]->name);
        bytes_release(&clean);
        free(text);
    }
}

Test(gradebook, survives_an_empty_document)
{
    for (size_t i = 0; gradebooks[i] != NULL; i++) {
        free(render_document(gradebooks[i], json_object()));
        free(render_document(gradebooks[i], json_pack("{s:[{}, i, n]}", "checks", 3)));
        free(render_document(gradebooks[i], json_pack("{s:s, s:i, s:[{}]}", "verdict", "pass",
                                                      "points", 0, "checks")));
    }
}
