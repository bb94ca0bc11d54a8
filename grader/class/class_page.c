#include "grader/class/class_page.h"

#include "base/language.h"
#include "grader/gradebook/graded_text.h"
#include "text/html_page.h"
#include "text/json_field.h"

#include <stdlib.h>
#include <string.h>

static void append_text(struct bytes *out, const json_t *object, const char *key)
{
    graded_append(out, json_object_get(object, key), SANITISE_HTML);
}

/* In the order of enum verdict; nothing for an error. The title has the word. */
static const char *const signs[] = {"+", "/", "\u2212", "?", "\u00b7", ""};

/*** The table ***/

static void append_heads(struct bytes *out, const json_t *checks)
{
    size_t i = 0;
    const json_t *check = NULL;
    bytes_print(out,
                "<thead><tr><th scope=\"col\">%s</th><th scope=\"col\" class=\"points\">%s</th>",
                _("submission"), _("points"));
    json_array_foreach (checks, i, check) {
        bytes_print(out, "<th scope=\"col\"><abbr title=\"");
        append_text(out, check, "id");
        bytes_print(out, "\">%zu</abbr></th>", i + 1);
    }
    bytes_print(out, "</tr></thead>\n<tbody>\n");
}

static void append_row(struct bytes *out, const json_t *submission, const json_t *checks)
{
    size_t i = 0;
    const json_t *check = NULL;
    const json_t *points = json_object_get(submission, "points");
    const json_t *verdicts = json_object_get(submission, "checks");
    bytes_print(out, "<tr><th scope=\"row\"><a href=\"grades/");
    append_text(out, submission, "id");
    bytes_print(out, ".html\">");
    append_text(out, submission, "id");
    if (json_is_number(points))
        bytes_print(out, "</a></th><td class=\"points\">%g</td>", json_number_value(points));
    else
        bytes_print(out, "</a></th><td class=\"points error\">%s</td>", _("no mark"));
    json_array_foreach (checks, i, check) {
        const char *id = field_text(check, "id");
        const char *verdict = field_text(verdicts, id);
        if (verdict == NULL)
            verdict = "none";
        bytes_print(out, "<td class=\"%s\"><abbr title=\"%s\">%s</abbr></td>", verdict, _(verdict),
                    signs[verdict_find(field_text(verdicts, id))]);
    }
    bytes_print(out, "</tr>\n");
}

static void append_table(struct bytes *out, const json_t *class)
{
    size_t i = 0;
    const json_t *submission = NULL;
    const json_t *checks = json_object_get(class, "checks");
    bytes_print(out, "<div class=\"scrolls\"><table>\n");
    append_heads(out, checks);
    json_array_foreach (json_object_get(class, "submissions"), i, submission)
        append_row(out, submission, checks);
    bytes_print(out, "</tbody></table></div>\n");
}

/*** Around it ***/

static void append_legend(struct bytes *out, const json_t *class)
{
    size_t i = 0;
    const json_t *check = NULL;
    bytes_print(out, "<ol>\n");
    json_array_foreach (json_object_get(class, "checks"), i, check) {
        bytes_print(out, "<li>");
        append_text(out, check, "id");
        bytes_print(out, " (%g)</li>\n", field_number(check, "max_points", 0));
    }
    bytes_print(out, "</ol>\n");
}

/* The submissions of `one`, headed by what they have in common. */
static void append_list(struct bytes *out, const char *head, const json_t *one, const char *key)
{
    size_t i = 0;
    const json_t *id = NULL;
    char *common = graded_text(json_object_get(one, key), SANITISE_HTML);
    bytes_print(out, "<p>%s (%s):", head, common);
    free(common);
    json_array_foreach (json_object_get(one, "submissions"), i, id) {
        bytes_print(out, " ");
        graded_append(out, id, SANITISE_HTML);
    }
    bytes_print(out, "</p>\n");
}

static void append_hand_in(struct bytes *out, const json_t *submission, const char *class,
                           const json_t *head, const json_t *text)
{
    bytes_print(out, "<p class=\"%s\">", class);
    append_text(out, submission, "id");
    graded_append_between(out, _(": "), head, SANITISE_HTML, "");
    graded_append_between(out, _(": "), text, SANITISE_HTML, "");
    bytes_print(out, "</p>\n");
}

/* Of whom nothing was run, and of whom something was done to run it. */
static void append_hand_ins(struct bytes *out, const json_t *class)
{
    size_t i = 0;
    const json_t *one = NULL;
    json_array_foreach (json_object_get(class, "submissions"), i, one) {
        const json_t *fault = json_object_get(one, "not_run");
        size_t j = 0;
        const json_t *sentence = NULL;
        if (fault != NULL)
            append_hand_in(out, one, "inconclusive", json_object_get(fault, "finding"),
                           json_object_get(fault, "text"));
        json_array_foreach (json_object_get(one, "taken_in"), j, sentence)
            append_hand_in(out, one, "about", sentence, NULL);
    }
}

static void append_common(struct bytes *out, const json_t *class)
{
    size_t i = 0;
    const json_t *one = NULL;
    json_array_foreach (json_object_get(class, "failed_by_all"), i, one) {
        char *check = graded_text(one, SANITISE_HTML);
        bytes_print(out, "<p class=\"inconclusive\">");
        bytes_print(out, _("No submission passed %s: check the assignment."), check);
        bytes_print(out, "</p>\n");
        free(check);
    }
    json_array_foreach (json_object_get(class, "failed_alike"), i, one)
        append_list(out, _("Failed alike"), one, "failed");
    json_array_foreach (json_object_get(class, "decided_by_clock"), i, one)
        append_list(out, _("Decided by the clock"), one, "check");
}

static void append_replay(struct bytes *out)
{
    bytes_print(out,
                "<p class=\"about\">%s <code>proctor grade ASSIGNMENT SUBMISSION... --output DIR "
                "--replay ID CHECK</code></p>\n",
                _("one check again:"));
}

void class_page(const json_t *class, struct bytes *out)
{
    struct bytes title = {0};
    graded_append(&title, json_object_get(class, "title"), SANITISE_STRING);
    html_page_begin(
        out, &(struct html_head){.language = json_object_get(class, "language"), .title = &title});
    bytes_print(out, "<h1>");
    graded_append_bytes(out, &title, SANITISE_HTML);
    bytes_print(out, "</h1>\n<p class=\"about\">");
    bytes_print(out, _("%zu submissions, %g points"),
                json_array_size(json_object_get(class, "submissions")),
                field_number(class, "max_points", 0));
    bytes_print(out, "</p>\n");
    append_table(out, class);
    append_legend(out, class);
    append_hand_ins(out, class);
    append_common(out, class);
    append_replay(out);
    html_page_end(out);
}
